"""The tables that CSV, XLSX and Markdown share, read off the result's own schema so that no field is left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from stackaudit.report.escape import clean
from stackaudit.report.facts import capability_name, layer_name, records
from stackaudit.report.schema import Field, fields

if TYPE_CHECKING:
    from pydantic import BaseModel

    from stackaudit.model.result import AuditResult

TOOLS = frozenset({"from", "to", "tool", "sources"})
"""Columns that hold ids of tools, which readers know by their names."""

Cell = str | int | float | bool | dt.date | None

SUMMARY, NAMED = "summary", "names"
NAMES = {
    "findings_evidence": "evidence",
    "spend_renewals": "renewals",
    "shape_table": "comparison",
    "shape_stack_dimensions": "stack_dimensions",
    "shape_org_parts": "org_parts",
    "shape_need_votes": "need_votes",
    "shape_mismatch": "mismatches",
}
"""Tables that have a shorter name than their path in the schema."""

KEYS = ("id", "from", "rule", "tool", "pattern", "name")
"""The field by which the rows of a child table name their parent: the first that the parent has."""


class Table(Struct):
    """One table: an id that may serve as a file name, names of columns, and rows of typed cells."""

    id: str
    columns: list[str]
    rows: list[tuple[Cell, ...]] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The id in words."""
        return heading(self.id)


def tables(result: AuditResult) -> dict[str, Table]:
    """Every table by id, the empty ones too: the summary, one for each list of the schema, the capabilities and names."""
    made = {SUMMARY: Table(SUMMARY, ["field", "value"])}
    _declare(type(result), (), None, made)
    _fill(result, (), made)
    made["capabilities"] = _capabilities(result)
    made[NAMED] = _names(result)
    return made


def heading(name: str) -> str:
    """An id or the name of a column in words."""
    text = name.replace("sales_ops", "Sales Ops").replace("revops", "RevOps").replace("_", " ").replace(".", ": ")
    return text[:1].upper() + text[1:]


def cell(value: Any) -> Cell:
    """A value of the result as a cell: numbers, days and booleans keep their kind, lists become text."""
    if isinstance(value, Enum):
        return str(value.value)
    if value is None or isinstance(value, bool | int | float | dt.date):
        return value
    if isinstance(value, tuple | list):
        return clean(", ".join(str(cell(v)) for v in value)) or None
    if isinstance(value, dict):
        return clean(", ".join(f"{k}: {v}" for k, v in value.items())) or None
    return clean(str(value))


def _declare(part: type[BaseModel], path: tuple[str, ...], parent: str | None, made: dict[str, Table]) -> None:
    """Make the empty tables, so that which there are and how they look depends on no data."""
    for f in fields(part):
        here = (*path, f.alias)
        if f.part is None:
            continue
        if f.many == "one":
            _declare(f.part, here, parent, made)
            continue
        lead = ([parent] if parent else []) + (["id"] if f.many == "dict" else [])
        made[_name(here)] = Table(_name(here), [*lead, *_columns(f.part)])
        _declare(f.part, here, f"{f.alias.removesuffix('s')}_{_key(f)}", made)


def _name(path: tuple[str, ...]) -> str:
    joined = "_".join(path)
    return NAMES.get(joined, joined)


def _key(held: Field) -> str:
    """What tells the rows of a list apart: a field, or their number where no field does."""
    if held.many == "dict" or held.part is None:
        return "id"
    have = {f.alias for f in fields(held.part)}
    return next((k for k in KEYS if k in have), "row")


def _columns(part: type[BaseModel], prefix: str = "") -> list[str]:
    found = []
    for f in fields(part):
        if f.part is None:
            found.append(prefix + f.alias)
        elif f.many == "one":
            found += _columns(f.part, f"{prefix}{f.alias}.")
    return found


def _fill(part: BaseModel, path: tuple[str, ...], made: dict[str, Table], parent: tuple[Cell, ...] = ()) -> None:
    """Put scalars outside of lists into the summary, and the parts of lists into their tables."""
    for f in fields(type(part)):
        value, here = getattr(part, f.name), (*path, f.alias)
        if here == (NAMED,):
            continue
        if f.part is None:
            if not parent:
                made[SUMMARY].rows += _summary(".".join(here), value)
        elif value is None:
            continue
        elif f.many == "one":
            _fill(value, here, made, parent)
        else:
            _fill_list(f, value, here, made, parent)


def _fill_list(f: Field, value: Any, path: tuple[str, ...], made: dict[str, Table], parent: tuple[Cell, ...]) -> None:
    named: Iterable[tuple[Any, BaseModel]] = value.items() if f.many == "dict" else enumerate(value, 1)
    key = _key(f)
    for name, item in named:
        lead = (*parent, clean(str(name))) if f.many == "dict" else parent
        made[_name(path)].rows.append((*lead, *_cells(item)))
        own = name if f.many == "dict" or key == "row" else _by_alias(item, key)
        _fill(item, path, made, (cell(own),))


def _by_alias(item: BaseModel, name: str) -> Any:
    return next(getattr(item, f.name) for f in fields(type(item)) if f.alias == name)


def _cells(item: BaseModel) -> Iterator[Cell]:
    for f in fields(type(item)):
        value = getattr(item, f.name)
        if f.part is None:
            yield cell(value)
        elif f.many == "one":
            yield from _cells(value) if value is not None else [None] * len(_columns(f.part))


def _summary(name: str, value: Any) -> list[tuple[Cell, ...]]:
    if isinstance(value, dict):
        return [(clean(f"{name}.{k}"), cell(v)) for k, v in value.items()]
    if isinstance(value, tuple) and value:
        return [(name, cell(v)) for v in value]
    return [(name, cell(value))]


def _capabilities(result: AuditResult) -> Table:
    """One row a tool and capability: whether it is offered, licensed and in use."""
    table = Table("capabilities", ["tool", "name", "capability", "called", "offered", "licensed", "in_use", "inferred"])
    for tool in result.tools:
        known = tool.capabilities
        for capability in sorted({*known.offered, *known.licensed, *known.in_use}):
            states = (capability in known.offered, capability in known.licensed, capability in known.in_use)
            called = cell(capability_name(result, capability))
            table.rows.append((cell(tool.id), cell(tool.name), cell(capability), called, *states, known.inferred))
    return table


def _names(result: AuditResult) -> Table:
    """What the ids in the other tables are called, which stay ids there for whoever joins tables by them."""
    table = Table(NAMED, ["kind", "id", "name"])
    named = result.names
    for kind, known in (("capability", named.capabilities), ("layer", named.layers), ("object", named.objects)):
        table.rows += [(kind, clean(i), clean(name)) for i, name in known.items()]
    return table


def in_words(result: AuditResult, column: str, value: Cell) -> Cell:
    """A cell for people: tools, layers and records by their names, which tables hold as ids; all else as it is."""
    if not isinstance(value, str):
        return value
    if column in TOOLS:
        names = result.labels()
        return ", ".join(names.get(t, t) for t in value.split(", "))
    if column == "layer":
        return layer_name(result, value)
    return records(result, value.split(", ")) if column == "objects" else value
