"""Random and nearly valid input: it is taken or refused in words, in less than a second, whatever it is.

``--hypothesis-profile=many`` and ``=hand`` run more of the same; see CONTRIBUTING.md.
"""

from __future__ import annotations

import datetime as dt
import gc
import io
import json
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from stackaudit.audit import vocabulary
from stackaudit.catalog import load_catalog
from stackaudit.cli.app import app
from stackaudit.conformance.manifest import manifest_items
from stackaudit.diff import compare
from stackaudit.editor import inventory_schema
from stackaudit.errors import InputError, StackauditError
from stackaudit.inventory import load_inventory
from stackaudit.inventory_writer import HEADER, write_draft
from stackaudit.lookup.words import known_words
from stackaudit.model.vendor import VendorManifest
from stackaudit.report import csv_tables, github, html, jsonl, markdown, sarif
from stackaudit.resources import vendors_dir
from stackaudit.saved import parse_result
from stackaudit.vendorindex.build import compile_manifests
from stackaudit.vendorindex.rows import Source
from tests.importers.support import read, workbook
from tests.importers.test_documents import HAR, WORKFLOW
from tests.importers.test_sources import SOURCES
from tests.robustness.strategies import ANYTHING, NASTY, mutated, of_schema, spoiled
from tests.support import CASES, TODAY, audit_loaded, case, load_text, plugins, read_yaml

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
SECONDS = 1.0
"""Time of its own that a case may take."""
MEGABYTES = 256
FACTOR = settings.default.max_examples / 100 if settings.default else 1


def cases(count: int) -> Callable[[Any], Any]:
    """A modest number of cases in the normal suite, and a multiple of it in the profiles."""
    return settings(
        max_examples=max(1, round(count * FACTOR)),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much,
                               HealthCheck.function_scoped_fixture],
    )  # fmt: skip


@contextmanager
def bounded() -> Iterator[None]:
    """Refusals are fine; anything else that is raised is not, and neither is a case that takes long or much."""
    gc.disable()  # what a case takes, not what all the cases before it have left
    before = _memory("VmRSS", reset=True)
    began = time.process_time()
    try:
        yield
    except StackauditError as error:
        assert str(error).strip()
        if isinstance(error, InputError):
            assert all(p.what for p in error.problems)
    finally:
        gc.enable()
    assert time.process_time() - began < SECONDS
    assert _memory("VmHWM") - before < MEGABYTES * 1024


