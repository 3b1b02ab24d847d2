"""Numbers and sums of money in the forms people export; a column is read as a whole, what stays ambiguous is said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from stackaudit.importers.values import Value, is_error, is_nothing
from stackaudit.model.importing import Cell

_SIGNS = {"US$": "USD", "A$": "AUD", "C$": "CAD", "€": "EUR", "£": "GBP", "¥": None, "$": None}
_CODE = re.compile(r"\b([A-Z]{3})\b")
_SCALE = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "mio": 1_000_000}
_OTHER = {".": ",", ",": "."}
"""Where one mark begins the fraction, the other groups thousands."""
_NUMBER = re.compile(r"([+-]?)([\d.,'’ \u202f]*\d[.,]?)(k|mn|mio|m)?", re.IGNORECASE)
_PER = re.compile(
    r"(?i)\s*(?:/|\bper\b|\bpro\b|\bp\.?(?=[ma]\b)|\ba(?=\s))?\s*"
    r"\b(?:(?P<year>years?|yr|y|annum|annually|yearly|annual|a|jahr|jährlich)"
    r"|(?P<month>months?|mo|mth|m|monthly|monat|monatlich)|(?P<quarter>quarter|qtr|quarterly|quartal))\.?$"
)
_EACH = re.compile(r"(?i)(?:/|\bper\b|\bpro\b)\s*(?:users?|seats?|licen[cs]es?|nutzer|lizenz|head)\b")


class _Bare(Struct, frozen=True):
    """The digits and marks of a number, with what stands around them."""

    digits: str = ""
    currency: str | None = None
    scale: float = 1
    per_year: int | None = None
    sign: str = ""


def numbers(cells: Sequence[Cell], *, whole: bool = False, cents: bool = False) -> list[Value]:
    """Numbers of a column. Whether a comma or a point begins the fraction is told from the column as a whole.

    Args:
        cells: The column.
        whole: They count things, so that a group of three digits can be no fraction.
        cents: They are sums of money, whose fraction has two digits, so that a group of three can be none either;
            unless another sum of the column begins its fraction with the same mark, or the sum is in thousands.
    """
    texts = [_bare(c).digits if isinstance(c, str) else "" for c in cells]
    seen = {mark for text in texts for mark in [_decimal_mark(text)] if mark}
    decided = next(iter(seen)) if len(seen) == 1 else ""
    return [_number(cell, decided, whole, cents) for cell in cells]


def counts(cells: Sequence[Cell]) -> list[Value]:
    """Whole numbers of a column."""
    return numbers(cells, whole=True)


def money(cells: Sequence[Cell]) -> list[Value]:
    """Sums of money of a column."""
    return numbers(cells, cents=True)


def _bare(text: str) -> _Bare:
    text, per_year = _period(text.strip())
    currency, shared = None, ""
    for sign, code in _SIGNS.items():
        if sign in text:
            currency, shared = currency or code, shared or ("" if code else sign)
            text = text.replace(sign, "")
    found = _CODE.search(text)
    if found:
        currency, text = found[1], text.replace(found[1], "")
    if text.startswith("(") and text.endswith(")"):  # accountants write a negative sum in brackets
        text = f"-{text[1:-1].strip()}"
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return _Bare("", currency)
    digits = match[1] + re.sub("['’ \u202f]", "", match[2].rstrip(".,"))
    scale = _SCALE.get((match[3] or "").casefold(), 1)
    return _Bare(digits, currency, scale, per_year, "" if currency else shared)


def _period(text: str) -> tuple[str, int | None]:
    """The text without the period that a price is for, and how often a year it is paid."""
    found = _PER.search(text)
    if found is None or not found[0].strip() or re.search(r"\d[km]$", text, re.IGNORECASE):
        return text, None
    if found["month"] == "m" and not re.search(r"(?i)(/|per|p\.?)\s*m\.?$", text):
        return text, None  # 5 m is five million
    often = 1 if found["year"] else 12 if found["month"] else 4
    return text[: found.start()].strip(), often


def _decimal_mark(text: str) -> str:
    """The mark that begins the fraction, where the text alone tells; empty where it does not."""
    marks = [c for c in text if c in ".,"]
    if not marks:
        return ""
    last = marks[-1]
    if len(set(marks)) == 2:
        return last if marks.count(last) == 1 else ""
    if len(marks) > 1:
        return _OTHER[last]
    before, after = text.lstrip("+-").split(last)
    return last if len(after) != 3 or len(before) > 3 or before in ("", "0") else ""


def _number(cell: Cell, decided: str, whole: bool, cents: bool) -> Value:
    if is_nothing(cell):
        return Value()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Value(cell)
    if not isinstance(cell, str):
        return Value(problem="is no number")
    if is_error(cell):
        return Value(problem="is an error of the spreadsheet")
    if _EACH.search(cell):
        return Value(problem="is a price for each user, not a sum")
    found = _bare(cell)
    if not found.digits:
        return Value(problem="is no number")
    mark = _mark(found.digits, decided, whole=whole, cents=cents and found.scale == 1)
    if mark is None:
        return Value(problem="may have a separator of thousands or of decimals")
    value = _read(found.digits, found.scale, mark)
    return value if value.problem else replace(value, currency=found.currency, per_year=found.per_year, sign=found.sign)


def _mark(text: str, decided: str, *, whole: bool, cents: bool) -> str | None:
    """The mark that begins the fraction; empty without one, None where it cannot be told."""
    mark = _decimal_mark(text)
    if mark or not ("." in text or "," in text):
        return mark
    last = text[-4]
    if last not in ".,":
        return None
    grouping = _OTHER[last]
    if cents:
        return None if decided == last else grouping
    return decided or (grouping if whole else None)


def _read(text: str, scale: float, mark: str) -> Value:
    group = _OTHER.get(mark, ",")
    main, _, fraction = text.lstrip("+-").partition(mark) if mark else (text.lstrip("+-"), "", "")
    groups = main.split(group)
    if len(groups) > 1 and not (1 <= len(groups[0]) <= 3 and all(len(g) == 3 for g in groups[1:])):
        return Value(problem="has separators in odd places")
    digits = f"{'-' if text[0] == '-' else ''}{''.join(groups) or '0'}.{fraction or '0'}"
    if not re.fullmatch(r"-?\d{1,15}\.\d{1,12}", digits):
        return Value(problem="is no number")
    number = round(float(digits) * scale, 6)
    return Value(int(number) if number.is_integer() else number)
