"""From a table to records: headings are matched to fields, columns are read whole, what is not understood is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from stackaudit.importers import values
from stackaudit.importers.columns import best_table, is_vendor, unread
from stackaudit.importers.costs import COSTS, settle_cost, without_currency
from stackaudit.importers.dates import dates
from stackaudit.importers.headings import currency_of, day_order_of, is_in_months, is_in_thousands
from stackaudit.importers.numbers import counts, money, numbers
from stackaudit.importers.rows import no_tool
from stackaudit.importers.values import Value
from stackaudit.importers.words import words
from stackaudit.model.importing import Cell, Export, Parsed, Record, Table

HELPERS = ("monthly_cost", "cost", "billing_cycle", "tool", "domain")
NOTED = {"users": "used by {} accounts", "spend": "total spend {} (period not stated)", "value": "contract value {}"}
SCALES = {"satisfaction": (1, 5), "criticality": (1, 4)}
DATES = ("since", "contract_end")
Reader = Callable[[Sequence[Cell]], list[Value]]
READERS: dict[str, Reader] = {
    **dict.fromkeys((*COSTS, "spend", "value"), money),
    "satisfaction": numbers,
    **dict.fromkeys(("seats", "active_seats", "criticality", "users"), counts),
    **dict.fromkeys(("sso", "holds_pii"), values.yes_no),
    "auto_renew": values.renewals,
    "status": values.statuses,
}


class TableReader(Struct, frozen=True):
    """Reads a table of one tool a row.

    Attributes:
        fields: The heading of a field at this source; a field that is not here is looked for by its usual headings,
            unless ``only``.
        only: Whether the source's own headings are all that counts.
        constant: Fields that hold for everything that the source lists.
        readers: How to understand a column, where the source means something of its own by it.
    """

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only: bool = False
    constant: Mapping[str, Any] = field(default_factory=dict)
    readers: Mapping[str, Reader] = field(default_factory=dict)

    def __call__(self, export: Export) -> Parsed:
        """Read the table of the export that knows the most fields, and those of the same headings."""
        best, columns = best_table(export, self.headings(), vendors_too=not self.only)
        tables = [best, *(t for t in export.tables if t is not best and t.rows and t.header == best.header)]
        remarks = [*export.remarks, *unread(export, tables)]
        if not self.only and "tool" not in export.columns and is_vendor(best.header[columns["tool"]]):
            remarks.append("no column names tools, so vendors' names were taken; a vendor's products look alike there")
        records = [r for table in tables for r in self._records(table, columns, export.currency, remarks)]
        used = {name: best.header[i] for name, i in sorted(columns.items(), key=lambda pair: pair[1])}
        unused = tuple(h for i, h in enumerate(best.header) if h and i not in columns.values())
        return Parsed(tuple(records), (), used, unused, tuple(remarks))

    def headings(self) -> dict[str, tuple[str, ...]]:
        """The headings of every field, the source's own before the usual ones."""
        usual = {} if self.only else words()["headings"]
        return {n: (*self.fields.get(n, ()), *usual.get(n, ())) for n in dict.fromkeys((*self.fields, *usual))}

    def _records(self, table: Table, columns: Mapping[str, int], currency: str, remarks: list[str]) -> list[Record]:
        read = {name: self._column(name, table, i) for name, i in columns.items() if name != "tool"}
        named = {c: currency_of(table.header[columns[c]]) or currency for c in COSTS if c in columns}
        mixed = frozenset(c for c in named if not named[c] and (without_currency(read[c]) or _some(read, "currency")))
        if any(_in_dollars(read[c], table.header[columns[c]]) for c in named if not named[c] and c not in mixed):
            remarks.append(
                "sums in $ name no country; --currency USD (or CAD, AUD) says which, else company.currency holds"
            )
        made: list[Record] = []
        for index, (number, cells) in enumerate(table.rows):
            place = f"row {number}" if not table.title else f"row {number} of {table.title}"
            name = cell_text(cells, columns["tool"])
            why = no_tool(name, cells, columns["tool"], made[-1].name if made else "")
            if why:
                remarks.append(f"{place}: {why}; left out")
                continue
            row = {field: column[index] for field, column in read.items()}
            made.append(self._record(name, place, row, cells, columns, named, mixed))
        return made

    def _record(
        self,
        name: str,
        place: str,
        row: Mapping[str, Value],
        cells: tuple[Cell, ...],
        columns: Mapping[str, int],
        named: Mapping[str, str],
        mixed: frozenset[str],
    ) -> Record:
        known = {field: value.value for field, value in row.items() if value.value is not None}
        remarks: list[str] = []
        for field_name, value in row.items():
            said = cell_text(cells, columns[field_name])
            if field_name == "contract_end" and values.renews_by_itself(said):
                known.setdefault("auto_renew", True)
                remarks.append(f"contract_end {said!r} is no date; read as auto_renew: yes")
            elif value.problem:
                remarks.append(f"{field_name} {str(cells[columns[field_name]]).strip()!r} {value.problem}; left out")
        _keep_to_scales(known, remarks)
        settle_cost(known, row, named, mixed, remarks)
        gone = known.get("status") == "gone"
        if gone:
            del known["status"]
        notes = [text.format(f"{known.pop(n):,}") for n, text in NOTED.items() if n in known]
        if notes:
            known["notes"] = "; ".join([*([str(known["notes"])] if "notes" in known else []), *notes])
        fields = {n: v for n, v in known.items() if n not in HELPERS} | dict(self.constant)
        aside = f"its status is {cell_text(cells, columns['status'])!r}" if gone else ""
        return Record(name, name, place, fields, str(known.get("domain", "")), tuple(remarks), aside=aside)

    def _column(self, name: str, table: Table, column: int) -> list[Value]:
        cells = [cells[column] if column < len(cells) else None for _, cells in table.rows]
        if name in DATES:
            return dates(cells, order=day_order_of(table.header[column]))
        if name == "notice_days":
            return values.days(cells, months=is_in_months(table.header[column]))
        if name in COSTS and is_in_thousands(table.header[column]):
            return [_thousands(v) for v in numbers(cells)]
        return (self.readers.get(name) or READERS.get(name, values.texts))(cells)


def _in_dollars(column: list[Value], heading: str) -> bool:
    """Whether sums carry a sign that several countries use, and nothing that says which."""
    return any(v.sign or ("$" in heading and v.value is not None and not v.currency) for v in column)


def _thousands(sum_: Value) -> Value:
    return replace(sum_, value=round(sum_.value * 1000, 6)) if isinstance(sum_.value, int | float) else sum_


def _some(read: Mapping[str, list[Value]], name: str) -> bool:
    column = read.get(name, [])
    return any(v.value for v in column)


def _keep_to_scales(known: dict[str, Any], remarks: list[str]) -> None:
    for name, (low, high) in SCALES.items():
        if name in known and not low <= float(str(known[name])) <= high:
            remarks.append(f"{name} {known[name]} is not on a scale from {low} to {high}; left out")
            del known[name]


def cell_text(cells: tuple[Cell, ...], column: int) -> str:
    """The text of a cell; nothing where it says nothing, or holds an error of the spreadsheet."""
    value = cells[column] if column < len(cells) else None
    return "" if values.is_nothing(value) or values.is_error(value) else str(value).strip()
