"""The words of spreadsheets and exports, from the catalogue."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import yaml

from stackaudit.resources import data_dir

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_SIGNS = {"€": "EUR", "£": "GBP"}
_UNIT = re.compile(r"[(\[]\s*(?:in\s+)?([A-Z]{3}|[$€£])\s*[)\]]|(?:\bin\s+)?(?:\b([A-Z]{3})|([$€£]))\s*$")
_THOUSANDS = re.compile(
    r"[(\[]\s*(?:in\s+)?(?:[$€£]|[A-Z]{3})?\s*(?:[kK]|000'?s?|[Tt]housands?|[Tt]sd\.?)\s*(?:[$€£]|[A-Z]{3})?\s*[)\]]"
)
_FORM = re.compile(r"[(\[]\s*[dmyDMY]{1,4}[./-][dmyDMY]{1,4}[./-][dmyDMY]{1,4}\s*[)\]]")


@cache
def words() -> dict[str, Any]:
    """What ``catalogs/imports.yaml`` holds, read once a process."""
    path = data_dir("catalogs") / "imports.yaml"
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a base loader makes text only
    return dict(content)


def plain(heading: str) -> str:
    """A heading without case, punctuation and spaces."""
    return re.sub(r"[\W_]+", "", heading.casefold())


@cache
def spellings(heading: str) -> tuple[str, ...]:
    """What a heading may be known by: as it stands, then without a currency or the form of a date behind it."""
    bare = _THOUSANDS.sub("", _FORM.sub("", heading)).strip()
    found = _UNIT.search(bare)
    if found and (found[0].strip("()[] ")[-1:] in "$€£" or currency_of(heading)):
        bare = bare[: found.start()]
    return tuple(dict.fromkeys(p for p in (plain(heading), plain(bare)) if p))


@cache
def currency_of(heading: str) -> str | None:
    """The currency that a heading names, e.g. ``Annual cost (EUR)``."""
    found = _UNIT.search(heading)
    named = (found[1] or found[2] or found[3]) if found else ""
    return _SIGNS.get(named) or (named if named in words()["currencies"] else None)


@cache
def is_in_thousands(heading: str) -> bool:
    """Whether a heading says that its sums are in thousands, e.g. ``Annual cost ($K)``."""
    return bool(_THOUSANDS.search(heading))


@cache
def day_order_of(heading: str) -> str:
    """Whether day or month comes first, where a heading says so: ``Renewal (DD/MM/YYYY)``."""
    found = _FORM.search(heading)
    first = found[0].strip("([ ")[:1].casefold() if found else ""
    return {"d": "day", "m": "month"}.get(first, "")


def is_known(heading: str, known: frozenset[str]) -> bool:
    """Whether a heading is among those known, in one of its spellings."""
    return any(s in known for s in spellings(heading))
