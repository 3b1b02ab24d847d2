"""The catalogue on the command line: what an operations lead asks, in text, JSON and Markdown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stackaudit.cli.catalog.compare import compare
from stackaudit.cli.catalog.path import path
from stackaudit.cli.catalog.search import search
from stackaudit.cli.catalog.show import show_thing
from stackaudit.cli.catalog.stats import stats
from tests.catalogue_fixture import write
from tests.support import HERE, TODAY


def run(*arguments: str, cwd: Path = HERE, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stackaudit", "catalog", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(HERE.parent), **environment},
    )


def ask(*arguments: str) -> Any:
    done = run(*arguments, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def rows(*arguments: str) -> list[list[str]]:
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return [line.split("\t") for line in done.stdout.splitlines()]


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The commands read the small catalogue."""
    folder = write(tmp_path / "manifests")
    monkeypatch.setattr("stackaudit.pluginmanager.manager.vendors_dir", lambda: folder)
    monkeypatch.setenv("STACKAUDIT_DISABLE_PLUGINS", "1")
    return tmp_path


# What an operations lead asks about the tools of the sources; answers that stay true as the catalogue grows.


def test_who_records_calls() -> None:
    found = {row[0]: row[3] for row in rows("search", "call recording")}
    assert {"gong", "chorus"} <= set(found)
    assert found["gong"].startswith("core: Call recording")
    kinds = [why.split(":")[0] for why in found.values() if why.split(":")[0] in ("core", "offers")]
    assert kinds == sorted(kinds)


def test_what_became_of_bizible() -> None:
    text = run("show", "bizible").stdout
    assert text.startswith("bizible  ")
    assert "Marketo Measure" in text.splitlines()[0]
    assert "\nStatus: renamed" in text
    card = ask("show", "Bizible")
    assert "Bizible" in [former["name"] for former in card["former_names"]]
    assert card["status"]["origin"]["source"].startswith("https://")
    (hit,) = [h for h in ask("search", "Bizible") if h["id"] == "bizible"]
    assert hit["reasons"][0] == {"why": "formerly", "text": "Bizible"}


def test_gong_and_chorus_do_the_same_job() -> None:
    both = ask("compare", "gong", "chorus")
    assert {"call_recording", "transcription", "coaching"} <= set(both["shared"])
    recording = next(c for c in both["capabilities"] if c["capability"] == "call_recording")
    assert (recording["defining"], recording["offered"]) == (True, ["core", "core"])
    assert {"salesforce", "zoom"} <= {n["id"] for n in both["neighbours"] if n["connects"] == ["gong", "chorus"]}
    assert not set(both["shared"]) & {c for only in both["only"].values() for c in only}


def test_gong_forecasts_and_sends_sequences_only_in_editions() -> None:
    offered = ask("show", "gong")["capabilities"]
    assert {"forecast_rollup", "sequencing"} <= {c["id"] for c in offered if c["edition"]}
    assert not {"forecast_rollup", "sequencing"} & {c["id"] for c in offered if c["kind"] == "core"}


def test_what_a_person_who_knows_the_tool_would_read() -> None:
    text = run("show", "gong").stdout
    assert "\nActions: sequence, follow-up\n" in text
    (judged,) = [line for line in text.splitlines() if line.startswith("Judged: ")]
    assert "judged by" not in judged
    assert ", by stackaudit [classified, " in judged
    assert "what the connections that it names carry: none says a record type" in run("show", "clari").stdout


def test_a_deal_room_is_found_by_the_plan_that_it_holds() -> None:
    found = {row[0] for row in rows("search", "mutual action plan")}
    assert {"recapped", "dock", "aligned"} <= found


def test_counting_usage_and_recognising_revenue_are_no_billing() -> None:
    for name, layer in (("OpenMeter", "metering"), ("Leapfin", "revenue_accounting")):
        assert ask("show", name)["layers"] == [layer]
    assert "billing" in ask("show", "Metronome")["layers"]


def test_marketo_reaches_gainsight_through_salesforce() -> None:
    found = ask("path", "marketo", "gainsight")
    ways = [[hop["target"] for hop in way["hops"]] for way in found["ways"]]
    assert ["salesforce", "gainsight"] in ways
    lengths = [len(way) for way in ways]
    assert lengths == sorted(lengths)
    assert "not facts about anybody's stack" in found["note"]
    through = found["ways"][ways.index(["salesforce", "gainsight"])]
    for hop in through["hops"]:
        assert hop["connection"]["grade"] == "documented"
        assert hop["connection"]["direction"] in {"outbound", "two_way"}


def test_what_connects_to_clari() -> None:
    others = {c["other"] for c in ask("show", "clari")["connections"]}
    assert "salesforce" in others


