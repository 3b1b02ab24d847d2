"""CSV: a folder with one file a table (RFC 4180, UTF-8), in which no cell can act as a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING

from stackaudit.report.escape import acts_as_formula
from stackaudit.report.tables import Cell, Table, tables

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult


def render(result: AuditResult) -> dict[str, str]:
    """The text of each file by its name; the same files for every result, empty tables with their header."""
    return {f"{table.id}.csv": _text(table) for table in tables(result).values()}


def _text(table: Table) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([plain(c) for c in row] for row in table.rows)
    return stream.getvalue()


def plain(value: Cell) -> str:
    """A cell as text: days in ISO form, yes or no, and an apostrophe before what a spreadsheet would run."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int | float):
        return str(int(value) if isinstance(value, float) and value.is_integer() else value)
    return f"'{value}" if acts_as_formula(value) else value
