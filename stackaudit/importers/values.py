"""What a cell means: a value, or the reason why it could not be told; answers, periods, states and texts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from msgspec import Struct

from stackaudit.importers.words import plain, words
from stackaudit.model.importing import Cell
from stackaudit.model.vocabulary import NOTHING

_NOTHING = NOTHING | {"na", "nil"}
"""What a cell without a value holds; elsewhere these two may be names."""
_YES = {"yes": True, "y": True, "true": True, "ja": True, "x": True, "✓": True, "✔": True, "1": True, "on": True}
_NO = {"no": False, "n": False, "false": False, "nein": False, "0": False, "off": False}
_BY_ITSELF = frozenset({"auto", "automatic", "autorenew", "autorenews", "autorenewal", "autorenewing"})
_PERIOD = re.compile(
    r"(\d{1,4})[ -]?(days?|months?|mos?|weeks?|wks?|tage?|monate?|wochen?|d|m|w)?\.?(?: (?:notice|prior|before\b.*))?",
    re.IGNORECASE,
)
_ERROR = re.compile(r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!)")


class Value(Struct, frozen=True):
    """What a cell means: a value, or why it could not be told.

    Attributes:
        value: The value; None where the cell says nothing or its meaning could not be told.
        problem: Why it could not be told.
        currency: The currency that a sum of money names.
        per_year: How often a year a price is paid, where the cell says so.
        sign: The sign of a currency that several countries use, e.g. ``$``.
    """

    value: float | int | bool | str | dt.date | None = None
    problem: str = ""
    currency: str | None = None
    per_year: int | None = None
    sign: str = ""


def is_nothing(cell: Cell) -> bool:
    """Whether a cell says that nothing is known."""
    return cell is None or (isinstance(cell, str) and cell.strip().casefold() in _NOTHING)


def is_error(cell: Cell) -> bool:
    """Whether a cell holds an error of the spreadsheet, such as ``#REF!``."""
    return isinstance(cell, str) and bool(_ERROR.fullmatch(cell.strip()))


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


def renews_by_itself(cell: Cell) -> bool:
    """Whether a cell says of a contract that it renews by itself: ``auto-renew``."""
    return isinstance(cell, str) and plain(cell) in _BY_ITSELF


def renewals(cells: Sequence[Cell]) -> list[Value]:
    """Answers to whether a contract renews by itself: yes, no, or ``auto``."""
    return [Value(True) if renews_by_itself(c) else _answer(c) for c in cells]


def days(cells: Sequence[Cell], *, months: bool = False) -> list[Value]:
    """Periods in days: a bare number is days, or months where the heading says so; a month is counted as 30 days."""
    return [_period(c, "m" if months else "d") for c in cells]


def _period(cell: Cell, usual: str) -> Value:
    if is_nothing(cell):
        return Value()
    found = _PERIOD.fullmatch(str(cell).strip())
    if not found:
        return Value(problem="is no period in days, weeks or months")
    unit = (found[2] or usual)[0].casefold()
    return Value(int(found[1]) * {"d": 1, "t": 1, "w": 7, "m": 30}[unit])


def statuses(cells: Sequence[Cell]) -> list[Value]:
    """What a tool's status is called here, in the inventory's words; ``gone`` where it is no longer used."""
    known = {plain(k): v for k, v in words()["status_words"].items()}
    return [_status(c, known) for c in cells]


def _status(cell: Cell, known: dict[str, str]) -> Value:
    if is_nothing(cell):
        return Value()
    said = known.get(plain(str(cell)))
    return Value(said) if said else Value(problem="is a status that the inventory has no word for")


def texts(cells: Sequence[Cell]) -> list[Value]:
    """Plain texts of a column."""
    return [_text(c) for c in cells]


def _text(cell: Cell) -> Value:
    if is_nothing(cell):
        return Value()
    if is_error(cell):
        return Value(problem="is an error of the spreadsheet")
    text = str(cell).strip()
    return Value(problem="is a formula, not its result") if re.match(r"=\s*[\w(+\"'-]", text) else Value(text)
