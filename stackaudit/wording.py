"""How names and counts stand in a sentence: the one place for lists, plurals and small letters."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

_UNITS = ((43_200, "month"), (10_080, "week"), (1_440, "day"), (60, "hour"), (1, "min"))
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}


def money(amount: float | None, currency: str | None) -> str:
    """An amount a year without cents, with its currency; empty where it is not known."""
    if amount is None:
        return ""
    symbol = _SYMBOLS.get((currency or "USD").upper())
    text = f"{amount:,.0f}"
    return f"{symbol}{text}" if symbol else f"{text} {currency}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def in_days(count: int) -> str:
    """When something is, so many days from today."""
    return "today" if count == 0 else f"in {plural(count, 'day')}"


def duration(minutes: int | None) -> str:
    """Minutes in the largest unit that fits; nothing for what is no time, as a saved result may say anything."""
    if minutes == 0:
        return "at once"
    for size, unit in _UNITS:
        if minutes is not None and minutes >= size:
            count = round(minutes / size, 1)
            return f"{count:g} {unit}{'s' if count != 1 and unit != 'min' else ''}"
    return ""


def late(minutes: int, limit: int) -> str:
    """That something takes longer than it may, in the largest units that tell the two apart."""
    took, most = duration(minutes), duration(limit)
    if took == most:
        took, most = f"{minutes:,} min", f"{limit:,} min"
    return f"after {took}, later than {most}"


def have(count: int) -> str:
    """The verb of so many things."""
    return "has" if count == 1 else "have"


def join(parts: Iterable[str], last: str = "and") -> str:
    """Words in a list: a, b and c."""
    items = list(parts)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


@lru_cache(maxsize=4096)
def within(name: str) -> str:
    """A name inside a sentence: its first letter small, unless its first word is an abbreviation or a brand."""
    first = name.split(" ", 1)[0]
    return name if any(c.isupper() or c.isdigit() for c in first[1:]) else name[:1].lower() + name[1:]


_ABBREVIATED = {"csm": "CSM", "icp": "ICP", "slas": "SLAs"}


def spelled(word: str) -> str:
    """A field or a value of the file as people write it: handoff SLAs."""
    return " ".join(_ABBREVIATED.get(part, part) for part in word.split("_"))


def data(records: Iterable[str], last: str = "and") -> str:
    """Records that travel, as one thing: account and contact data."""
    words = [within(name) for name in records]
    return f"{join(words, last)} data" if words else "data"


def yes_no(value: bool | None) -> str:
    """A declared yes or no, or that it is not declared."""
    return "not declared" if value is None else "yes" if value else "no"
