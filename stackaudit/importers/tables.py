"""From a table to records: headings are matched to fields, columns are read whole, what is not understood is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stackaudit.errors import UsageError
from stackaudit.importers import values
from stackaudit.importers.values import Value
from stackaudit.importers.words import plain, words
from stackaudit.model.importing import Cell, Export, Parsed, Record, Table

NAME_LIMIT = 200
COSTS = ("annual_cost", "monthly_cost", "cost")
HELPERS = ("monthly_cost", "cost", "billing_cycle", "tool", "domain")
NOTED = {"users": "used by {} accounts", "spend": "total spend {} (period not stated)", "value": "contract value {}"}
READERS: dict[str, Callable[[Sequence[Cell]], list[Value]]] = {
    **dict.fromkeys((*COSTS, "satisfaction", "spend", "value"), values.numbers),
    **{n: (lambda cells: values.numbers(cells, whole=True)) for n in ("seats", "active_seats", "criticality", "users")},
    **dict.fromkeys(("since", "contract_end"), values.dates),
    **dict.fromkeys(("auto_renew", "sso", "holds_pii"), values.yes_no),
    "notice_days": values.days,
    "status": values.statuses,
}


@dataclass(frozen=True, slots=True)
class TableReader:
    """Reads a table of one tool a row.

    Attributes:
        fields: The heading of a field at this source; a field that is not here is looked for by its usual headings,
            unless ``only``.
        only: Whether the source's own headings are all that counts.
        constant: Fields that hold for everything that the source lists.
    """

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only: bool = False
    constant: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, export: Export) -> Parsed:
        """Read the table of the export that knows the most fields."""
        table, columns = best_table(export, self.headings())
        read = {name: _read(name, table, i) for name, i in columns.items() if name != "tool"}
        records: list[Record] = []
        remarks = list(export.remarks)
        totals = {plain(t) for t in words()["totals"]}
        for index, (number, cells) in enumerate(table.rows):
            name = _cell(cells, columns["tool"])
            place = f"row {number}" if not table.title else f"row {number} of {table.title}"
            if not name:
                remarks.append(f"{place}: names no tool; left out")
            elif plain(name) in totals:
                remarks.append(f"{place}: {name!r} sums up other rows; left out")
            elif len(name) > NAME_LIMIT:
                remarks.append(f"{place}: the name is longer than {NAME_LIMIT} characters; left out")
            else:
                records.append(self._record(name, place, index, cells, columns, read))
        used = {name: table.header[i] for name, i in sorted(columns.items(), key=lambda pair: pair[1])}
        unused = tuple(h for i, h in enumerate(table.header) if h and i not in columns.values())
        return Parsed(tuple(records), (), used, unused, tuple(remarks))

    def headings(self) -> dict[str, tuple[str, ...]]:
        """The headings of every field, the source's own before the usual ones."""
        usual = {} if self.only else words()["headings"]
        return {n: (*self.fields.get(n, ()), *usual.get(n, ())) for n in dict.fromkeys((*self.fields, *usual))}

    def _record(
        self,
        name: str,
        place: str,
        index: int,
        cells: tuple[Cell, ...],
        columns: Mapping[str, int],
        read: Mapping[str, list[Value]],
    ) -> Record:
        row = {field: column[index] for field, column in read.items()}
        remarks = [
            f"{field} {_cell(cells, columns[field])!r} {value.problem}; left out"
            for field, value in row.items()
            if value.problem
        ]
        known = {field: value.value for field, value in row.items() if value.value is not None}
        if (share := known.get("satisfaction")) is not None and not 1 <= float(str(share)) <= 5:
            remarks.append(f"satisfaction {share} is not on a scale from 1 to 5; left out")
            del known["satisfaction"]
        if (rank := known.get("criticality")) is not None and rank not in (1, 2, 3, 4):
            remarks.append(f"criticality {rank} is not on a scale from 1 to 4; left out")
            del known["criticality"]
        _settle_cost(known, row, remarks)
        notes = [text.format(f"{known.pop(n):,}") for n, text in NOTED.items() if n in known]
        if notes:
            known["notes"] = "; ".join([*([str(known["notes"])] if "notes" in known else []), *notes])
        fields = {n: v for n, v in known.items() if n not in HELPERS} | dict(self.constant)
        return Record(name, name, place, fields, str(known.get("domain", "")), tuple(remarks))


def _settle_cost(known: dict[str, Any], row: Mapping[str, Value], remarks: list[str]) -> None:
    """One annual cost from what the row says of money; a price without its period is left out and said."""
    column = next((c for c in COSTS if c in known), None)
    amount = known.pop(column) if column else None
    for name in COSTS:
        known.pop(name, None)
    if amount is None:
        return
    if column == "monthly_cost":
        amount *= 12
    elif column == "cost":
        cycle = str(known.get("billing_cycle", "")).casefold()
        if cycle not in words()["cycles"]:
            remarks.append(f"cost {amount:,} does not say for which period; left out (a heading such as 'Annual cost')")
            return
        amount *= int(words()["cycles"][cycle])
    if amount < 0:
        remarks.append(f"annual_cost {amount} is negative; left out")
        return
    known["annual_cost"] = amount
    currency = known.get("currency") or (row[column].currency if column else None)
    if currency:
        known["currency"] = str(currency).upper()


def best_table(export: Export, headings: Mapping[str, Sequence[str]]) -> tuple[Table, dict[str, int]]:
    """The table with the most known fields, and the column of each field.

    Raises:
        UsageError: No table names tools.
    """
    found = [(t, match_columns(t.header, headings, export.columns)) for t in export.tables if t.rows]
    named = [(t, c) for t, c in found if "tool" in c]
    if not named:
        seen = ", ".join(repr(h) for t in export.tables for h in t.header[:20] if h) or "none"
        raise UsageError(
            f"{export.file}: no column with the names of tools was recognised (headings: {seen}); "
            'say which it is with --map tool="HEADING"'
        )
    return max(named, key=lambda pair: len(pair[1]))


def match_columns(
    header: Sequence[str], headings: Mapping[str, Sequence[str]], chosen: Mapping[str, str]
) -> dict[str, int]:
    """The column of each field: what a person chose, then by the order of the field's headings; a column serves once.

    Raises:
        UsageError: A chosen field or heading does not exist.
    """
    places: dict[str, int] = {}
    for i, heading in enumerate(header):
        places.setdefault(plain(heading), i)
    made: dict[str, int] = {}
    for name, heading in chosen.items():
        if name not in headings:
            raise UsageError(f"--map {name}=...: no such field; one of {', '.join(sorted(headings))}")
        if plain(heading) in places:
            made[name] = places[plain(heading)]
    rank = max((len(h) for h in headings.values()), default=0)
    for nth in range(rank):
        for name, spellings in headings.items():
            if name in made or nth >= len(spellings):
                continue
            column = places.get(plain(spellings[nth]))
            if column is not None and column not in made.values():
                made[name] = column
    return made


def _read(name: str, table: Table, column: int) -> list[Value]:
    cells = [cells[column] if column < len(cells) else None for _, cells in table.rows]
    return READERS.get(name, values.texts)(cells)


def _cell(cells: tuple[Cell, ...], column: int) -> str:
    value = cells[column] if column < len(cells) else None
    return "" if values.is_nothing(value) else str(value).strip()
