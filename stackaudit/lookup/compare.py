"""Two or more tools side by side: what both do, what only one does, and what they have in common around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.lookup.connections import Connection, connections_between, connections_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stackaudit.model.catalog import Catalog
    from stackaudit.pluginmanager import Plugins


class Compared(Struct, frozen=True):
    """One of the tools that are compared."""

    id: str
    name: str
    vendor: str
    layers: tuple[str, ...]
    state: str | None
    successor: str | None
    suite: str | None


class Row(Struct, frozen=True):
    """One capability and how each tool offers it: core, secondary, the names of editions, or None for not known."""

    capability: str
    name: str
    layer: str
    defining: bool
    offered: tuple[str | None, ...]

    @property
    def by_all(self) -> bool:
        """Whether every tool offers it in some form."""
        return None not in self.offered


class Comparison(Struct, frozen=True):
    """Tools side by side; ``neighbours`` are tools that all of them, or only some, are said to connect to."""

    tools: tuple[Compared, ...]
    rows: tuple[Row, ...]
    direct: tuple[Connection, ...]
    neighbours: tuple[Neighbour, ...]

    @property
    def shared(self) -> tuple[Row, ...]:
        """What all of them offer."""
        return tuple(row for row in self.rows if row.by_all)

    def only(self, position: int) -> tuple[Row, ...]:
        """What only the tool at a position offers."""
        return tuple(
            row for row in self.rows if [i for i, how in enumerate(row.offered) if how is not None] == [position]
        )


class Neighbour(Struct, frozen=True):
    """A tool outside the comparison and which of the compared ones are said to connect to it."""

    id: str
    name: str
    layer: str
    connects: tuple[str, ...]


def compare(plugins: Plugins, catalog: Catalog, ids: Sequence[str]) -> Comparison:
    """Compare tools that exist; the order is kept."""
    index = plugins.index
    rows = index.tools_of(ids)
    layers: dict[str, list[str]] = {i: [] for i in ids}
    for tool, layer, _ in index.layers_of(ids):
        layers[tool].append(catalog.layer_name(layer))
    vendors = index.vendor_names(row.vendor for row in rows.values())
    tools = tuple(
        Compared(
            id=i,
            name=rows[i].name,
            vendor=vendors.get(rows[i].vendor, rows[i].vendor),
            layers=tuple(layers[i]),
            state=rows[i].state,
            successor=rows[i].successor,
            suite=rows[i].suite,
        )
        for i in ids
    )
    direct = connections_between(index, ids, ids)
    return Comparison(
        tools=tools,
        rows=_rows(plugins, catalog, ids),
        direct=tuple(c for c in direct if ids.index(c.tool) < ids.index(c.other)),
        neighbours=_neighbours(plugins, ids),
    )


def _rows(plugins: Plugins, catalog: Catalog, ids: Sequence[str]) -> tuple[Row, ...]:
    table: dict[str, dict[str, list[str]]] = {}
    for offer in plugins.index.offers_of(ids):
        how = offer.edition if offer.edition else offer.kind
        table.setdefault(offer.capability, {}).setdefault(offer.tool, []).append(how)
    order = list(catalog.capabilities)
    rows = []
    for capability, cells in table.items():
        known = catalog.capabilities.get(capability)
        offered = tuple(_cell(cells.get(i)) for i in ids)
        name, layer = (known.name, known.layer) if known else (capability, "")
        rows.append(Row(capability, name, layer, bool(known and known.defining), offered))
    place = {c: i for i, c in enumerate(order)}
    return tuple(
        sorted(rows, key=lambda r: (-sum(o is not None for o in r.offered), place.get(r.capability, len(order))))
    )


def _cell(how: list[str] | None) -> str | None:
    """Core wins; an edition says more than the secondary capability that it decides."""
    if how is None:
        return None
    if "core" in how:
        return "core"
    editions = [word for word in how if word != "secondary"]
    return ", ".join(f"with {edition}" for edition in editions) or "secondary"


def _neighbours(plugins: Plugins, ids: Sequence[str]) -> tuple[Neighbour, ...]:
    reached: dict[str, list[str]] = {}
    for i in ids:
        for other in {c.other for c in connections_of(plugins.index, i)} - set(ids):
            reached.setdefault(other, []).append(i)
    rows = plugins.index.tools_of(reached)
    found = [Neighbour(other, row.name, row.layer, tuple(reached[other])) for other, row in rows.items()]
    return tuple(sorted(found, key=lambda n: (-len(n.connects), n.connects, n.name.casefold())))
