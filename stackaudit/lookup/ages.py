"""How old a fact is on a given day."""

from __future__ import annotations

import datetime as dt
from typing import Literal

Age = Literal["later", "fresh", "aging", "stale", "undated"]

STALE_MONTHS = 12
"""From this age a fact is listed for another look: vendors rename, merge and drop connectors within a year."""

FRESH_MONTHS = 6
"""Up to this age a fact counts as fresh."""


def age_of(checked: str | dt.date | None, as_of: dt.date) -> Age:
    """The age band of a fact; ``later`` marks one that was checked after the day that was asked about."""
    if checked is None:
        return "undated"
    day = dt.date.fromisoformat(checked) if isinstance(checked, str) else checked
    if day > as_of:
        return "later"
    if day < months_before(as_of, STALE_MONTHS):
        return "stale"
    return "aging" if day < months_before(as_of, FRESH_MONTHS) else "fresh"


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day some months earlier, or the last day of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = (dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))