def test_which_tools_are_crms() -> None:
    text = run("layers", "CRM").stdout
    assert "Definition: " in text
    assert "Used by: Sales Ops and RevOps" in text
    listed = {line.split("\t")[0] for line in text.splitlines()}
    assert {"salesforce", "hubspot", "pipedrive"} <= listed
    counted = {row[0]: int(row[4]) for row in rows("layers")}
    assert counted["crm"] >= 6
    assert list(counted)[:3] == ["crm", "sales_engagement", "marketing_automation"]


def test_a_name_of_a_layer_or_capability_is_shown_too() -> None:
    assert run("show", "customer success").stdout.startswith("customer_success  Customer Success\n")
    text = run("show", "health_scoring").stdout
    assert "(defines the layer)" in text
    assert "gainsight" in text


# Forms and exits.


def test_every_number_of_the_catalogue_has_its_basis() -> None:
    now = ask("stats", "--as-of", "2026-12-01")
    assert now["facts"] == now["facts_with_basis"]
    assert now["tools"] >= 100
    assert now["as_of"] == "2026-12-01"
    assert sum(now["facts_by_age"].values()) == now["facts"]
    assert sum(now["integrations_by_grade"].values()) == now["integration_rows"]


@pytest.mark.parametrize("listed", ["stale", "undated", "holes", "differences"])
def test_the_rows_behind_a_number_are_one_a_line(listed: str) -> None:
    plain = rows("stats", "--list", listed, "--as-of", "2026-12-01")
    assert len({len(row) for row in plain}) <= 1
    data = ask("stats", "--list", listed, "--as-of", "2026-12-01")
    assert len(plain) == (sum(len(c["said"]) for c in data) if listed == "differences" else len(data))