def _memory(name: str, *, reset: bool = False) -> int:
    """Kilobytes of this process as the system counts them, now or at the most since the last reset."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text()
    return int(status.partition(f"{name}:")[2].split()[0])


@pytest.fixture(scope="module", autouse=True)
def _ready() -> None:
    """Load what is loaded once, so that no case pays for it."""
    audit_in_full({"tools": ["Gong"]})


def text_of(data: Any) -> str:
    """Data as a file would hold it: JSON is YAML, too."""
    return json.dumps(data, ensure_ascii=False, default=str)


@cache
def _schema() -> dict[str, Any]:
    return inventory_schema()


def inventories() -> st.SearchStrategy[Any]:
    schema = _schema()
    names = {"enum": ["Salesforce", "Gong", "Outreach", "Salesloft", "Zapier", "Nobody Knows This"]}
    definitions = {**schema["$defs"], "ToolName": names}
    return of_schema(schema["anyOf"][0], definitions)


STACKS = ("quillstone", "atlasbridge", "meridian_loom", "pinecrest")
VALID = st.sampled_from([read_yaml(CASES / f"{name}.yaml") for name in STACKS])


def audit_in_full(data: Any) -> None:
    """Load, audit, render in every format of text, save, and read back."""
    result = audit_loaded(load_text(text_of(data)))
    assert not [p for p in result.problems if p.kind != "input"], result.problems
    assert not [f for f in result.findings if f.outcome == "error"]
    for form in (html, markdown, sarif, jsonl, github, csv_tables):
        form.render(result)
    assert parse_result(result.to_json().encode(), "r.json") == result


@cases(25)
@given(inventories())
@example({"tools": [{"tool": "Outreach", "out_of_scope": "yes"}]})
def test_any_inventory_of_the_schema_is_audited_or_refused(data: Any) -> None:
    with bounded():
        audit_in_full(data)


@cases(25)
@given(mutated(VALID))
@example({"as_of": "9999-12-31", "tools": ["Gong"]})
@example({"tools": [{"tool": "Gong", "contract_end": "1990-01-01", "notice_days": 100_000_000, "annual_cost": 1}]})
def test_a_valid_stack_with_a_few_things_wrong_is_audited_or_refused(data: Any) -> None:
    with bounded():
        audit_in_full(data)


@cases(300)
@given(spoiled(st.sampled_from([(CASES / f"{name}.yaml").read_bytes() for name in STACKS])))
def test_a_stack_file_with_spoiled_bytes_is_loaded_or_refused(data: bytes) -> None:
    with bounded():
        words = vocabulary(load_catalog(), plugins())
        load_inventory(None, vocabulary=words, root=CASES, data=data)


MANIFESTS = st.sampled_from(sorted(vendors_dir().glob("*.yaml"))[::7])


@cases(100)
@given(
    st.one_of(
        mutated(MANIFESTS.map(read_yaml)),
        of_schema(VendorManifest.model_json_schema(), VendorManifest.model_json_schema()["$defs"]),
    )
)
def test_any_manifest_is_compiled_or_becomes_a_problem_of_its_plugin(
    tmp_path_factory: pytest.TempPathFactory, data: Any
) -> None:
    path = tmp_path_factory.getbasetemp() / "vendor.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    catalog = load_catalog()
    words = known_words(catalog)
    with bounded():
        source = Source(path, "fake", "1.0", builtin=False)
        with sqlite3.connect(":memory:") as db:
            compile_manifests(db, (source,), words)
            vendors = db.execute("SELECT count(*) FROM vendors").fetchone()[0]
            problems = db.execute("SELECT message FROM problems").fetchall()
            assert vendors or problems
            assert all(message for (message,) in problems)
        db.close()
        items = manifest_items(
            path, shown="vendor.yaml", name=None, plugins=plugins(), catalog=catalog, words=words, as_of=TODAY
        )
        assert all(item.message for item in items)


TABLES = st.sampled_from([("\n".join([head, *rows]) + "\n").encode() for head, rows, *_ in SOURCES.values()])
DOCUMENTS: list[Any] = [
    HAR, WORKFLOW, [WORKFLOW], ["Gong"], {"tools": [{"name": "Gong", "owner": "Ana", "seats": 5}]},
    {"urls": {}, "technologies": [{"name": "Gong", "slug": "gong", "categories": []}]},
    {"Results": [{"Result": {"Paths": [{"Domain": "a.example", "Technologies": [{"Name": "Gong"}]}]}}]},
    {"apiVersion": "backstage.io/v1alpha1", "kind": "Resource", "metadata": {"name": "gong"}},
    {"repo_name": "x", "tools": [{"name": "Gong", "website_url": "https://www.gong.io", "hosted_saas": True}]},
]  # fmt: skip


def import_in_full(path: Path, data: bytes) -> None:
    """Read an export, write an inventory from it, and see that it is one."""
    draft = read(path, data, everything=True)
    written = write_draft(HEADER, draft, lambda _: None, dt.date(2026, 9, 1))
    if written.added:
        load_text(written.text)


@cases(250)
@given(spoiled(TABLES), st.sampled_from((".csv", ".tsv", ".txt")))
def test_a_spoiled_table_is_imported_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, ending: str
) -> None:
    with bounded():
        import_in_full(tmp_path_factory.getbasetemp() / f"table{ending}", data)


FLOW_TO_NOWHERE = {
    "active": True,
    "nodes": [{"name": "a", "type": "n8n-nodes-base.hubspot"}],
    "connections": {"a": {"main": 5}},
}


@cases(200)
@given(st.one_of(mutated(st.sampled_from(DOCUMENTS)), ANYTHING), st.sampled_from((".json", ".har", ".yaml")))
@example({"apiVersion": "backstage.io/v1alpha1", "kind": ["Resource"], "metadata": {"name": "gong"}}, ".json")
@example(FLOW_TO_NOWHERE, ".json")
def test_any_document_is_imported_or_refused(tmp_path_factory: pytest.TempPathFactory, data: Any, ending: str) -> None:
    with bounded():
        import_in_full(tmp_path_factory.getbasetemp() / f"document{ending}", text_of(data).encode())


CELLS = st.one_of(st.sampled_from(NASTY), st.floats(0, 1e9), st.tuples(st.just("date"), st.integers().map(str)))
SAFE = "".join(chr(c) for c in range(32, 127))


SHEET = "xl/worksheets/sheet1.xml"
PLACES = st.one_of(
    st.from_regex(r"[A-Za-z]{0,8}[0-9]{0,12}", fullmatch=True),
    st.builds(lambda letters, row: f"A{'x' * letters}{row}", st.integers(0, 5_000), st.integers(0, 200_000)),
)
"""Where a cell may say that it stands."""


@st.composite
def workbooks(draw: st.DrawFn) -> bytes:
    """A workbook with odd cells, or with its sheet or its whole archive spoiled."""
    rows: list[list[Any]] = [["Tool", "Owner", "Renewal", "Annual cost"], ["Gong", "Ana", ("date", "46418"), 5]]
    odd = draw(st.lists(st.lists(CELLS, max_size=4), max_size=3))
    printable = [[c if not isinstance(c, str) else "".join(x for x in c if x in SAFE) for c in row] for row in odd]
    data = workbook([*rows, *printable])
    if draw(st.booleans()):
        return data
    if draw(st.booleans()):
        return draw(spoiled(st.just(data)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for place in draw(st.lists(PLACES, max_size=2)):
        far = f'<row><c r="{place}"><v>1</v></c></row></sheetData>'.encode()
        parts[SHEET] = parts[SHEET].replace(b"</sheetData>", far)
    name = draw(st.sampled_from(sorted(parts)))
    parts[name] = draw(spoiled(st.just(parts[name])))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return stream.getvalue()


@cases(100)
@given(workbooks())
@example(workbook([["Tool"], ["Gong"]])[1:])
@example(workbook([["Tool", "Renewal"], ["Gong", ("date", "-9223372036854775808")]]))
def test_a_spoiled_workbook_is_imported_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    with bounded():
        import_in_full(tmp_path_factory.getbasetemp() / "book.xlsx", data)


@cache
def _saved() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(case("pinecrest").to_json())
    return loaded


@cases(60)
@given(mutated(st.builds(_saved)))
def test_a_changed_result_is_rendered_and_compared_or_refused(data: Any) -> None:
    with bounded():
        result = parse_result(json.dumps(data).encode(), "r.json")
        markdown.render(result)
        html.render(result)
        compare(case("pinecrest"), result)


@cases(300)
@given(st.one_of(spoiled(st.just(case("pinecrest").to_json().encode())), st.binary(max_size=60)))
def test_a_spoiled_result_is_read_or_refused(data: bytes) -> None:
    with bounded():
        parse_result(data, "r.json")


@cases(15)
@given(
    st.one_of(mutated(VALID), ANYTHING), st.sampled_from((["check"], ["check", "--format", "json"], ["audit", "-q"]))
)
def test_a_command_ends_with_a_promised_exit_code(
    tmp_path_factory: pytest.TempPathFactory, data: Any, command: list[str]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "stack.yaml").write_text(text_of(data), encoding="utf-8", errors="replace")
    assume(data is not None)
    done = CliRunner().invoke(app, [*command, str(folder / "stack.yaml")])
    assert done.exception is None or isinstance(done.exception, (StackauditError, SystemExit)), done.exception
    assert isinstance(done.exception, StackauditError) or done.exit_code in {0, 1, 2, 3}
