"""XLSX: one sheet a table, with real days and numbers, in which no cell can act as a formula (extra ``excel``)."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

from stackaudit.report.escape import acts_as_formula
from stackaudit.report.tables import Cell, Table, heading, tables

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult

FIRST = ("summary", "findings", "evidence", "tools", "integrations", "capabilities", "renewals", "handoffs", "signals")
"""Sheets that always stand, in this order; the other tables follow where they have rows."""

MAX_TEXT = 32_767
MAX_NAME = 31
MAX_WIDTH = 60
CREATED = dt.datetime(1980, 1, 1)  # noqa: DTZ001 - the file format knows no time zones


def render(result: AuditResult) -> bytes:
    """The workbook; the same result gives the same bytes."""
    import xlsxwriter

    stream = io.BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(stream, safe) as book:
        book.set_properties({"title": "Stack audit", "created": CREATED})
        styles = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "quoted": book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
            "number": book.add_format({"num_format": "#,##0.##", "valign": "top"}),
            "whole": book.add_format({"num_format": "#,##0", "valign": "top"}),
        }
        made = tables(result)
        others = [t for name, t in made.items() if name not in FIRST and t.rows]
        for table in (*(made[name] for name in FIRST), *others):
            _sheet(book.add_worksheet(heading(table.id)[:MAX_NAME]), table, styles)
    return stream.getvalue()


def _sheet(sheet: Any, table: Table, styles: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, heading(name), styles["head"])
        sheet.set_column(column, column, _width(table, column))
    for number, row in enumerate(table.rows, 1):
        for column, value in enumerate(row):
            _write(sheet, number, column, value, styles)
    sheet.autofilter(0, 0, max(1, len(table.rows)), len(table.columns) - 1)


def _write(sheet: Any, row: int, column: int, value: Cell, styles: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_string(row, column, "yes" if value else "no", styles["text"])
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), styles["day"])
    elif isinstance(value, int | float):
        whole = isinstance(value, int) or value.is_integer()
        sheet.write_number(row, column, value, styles["whole" if whole else "number"])
    else:
        text = value if len(value) <= MAX_TEXT else value[: MAX_TEXT - 1] + "…"
        sheet.write_string(row, column, text, styles["quoted" if acts_as_formula(text) else "text"])


def _width(table: Table, column: int) -> int:
    """Wide enough for most cells and never wider than a line that reads well."""
    lengths = sorted(len(str(row[column])) for row in table.rows if row[column] is not None)
    typical = lengths[len(lengths) * 9 // 10] if lengths else 0
    return max(8, min(MAX_WIDTH, max(typical, len(table.columns[column])) + 2))