def test_the_day_of_ages_comes_from_the_option_or_the_variable() -> None:
    assert ask("stats", "--as-of", "2030-01-01")["facts_by_age"].get("fresh", 0) == 0
    done = run("stats", "--format", "json", SOURCE_DATE_EPOCH="86400")
    assert json.loads(done.stdout)["as_of"] == "1970-01-02"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "Salesfroce"], "did you mean salesforce"),
        (["show", "gong", "--format", "yaml"], "expected one of text, json, md"),
        (["show", "gong", "--as-of", "soon"], "no ISO date"),
        (["compare", "gong"], "name two tools"),
        (["compare", "gong", "Gong.io"], "mean one tool"),
        (["compare", "gong", "crm"], "is a layer"),
        (["path", "gong", "Gong"], "are one tool"),
        (["path", "gong", "nothing-such"], "nothing is called"),
        (["path", "gong", "chorus", "--through", "none.yaml"], "none.yaml: does not exist"),
        (["layers", "crn"], "did you mean crm"),
        (["stats", "--list", "all"], "expected one of stale, undated, holes"),
        (["search"], "Missing argument"),
        (["search", "gong", "--limit", "-1"], "--limit"),
    ],
    ids=" ".join,
)
def test_bad_usage_exits_2_with_a_message_and_prints_no_data(arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


Command = Callable[[str], int]


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("search", lambda form: search("recording", form, limit=None)),
        ("show", lambda form: show_thing("Ears", form, as_of=TODAY)),
        ("layer", lambda form: show_thing("crm", form, as_of=TODAY)),
        ("compare", lambda form: compare(["ears", "tape"], form)),
        ("path", lambda form: path("ears", "care", form, through="", limit=None)),
        ("stats", lambda form: stats(form, as_of=TODAY, listed="")),
        ("holes", lambda form: stats(form, as_of=TODAY, listed="holes")),
    ],
)
@pytest.mark.usefixtures("small")
def test_every_answer_comes_as_text_json_and_markdown(
    name: str, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("text") == 0
    text = capsys.readouterr().out
    assert command("json") == 0
    assert json.loads(capsys.readouterr().out)
    assert command("md") == 0
    lines = capsys.readouterr().out.splitlines()
    tables = [line for line in lines if line.startswith("|")]
    assert any(line.startswith("| ---") for line in tables)
    assert text.strip()
    assert "None" not in text
    assert not any(line != line.strip(" ") for line in text.splitlines())


@pytest.mark.usefixtures("small")
def test_a_card_in_a_pipe_holds_every_fact_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    show_thing("Otophone", "text", as_of=TODAY)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "ears  Ears  (Ears)"
    assert "Found by: Otophone is a former name of Ears" in lines
    assert "Formerly: Otophone, until 2021 [sourced, no date] https://example.com/o" in lines
    assert "Limits: max crm 1" in lines
    assert "with Plus\tsequencing\tSequences / cadences\tSales Engagement\tdefines its layer" in lines
    assert [line for line in lines if line.startswith("hub\t")] == [
        "hub\tHub CRM\tboth ways\tactivity, contact\tmutual (differ on direction)\tdocumented, by itself\t"
        "[sourced, 2026-01-02] https://example.com/hub",
        "hub\tHub CRM\tsends\tactivity\tmutual (differ on direction)\tindexed, by hub\t"
        "[sourced, 2024-05-01, over 12 months old] https://example.com/ears",
    ]
    assert [line for line in lines if line.startswith("Connects by")] == [
        "Connects by native (2):",
        "Connects by webhook (1):",
        "Connects by ipaas (1):",
    ]


@pytest.mark.usefixtures("small")
def test_a_tool_of_which_little_is_known_says_so_first(capsys: pytest.CaptureFixture[str]) -> None:
    show_thing("Lone", "text", as_of=TODAY)
    text = capsys.readouterr().out
    assert text.splitlines()[1].startswith("Known: little")
    assert "Not known (which does not mean no):" in text
    assert "what it connects to: no manifest names a connection" in text


def test_a_way_through_what_the_inventory_owns_comes_first(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stack = small / "stack.yaml"
    stack.write_text(
        "tools: [{tool: Ears, id: e}, {tool: Care, id: c}, {tool: Pipes, id: p}, {tool: Hub CRM, id: h, status: sunset}]\n"
        "integrations: [{from: p, to: e, direction: two_way}, {from: p, to: c, status: broken}]\n"
    )
    assert path("Ears", "Care", "text", through=str(stack), limit=None) == 0
    captured = capsys.readouterr()
    first, second = (line.split("\t") for line in captured.out.splitlines())
    assert first[:3] == ["Ears > Pipes > Care", "not said", "all of it is in the inventory"]
    assert "Ears > Pipes: webhook, documented, mutual, direction not said, wired in the inventory [" in first[3]
    assert "Pipes > Care: ipaas, registry, claimed, direction not said [" in first[3]
    assert second[:3] == ["Ears > Hub CRM > Care", "contact", "Hub CRM"]
    assert "not facts about anybody's stack" in captured.err


@pytest.mark.usefixtures("small")
def test_no_known_way_is_no_proof_of_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert path("Lone", "Ears", "text", through="", limit=None) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "no way between Lone and Ears is known" in captured.err
    assert "no proof of none" in captured.err


@pytest.mark.usefixtures("small")
def test_a_limit_says_what_it_leaves_out(capsys: pytest.CaptureFixture[str]) -> None:
    search("conversation", "text", limit=1)
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 1
    assert "1 more; --limit 0 shows all" in captured.err


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("form", ["text", "md"])
def test_a_terminal_gets_columns_and_no_foreign_markup(
    form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("stackaudit.cli.catalog.page.is_terminal", lambda **_: True)
    for answer in (
        show_thing("Ears", form, as_of=TODAY),
        path("ears", "care", form, through="", limit=2),
        stats(form, as_of=TODAY, listed=""),
    ):
        assert answer == 0
    text = capsys.readouterr().out
    assert "Call recording" in text
    assert "\x1b[31m" not in text
    assert "Ears > Hub CRM" in text.replace("\\>", ">")


def test_words_of_a_manifest_can_steer_neither_terminal_nor_table(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = small / "manifests" / "lone.yaml"
    evil.write_text(
        'vendor: {id: evil, name: "A|B <script>"}\ntools:\n- {id: evil, name: "E|\\tv", layer: crm,'
        ' sources: [{claim: "a\\nb | [x](javascript:1)", basis: classified}]}\n'
    )
    show_thing("evil", "text", as_of=TODAY)
    text = capsys.readouterr().out
    assert "\x1b" not in text
    assert "[classified, no date]\ta ; b | [x](javascript:1)\t" in text.splitlines()
    show_thing("evil", "md", as_of=TODAY)
    marked = capsys.readouterr().out
    assert "<script>" not in marked
    assert "a ; b \\| \\[x\\](javascript:1)" in marked


@pytest.mark.parametrize(
    "arguments", [["search", "call recording"], ["show", "gong"], ["compare", "gong", "chorus"], ["stats"]]
)
def test_a_question_loads_neither_graph_nor_templates_nor_rules(arguments: list[str]) -> None:
    code = (
        "import atexit, sys\natexit.register(lambda: sys.stderr.write('\\nLOADED ' + ' '.join(sys.modules)))\n"
        f"sys.argv = ['stackaudit', 'catalog', *{arguments!r}]\nfrom stackaudit.cli import main\nmain()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.rsplit("LOADED ", 1)[1].split())
    assert "stackaudit.lookup" in loaded
    assert not {"networkx", "jinja2", "rich", "stackaudit.rules", "stackaudit.inventory"} & loaded
