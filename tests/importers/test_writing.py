"""Whatever a spreadsheet says, what is written is a valid inventory, and writing it again changes not a byte."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from stackaudit.inventory_writer import HEADER, write_draft
from tests.importers.support import read
from tests.support import TODAY, load_text, plugins

ODD = ["yes", "null", "~", "1.10", "2026-09-01", "# x", "a: b", "- x", "{x", "[", "'", '"', "&a", "*a", "!x", "%", "@", "`",
       "|", ">", "? x", "x:", "=1+1", "\u2028", "\ufeff", "0x1F", "1e3", ".inf", "x #y", "\\", "SFDC", "Salesforce", "Gong (Pro)", "Apollo"]  # fmt: skip
CELL = st.one_of(st.sampled_from(ODD), st.text(max_size=20), st.integers(-5, 10**9).map(str))
ROWS = st.lists(st.tuples(CELL, CELL, CELL, CELL, CELL), min_size=1, max_size=6)
HEADINGS = ("Tool", "Owner", "Annual cost", "Renewal date", "Notes")
GENERAL = ("Vendor/Tool", "Tool Owner", "Current Year Cost", "Renewal Date", "Notes")


def identify(name: str) -> str | None:
    ids = {hit.tool_id for hit in plugins().find(name)}
    return next(iter(ids)) if len(ids) == 1 else None


def sheet(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows([headings, ("Outreach", "Ana", "5", "2027-01-31", "x"), *rows])
    return stream.getvalue().replace("\0", "").encode("utf-8", "ignore")


@given(rows=ROWS, later=ROWS)
# shrinking an example here takes minutes, and the example alone says enough
@settings(
    max_examples=40, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_spreadsheet_becomes_a_valid_inventory_and_the_same_twice(
    tmp_path: Path, rows: list[tuple[str, ...]], later: list[tuple[str, ...]]
) -> None:
    text = HEADER
    drafts = [
        read(tmp_path / "a.csv", sheet(HEADINGS, rows), source="spreadsheet"),
        read(tmp_path / "b.csv", sheet(GENERAL, later), source="sastrify", everything=True),
    ]
    for draft in drafts:
        text = write_draft(text, draft, identify, TODAY).text
        load_text(text)
        assert write_draft(text, draft, identify, TODAY).text == text
    for draft in drafts:
        assert write_draft(text, draft, identify, TODAY).text == text
