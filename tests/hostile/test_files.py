"""Files with a payload in every field show it and do nothing: Markdown, tables, data for machines, logs, terminals."""

from __future__ import annotations

import csv
import io
import json
import re
from urllib.parse import urlsplit

import openpyxl
import pytest
from markdown_it import MarkdownIt
from rich.console import Console

from stackaudit.model.comparison import Comparison
from stackaudit.model.result import AuditResult
from stackaudit.report import comparison, csv_tables, github, jsonl, markdown, sarif, terminal, xlsx
from stackaudit.report.escape import acts_as_formula
from tests.hostile import STEERING, cases, full_of, harmless
from tests.stuffed import made, strings


@pytest.fixture(params=cases())
def payload(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def hostile(payload: str) -> AuditResult:
    full = full_of(payload)
    assert len({place for place, _ in strings(full)}) > 150
    return full


def test_nothing_acts_in_markdown(hostile: AuditResult) -> None:
    text = markdown.render(hostile)
    assert not STEERING.search(text)
    assert not re.search(r"<|\{\{|\{%|\{#|://|@\w|(?<!&)#\d|(?i:www\.\w)|(?i:gh-\d)", text)
    allowed = {
        "heading",
        "paragraph",
        "inline",
        "text",
        "strong",
        "list_item",
        "bullet_list",
        "ordered_list",
        "code_inline",
    }
    allowed |= {"table", "thead", "tbody", "tr", "th", "td", "softbreak"}
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    kinds = {
        t.type.removesuffix("_open").removesuffix("_close")
        for token in tokens
        for t in (token, *(token.children or ()))
    }
    assert kinds <= allowed
    plain = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown.render(full_of("plain")))
    assert [t.type for t in tokens] == [t.type for t in plain]


def test_nothing_acts_in_a_spreadsheet(hostile: AuditResult) -> None:
    for text in csv_tables.render(hostile).values():
        assert not STEERING.search(text)
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert len({len(row) for row in rows}) == 1
        cells = [c for row in rows for c in row]
        assert not any(acts_as_formula(c) for c in cells if not c.startswith("'"))
        assert not any(c[:1] in set("=+-@\t\r\n＝＋－＠") for c in cells)
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(hostile)))
    for sheet in book:
        for cell in (c for row in sheet.iter_rows() for c in row):
            assert cell.data_type != "f"
            assert cell.hyperlink is None
            if isinstance(cell.value, str):
                assert not STEERING.search(cell.value)
                assert not acts_as_formula(cell.value) or cell.quotePrefix


def test_nothing_acts_in_data_for_machines(hostile: AuditResult) -> None:
    for text in (jsonl.render(hostile), sarif.render(hostile)):
        assert text.isascii()
        assert not STEERING.search(text)
    (run,) = json.loads(sarif.render(hostile))["runs"]
    for entry in run["results"]:
        assert not re.search(r"(?<!\\)[\[\]]", entry["message"]["text"])
        assert not re.search(r"(?<!\{)\{(\{\{)*(?!\{)", entry["message"]["text"])
        for location in entry.get("locations", ()):
            address = urlsplit(location["physicalLocation"]["artifactLocation"]["uri"])
            assert (address.scheme, address.netloc) == ("", "")
            assert ".." not in address.path.split("/")
            assert not address.path.startswith("/")
    for line in jsonl.render(hostile).splitlines():
        assert "kind" in json.loads(line)


def test_nothing_acts_in_a_log(hostile: AuditResult) -> None:
    text = github.render(hostile)
    assert not STEERING.search(text)
    assert "\r" not in text
    assert "##[" not in text
    for line in text.splitlines():
        command = re.fullmatch(r"::(error|warning|notice) ((?:[a-z]+=[^,:]*)(?:,[a-z]+=[^,:]*)*)::(.*)", line)
        assert command
        assert not re.search(r"%(?!25|0D|0A|3A|2C)", command[2] + command[3])


def test_nothing_acts_in_a_comparison_as_text(payload: str) -> None:
    change, plain = made(Comparison, lambda _: payload), made(Comparison, lambda _: harmless(payload))
    for render in (comparison.plain, comparison.markdown):
        assert not STEERING.search(render(change))
        assert len(render(change).splitlines()) == len(render(plain).splitlines())
    assert not re.search(r"<|://|\{\{|@\w", comparison.markdown(change))


@pytest.mark.parametrize("on_terminal", [True, False])
def test_nothing_acts_on_a_terminal(payload: str, hostile: AuditResult, on_terminal: bool) -> None:
    def said(result: AuditResult) -> str:
        stream = io.StringIO()
        console = Console(
            file=stream, force_terminal=on_terminal, color_system=None, width=10_000 if on_terminal else 80
        )
        terminal.summary(result, console, (payload,), verbose=True)
        return stream.getvalue()

    text = said(hostile)
    assert not STEERING.search(text)
    assert "\r" not in text
    if not on_terminal:
        assert len(text.splitlines()) == len(said(full_of(harmless(payload))).splitlines())
