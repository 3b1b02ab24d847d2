"""Rows of payments become one record a supplier; a cost of a year only where a year of equal payments proves it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from stackaudit.importers.columns import best_table, unread
from stackaudit.importers.headings import currency_of
from stackaudit.importers.numbers import money
from stackaudit.importers.people import cells_of, column_of_dates, text_of
from stackaudit.importers.rows import NAME_LIMIT
from stackaudit.importers.values import Value
from stackaudit.model.importing import Export, Parsed, Record
from stackaudit.wording import plural

MONTHS = 12


@dataclasses.dataclass(slots=True)
class _Payments:
    """The payments to one supplier."""

    place: str
    made: list[tuple[dt.date | None, float, str]] = dataclasses.field(default_factory=list)
    count: int = 0
    unread: int = 0


class PaymentReader(Struct, frozen=True):
    """Reads a table of one payment a row: headings of tool (whom it went to), amount, currency and date.

    A sum of payments is no annual cost, so it stands in the notes with its period. Where one equal payment fell in
    each of the last twelve months of the file that pay the supplier, those twelve are what a year cost.
    """

    fields: Mapping[str, tuple[str, ...]]

    def __call__(self, export: Export) -> Parsed:
        """Add payments up by supplier."""
        table, columns = best_table(export, self.fields)
        amounts = _outflows(money(cells_of(table.rows, columns, "amount")))
        days = column_of_dates(table.rows, columns, "date")
        named = (currency_of(table.header[columns["amount"]]) if "amount" in columns else "") or export.currency
        paid: dict[str, _Payments] = {}
        for i, (number, cells) in enumerate(table.rows):
            name = text_of(cells, columns, "tool")[:NAME_LIMIT]
            if not name:
                continue
            entry = paid.setdefault(name, _Payments(f"row {number}"))
            entry.count += 1
            amount, day = amounts[i].value, days[i].value
            if isinstance(amount, int | float):
                currency = text_of(cells, columns, "currency").upper() or amounts[i].currency or named
                entry.made.append((day if isinstance(day, dt.date) else None, amount, currency))
            else:
                entry.unread += 1
        shown = {name: table.header[i] for name, i in columns.items()}
        unused = tuple(h for i, h in enumerate(table.header) if h and i not in columns.values())
        window = [v.value for v in days if isinstance(v.value, dt.date)]
        span = f", {min(window)} to {max(window)}" if window else ""
        remark = f"{plural(len(table.rows), 'payment')}{span}, added up by supplier; a sum is no annual cost and stands in the notes"
        records = tuple(_record(name, entry) for name, entry in paid.items())
        return Parsed(records, (), shown, unused, (*export.remarks, *unread(export, [table]), remark))


def _outflows(column: list[Value]) -> list[Value]:
    """The amounts as what was paid: a statement that writes all of them with a minus means the same."""
    sums = [v.value for v in column if isinstance(v.value, int | float)]
    if not sums or max(sums) > 0:
        return column
    return [Value(-v.value, currency=v.currency) if isinstance(v.value, int | float) else v for v in column]


def _record(name: str, entry: _Payments) -> Record:
    sums: dict[str, float] = {}
    for _, amount, currency in entry.made:
        sums[currency] = sums.get(currency, 0) + amount
    said = ", ".join(f"{total:,.2f} {currency or '(currency not stated)'}" for currency, total in sums.items())
    days = [day for day, _, _ in entry.made if day]
    notes = f"paid {said or 'an unread amount'} in {plural(entry.count, 'payment')}"
    if days:
        notes += f", {min(days)} to {max(days)}"
    fields: dict[str, Any] = {}
    year = _year_of(entry)
    if year is None:
        notes += "; annual cost not assessed"
    else:
        amount, currency, first, last = year
        fields["annual_cost"] = round(amount * MONTHS, 2)
        if currency:
            fields["currency"] = currency
        notes += f"; annual cost: the {MONTHS} equal monthly payments of {amount:,.2f}, {first} to {last}"
    remarks = (f"{plural(entry.unread, 'amount')} could not be read; left out of the sum",) if entry.unread else ()
    return Record(name, name, entry.place, {**fields, "notes": notes}, "", remarks)


def _year_of(entry: _Payments) -> tuple[float, str, dt.date, dt.date] | None:
    """Amount, currency, first and last day of twelve equal payments in the last twelve months that were paid.

    None where a month has no payment or several, an amount differs, or a row could not be read.
    """
    if entry.unread or len(entry.made) < MONTHS or any(day is None for day, _, _ in entry.made):
        return None
    made = sorted((day, amount, currency) for day, amount, currency in entry.made if day)
    last = made[-1][0]
    newest = last.year * MONTHS + last.month
    year = [(d, a, c) for d, a, c in made if newest - (d.year * MONTHS + d.month) < MONTHS]
    months = {(d.year, d.month) for d, _, _ in year}
    if len(year) != MONTHS or len(months) != MONTHS or len({(a, c) for _, a, c in year}) != 1 or year[0][1] <= 0:
        return None
    return year[0][1], year[0][2], year[0][0], last
