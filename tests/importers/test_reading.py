"""Spreadsheets as people keep them, and files that mean harm: a clear message, and never a guess."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from stackaudit.errors import InputError, StackauditError, UsageError
from stackaudit.importers import bounds, workbook
from tests.importers.support import matched, read, tool
from tests.importers.support import workbook as make

ROWS = "Tool{0}Business Owner{0}Annual cost{0}Seats\nSalesforce{0}Ana{0}148000{0}75\nGong{0}Ben{0}66000{0}40\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    found = read(tmp_path / "t.csv", ROWS.format(delimiter))
    assert tool(found, "gong").fields == {"owner": "Ben", "annual_cost": 66000, "seats": 40}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_the_first_heading(tmp_path: Path, encoding: str) -> None:
    assert matched(read(tmp_path / "t.csv", ROWS.format(",").encode(encoding))) == ["gong", "salesforce"]


def test_titles_above_the_table_and_a_hint_of_excel_are_passed_over(tmp_path: Path) -> None:
    found = read(tmp_path / "t.csv", "sep=;\nOur tools;;\n;;\n" + ROWS.format(";"))
    assert matched(found) == ["gong", "salesforce"]
    assert tool(found, "gong").places == ("row 6",)


def test_the_headings_that_were_understood_and_those_that_were_not_are_shown(tmp_path: Path) -> None:
    found = read(tmp_path / "t.csv", "App,Mood,Renewal date\nGong,good,2027-01-31\n")
    assert found.parsed.used == {"tool": "App", "contract_end": "Renewal date"}
    assert found.parsed.unused == ("Mood",)


def test_totals_and_rows_without_a_name_are_left_out_and_said(tmp_path: Path) -> None:
    found = read(tmp_path / "t.csv", "Tool,Annual cost\nGong,5\n,7\nTotal,12\n")
    assert len(found.tools) == 1
    assert [r.split(":")[0] for r in found.remarks] == ["row 3", "row 4"]


def test_rows_of_one_tool_become_one_with_costs_and_seats_added_up(tmp_path: Path) -> None:
    found = read(tmp_path / "t.csv", "Tool,Annual cost,Owner\nSalesforce,100,Ana\nSFDC,50,Ben\n")
    one = tool(found, "salesforce")
    assert (one.fields["annual_cost"], one.fields["owner"]) == (150, "Ana")
    assert any("owner Ben differs" in r for r in one.remarks)


def test_a_price_without_its_period_is_left_out_and_said(tmp_path: Path) -> None:
    found = read(tmp_path / "t.csv", "Tool,Cost,Billing\nGong,100,monthly\nOutreach,100,\n")
    assert tool(found, "gong").fields["annual_cost"] == 1200
    assert "annual_cost" not in tool(found, "outreach").fields
    assert any("which period" in r for r in tool(found, "outreach").remarks)


def test_a_workbook_is_read_with_its_dates_merged_cells_and_formulas(tmp_path: Path) -> None:
    data = make(
        [["Tool", "Team", "Renewal", "Annual cost"], ["Salesforce", "Sales", ("date", "46418"), 148000],
         ["Gong", "", ("date", "46418"), ("formula", "D2/2")]],
        '<mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>',
    )  # fmt: skip
    found = read(tmp_path / "t.xlsx", data)
    assert str(tool(found, "salesforce").fields["contract_end"]) == "2027-01-31"
    assert tool(found, "gong").fields["team"] == "Sales"
    assert "annual_cost" not in tool(found, "gong").fields
    assert any("formulas" in r for r in found.remarks)
    assert any("merged" in r for r in found.remarks)


def test_a_number_that_is_merged_over_several_rows_counts_once(tmp_path: Path) -> None:
    data = make(
        [["Tool", "Annual cost"], ["Salesforce", 148000], ["Gong", ""]],
        '<mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>',
    )
    found = read(tmp_path / "t.xlsx", data)
    assert tool(found, "salesforce").fields["annual_cost"] == 148000
    assert "annual_cost" not in tool(found, "gong").fields
    assert any("one number for several rows" in r for r in found.remarks)


def test_a_formula_in_a_text_file_is_left_out(tmp_path: Path) -> None:
    found = read(tmp_path / "t.csv", "Tool,Owner,Team\nGong,=cmd|' /C calc'!A0,=\n")
    assert dict(tool(found, "gong").fields) == {"team": "="}
    assert any("is a formula" in r for r in tool(found, "gong").remarks)


def test_a_list_of_names_in_json_or_yaml_is_a_table_too(tmp_path: Path) -> None:
    assert matched(read(tmp_path / "t.json", '["Salesforce", "Gong"]')) == ["gong", "salesforce"]
    assert matched(read(tmp_path / "t.yaml", "tools:\n- name: Gong\n  owner: Ana\n")) == ["gong"]


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (workbook.MAX_UNPACKED + 1))
    return stream.getvalue()


FAR = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("t.csv", b"", "is empty"),
        ("t.csv", b" \n\n", "is empty"),
        ("t.csv", "Tool,Owner\nGong,J\u00fcrgen\n".encode("cp1252"), "--encoding"),
        ("t.csv", b"Tool,Owner\n", "no rows"),
        ("t.csv", b"Tool\n\0\0\n", "null characters"),
        ("t.csv", b'Tool\n"' + b"x" * 200_000 + b'"\n', "no readable table"),
        ("t.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("t.xls", OLE, "old form"),
        ("t.xlsx", b"PK\x03\x04 nonsense", "no readable workbook"),
        ("t.xlsx", make([], sheet=FAR), "more than 100,000 rows"),
        ("t.xlsx", make([], sheet=FAR.replace("1048576", "1")), "16,384 columns"),
        ("t.json", b"{", "is no JSON"),
        ("t.json", b"[" * 100_000, "nested too deeply"),
        ("t.yaml", b"a: !!python/object:x {}", "tag"),
        ("t.pdf", b"x", "ending"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_gets_a_clear_message(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(tmp_path / name, data)


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unpacks to more"):
        read(tmp_path / "t.xlsx", bomb())


def test_two_hundred_thousand_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"more than {bounds.MAX_ROWS:,} rows"):
        read(tmp_path / "t.csv", "Tool\n" + "Gong\n" * 200_000)


def test_without_a_column_of_names_the_message_lists_the_headings(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'Frob', 'Owner'.*--map tool="):
        read(tmp_path / "t.csv", "Frob,Owner\nGong,Ana\n")
    assert matched(read(tmp_path / "t.csv", "Frob,Owner\nGong,Ana\n", columns={"tool": "Frob"})) == ["gong"]


def test_a_heading_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StackauditError, match="no heading 'Nope'"):
        read(tmp_path / "t.csv", ROWS.format(","), columns={"owner": "Nope"})


def test_characters_that_steer_a_terminal_or_break_a_comment_are_gone(tmp_path: Path) -> None:
    found = read(tmp_path / "t.csv", 'Tool\n"Odd\x1b[31m\nthing\u202e"\n')
    assert found.tools[0].name == "Odd [31m thing"
