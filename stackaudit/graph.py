"""The graph of declared connections and its named queries: what reaches what, carrying what, how late."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from stackaudit.model.catalog import Catalog
from stackaudit.model.inventory import Integration
from stackaudit.model.stack import Edge, Stack, Tool
from stackaudit.model.vocabulary import ASSUMED_LATENCY, LATENCY_MINUTES, MANUAL_METHODS, Tri

if TYPE_CHECKING:
    import networkx as nx

PROMOTED_BY_CRM = frozenset({"intent", "job_change", "pql", "usage", "health", "renewal", "expansion"})
"""What a CRM turns into a lead or an opportunity while it passes through (``precise.md``, 9e)."""


@dataclass(frozen=True, slots=True)
class Path:
    """The best way one record travels from a source to a target, ends included.

    ``minutes`` adds up over the hops; ``automated`` holds for the whole path; ``object`` is the record at the start.
    """

    tools: tuple[str, ...]
    object: str
    minutes: int
    automated: bool
    degraded: bool = False
    assumed_latency: bool = False
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True)
class StackGraph:
    """A frozen multigraph of tools and existing connections, suites that share one database included."""

    tools: Mapping[str, Tool]
    edges: tuple[Edge, ...]
    graph: nx.MultiDiGraph[str]
    relaying: frozenset[str]
    crms: frozenset[str]
    csps: frozenset[str]
    _out: Mapping[str, tuple[Edge, ...]] = field(repr=False, default_factory=dict)
    _found: dict[tuple[object, ...], Path | None] = field(repr=False, compare=False, default_factory=dict)

    def out(self, tool: str) -> tuple[Edge, ...]:
        """Existing connections that leave a tool."""
        return self._out.get(tool, ())

    def touching(self, tool: str) -> tuple[Edge, ...]:
        """Existing declared connections at either end of a tool, shared databases included."""
        return tuple(e for e in self.edges if tool in (e.source, e.target) and e.exists)

    def best_path(
        self,
        sources: Iterable[str],
        targets: Iterable[str],
        objects: Iterable[str],
        *,
        possible: bool = False,
    ) -> Path | None:
        """The best path over all source-target pairs: a fully automated one if there is any, else any; then the fastest.

        A path counts only if every connection on it carries the record (or what it was promoted to) and every tool
        in between relays. With ``possible``, connections that do not say what they carry carry anything, and those
        without a method are automated.

        Returns:
            The path, of length 0 where a tool is source and target at once; None where there is no path.
        """
        starts, ends, carried = tuple(sorted(set(sources))), frozenset(targets), tuple(sorted(set(objects)))
        both = [s for s in starts if s in ends]
        if both:
            return Path((both[0],), carried[0] if carried else "", 0, True)
        asked = (starts, ends, carried, possible)
        if asked not in self._found:  # links, handoffs, signals and metrics ask the same questions
            self._found[asked] = self._search(starts, ends, carried, True, possible) or self._search(
                starts, ends, carried, False, possible
            )
        return self._found[asked]

    def _search(
        self, starts: tuple[str, ...], ends: frozenset[str], objects: tuple[str, ...], automated: bool, possible: bool
    ) -> Path | None:
        """Dijkstra over (tool, record) states, because what may pass a tool depends on the record it is."""
        steps = [_Step(start, item, item, None, None) for start in starts for item in objects]
        heap = [(0, 0, i) for i in range(len(steps))]
        done: set[tuple[str, str]] = set()
        while heap:
            minutes, hops, index = heapq.heappop(heap)
            here = steps[index]
            if (here.tool, here.item) in done:
                continue
            done.add((here.tool, here.item))
            if here.tool in ends:
                return self._path(steps, index, minutes, possible)
            if hops and not self._relays(here.tool, here.item):
                continue
            for item in self._forms(here.tool, here.item) if hops else (here.item,):
                for edge in self.out(here.tool):
                    if (edge.target, item) not in done and _usable(edge, item, automated, possible):
                        steps.append(_Step(edge.target, item, here.first, index, edge))
                        heapq.heappush(heap, (minutes + edge.minutes, hops + 1, len(steps) - 1))
        return None

    def _relays(self, tool: str, item: str) -> bool:
        known = self.tools[tool].known
        return tool in self.relaying or (known is not None and item in known.objects.relays)

    def _forms(self, tool: str, item: str) -> tuple[str, ...]:
        """What a record may be once it stands in a tool: itself, or what the tool promotes it to."""
        if tool in self.crms and item in PROMOTED_BY_CRM:
            return (item, "lead", "opportunity")
        if tool in self.csps and item == "usage":
            return (item, "health")
        return (item,)

    @staticmethod
    def _path(steps: list[_Step], index: int, minutes: int, possible: bool) -> Path:
        edges: list[Edge] = []
        step = steps[index]
        while step.edge is not None and step.before is not None:
            edges.append(step.edge)
            step = steps[step.before]
        edges.reverse()
        return Path(
            tools=(step.tool, *(e.target for e in edges)),
            object=step.first,
            minutes=minutes,
            automated=all(_automated(e, possible) for e in edges),
            degraded=any(e.status == "degraded" for e in edges),
            assumed_latency=any(e.assumed_latency for e in edges),
            edges=tuple(edges),
        )


@dataclass(frozen=True, slots=True)
class _Step:
    """One state of a search: where, carrying what, begun as what, reached from which step over which edge."""

    tool: str
    item: str
    first: str
    before: int | None
    edge: Edge | None


def _usable(edge: Edge, item: str, automated: bool, possible: bool) -> bool:
    if edge.objects is None:
        if not possible:
            return False
    elif item not in edge.objects:
        return False
    return not automated or _automated(edge, possible)


def _automated(edge: Edge, possible: bool) -> bool:
    return edge.status == "live" and (edge.automated is Tri.YES or (possible and edge.automated is Tri.UNKNOWN))


def build(stack: Stack, catalog: Catalog) -> StackGraph:
    """Build the graph of all tools that take part in the analysis; planned and broken connections stay outside it."""
    import networkx as nx  # here, so that listing rules does not load it

    tools = {t.id: t for t in sorted(stack.active, key=lambda t: t.id)}
    everything = frozenset(catalog.objects)
    edges = [
        edge
        for c in stack.connections
        if c.source in tools and c.target in tools
        for edge in _declared(c.index, c.source, c.target, c.entry)
    ]
    edges += _suites(tools, everything)
    edges.sort(key=lambda e: (e.source, e.target, e.minutes, e.status, sorted(e.objects or ()), e.index))
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from(tools)
    out: dict[str, list[Edge]] = {}
    for edge in edges:
        if edge.exists:
            graph.add_edge(edge.source, edge.target, edge=edge)
            out.setdefault(edge.source, []).append(edge)
    relays = frozenset(layer.id for layer in catalog.layers.values() if layer.relays)
    return StackGraph(
        tools=tools,
        edges=tuple(edges),
        graph=nx.freeze(graph),
        relaying=frozenset(t.id for t in tools.values() if t.layer in relays or "enrich_orchestration" in t.in_use),
        crms=frozenset(t.id for t in tools.values() if t.layer == "crm"),
        csps=frozenset(t.id for t in tools.values() if t.layer == "customer_success"),
        _out={k: tuple(v) for k, v in out.items()},
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
        for one, two in combinations(members, 2)
        if not one.scopes or not two.scopes or one.scopes & two.scopes
        for a, b in ((one, two), (two, one))
    ]
