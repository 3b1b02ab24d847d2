"""How large and how well supported the catalogue is, and where it has holes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.lookup.ages import age_of
from stackaudit.lookup.connections import Connection, connections_of
from stackaudit.vendorindex import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stackaudit.model.catalog import Catalog
    from stackaudit.pluginmanager import Plugins

Counts = dict[str, int]


class LayerHoles(Struct, frozen=True):
    """How many tools of a layer lack something."""

    layer: str
    tools: int
    no_core: int
    no_records: int
    no_connections: int
    only_lists: int


class Hole(Struct, frozen=True):
    """One thing that the catalogue does not know; ``what`` is a tool, layer or capability."""

    what: str
    id: str
    layer: str
    missing: str


class Stats(Struct, frozen=True):
    """The catalogue in numbers, on a day. ``pairs`` counts two tools once, ``rows`` what each side says."""

    as_of: str
    tools: int
    vendors: int
    layers: int
    capabilities: int
    facts: int
    facts_with_basis: int
    facts_by_kind: Counts
    facts_by_basis: Counts
    facts_by_age: Counts
    integration_rows: int
    integration_pairs: int
    pairs_mutual: int
    pairs_differing: int
    integrations_by_grade: Counts
    integrations_by_method: Counts
    integrations_by_basis: Counts
    integrations_by_age: Counts
    holes_by_layer: tuple[LayerHoles, ...]


def stats(plugins: Plugins, catalog: Catalog, as_of: dt.date) -> Stats:
    """Count everything; reads the whole index."""
    index = plugins.index
    facts, links, rows = list(index.facts()), list(index.links()), index.tools()
    offered = [fact for fact in facts if fact.kind == "integration"]
    sides = {(link.tool, link.other) for link in links}
    mutual = {tuple(sorted(pair)) for pair in sides if pair[::-1] in sides}
    return Stats(
        as_of=as_of.isoformat(),
        tools=len(rows),
        vendors=len(index.vendors()),
        layers=len(catalog.layers),
        capabilities=len(catalog.capabilities),
        facts=len(facts),
        facts_with_basis=sum(fact.basis is not None for fact in facts),
        facts_by_kind=_count(fact.kind for fact in facts),
        facts_by_basis=_count(fact.basis for fact in facts),
        facts_by_age=_count(age_of(fact.checked, as_of) for fact in facts),
        integration_rows=len(links),
        integration_pairs=len({tuple(sorted(pair)) for pair in sides}),
        pairs_mutual=len(mutual),
        pairs_differing=len({(c.tool, c.other) for c in disagreements(plugins)}),
        integrations_by_grade=_count(link.grade for link in links),
        integrations_by_method=_count(link.method for link in links),
        integrations_by_basis=_count(link.basis for link in links),
        integrations_by_age=_count(age_of(fact.checked, as_of) for fact in offered),
        holes_by_layer=_holes_by_layer(plugins, catalog),
    )


def stale(plugins: Plugins, as_of: dt.date) -> tuple[Fact, ...]:
    """Facts checked more than twelve months before a day, oldest first."""
    found = [fact for fact in plugins.index.facts() if age_of(fact.checked, as_of) == "stale"]
    return tuple(sorted(found, key=lambda fact: (fact.checked or "", fact.vendor, fact.tool or "", fact.text)))


def undated(plugins: Plugins) -> tuple[Fact, ...]:
    """Facts that carry no day on which anybody looked."""
    return tuple(fact for fact in plugins.index.facts() if fact.checked is None)


def disagreements(plugins: Plugins) -> tuple[Connection, ...]:
    """Pairs that both sides name and describe differently, once a pair and method; both sayings stand."""
    index = plugins.index
    sides = {(link.tool, link.other) for link in index.links()}
    left = sorted({min(pair) for pair in sides if pair[::-1] in sides})
    return tuple(c for tool in left for c in connections_of(index, tool) if c.differs and c.tool < c.other)


def holes(plugins: Plugins, catalog: Catalog) -> tuple[Hole, ...]:
    """Every hole, by layer: of tools, then layers without a tool and capabilities that nobody offers."""
    lacks = _lacks(plugins)
    found = []
    for row in plugins.index.tools():
        found += [Hole("tool", row.id, row.layer, what) for what, ids in lacks.items() if row.id in ids]
    used = {layer for _, layer, _ in plugins.index.tools_in_layers(catalog.layers)}
    found += [Hole("layer", i, i, "no tool") for i in catalog.layers if i not in used]
    offered = {offer.capability for offer in plugins.index.offers_with(catalog.capabilities)}
    found += [
        Hole("capability", c.id, c.layer, "nobody offers it")
        for c in catalog.capabilities.values()
        if c.id not in offered
    ]
    order = {layer: place for place, layer in enumerate(catalog.layers)}
    return tuple(sorted(found, key=lambda h: (order.get(h.layer, len(order)), h.what, h.id, h.missing)))


def _holes_by_layer(plugins: Plugins, catalog: Catalog) -> tuple[LayerHoles, ...]:
    lacks = _lacks(plugins)
    found = []
    for layer in catalog.layers:
        ids = {row.id for row in plugins.index.tools(layer)}
        found.append(LayerHoles(layer, len(ids), *(len(ids & missing) for missing in lacks.values())))
    return tuple(found)


def _lacks(plugins: Plugins) -> dict[str, set[str]]:
    """Tools that lack something, by what they lack."""
    index = plugins.index
    rows = {row.id: row for row in index.tools()}
    core = {offer.tool for offer in index.offers_of(rows) if offer.kind == "core"}
    linked = {end for link in index.links() for end in (link.tool, link.other)}
    read = {fact.tool for fact in index.facts() if fact.basis == "sourced"}
    return {
        "no core capability": set(rows) - core,
        "no records": {i for i, row in rows.items() if not row.holds},
        "no connection": set(rows) - linked,
        "nothing read, only lists and judgement": {i for i in rows if i not in read},
    }


def _count(values: Iterable[str | None]) -> Counts:
    counted = Counter(value or "not said" for value in values)
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
