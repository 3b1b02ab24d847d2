"""What a heading says beside its field: another order of its words, a currency, thousands, a unit, the form of dates."""

from __future__ import annotations

import re
from functools import cache

from stackaudit.importers.words import plain, words

_SIGNS = {"€": "EUR", "£": "GBP"}
_UNIT = re.compile(r"[(\[]\s*(?:in\s+)?([A-Z]{3}|[$€£])\s*[)\]]|(?:\bin\s+)?(?:\b([A-Z]{3})|([$€£]))\s*$")
_THOUSANDS = re.compile(
    r"[(\[]\s*(?:in\s+)?([$€£]|[A-Z]{3})?\s*(?:[kK]|000'?s?|[Tt]housands?|[Tt]sd\.?)\s*([$€£]|[A-Z]{3})?\s*[)\]]"
)
_FORM = re.compile(r"[(\[]\s*[dmyDMY]{1,4}[./-][dmyDMY]{1,4}[./-][dmyDMY]{1,4}\s*[)\]]")
_WINDOW = re.compile(r"(?i)[(\[]\s*(?:last )?\d+ ?d(?:ays?)?\s*[)\]]")  # of use, e.g. (90d)
_DAYS = re.compile(r"(?i)[(\[]\s*(?:in )?(?:days?|tage)\s*[)\]]")
_MONTHS = re.compile(r"(?i)[(\[]\s*(?:in )?(?:months?|mos?|monate)\s*[)\]]")
_BRACKETS = re.compile(r"([^()\[\]]+)[(\[]([^()\[\]]+)[)\]]\s*")


@cache
def spellings(heading: str) -> tuple[str, ...]:
    """What a heading may be known by: as it stands, then with brackets in front, then without what only explains."""
    bare = heading
    for part in (_THOUSANDS, _FORM, _WINDOW, _DAYS, _MONTHS):
        bare = part.sub("", bare).strip()
    found = _UNIT.search(bare)
    if found and (found[0].strip("()[] ")[-1:] in "$€£" or currency_of(heading)):
        bare = bare[: found.start()]
    turned = _BRACKETS.sub(r"\2 \1", heading)  # Owner (Business)
    return tuple(dict.fromkeys(p for p in (plain(heading), plain(turned), plain(bare)) if p))


@cache
def currency_of(heading: str) -> str | None:
    """The currency that a heading names, e.g. ``Annual cost (EUR)`` or ``(k€)``."""
    for found in (_THOUSANDS.search(heading), _UNIT.search(heading)):
        for named in filter(None, found.groups() if found else ()):
            code = _SIGNS.get(named) or (named if named in words()["currencies"] else None)
            if code:
                return code
    return None


@cache
def is_in_thousands(heading: str) -> bool:
    """Whether a heading says that its sums are in thousands, e.g. ``Annual cost ($K)``."""
    return bool(_THOUSANDS.search(heading))


@cache
def is_in_months(heading: str) -> bool:
    """Whether a heading says that its periods are in months, e.g. ``Notice (months)``."""
    return bool(_MONTHS.search(heading))


@cache
def day_order_of(heading: str) -> str:
    """Whether day or month comes first, where a heading says so: ``Renewal (DD/MM/YYYY)``."""
    found = _FORM.search(heading)
    first = found[0].strip("([ ")[:1].casefold() if found else ""
    return {"d": "day", "m": "month"}.get(first, "")


def is_known(heading: str, known: frozenset[str]) -> bool:
    """Whether a heading is among those known, in one of its spellings."""
    return any(s in known for s in spellings(heading))
