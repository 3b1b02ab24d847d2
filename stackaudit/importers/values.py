"""Numbers, dates and words in the forms people export; a column is read as a whole, and what stays ambiguous is said."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from stackaudit.importers.words import plain, words
from stackaudit.model.importing import Cell

_SIGNS = {"€": "EUR", "£": "GBP", "US$": "USD", "A$": "AUD", "C$": "CAD", "¥": None, "$": None}
_CODE = re.compile(r"\b([A-Z]{3})\b")
_SCALE = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "mio": 1_000_000}
_NUMBER = re.compile(r"([+-]?)([\d.,'’ \u202f]*\d[.,]?)(k|mn|mio|m)?", re.IGNORECASE)
_PARTS = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{2,4})(?:[ T].*)?")
_NAMED = re.compile(r"(?:([A-Za-z]{3,9})\.? (\d{1,2})|(\d{1,2})\.?[ -]([A-Za-z]{3,9})\.?),?[ -](\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EPOCH = dt.date(1899, 12, 30)
_SERIALS = range(20_000, 75_000)
_NOTHING = frozenset({"", "-", "--", "—", "–", "n/a", "na", "none", "null", "tbd", "?", "unknown"})
_YES = {"yes": True, "y": True, "true": True, "ja": True, "x": True, "✓": True, "1": True, "on": True}
_NO = {"no": False, "n": False, "false": False, "nein": False, "0": False, "off": False}
_PERIOD = re.compile(r"(\d{1,4}) ?(days?|months?|weeks?|tage?|monate?|wochen?|d|m|w)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell means: a value, or why it could not be told; ``currency`` where a sum of money names one."""

    value: float | int | bool | str | dt.date | None = None
    problem: str = ""
    currency: str | None = None


def is_nothing(cell: Cell) -> bool:
    """Whether a cell says that nothing is known."""
    return cell is None or (isinstance(cell, str) and cell.strip().casefold() in _NOTHING)


def numbers(cells: Sequence[Cell], *, whole: bool = False) -> list[Value]:
    """Numbers of a column. Whether a comma or a point begins the fraction is told from the column as a whole.

    Args:
        cells: The column.
        whole: They count things, so that a group of three digits can be no fraction.
    """
    texts = [_bare(c)[0] if isinstance(c, str) else "" for c in cells]
    seen = {mark for text in texts for mark in [_decimal_mark(text)] if mark}
    decided = next(iter(seen)) if len(seen) == 1 else ""
    return [_number(cell, decided, whole) for cell in cells]


def _bare(text: str) -> tuple[str, str | None, float]:
    """The digits and marks of a number, its currency, and what it is multiplied with."""
    currency = None
    for sign, code in _SIGNS.items():
        if sign in text:
            currency = currency or code
            text = text.replace(sign, "")
    found = _CODE.search(text)
    if found:
        currency, text = found[1], text.replace(found[1], "")
    text = re.sub(r"(?i)\s*(/|per|p\.?)\s*(year|yr|a\.?|annum|jahr)$", "", text.strip())
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return "", currency, 0
    return (
        match[1] + re.sub("['’ \u202f]", "", match[2].rstrip(".,")),
        currency,
        _SCALE.get((match[3] or "").casefold(), 1),
    )


def _decimal_mark(text: str) -> str:
    """The mark that begins the fraction, where the text alone tells; empty where it does not."""
    marks = [c for c in text if c in ".,"]
    if not marks:
        return ""
    other = {".": ",", ",": "."}
    last = marks[-1]
    if len(set(marks)) == 2:
        return last if marks.count(last) == 1 else ""
    if len(marks) > 1:
        return other[last]
    before, after = text.lstrip("+-").split(last)
    return last if len(after) != 3 or len(before) > 3 or before in ("", "0") else ""


