"""Rows of people become one record a tool: how many, how many active; no name or address of a person stays."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from stackaudit.importers.columns import best_table, unread
from stackaudit.importers.dates import dates
from stackaudit.importers.rows import NAME_LIMIT
from stackaudit.importers.tables import cell_text
from stackaudit.importers.values import Value
from stackaudit.model.importing import Cell, Export, Parsed, Record
from stackaudit.wording import have, plural

ACTIVE_WITHIN = 90
Rows = tuple[tuple[int, tuple[Cell, ...]], ...]


@dataclasses.dataclass(slots=True)
class _People:
    """The accounts of one tool. Who they are is held as numbers and only while the file is read."""

    place: str
    accounts: set[int] = dataclasses.field(default_factory=set)
    active: set[int] = dataclasses.field(default_factory=set)
    ends: set[dt.date] = dataclasses.field(default_factory=set)
    ended: int = 0


class PeopleReader(Struct, frozen=True):
    """Reads a table of one person a row.

    Attributes:
        fields: Headings of tool, user, ended (a date: no longer assigned), until (a date: entitled up to then) and
            used (a date of last use).
        noun: What a row is, e.g. ``accounts assigned``.
    """

    fields: Mapping[str, tuple[str, ...]]
    noun: str

    def __call__(self, export: Export) -> Parsed:
        """Count people by tool."""
        table, columns = best_table(export, self.fields)
        used = column_of_dates(table.rows, columns, "used")
        until = column_of_dates(table.rows, columns, "until")
        newest = max((v.value for v in used if isinstance(v.value, dt.date)), default=None)
        tools: dict[str, _People] = {}
        for i, (number, cells) in enumerate(table.rows):
            name = cell_text(cells, columns["tool"])[:NAME_LIMIT]
            if not name or text_of(cells, columns, "ended"):
                continue
            people = tools.setdefault(name, _People(f"row {number}"))
            end = until[i].value
            if isinstance(end, dt.date) and export.day is not None and end < export.day:
                people.ended += 1
                continue
            if isinstance(end, dt.date):
                people.ends.add(end)
            who = hash(text_of(cells, columns, "user") or number)
            people.accounts.add(who)
            day = used[i].value
            if newest is not None and isinstance(day, dt.date) and (newest - day).days <= ACTIVE_WITHIN:
                people.active.add(who)
        records = tuple(self._record(name, people, newest) for name, people in tools.items())
        shown = {name: table.header[i] for name, i in columns.items()}
        unused = tuple(h for i, h in enumerate(table.header) if h and i not in columns.values())
        remark = f"{plural(len(table.rows), 'row')} of people became counts; no name or address was kept"
        return Parsed(records, (), shown, unused, (*export.remarks, *unread(export, [table]), remark))

    def _record(self, name: str, people: _People, newest: dt.date | None) -> Record:
        fields: dict[str, Any] = {"notes": f"{self.noun}: {len(people.accounts):,}"}
        if newest is not None:
            fields["active_seats"] = len(people.active)
            fields["notes"] += f"; active: last login within {ACTIVE_WITHIN} days before {newest}"
        if len(people.ends) == 1:
            fields["contract_end"] = next(iter(people.ends))
        elif people.ends:
            fields["notes"] += f"; ending between {min(people.ends)} and {max(people.ends)}"
        if people.ended:
            fields["notes"] += f"; {people.ended:,} more {have(people.ended)} ended"
        return Record(name, name, people.place, fields)


def column_of_dates(rows: Rows, columns: Mapping[str, int], name: str) -> list[Value]:
    """The dates of a field, one a row; all empty where no column holds it."""
    cells = cells_of(rows, columns, name)
    return dates(cells) if name in columns else [Value()] * len(rows)


def cells_of(rows: Rows, columns: Mapping[str, int], name: str) -> list[Cell]:
    """The cells of a field, one a row."""
    at = columns.get(name)
    return [cells[at] if at is not None and at < len(cells) else None for _, cells in rows]


def text_of(cells: tuple[Cell, ...], columns: Mapping[str, int], name: str) -> str:
    """The text of a row's field."""
    return cell_text(cells, columns[name]) if name in columns else ""
