"""One annual cost from what a row says of money; a price without its period or its currency is left out and said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from stackaudit.importers.values import Value
from stackaudit.importers.words import words

COSTS = ("annual_cost", "monthly_cost", "cost")
_OF_HEADING = {"annual_cost": 1, "monthly_cost": 12}


def settle_cost(
    known: dict[str, Any], row: Mapping[str, Value], named: Mapping[str, str], mixed: frozenset[str], remarks: list[str]
) -> None:
    """Put ``annual_cost`` and ``currency`` in the place of what was read.

    Args:
        known: The row's fields; columns of money are taken out of it.
        row: The same as it was read.
        named: Currencies that hold for a column as a whole, by its field.
        mixed: Columns in which some sums name a currency and others do not.
        remarks: What is left out goes here, with the reason.
    """
    column = next((c for c in COSTS if c in known), None)
    amount = known.pop(column) if column else None
    for name in COSTS:
        known.pop(name, None)
    if column is None or amount is None:
        return
    often = _payments_a_year(column, row[column], str(known.get("billing_cycle", "")), remarks)
    currency = str(known.get("currency") or row[column].currency or named.get(column, "")).upper()
    if not currency and column in mixed:
        remarks.append(
            f"{column} {amount:,} names no currency where other rows do; left out (--currency says which it is)"
        )
        return
    if often is None:
        return
    if amount < 0:
        remarks.append(f"{column} {amount:,} is negative; left out")
        return
    known["annual_cost"] = round(amount * often, 6)
    if currency:
        known["currency"] = currency


def _payments_a_year(column: str, value: Value, billing: str, remarks: list[str]) -> int | None:
    heading = _OF_HEADING.get(column)
    if heading and value.per_year and value.per_year != heading:
        remarks.append(f"{column} {value.value:,} names another period than its heading; left out")
        return None
    often = heading or value.per_year
    if often is None and billing.strip().casefold() in words()["cycles"]:
        often = int(words()["cycles"][billing.strip().casefold()])
    if often is None:
        remarks.append(
            f"cost {value.value:,} does not say for which period; left out"
            " (a heading such as 'Annual cost', or --map annual_cost=HEADING)"
        )
    return often


def without_currency(column: Iterable[Value]) -> bool:
    """Whether some sums of a column name a currency while others name none."""
    sums = [v for v in column if v.value is not None]
    return any(v.currency for v in sums) and not all(v.currency for v in sums)
