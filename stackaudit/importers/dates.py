"""Dates in the forms people export; a column is read as a whole, and what stays ambiguous is said."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from stackaudit.importers.values import Value, is_nothing
from stackaudit.importers.words import words
from stackaudit.model.importing import Cell

_PARTS = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{2,4})(?:[ T].*)?")
_NAMED = re.compile(
    r"(?:[A-Za-z]{3,9},? )?(?:([^\W\d_]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?"
    r"|(\d{1,2})(?:st|nd|rd|th)?\.?[ -]([^\W\d_]{3,9})\.?),?[ -](\d{4})"
)
_SHORT = re.compile(r"([^\W\d_]{3,9})\.?[ -/']{1,2}(\d{2}|\d{4})|(\d{1,2})[ ./-]([^\W\d_]{3,9})\.?|(\d{1,2})/(\d{4})")
_QUARTER = re.compile(r"(?i)(?:(?:fy)?'?\d{2,4}[ -/]?)?[qh][1-4][ -/']*(?:fy)?'?\d{0,4}")
_EPOCH = dt.date(1899, 12, 30)
_SERIALS = range(32_874, 73_416)  # 1990 to 2100


def dates(cells: Sequence[Cell], *, order: str = "") -> list[Value]:
    """Dates of a column. Whether day or month comes first between slashes is told from the column as a whole.

    Args:
        cells: The column.
        order: ``day`` or ``month``, whichever the heading says comes first.
    """
    orders = {o for c in cells if isinstance(c, str) for o in [_order(c.strip())] if o}
    decided = order or (next(iter(orders)) if len(orders) == 1 else "")
    return [_date(cell, decided) for cell in cells]


def _order(text: str) -> str:
    """Day or month: what comes first in a date that leaves no doubt; empty for any other."""
    found = _PARTS.fullmatch(text)
    if not found or len(found[1]) > 2 or not _year_last(found) or found[2] == ".":
        return ""
    first, second = int(found[1]), int(found[3])
    return "day" if first > 12 >= second else "month" if second > 12 >= first else ""


def _year_last(found: re.Match[str]) -> bool:
    """Whether the last part can only be the year; between dashes two digits may be a year in front, too."""
    return len(found[4]) == 4 or (len(found[4]) == 2 and found[2] != "-")


def _date(cell: Cell, decided: str) -> Value:
    if is_nothing(cell):
        return Value()
    if isinstance(cell, dt.date):
        return _day(cell.year, cell.month, cell.day)
    text = str(cell).strip()
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and int(float(text)) in _SERIALS:
        return Value(_EPOCH + dt.timedelta(days=int(float(text))))
    named = _NAMED.fullmatch(text)
    if named:
        month = _month(named[1] or named[4])
        if month:
            return _day(int(named[5]), month, int(named[2] or named[3]))
    found = _PARTS.fullmatch(text)
    return _between_marks(found, text, decided) if found else Value(problem=_why_none(text))


def _between_marks(found: re.Match[str], text: str, decided: str) -> Value:
    first, second, third = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) == 4:
        return _day(first, second, third)
    if len(found[1]) == 3 or not _year_last(found):
        return Value(problem="has a year of two digits, perhaps in front")
    year = third if len(found[4]) == 4 else 2000 + third
    order = "day" if found[2] == "." else _order(text) or decided
    if not order and first != second:
        return Value(problem="may have the day or the month first")
    return _day(year, first, second) if order == "month" else _day(year, second, first)


def _month(word: str) -> int | None:
    number = words()["months"].get(word.casefold()[:3])
    return int(number) if number else None


def _why_none(text: str) -> str:
    if _QUARTER.fullmatch(text):
        return "names a quarter or a half of a year, no day"
    short = _SHORT.fullmatch(text)
    if short and (short[5] or _month(short[1] or short[4])):
        return "lacks the day or the year"
    return "is no date that is understood"


def _day(year: int, month: int, day: int) -> Value:
    try:
        made = dt.date(year, month, day)
    except ValueError:
        return Value(problem="is no day of the calendar")
    return Value(made) if 1990 <= made.year <= 2100 else Value(problem="lies in an unlikely year")
