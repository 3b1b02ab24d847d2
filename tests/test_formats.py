"""Output formats: the same findings everywhere, golden files, and the limits of their readers."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from markdown_it import MarkdownIt
from rich.console import Console

from stackaudit.catalog import example_path
from stackaudit.cli.targets import FORMATS
from stackaudit.diff import compare
from stackaudit.model.comparison import Comparison
from stackaudit.model.result import AuditResult, Evidence
from stackaudit.report import (
    comparison,
    comparison_html,
    csv_tables,
    github,
    jsonl,
    markdown,
    pdf,
    sarif,
    terminal,
    xlsx,
)
from stackaudit.report import html as html_page
from stackaudit.report.drawings import all_drawings
from stackaudit.report.drawings.base import PALETTE
from stackaudit.report.tables import tables
from stackaudit.report.words import within
from tests.stacks import stack
from tests.stuffed import strings, stuffed
from tests.support import audit_file, case

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def result() -> AuditResult:
    return audit_file(example_path("northfield"))


def golden_result() -> AuditResult:
    return AuditResult.model_validate_json((GOLDEN / "result.json").read_text(encoding="utf-8"))


def workbook(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [tuple(c.value for c in row) for row in sheet.iter_rows()] for sheet in book}


def _csv(result: AuditResult) -> str:
    return "".join(f"== {name}\n{text}" for name, text in csv_tables.render(result).items()).replace("\r\n", "\n")


def _xlsx(result: AuditResult) -> str:
    sheets = workbook(xlsx.render(result))
    return "".join(f"== {name}\n" + "".join(f"{row!r}\n" for row in rows) for name, rows in sheets.items())


def _pdf(result: AuditResult) -> str:
    """The page without its pictures, which have tests of their own."""
    return re.sub(
        r"<figure>.*?</figure>\n?", "", re.sub(r"<style>.*?</style>", "", pdf.page(result), flags=re.S), flags=re.S
    )


def _page(text: str) -> str:
    """A page with one element a line, without style and script, which are files of their own, and without pictures."""
    text = re.sub(r"<(style|script)>.*?</\1>|<svg .*?</svg>|<meta http-equiv=.*?>", "", text, flags=re.DOTALL)
    text = re.sub(
        r"(</(?:p|h\d|li|ol|ul|td|th|tr|dt|dd|dl|div|span|a|caption|summary|section|details)>)(?=<)", r"\1\n", text
    )
    return "".join(f"{line.strip()}\n" for line in text.splitlines() if line.strip())


def _html(result: AuditResult) -> str:
    return _page(html_page.render(result))


def _terminal(result: AuditResult) -> str:
    """The summary as it stands in a pipe."""
    stream = io.StringIO()
    terminal.summary(result, Console(file=stream, width=10_000), ("stack.report.html",), verbose=True)
    return stream.getvalue()


def _comparison(result: AuditResult) -> Comparison:
    """The result compared with itself without its last tool and its first finding."""
    return compare(result.model_copy(update={"tools": result.tools[:-1], "findings": result.findings[1:]}), result)


def _picture(_: AuditResult) -> str:
    """The example's stack map on white paper, which the README shows."""
    drawn = str(all_drawings(audit_file(example_path("northfield")))["stack_map"].painted().svg)
    head, rest = drawn.split(">", 1)
    return f'{head}><rect width="100%" height="100%" fill="{PALETTE["paper"]}"/>{rest}\n'.replace("><", ">\n<")


GOLDENS: dict[str, Callable[[AuditResult], str]] = {
    "result.json": AuditResult.to_json,
    "result.md": markdown.render,
    "result.jsonl": jsonl.render,
    "result.sarif": sarif.render,
    "result.github.txt": github.render,
    "result.csv.txt": _csv,
    "result.xlsx.txt": _xlsx,
    "result.pdf.html": _pdf,
    "result.html": _html,
    "comparison.html": lambda result: _page(comparison_html.render(_comparison(result))),
    "comparison.md": lambda result: comparison.markdown(_comparison(result)),
    "comparison.txt": lambda result: comparison.plain(_comparison(result)),
    "terminal.txt": _terminal,
    "northfield.svg": _picture,
}


