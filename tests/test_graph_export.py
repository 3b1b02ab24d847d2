"""The exported graph: every tool and connection in each format, and no name that becomes syntax."""

from __future__ import annotations

import json
import re
from pathlib import Path

import networkx as nx
import pytest
from typer.testing import CliRunner

from stackaudit.cli.app import app
from stackaudit.graph_export import ENDINGS, WRITERS, build
from stackaudit.model.result import AuditResult
from tests.support import CASES, audit_data, case

STRING = re.compile(r'"(?:\\.|[^"\\])*"')
HOSTILE = 'a"];x -> y ["b\\'
PAYLOADS = (HOSTILE, '"]\n end\n click n1 "javascript:alert(1)"', "<b>x</b>|--> #quot; %%{init}%%", "]]>&lt;\u202e`")


def named(name: str) -> AuditResult:
    result = audit_data(
        {
            "tools": [{"tool": "Salesforce", "id": "a"}, {"tool": "Gong", "id": "b"}],
            "integrations": [{"from": "a", "to": "b", "objects": ["contact"], "direction": "two_way"}],
        }
    )
    return result.model_copy(update={"tools": tuple(t.model_copy(update={"name": name}) for t in result.tools)})


def ends(result: AuditResult) -> list[tuple[str, str]]:
    return sorted((e.from_, e.to) for e in result.integrations)


def test_graphml_and_json_hold_every_tool_and_every_connection() -> None:
    result = case("atlasbridge")
    graph = build(result)
    read = nx.parse_graphml(WRITERS["graphml"](graph), force_multigraph=True)
    linked = nx.node_link_graph(json.loads(WRITERS["json"](graph)), edges="edges")
    for found in (read, linked):
        assert set(found) == {t.id for t in result.tools}
        assert sorted(found.edges()) == ends(result)
        assert found.nodes["sfdc"]["label"] == "Salesforce"
        assert found.nodes["sfdc"]["annual_cost"] == 690000


def test_dot_and_mermaid_draw_every_tool_and_every_connection() -> None:
    result = case("atlasbridge")
    graph = build(result)
    drawn, chart = WRITERS["dot"](graph), WRITERS["mermaid"](graph)
    assert sorted(re.findall(r'^  "(.+?)" -> "(.+?)"', drawn, re.MULTILINE)) == ends(result)
    assert sorted(re.findall(r'^    "(.+?)" \[label=', drawn, re.MULTILINE)) == sorted(t.id for t in result.tools)
    names = dict(re.findall(r'^    (n\d+)\["(.+?)"\]$', chart, re.MULTILINE))
    assert sorted(names.values()) == sorted(t.name.replace("&", "#amp;") for t in result.tools)
    assert len(re.findall(r"^  n\d+ <?-.*> n\d+$|^  n\d+ <?-.*\| n\d+$", chart, re.MULTILINE)) == len(
        result.integrations
    )
    assert drawn.count('dir="both"') == chart.count(" <-") == sum(e.two_way for e in result.integrations)


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("form", ["dot", "mermaid"])
def test_a_name_stays_a_text(form: str, payload: str) -> None:
    written, plain = (WRITERS[form](build(named(name))) for name in (payload, "harmless"))
    pattern = STRING if form == "dot" else re.compile(r'"[^"\n]*"')
    assert pattern.sub("S", written) == pattern.sub("S", plain)
    assert "\u202e" not in written
    if form == "mermaid":
        assert not re.search(r"[<>`]", "".join(pattern.findall(written)))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_name_survives_graphml_and_json(payload: str) -> None:
    graph = build(named(payload))
    kept = payload.replace("\u202e", "\N{REPLACEMENT CHARACTER}")
    assert nx.parse_graphml(WRITERS["graphml"](graph)).nodes["a"]["label"] == kept
    assert json.loads(WRITERS["json"](graph))["nodes"][0]["label"] == kept


def test_what_is_missing_is_drawn_only_when_asked_for() -> None:
    result = case("quillstone")
    gaps = sum(1 for g in result.expected.integrations if g.from_ and g.to)
    assert gaps
    assert build(result).number_of_edges() == len(result.integrations)
    whole = build(result, missing=True)
    lacking = [d for *_, d in whole.edges(data=True) if d["status"] == "missing"]
    assert len(lacking) == gaps
    assert all(d["reason"] for d in lacking)
    assert WRITERS["dot"](whole).count('style="dotted"') == gaps


def test_the_command_prints_and_writes_by_ending(tmp_path: Path) -> None:
    source = str(CASES / "quillstone.yaml")
    printed = CliRunner().invoke(app, ["graph", source, "--format", "mermaid"])
    assert printed.exit_code == 0
    assert printed.stdout == WRITERS["mermaid"](build(case("quillstone")))
    files = [tmp_path / f"stack{ending}" for ending in ENDINGS]
    done = CliRunner().invoke(app, ["graph", source, *(part for f in files for part in ("-o", str(f)))])
    assert done.exit_code == 0
    for path in files:
        assert path.read_text(encoding="utf-8") == WRITERS[ENDINGS[path.suffix]](build(case("quillstone")))


def test_a_saved_result_gives_the_same_graph_as_its_stack_file(tmp_path: Path) -> None:
    saved = tmp_path / "result.json"
    saved.write_text(case("quillstone").to_json(), encoding="utf-8")
    assert CliRunner().invoke(app, ["graph", str(saved)]).stdout == WRITERS["dot"](build(case("quillstone")))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "png"], "expected one of dot, mermaid, graphml, json"),
        (["-o", "stack.svg"], "unknown ending; expected .dot"),
        (["-o", "nowhere/stack.dot"], "the folder nowhere does not exist"),
    ],
)
def test_bad_usage_is_named(arguments: list[str], said: str) -> None:
    done = CliRunner().invoke(app, ["graph", str(CASES / "quillstone.yaml"), *arguments])
    assert done.exit_code != 0
    assert said in str(done.exception) + done.output


def test_the_input_is_never_overwritten(tmp_path: Path) -> None:
    saved = tmp_path / "result.json"
    saved.write_text(case("pinecrest").to_json(), encoding="utf-8")
    done = CliRunner().invoke(app, ["graph", str(saved), "-o", str(saved)])
    assert "is the file that is read" in str(done.exception)
    assert saved.read_text(encoding="utf-8") == case("pinecrest").to_json()
