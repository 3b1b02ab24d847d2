"""Spreadsheets as an operations lead keeps them: nothing is lost, nothing is guessed, and every doubt is said."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from stackaudit.errors import InputError, UsageError
from stackaudit.model.importing import Draft
from tests.importers.support import matched, read, tool, workbook


def sheet(folder: Path, text: str, **options: Any) -> Draft:
    return read(folder / "stack.csv", text, **options)


STACK = """GTM Tech Stack FY26,,,,,,
Last updated: 3/2/2026 by Dana,,,,,,
,,Cost,,Usage,Contract,
Tool,Owner,per month,per year,Seats,Renewal,Notes
Salesforce (Sales Cloud + Service Cloud),Dana,,"$148,000",75,1/31/2027,see Ana
HubSpot Marketing/Sales,Ben,"$3,200",,,Q3 2026,
Gong,Ben,,"$66,000/yr",40,auto-renew,
Outreach,,TBD,n/a,,Mar-26,
Total,,,"$214,000",,,
"""


def test_headings_in_two_rows_below_a_title_are_read_together(tmp_path: Path) -> None:
    found = sheet(tmp_path, STACK)
    assert found.parsed.used["monthly_cost"] == "Cost per month"
    assert found.parsed.used["annual_cost"] == "Cost per year"
    assert "row 4 holds the headings; what stands above it was not read" in found.remarks
    assert "row 9: 'Total' sums up other rows; left out" in found.remarks


def test_two_products_in_a_cell_are_asked_about_and_their_row_is_kept(tmp_path: Path) -> None:
    first, second = sheet(tmp_path, STACK).tools[:2]
    assert first.match.candidates == ("salesforce", "salesforce_service_cloud")
    assert (first.fields["annual_cost"], first.fields["seats"]) == (148_000, 75)
    assert second.match.candidates == ("hubspot_marketing_hub", "hubspot_sales_hub")
    assert second.fields["annual_cost"] == 38_400


def test_what_a_cell_does_not_say_is_left_out_with_the_reason(tmp_path: Path) -> None:
    found = sheet(tmp_path, STACK)
    assert dict(tool(found, "outreach").fields) == {}
    assert tool(found, "outreach").remarks == ("contract_end 'Mar-26' lacks the day or the year; left out",)
    assert tool(found, "gong").fields["auto_renew"] is True
    assert "contract_end" not in tool(found, "gong").fields


def test_sums_in_dollars_ask_which_unless_it_is_said(tmp_path: Path) -> None:
    assert any("--currency USD" in r for r in sheet(tmp_path, STACK).remarks)
    said = sheet(tmp_path, STACK, currency="CAD")
    assert tool(said, "gong").fields["currency"] == "CAD"
    assert not any("--currency" in r for r in said.remarks)


MIXED = (
    "Tool,Cost,Billing\nGong,€5.000,annual\nOutreach,$4.000,annual\nClari,$12/user/month,\nChili Piper,CHF 500/mo,\n"
)


def test_where_currencies_are_mixed_a_sum_without_one_is_left_out(tmp_path: Path) -> None:
    found = sheet(tmp_path, MIXED)
    assert tool(found, "gong").fields == {"annual_cost": 5000, "currency": "EUR"}
    assert tool(found, "chili_piper").fields == {"annual_cost": 6000, "currency": "CHF"}
    assert "annual_cost" not in tool(found, "outreach").fields
    assert "names no currency where other rows do" in tool(found, "outreach").remarks[0]
    assert "for each user" in tool(found, "clari").remarks[0]


def test_a_price_of_another_period_than_its_heading_is_left_out(tmp_path: Path) -> None:
    found = sheet(tmp_path, "Tool,Annual cost\nGong,€500/mo\n")
    assert "names another period than its heading" in tool(found, "gong").remarks[0]


@pytest.mark.parametrize(
    ("heading", "cost", "currency"),
    [
        ("Annual Cost (USD)", 31.5, "USD"),
        ("Annual cost in EUR", 31.5, "EUR"),
        ("Annual Cost ($K)", 31_500, None),
        ("Jahreskosten (€)", 31.5, "EUR"),
        ("Annual spend (in thousands)", 31_500, None),
        ("Cost per year (k€)", 31_500, "EUR"),
    ],
)
def test_a_heading_may_name_currency_and_thousands(
    tmp_path: Path, heading: str, cost: float, currency: str | None
) -> None:
    fields = tool(sheet(tmp_path, f"Tool;{heading}\nGong;31.5\n"), "gong").fields
    assert (fields["annual_cost"], fields.get("currency")) == (cost, currency)


def test_a_heading_may_say_unit_and_window_in_brackets(tmp_path: Path) -> None:
    text = (
        "Tool,Owner (Business),Notice period (months),Active users (90d),Total contract value\nGong,Ana,3,31,444000\n"
    )
    assert tool(sheet(tmp_path, text), "gong").fields == {
        "owner": "Ana",
        "notice_days": 90,
        "active_seats": 31,
        "notes": "contract value 444,000",
    }
    assert tool(sheet(tmp_path, "Tool,Notice (days)\nGong,60\n"), "gong").fields == {"notice_days": 60}


def test_users_who_are_licensed_and_users_who_are_active_are_seats(tmp_path: Path) -> None:
    found = sheet(tmp_path, "Tool,Users licensed,Users active\nGong,40,38\n")
    assert tool(found, "gong").fields == {"seats": 40, "active_seats": 38}


def test_a_heading_may_say_the_form_of_its_dates(tmp_path: Path) -> None:
    found = sheet(tmp_path, "Tool,Contract end (DD/MM/YYYY)\nGong,05/03/2027\n")
    assert tool(found, "gong").fields["contract_end"] == dt.date(2027, 3, 5)


SECTIONS = "Tool,Dept,Owner\nSales,,\nSalesforce,Sales,Dana\nTool,Dept,Owner\nCS,,\nGainsight,CS,Noor\n,,Zoe\n"


def test_headings_of_sections_and_repeated_headings_are_no_tools(tmp_path: Path) -> None:
    found = sheet(tmp_path, SECTIONS)
    assert matched(found) == ["gainsight", "salesforce"]
    assert len(found.tools) == 2
    assert "the headings stand 1 more times among the rows; left out" in found.remarks
    assert "row 2: 'Sales' heads a section; left out" in found.remarks
    assert "row 7: names no tool (does it belong to 'Gainsight' above?); left out" in found.remarks


def test_a_tool_that_begins_like_a_sum_is_none(tmp_path: Path) -> None:
    found = sheet(tmp_path, "Tool,Owner\nTotal Expert,Ana\nTotal (annual),\nGrand total:,\n")
    assert [t.name for t in found.tools] == ["Total Expert"]


def test_vendors_stand_in_for_tools_where_no_column_names_tools(tmp_path: Path) -> None:
    found = sheet(tmp_path, "Vendor,Owner\nGong.io Inc.,Ben\nAdobe,Sam\n")
    assert matched(found) == ["gong"]
    assert found.parsed.used["tool"] == "Vendor"
    assert any("vendors' names were taken" in r for r in found.remarks)


def test_what_is_cancelled_or_of_another_kind_is_set_aside_and_can_be_kept(tmp_path: Path) -> None:
    text = "Tool,Status,Annual cost\nGong,Active,5\nDrift,Cancelled,7\nDatadog,Active,9\n"
    found = sheet(tmp_path, text)
    assert [t.name for t in found.tools] == ["Gong"]
    assert [t.aside or t.match.reason for t in found.aside] == [
        "its status is 'Cancelled'",
        "well-known software of another kind, by our judgement",
    ]
    kept = sheet(tmp_path, text, everything=True)
    assert [t.name for t in kept.tools] == ["Gong", "Drift", "Datadog"]
    assert "status" not in tool(kept, "drift").fields


def test_a_cancelled_row_adds_nothing_to_the_rows_that_go_on(tmp_path: Path) -> None:
    found = tool(sheet(tmp_path, "Tool,Status,Annual cost\nSFDC,Active,5\nSalesforce,Cancelled,7\n"), "salesforce")
    assert found.fields["annual_cost"] == 5
    assert any("row 3 is left out: its status is 'Cancelled'" in r for r in found.remarks)


def test_a_list_of_names_needs_no_heading(tmp_path: Path) -> None:
    found = sheet(tmp_path, "Salesforce\nGong\nOutreach\n")
    assert matched(found) == ["gong", "outreach", "salesforce"]
    with pytest.raises(UsageError, match="needs a row of them"):
        sheet(tmp_path, "Salesforce,Dana\nGong,Ben\n")


def test_a_column_without_a_heading_can_be_named_by_its_place(tmp_path: Path) -> None:
    found = sheet(tmp_path, ",Owner\nGong,Ben\n", columns={"tool": "column 1"})
    assert tool(found, "gong").fields == {"owner": "Ben"}


def test_an_error_of_the_spreadsheet_is_no_value(tmp_path: Path) -> None:
    found = sheet(tmp_path, "Tool,Owner,Annual cost\nGong,#REF!,#N/A\n#NAME?,Ana,5\n")
    assert dict(tool(found, "gong").fields) == {}
    assert tool(found, "gong").remarks[0] == "owner '#REF!' is an error of the spreadsheet; left out"
    assert any("row 3: names no tool" in r for r in found.remarks)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('Tool,Owner\nGong,Ana\n"Outreach,Ben\nSalesloft,Cy\n', 3, "never closed"),
        ('Tool,Owner\n"Gong,Ana\nOutreach,"Ben"\n', 2, "odd place"),
    ],
)
def test_a_quote_that_runs_away_is_an_error_with_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        sheet(tmp_path, text)
    assert caught.value.problems[0].line == line


def test_rows_that_a_quote_may_have_swallowed_are_said(tmp_path: Path) -> None:
    found = sheet(tmp_path, 'Tool,Owner\nClari,Zoe\n"Gong,Ana\nOutreach,Ben\nSalesloft",Cy\n')
    assert any("lines 3 to 5 are one row: is a quote in line 3 not closed?" in r for r in found.remarks)


def test_a_text_of_several_lines_between_quotes_is_one_cell(tmp_path: Path) -> None:
    found = sheet(tmp_path, 'Tool,Notes,Owner\nGong,"calls\nsince 2019",Ana\nClari,"the ""big"" one",Ben\n')
    assert [t.fields["notes"] for t in found.tools] == ["calls since 2019", 'the "big" one']
    assert [t.places for t in found.tools] == [("row 2",), ("row 4",)]
    assert not [r for r in found.remarks if "quote" in r]


def test_sheets_of_the_same_headings_are_read_together_and_others_are_named(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in {"Sales": ["Gong"], "Marketing": ["Marketo"], "Codes": []}.items():
        page = book.create_sheet(title)
        page.append(["Team", "Code"] if title == "Codes" else ["Tool", "Owner"])
        page.append(["S", "1"] if title == "Codes" else [*rows, "Ana"])
    book.save(tmp_path / "book.xlsx")
    found = read(tmp_path / "book.xlsx", (tmp_path / "book.xlsx").read_bytes())
    assert matched(found) == ["gong", "marketo"]
    assert tool(found, "marketo").places == ("row 2 of Marketing",)
    assert any(r.startswith("'Codes' holds 1 more rows that were not read") for r in found.remarks)


def test_a_merged_vendor_holds_for_its_products(tmp_path: Path) -> None:
    data = workbook(
        [["Vendor", "Product", "Owner"], ["Salesforce", "Sales Cloud", "Dana"], ["", "Service Cloud", "Dana"]],
        '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>',
    )
    assert matched(read(tmp_path / "t.xlsx", data)) == ["salesforce", "salesforce_service_cloud"]
