"""Known ways to connect two tools: directly, or through tools that pass records on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.lookup.connections import Connection, connections_between, connections_of, grade_rank, method_rank

if TYPE_CHECKING:
    from stackaudit.model.catalog import Catalog
    from stackaudit.pluginmanager import Plugins
    from stackaudit.vendorindex import VendorIndex


_GONE = ("retired", "sunset")
_LONG = 3
"""Steps of a way through two relays: worth a look where nothing shorter is known, or where nothing is bought for it."""


class Owned(Struct, frozen=True):
    """What an inventory declares, in ids of the catalogue: its tools, and pairs that are wired today."""

    tools: frozenset[str] = frozenset()
    wired: frozenset[tuple[str, str]] = frozenset()


class Hop(Struct, frozen=True):
    """One step; without a connection the two share a database. ``wired``: the inventory declares it live."""

    source: str
    target: str
    connection: Connection | None
    wired: bool = False

    @property
    def method(self) -> str:
        """How the step is made."""
        return self.connection.method if self.connection else "shared database"

    @property
    def rank(self) -> tuple[int, int, bool]:
        """How good a step is: native before other methods, documented before listed, agreed before claimed."""
        if self.connection is None:
            return (-1, -1, False)
        c = self.connection
        return (method_rank(c.method), grade_rank(c.grade), c.evidence != "mutual")


class Way(Struct, frozen=True):
    """One way; ``missing`` are the tools on it that the inventory does not declare.

    ``carries`` are the record types that every step names: None where a step's sources name none at all.
    """

    hops: tuple[Hop, ...]
    missing: tuple[str, ...]
    carries: tuple[str, ...] | None

    @property
    def relays(self) -> tuple[str, ...]:
        """The tools in between."""
        return tuple(hop.target for hop in self.hops[:-1])


class Ways(Struct, frozen=True):
    """All ways from one tool to another, best first, with the names of the tools on them.

    ``fates`` says what became of the two ends, where a source says so and they are not sold on as before.
    """

    source: str
    target: str
    names: Mapping[str, str]
    fates: Mapping[str, str]
    ways: tuple[Way, ...]


def find_ways(plugins: Plugins, catalog: Catalog, source: str, target: str, owned: Owned | None = None) -> Ways:
    """Every way of one step and through one relay; through two where no shorter one is known or all is owned already.

    A step that is known to run only the other way is no way; one whose direction nobody names is. With an inventory
    the ways that need nothing new come first.
    """
    index = plugins.index
    leaving = _steps(index, source, forward=True)
    arriving = _steps(index, target, forward=False)
    found: list[tuple[Hop, ...]] = [(hop,) for hop in leaving.get(target, ())]
    relays = _relays(plugins, catalog, (set(leaving) | set(arriving)) - {source, target})
    single = relays & set(leaving) & set(arriving)
    found += [(leaving[r][0], arriving[r][0]) for r in sorted(single)]
    first, second = (relays & set(leaving)) - single, (relays & set(arriving)) - single
    for (one, two), hop in _between(index, first, second).items():
        found.append((leaving[one][0], hop, arriving[two][0]))
    short = any(len(hops) < _LONG for hops in found)
    ways = [
        w for w in (_way(hops, owned) for hops in found) if not (short and len(w.hops) == _LONG and _asks(w, owned))
    ]
    rows = index.tools_of(
        {end for way in ways for hop in way.hops for end in (hop.source, hop.target)} | {source, target}
    )
    names = {i: row.name for i, row in rows.items()}
    fates = {i: rows[i].state or "active" for i in (source, target)}
    fates = {i: state for i, state in fates.items() if state not in ("active", "renamed")}
    return Ways(source, target, names, fates, tuple(sorted(ways, key=_order)))


def _steps(index: VendorIndex, tool: str, *, forward: bool) -> dict[str, list[Hop]]:
    """Steps out of a tool, or into it, by the tool at the other end, best first."""
    steps: dict[str, list[Hop]] = defaultdict(list)
    against = "inbound" if forward else "outbound"
    for connection in connections_of(index, tool):
        if connection.direction != against:
            ends = (tool, connection.other) if forward else (connection.other, tool)
            steps[connection.other].append(Hop(*ends, connection))
    row = index.tools_of([tool])[tool]
    for mate in index.tools_of_suite(row.suite) if row.suite else ():
        if mate.id != tool:
            ends = (tool, mate.id) if forward else (mate.id, tool)
            steps[mate.id].append(Hop(*ends, None))
    return {other: sorted(hops, key=lambda h: h.rank) for other, hops in steps.items()}


def _between(index: VendorIndex, some: set[str], others: set[str]) -> dict[tuple[str, str], Hop]:
    """The best step from each tool of one group to each of another."""
    best: dict[tuple[str, str], Hop] = {}
    hops = [
        Hop(c.tool, c.other, c)
        for c in connections_between(index, some, others)
        if c.tool in some and c.other in others and c.direction != "inbound"
    ]
    rows = index.tools_of(some | others)
    hops += [
        Hop(a, b, None)
        for a in some & set(rows)
        for b in others & set(rows)
        if a != b and rows[a].suite and rows[a].suite == rows[b].suite
    ]
    for hop in sorted(hops, key=lambda h: (h.source, h.target, h.rank)):
        best.setdefault((hop.source, hop.target), hop)
    return best


def _relays(plugins: Plugins, catalog: Catalog, ids: Iterable[str]) -> set[str]:
    """Those tools that pass records on: by their layer, or because their manifest says so."""
    passing = {layer.id for layer in catalog.layers.values() if layer.relays}
    ids = set(ids)
    rows = plugins.index.tools_of(ids)
    by_layer = {tool for tool, layer, _ in plugins.index.layers_of(ids) if layer in passing}
    gone = {i for i, row in rows.items() if row.state in _GONE}
    return (by_layer | {i for i, row in rows.items() if row.relays}) - gone


def _asks(way: Way, owned: Owned | None) -> bool:
    """Whether a way asks for anything that is not there, as far as is known."""
    return owned is None or bool(way.missing)


def _way(hops: tuple[Hop, ...], owned: Owned | None) -> Way:
    named = [set(hop.connection.objects) for hop in hops if hop.connection is not None]
    carries = tuple(sorted(set.intersection(*named))) if named and all(named) else None
    if owned is None:
        return Way(hops, (), carries)
    wired = tuple(Hop(h.source, h.target, h.connection, (h.source, h.target) in owned.wired) for h in hops)
    ends = (hops[0].source, *(hop.target for hop in hops))
    return Way(wired, tuple(i for i in ends if i not in owned.tools), carries)


def _order(way: Way) -> tuple[bool, int, int, bool, tuple[int, int, int], int, tuple[str, ...]]:
    """Direct first, native before other; then what needs nothing new, fewer steps, better documented, carrying more."""
    ranks = [hop.rank for hop in way.hops]
    direct = len(way.hops) == 1
    methods, grades = max(r[0] for r in ranks), max(r[1] for r in ranks)
    quality = (methods, grades) if direct else (grades, methods)
    claimed = sum(r[2] for r in ranks)
    return (
        not direct,
        len(way.missing),
        len(way.hops),
        way.carries == (),
        (*quality, claimed),
        -len(way.carries or ()),
        way.relays,
    )