@pytest.mark.parametrize("name", GOLDENS)
def test_a_format_is_what_its_golden_file_says(name: str, request: pytest.FixtureRequest) -> None:
    made = GOLDENS[name](golden_result())
    if request.config.getoption("--update-goldens"):
        (GOLDEN / name).write_text(made, encoding="utf-8", newline="\n")
    assert made == (GOLDEN / name).read_text(encoding="utf-8")


def test_every_format_has_a_golden_file() -> None:
    assert {n.split(".")[1] for n in GOLDENS if n.startswith("result.")} == set(FORMATS)
    assert {p.name for p in GOLDEN.iterdir()} == set(GOLDENS)


def text_of(name: str, result: AuditResult) -> str:
    """What a reader of a format reads, unescaped."""
    if name == "pdf":
        content: Any = pdf.page(result)
    else:
        content = import_module(FORMATS[name].module).render(result)
    if name == "csv":
        return "\n".join(c for text in content.values() for row in csv.reader(io.StringIO(text)) for c in row)
    if name == "xlsx":
        return "\n".join(str(c) for rows in workbook(content).values() for row in rows for c in row)
    if name == "md":
        content = MarkdownIt("commonmark").enable("table").render(content)
    if name in {"md", "html", "pdf"}:
        return html.unescape(re.sub(r"<[^>]+>", "", content)).replace("\u200b", "")
    if name == "github":
        return unquote(content)
    if name in {"sarif", "jsonl", "json"}:
        lines = content.splitlines() if name == "jsonl" else [content]
        return "\n".join(leaf for line in lines for leaf in _leaves(json.loads(line)))
    return str(content)


def _leaves(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield str(key)
            yield from _leaves(value)
    elif isinstance(data, list):
        for value in data:
            yield from _leaves(value)
    else:
        yield str(data)


@pytest.mark.parametrize("name", [n for n in FORMATS if n != "html"])
def test_a_format_carries_every_finding_and_every_line_of_evidence(name: str, result: AuditResult) -> None:
    text = " ".join(text_of(name, result).split())
    assert len(result.findings) > 20
    for finding in result.findings:
        assert finding.id in text
        assert " ".join(finding.message.split()) in text
        for evidence in finding.evidence:
            assert " ".join(evidence.text.split()) in text
            if evidence.source:
                assert evidence.source in text


@pytest.mark.parametrize("name", ["empty", "one", "thirty"])
def test_the_page_carries_every_finding_and_every_line_of_evidence(name: str) -> None:
    shown = stack(name)
    page = html_page.render(shown)
    text = " ".join(text_of("html", shown).split())
    for finding in shown.findings:
        assert f'id="finding-{finding.id}"' in page
        assert " ".join(finding.message.split()) in text
        for evidence in finding.evidence:
            assert " ".join(evidence.text.split()) in text
            assert (evidence.source or "") in text


def test_the_same_result_gives_the_same_bytes(result: AuditResult) -> None:
    again = AuditResult.model_validate_json(result.to_json())
    for name in set(FORMATS) - {"pdf"}:
        render = import_module(FORMATS[name].module).render
        assert render(result) == render(again), name


def test_every_string_of_the_schema_reaches_the_complete_formats() -> None:
    full = stuffed(lambda place: f"«{place}»")
    places = {value for _, value in strings(full)}
    assert len(places) > 200
    for name in ("csv", "xlsx", "jsonl", "json"):
        text = text_of(name, full)
        assert {p for p in places if p not in text} == set(), name


def test_tables_look_the_same_whatever_is_in_them(result: AuditResult) -> None:
    full = stuffed(lambda place: place)
    some, all_ = tables(result), tables(full)
    assert {n: t.columns for n, t in some.items()} == {n: t.columns for n, t in all_.items()}
    assert all(len(row) == len(t.columns) for t in (*some.values(), *all_.values()) for row in t.rows)
    assert {n for n, t in all_.items() if not t.rows} == set()


def test_a_workbook_has_real_days_and_numbers_filters_and_a_fixed_head(result: AuditResult) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(result)))
    wanted = [
        "Summary",
        "Findings",
        "Evidence",
        "Tools",
        "Integrations",
        "Capabilities",
        "Renewals",
        "Handoffs",
        "Signals",
    ]
    assert book.sheetnames[:9] == wanted
    sheet = book["Renewals"]
    head = [c.value for c in sheet[1]]
    deadline, amount = (sheet[2][head.index(h)] for h in ("Deadline", "Amount"))
    assert isinstance(deadline.value, dt.datetime)
    assert deadline.is_date
    assert amount.data_type == "n"
    assert [s.freeze_panes for s in book] == ["A2"] * len(book.sheetnames)
    assert all(s.auto_filter.ref for s in book)
    assert max(d.width for s in book for d in s.column_dimensions.values()) <= 61