def _number(cell: Cell, decided: str, whole: bool) -> Value:
    if is_nothing(cell):
        return Value()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Value(cell)
    if not isinstance(cell, str):
        return Value(problem="is no number")
    text, currency, scale = _bare(cell)
    if not text:
        return Value(problem="is no number")
    mark = _decimal_mark(text)
    if not mark and ("." in text or "," in text):
        last = text[-4]
        mark = decided or ({".": ",", ",": "."}[last] if whole and last in ".," else "")
        if not mark or last not in ".,":
            return Value(problem="may have a separator of thousands or of decimals")
    group = {".": ",", ",": "."}.get(mark, ",")
    main, _, fraction = text.lstrip("+-").partition(mark) if mark else (text.lstrip("+-"), "", "")
    groups = main.split(group)
    if len(groups) > 1 and not (1 <= len(groups[0]) <= 3 and all(len(g) == 3 for g in groups[1:])):
        return Value(problem="has separators in odd places")
    digits = f"{'-' if text[0] == '-' else ''}{''.join(groups) or '0'}.{fraction or '0'}"
    if not re.fullmatch(r"-?\d{1,15}\.\d{1,12}", digits):
        return Value(problem="is no number")
    number = round(float(digits) * scale, 6)
    return Value(int(number) if number.is_integer() else number, currency=currency)


def dates(cells: Sequence[Cell]) -> list[Value]:
    """Dates of a column. Whether day or month comes first between slashes is told from the column as a whole."""
    orders = {order for c in cells if isinstance(c, str) for order in [_order(c)] if order}
    decided = next(iter(orders)) if len(orders) == 1 else ""
    return [_date(cell, decided) for cell in cells]


def _order(text: str) -> str:
    """Day or month: what comes first in a date that leaves no doubt; empty for any other."""
    found = _PARTS.fullmatch(text)
    if not found or len(found[1]) > 2 or len(found[4]) != 4 or found[2] == ".":
        return ""
    first, second = int(found[1]), int(found[3])
    return "day" if first > 12 >= second else "month" if second > 12 >= first else ""


def _date(cell: Cell, decided: str) -> Value:
    if is_nothing(cell):
        return Value()
    if isinstance(cell, dt.date):
        return Value(cell)
    text = str(cell).strip()
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and int(float(text)) in _SERIALS:
        return Value(_EPOCH + dt.timedelta(days=int(float(text))))
    named = _NAMED.fullmatch(text)
    if named:
        month = (named[1] or named[4])[:3].casefold()
        if month in _MONTHS:
            return _day(int(named[5]), _MONTHS.index(month) + 1, int(named[2] or named[3]), text)
    found = _PARTS.fullmatch(text)
    if not found:
        return Value(problem="is no date that is understood")
    first, second, third = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) == 4:
        return _day(first, second, third, text)
    if len(found[4]) != 4:
        return Value(problem="has a year of two digits")
    order = "day" if found[2] == "." else _order(text) or decided
    if not order and first != second:
        return Value(problem="may have the day or the month first")
    return _day(third, first, second, text) if order == "month" else _day(third, second, first, text)


def _day(year: int, month: int, day: int, text: str) -> Value:
    try:
        made = dt.date(year, month, day)
    except ValueError:
        return Value(problem="is no day of the calendar")
    return Value(made) if 1990 <= made.year <= 2100 else Value(problem="lies in an unlikely year")


def yes_no(cells: Sequence[Cell]) -> list[Value]:
    """Yes-or-no answers of a column."""
    return [_answer(c) for c in cells]


def _answer(cell: Cell) -> Value:
    if is_nothing(cell):
        return Value()
    text = str(cell).strip().casefold()
    if text in _YES or text in _NO:
        return Value(_YES.get(text, False))
    return Value(problem="is neither yes nor no")


def days(cells: Sequence[Cell]) -> list[Value]:
    """Periods in days: a bare number is days, a month is counted as 30 days."""
    return [_period(c) for c in cells]


def _period(cell: Cell) -> Value:
    if is_nothing(cell):
        return Value()
    found = _PERIOD.fullmatch(str(cell).strip())
    if not found:
        return Value(problem="is no period in days, weeks or months")
    unit = (found[2] or "d")[0].casefold()
    return Value(int(found[1]) * {"d": 1, "t": 1, "w": 7, "m": 30}[unit])


def statuses(cells: Sequence[Cell]) -> list[Value]:
    """What a tool's status is called here, in the inventory's words."""
    known = {plain(k): v for k, v in words()["status_words"].items()}
    return [
        Value()
        if is_nothing(c)
        else Value(known[plain(str(c))])
        if plain(str(c)) in known
        else Value(problem="is a status that the inventory has no word for")
        for c in cells
    ]


def texts(cells: Sequence[Cell]) -> list[Value]:
    """Plain texts of a column."""
    return [Value() if is_nothing(c) else Value(str(c).strip()) for c in cells]
