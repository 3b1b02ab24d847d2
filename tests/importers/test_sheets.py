"""A workbook says how large its sheets are; one that says too much, or that cannot be followed, is not read."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stackaudit.errors import InputError
from stackaudit.importers.sheets import Ruler
from stackaudit.importers.workbook import MAX_CELLS, read_workbook
from tests.importers.support import matched, read, workbook

SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NAMES = '<row r="1"><c r="A1" t="inlineStr"><is><t>Tool</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>Gong</t></is></c></row>'


def sheet(cells: str, *, before: str = "", tail: str = "") -> str:
    return f'{before}<worksheet xmlns="{SPACE}"><sheetData>{NAMES}{cells}</sheetData>{tail}</worksheet>'


def value(place: str) -> str:
    return f"<row><c {place}><v>1</v></c></row>"


@contextmanager
def little(seconds: float = 1.0, megabytes: int = 100) -> Iterator[None]:
    """What is refused is refused before it takes time or room."""
    began, held = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert time.process_time() - began < seconds
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held < megabytes * 1024


@pytest.mark.parametrize(
    ("odd", "says"),
    [
        (sheet(value('r="A1048576"')), "more than 100,000 rows"),
        (sheet(value('r = "A1048576"')), "more than 100,000 rows"),
        (sheet(value("r='A1048576'")), "more than 100,000 rows"),
        (sheet(value('r="&#65;1048576"')), "more than 100,000 rows"),
        (sheet(value('x=">" r="A1048576"')), "more than 100,000 rows"),
        (sheet('<row r="1048576"><c><v>1</v></c></row>'), "more than 100,000 rows"),
        (sheet(value('r="XFD1"')), "16,384 columns"),
        (sheet(f"<row>{'<c><v>1</v></c>' * 2_001}</row>"), "2,001 columns"),
        (sheet(value('r="BXX100000"')), "spans 200,000,000 cells"),
        (sheet(value(f'r="A{"x" * 3_000}2"')), "is no cell"),
        (sheet(value('r="a1"')), "is no cell"),
        (sheet(value('r="A0"')), "is no cell"),
        (sheet(value('r="AAAA1"')), "is no cell"),
        (sheet(value('r="A99999999"')), "is no cell"),
        (sheet('<row r="x"><c><v>1</v></c></row>'), "is no row"),
        (sheet("", before="junk "), "cannot be followed"),
        (sheet("<row>"), "cannot be followed"),
        (sheet(value('r="A3" r="A1048576"')), "cannot be followed"),
        (sheet("", before='<!DOCTYPE worksheet [<!ENTITY a "A">]>'), "types of its own"),
        (sheet(value('r="A1048576"')).encode("utf-16"), "more than 100,000 rows"),
        (sheet(value('r="A1048576"')).encode("cp037"), "no readable workbook"),
    ],
)  # fmt: skip
def test_a_sheet_that_reaches_too_far_or_cannot_be_followed_is_refused(odd: str | bytes, says: str) -> None:
    with little(), pytest.raises(InputError, match=says):
        read_workbook(workbook([], sheet=odd), "t.xlsx", "")


def test_a_sheet_is_measured_wherever_it_lies() -> None:
    far = sheet(value('r="A1048576"'))
    for part in ("worksheets/sheet1.bin", "other/s.png", "data"):
        with little(), pytest.raises(InputError, match="more than 100,000 rows"):
            read_workbook(workbook([], sheet=far, part=part), "t.xlsx", "")


def test_workbooks_of_other_forms_are_refused_by_what_is_in_them() -> None:
    for name in ("xl/workbook.bin", "XL/Workbook.bin", "content.xml"):
        with pytest.raises(InputError, match="another form"):
            read_workbook(workbook([["Tool"]], more={name: b"x"}), "t.xlsx", "")


def test_what_is_no_sheet_may_be_anything(tmp_path: Path) -> None:
    more = {
        "xl/media/image1.png": b"\x89PNG <c r='A99999999'>\0",
        "xl/drawings/vmlDrawing1.vml": b"<xml><br></xml>",
        "xl/calcChain.xml": b'<calcChain><c r="XFD1048576" i="1"><v/></c></calcChain>',
        "docProps/empty.xml": b"",
    }
    found = read(tmp_path / "t.xlsx", workbook([["Tool"], ["Gong"]], more=more))
    assert matched(found) == ["gong"]
    assert not any("formulas" in r for r in found.remarks)


def test_cells_without_anything_in_them_count_for_nothing(tmp_path: Path) -> None:
    coloured = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert matched(read(tmp_path / "t.xlsx", workbook([], sheet=sheet(coloured)))) == ["gong"]


def test_cells_and_rows_that_do_not_say_where_they_stand_follow_one_another() -> None:
    ruler = Ruler()
    text = "<sheetData><row><c><v/></c><c r='E1'><v/></c><c><v/></c></row><row/><row><c><is/></c></row></sheetData>"
    for at in range(0, len(text), 7):
        ruler.feed(text[at : at + 7].encode())
    ruler.close()
    assert (ruler.bottom, ruler.right, ruler.formulas) == (3, 6, False)


def test_a_sheet_as_large_as_may_be_is_read_in_little_room() -> None:
    rows = 100_000
    with little(seconds=3, megabytes=250):
        grids, _ = read_workbook(workbook([], sheet=sheet(value(f'r="AD{rows}"'))), "t.xlsx", "")
    assert 30 * rows == MAX_CELLS
    assert [n for n, _ in grids["Tools"]] == [1, 2, rows]


def test_many_merged_ranges_over_the_same_rows_are_refused() -> None:
    ranges = '<mergeCell ref="A1:A100000"/>' * 31
    odd = sheet(value('r="A100000"'), tail=f"<mergeCells>{ranges}</mergeCells>")
    with little(seconds=3), pytest.raises(InputError, match="merges more than"):
        read_workbook(workbook([], sheet=odd), "t.xlsx", "")