def test_csv_is_what_the_standard_says(result: AuditResult) -> None:
    for name, text in csv_tables.render(result).items():
        assert "\n" not in text.replace("\r\n", ""), name
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert len({len(row) for row in rows}) == 1, name


def test_negative_days_stay_numbers() -> None:
    assert csv_tables.plain(-12) == "-12"
    assert csv_tables.plain("-12") == "'-12"


def many(result: AuditResult, count: int) -> AuditResult:
    first = next(f for f in result.findings if f.severity == "high")
    lines = tuple(Evidence(text=f"line {i}", file="stack.yaml", line=i + 1) for i in range(150))
    made = tuple(
        first.model_copy(update={"id": f"{i:012x}", "evidence": lines[: 150 if i == 0 else 1]}) for i in range(count)
    )
    return result.model_copy(update={"findings": made})


def test_sarif_stays_within_what_code_scanning_shows(result: AuditResult) -> None:
    run = json.loads(sarif.render(many(result, 5_200)))["runs"][0]
    assert len(run["results"]) == 5_000
    assert len(run["results"][0]["locations"]) == 100
    assert (
        "200 milder findings are left out" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    )
    assert all(len(rule["properties"]["tags"]) <= 10 for rule in run["tool"]["driver"]["rules"])


def test_sarif_points_into_the_stack_file_and_says_how_grave_it_is(result: AuditResult) -> None:
    run = json.loads(sarif.render(result))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    by_id = {f.id: f for f in result.findings}
    for entry in run["results"]:
        finding = by_id[entry["partialFingerprints"][sarif.FINGERPRINT]]
        assert rules[entry["ruleIndex"]]["id"] == entry["ruleId"] == finding.rule
        failed = finding.outcome == "fail"
        assert entry["level"] == (sarif.LEVELS.get(finding.severity, "note") if failed else "none")
        place = entry["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "northfield.yaml"
        assert place["region"]["startLine"] >= 1
    assert all(rule["help"]["markdown"] and rule["help"]["text"] for rule in rules)


def test_sarif_shows_waived_findings_as_suppressed_and_open_ones_as_open() -> None:
    results = json.loads(sarif.render(golden_result()))["runs"][0]["results"]
    waived = [r for r in results if r.get("suppressions")]
    open_ = [r for r in results if r["kind"] == "open"]
    assert [r["ruleId"] for r in waived] == ["RED-001"]
    assert open_
    assert all(r["level"] == "none" for r in open_)


def test_a_stack_from_standard_input_has_no_places(result: AuditResult) -> None:
    piped = result.model_copy(update={"input": "<stdin>"})
    bare = tuple(f.model_copy(update={"evidence": ()}) for f in piped.findings)
    piped = piped.model_copy(update={"findings": bare})
    assert not any("locations" in r for r in json.loads(sarif.render(piped))["runs"][0]["results"])
    assert " file=" not in github.render(piped)


def test_a_step_gets_no_more_annotations_than_github_shows_and_loses_no_finding(result: AuditResult) -> None:
    lines = github.render(many(result, 40)).splitlines()
    assert sum(line.startswith("::error ") for line in lines) == 10
    assert lines[10] == "::group::30 more findings than GitHub shows as annotations"
    assert len([line for line in lines if line.startswith("- ")]) == 30


def test_annotations_are_escaped_as_the_runner_reads_them() -> None:
    full = stuffed(lambda _: "50%, a:b\r\n::error::x")
    (line,) = github.render(full).splitlines()
    assert line.startswith("::notice file=50%25%2C")
    assert "title=50%25%2C a%3Ab  %3A%3Aerror%3A%3Ax" in line
    assert "50%25, a:b" in line


@pytest.mark.slow
def test_the_pdf_has_every_finding_bookmarks_and_page_numbers_and_fetches_nothing(
    result: AuditResult, tmp_path: Path
) -> None:
    from weasyprint import HTML

    content = pdf.render(result)
    assert content == pdf.render(result)
    path = tmp_path / "r.pdf"
    path.write_bytes(content)
    program = shutil.which("pdftotext")
    assert program
    text = subprocess.run([program, "-raw", str(path), "-"], capture_output=True, text=True, check=True).stdout
    squeezed = re.sub(r"\s", "", text)
    for finding in result.findings:
        assert finding.id in squeezed
        for evidence in finding.evidence:
            assert re.sub(r"\s", "", evidence.text) in squeezed
    assert "Appendix" in text
    assert re.search(r"2 of \d+", text)
    with_links = subprocess.run(["pdfinfo", "-url", str(path)], capture_output=True, text=True, check=True).stdout
    assert "://" not in with_links
    marks = HTML(string=pdf.page(result), url_fetcher=pdf.fetcher()).render().make_bookmark_tree()
    assert marks[-1][0] == "Appendix"
    assert "Findings" in [m[0] for m in marks]
    for address in ("https://evil.example/x", "http://evil.example", "file:///etc/passwd", "ftp://evil.example/x"):
        with pytest.raises(ValueError, match="disallowed protocol"):
            pdf.fetcher().fetch(address)


@pytest.mark.slow
@pytest.mark.parametrize("payload", ["x" * 2_000, "<img src=file:///etc/passwd> \u202e"])
def test_the_pdf_survives_hostile_and_long_names(payload: str, result: AuditResult) -> None:
    tools = tuple(t.model_copy(update={"name": payload, "owner": payload}) for t in result.tools)
    found = tuple(f.model_copy(update={"message": payload}) for f in result.findings)
    assert pdf.render(result.model_copy(update={"tools": tools, "findings": found})).startswith(b"%PDF")


def test_every_drawing_but_the_narrow_one_is_in_the_pdf(result: AuditResult) -> None:
    page = pdf.page(result)
    drawn = all_drawings(result)
    assert pdf.NARROW_ONLY in drawn
    assert page.count("<figure") == page.count("<svg") == len(drawn) - 1


def test_the_appendix_of_the_pdf_names_tools_as_people_do() -> None:
    result = case("atlasbridge")
    names = {t.id: t.name for t in result.tools}
    appendix = pdf.page(result).partition('id="table-integrations"')[2].partition("</table>")[0]
    for edge in result.integrations:
        assert f"<tr><td>{names[edge.from_]}</td><td>{names[edge.to]}</td>" in appendix


@pytest.mark.parametrize("form", [markdown.render, _terminal, html_page.render])
def test_what_a_cause_holds_up_is_told_by_name(form: Callable[[AuditResult], str]) -> None:
    result = case("quillstone")
    text = form(result)
    names = {m.id: m.name for m in result.metrics} | {s.id: s.name for s in result.signals}
    for cause in result.root_causes:
        for held in (*cause.blocks.metrics, *cause.blocks.signals):
            assert within(names[held]) in text
            assert "_" not in held or held not in text.partition("Findings")[0]
