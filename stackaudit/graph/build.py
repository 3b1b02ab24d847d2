"""Build the graph: declared connections in both their directions, and those of suites that nobody declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations

from stackaudit.graph.search import Ground, Leaving
from stackaudit.graph.stackgraph import StackGraph, in_order
from stackaudit.model.catalog import Catalog
from stackaudit.model.inventory import Integration
from stackaudit.model.stack import Connection, Edge, Stack, Tool, one_database
from stackaudit.model.vocabulary import ASSUMED_LATENCY, LATENCY_MINUTES, MANUAL_METHODS, Tri

MOST_OF_A_SUITE, HUBS_OF_A_SUITE = 60, 3
"""Above so many tools of one suite not every pair is connected: their number grows with the square."""


def build(stack: Stack, catalog: Catalog) -> StackGraph:
    """Build the graph of all tools that take part in the analysis; planned and broken connections stay outside it."""
    tools = {t.id: t for t in sorted(stack.active, key=lambda t: t.id)}
    edges = [*_edges(stack.connections, tools), *_suites(tools, frozenset(catalog.objects))]
    edges.sort(key=in_order)
    out: dict[str, list[Edge]] = {}
    for edge in edges:
        if edge.exists:
            out.setdefault(edge.source, []).append(edge)
    relays = frozenset(layer.id for layer in catalog.layers.values() if layer.relays)
    ground = Ground(
        tools=tools,
        relaying=frozenset(t.id for t in tools.values() if t.layer in relays or "enrich_orchestration" in t.in_use),
        crms=frozenset(t.id for t in tools.values() if t.layer == "crm"),
        csps=frozenset(t.id for t in tools.values() if t.layer == "customer_success"),
    )
    return StackGraph(ground, tuple(edges), {k: Leaving(v) for k, v in out.items()})


def rebuilt(graph: StackGraph, before: Stack, after: Stack) -> StackGraph:
    """The graph of a stack that differs from another in its connections only."""
    old, new = before.connections, after.connections
    if new[: len(old)] == old:
        return graph.changed(_edges(new[len(old) :], graph.tools), ())
    kept, known = {c.index for c in new}, {c.index for c in old}
    gone = (c for c in old if c.index not in kept)
    more = (c for c in new if c.index not in known)
    return graph.changed(_edges(more, graph.tools), _edges(gone, graph.tools))


def _edges(connections: Iterable[Connection], tools: Mapping[str, Tool]) -> Iterable[Edge]:
    return (
        edge
        for c in connections
        if c.source in tools and c.target in tools
        for edge in _declared(c.index, c.source, c.target, c.entry)
    )


def _declared(index: int, source: str, target: str, entry: Integration) -> list[Edge]:
    latency = entry.latency or ASSUMED_LATENCY
    method = entry.method or ("ipaas" if entry.via else None)
    automated = Tri.UNKNOWN if method is None else Tri.NO if method in MANUAL_METHODS else Tri.YES
    pairs = [(source, target)] + ([(target, source)] if entry.direction == "two_way" else [])
    return [
        Edge(
            source=a,
            target=b,
            objects=frozenset(entry.objects) if entry.objects else None,
            minutes=LATENCY_MINUTES[latency],
            automated=automated,
            status=entry.status,
            index=index,
            assumed_latency=entry.latency is None,
        )
        for a, b in pairs
    ]


def _suites(tools: Mapping[str, Tool], objects: frozenset[str]) -> list[Edge]:
    """Connections that nobody declares: tools of one suite share a database (``precise.md``, 9c)."""
    suites: dict[str, list[Tool]] = {}
    for tool in tools.values():
        if tool.suite:
            suites.setdefault(tool.suite, []).append(tool)
    return [
        Edge(a.id, b.id, objects, 1, Tri.YES, "live", -1, suite=True)
        for members in suites.values()
        for one, two in _sharing(members)
        if one_database(one, two)
        for a, b in ((one, two), (two, one))
    ]


def _sharing(members: list[Tool]) -> Iterable[tuple[Tool, Tool]]:
    """Pairs that share a database; in a suite of very many every tool shares it with those that pass records on."""
    if len(members) <= MOST_OF_A_SUITE:
        return combinations(members, 2)
    hubs = [t for t in members if t.layer == "crm"][:HUBS_OF_A_SUITE] or members[:1]
    chosen = {t.id for t in hubs}
    return (*combinations(hubs, 2), *((hub, t) for hub in hubs for t in members if t.id not in chosen))
