"""Rows of people or of payments become one record a tool: how many, how much; no name or address of a person stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stackaudit.importers import values
from stackaudit.importers.tables import NAME_LIMIT, best_table
from stackaudit.importers.values import Value
from stackaudit.model.importing import Cell, Export, Parsed, Record

ACTIVE_WITHIN = 90


@dataclass(slots=True)
class _People:
    """The accounts of one tool. Who they are is held as numbers and only while the file is read."""

    place: str
    accounts: set[int] = field(default_factory=set)
    active: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class PeopleReader:
    """Reads a table of one person a row.

    Attributes:
        fields: Headings of tool, user, ended (a date: no longer assigned) and used (a date of last use).
        noun: What a row is, e.g. ``accounts assigned``.
        constant: Fields that hold for everything that the source lists.
    """

    fields: Mapping[str, tuple[str, ...]]
    noun: str
    constant: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, export: Export) -> Parsed:
        """Count people by tool."""
        table, columns = best_table(export, self.fields)
        count = len(table.rows)
        used = _column(table.rows, columns, "used", count)
        newest = max((v.value for v in used if isinstance(v.value, dt.date)), default=None)
        tools: dict[str, _People] = {}
        for i, (number, cells) in enumerate(table.rows):
            name = _text(cells, columns.get("tool"))[:NAME_LIMIT]
            if not name or _text(cells, columns.get("ended")):
                continue
            people = tools.setdefault(name, _People(f"row {number}"))
            who = hash(_text(cells, columns.get("user")) or number)
            people.accounts.add(who)
            day = used[i].value
            if newest is not None and isinstance(day, dt.date) and (newest - day).days <= ACTIVE_WITHIN:
                people.active.add(who)
        records = tuple(self._record(name, people, newest) for name, people in tools.items())
        shown = {name: table.header[i] for name, i in columns.items()}
        unused = tuple(h for i, h in enumerate(table.header) if h and i not in columns.values())
        remark = f"{count:,} rows of people became counts; no name or address was kept"
        return Parsed(records, (), shown, unused, (*export.remarks, remark))

    def _record(self, name: str, people: _People, newest: dt.date | None) -> Record:
        fields: dict[str, Any] = {"notes": f"{self.noun}: {len(people.accounts):,}", **self.constant}
        if newest is not None:
            fields["active_seats"] = len(people.active)
            fields["notes"] += f"; active: last login within {ACTIVE_WITHIN} days before {newest}"
        return Record(name, name, people.place, fields)


@dataclass(slots=True)
class _Payments:
    """The payments to one supplier, by currency."""

    place: str
    sums: dict[str, float] = field(default_factory=dict)
    days: list[dt.date] = field(default_factory=list)
    count: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True)
class PaymentReader:
    """Reads a table of one payment a row: headings of tool (whom it went to), amount, currency and date.

    A sum of payments is no annual cost, so it stands in the notes with its period.
    """

    fields: Mapping[str, tuple[str, ...]]

    def __call__(self, export: Export) -> Parsed:
        """Add payments up by supplier."""
        table, columns = best_table(export, self.fields)
        count = len(table.rows)
        amounts = _column(table.rows, columns, "amount", count)
        days = _column(table.rows, columns, "date", count)
        paid: dict[str, _Payments] = {}
        for i, (number, cells) in enumerate(table.rows):
            name = _text(cells, columns.get("tool"))[:NAME_LIMIT]
            if not name:
                continue
            entry = paid.setdefault(name, _Payments(f"row {number}"))
            entry.count += 1
            amount, day = amounts[i].value, days[i].value
            if isinstance(amount, int | float):
                currency = _text(cells, columns.get("currency")).upper() or amounts[i].currency or ""
                entry.sums[currency] = entry.sums.get(currency, 0) + amount
            else:
                entry.unread += 1
            if isinstance(day, dt.date):
                entry.days.append(day)
        shown = {name: table.header[i] for name, i in columns.items()}
        unused = tuple(h for i, h in enumerate(table.header) if h and i not in columns.values())
        remark = f"{count:,} payments were added up by supplier; a sum is no annual cost and stands in the notes"
        records = tuple(_paid(name, entry) for name, entry in paid.items())
        return Parsed(records, (), shown, unused, (*export.remarks, remark))


def _paid(name: str, entry: _Payments) -> Record:
    sums = ", ".join(f"{total:,.2f} {currency or '(currency not stated)'}" for currency, total in entry.sums.items())
    notes = f"paid {sums or 'an unread amount'} in {entry.count} {'payment' if entry.count == 1 else 'payments'}"
    if entry.days:
        notes += f", {min(entry.days)} to {max(entry.days)}"
    remarks = (f"{entry.unread} amounts could not be read; left out of the sum",) if entry.unread else ()
    return Record(name, name, entry.place, {"notes": notes}, "", remarks)


def _column(
    rows: tuple[tuple[int, tuple[Cell, ...]], ...], columns: Mapping[str, int], name: str, count: int
) -> list[Value]:
    if name not in columns:
        return [Value()] * count
    cells = [cells[columns[name]] if columns[name] < len(cells) else None for _, cells in rows]
    return values.numbers(cells) if name == "amount" else values.dates(cells)


def _text(cells: tuple[Cell, ...], column: int | None) -> str:
    value = cells[column] if column is not None and column < len(cells) else None
    return "" if values.is_nothing(value) else str(value).strip()
