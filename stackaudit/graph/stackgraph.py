"""The frozen graph, which answers each question once and hands over to a changed copy what the change leaves true."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.graph.search import Ground, Leaving, Path, Search, Traffic, When
from stackaudit.model.stack import Edge, Tool

if TYPE_CHECKING:
    import networkx as nx

_Asked = tuple[tuple[str, ...], frozenset[str], tuple[str, ...], bool]
_MODES = (True, False)


class _Words:
    """Names as questions hold them, sorted and each once; the same few roles are asked about again and again."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._sets: dict[tuple[str, ...], frozenset[str]] = {}

    def row(self, names: Iterable[str]) -> tuple[str, ...]:
        """The names in order."""
        given = tuple(names)
        if given not in self._rows:
            self._rows[given] = tuple(sorted(set(given)))
        return self._rows[given]

    def set_(self, names: Iterable[str]) -> frozenset[str]:
        """The names as a set."""
        given = tuple(names)
        if given not in self._sets:
            self._sets[given] = frozenset(given)
        return self._sets[given]


class _Answer(Struct, frozen=True):
    """A path, or None; with the searches that gave it and the moment up to which each was read."""

    path: Path | None
    ends: frozenset[str]
    trails: tuple[tuple[Search, When | None], ...]


class _Change(Struct, frozen=True, dict=True):
    """What makes a graph out of another one."""

    before: StackGraph
    added: tuple[Edge, ...]
    removed: tuple[Edge, ...]

    def leaves(self, answer: _Answer) -> bool:
        """Whether an answer is certain to stay the same."""
        return not any(
            any(search.loses(e) for e in self.removed) or any(search.gains(e, until, answer.ends) for e in self.added)
            for search, until in answer.trails
        )


@dataclass(frozen=True)
class StackGraph:
    """A frozen multigraph of tools and existing connections, suites that share one database included."""

    ground: Ground
    edges: tuple[Edge, ...]
    _leaving: Mapping[str, Leaving] = field(repr=False)
    _change: _Change | None = field(repr=False, compare=False, default=None)
    _asked: _Words = field(repr=False, compare=False, default_factory=lambda: _Words())
    _answers: dict[_Asked, _Answer] = field(repr=False, compare=False, default_factory=dict)
    _searches: dict[tuple[object, ...], Search] = field(repr=False, compare=False, default_factory=dict)

    @property
    def tools(self) -> Mapping[str, Tool]:
        """The tools that take part, by id."""
        return self.ground.tools

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        """The same as a frozen networkx graph."""
        import networkx as nx  # here, so that listing rules does not load it

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        graph.add_nodes_from(self.tools)
        graph.add_edges_from((e.source, e.target, {"edge": e}) for e in self.edges if e.exists)
        nx.freeze(graph)
        return graph

    def out(self, tool: str) -> tuple[Edge, ...]:
        """Existing connections that leave a tool."""
        leaving = self._leaving.get(tool)
        return leaving.edges if leaving else ()

    def between(self, source: str, target: str) -> Iterable[Edge]:
        """Existing connections from one tool to another."""
        leaving = self._leaving.get(source)
        return leaving.to(target) if leaving else ()

    @cached_property
    def _touching(self) -> Mapping[str, tuple[Edge, ...]]:
        found: dict[str, list[Edge]] = {}
        for edge in self.edges:
            if edge.exists:
                for end in {edge.source, edge.target}:
                    found.setdefault(end, []).append(edge)
        return {tool: tuple(edges) for tool, edges in found.items()}

    def touching(self, tool: str) -> tuple[Edge, ...]:
        """Existing declared connections at either end of a tool, shared databases included."""
        return self._touching.get(tool, ())

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
        starts, ends, carried = self._asked.row(sources), self._asked.set_(targets), self._asked.row(objects)
        if not ends.isdisjoint(starts):
            both = next(s for s in starts if s in ends)
            return Path((both,), carried[0] if carried else "", 0, True)
        asked = (starts, ends, carried, possible)
        answer = self._recall(asked)
        if answer is None:
            answer = self._answers[asked] = self._find(*asked)
        return answer.path

    def _recall(self, asked: _Asked) -> _Answer | None:
        """An answer that was given before, here or on the graph that this one was made from."""
        answer = self._answers.get(asked)
        if answer is None and self._change is not None:
            older = self._change.before._recall(asked)
            if older is not None and self._change.leaves(older):
                answer = self._answers[asked] = older
        return answer

    def _find(self, starts: tuple[str, ...], ends: frozenset[str], carried: tuple[str, ...], possible: bool) -> _Answer:
        trails: list[tuple[Search, When | None]] = []
        for automated in _MODES:
            search = self._search(starts, carried, Traffic(automated, possible))
            found = search.first_of(ends)
            trails.append((search, found[1] if found else None))
            if found is not None:
                index, (minutes, _) = found
                return _Answer(search.path(index, minutes), ends, tuple(trails))
        return _Answer(None, ends, tuple(trails))

    def _search(self, starts: tuple[str, ...], carried: tuple[str, ...], traffic: Traffic) -> Search:
        """The search from these tools, gone on with where there is one."""
        key = (starts, carried, traffic)
        search = self._searches.pop(key, None)
        if search is None:
            search = Search(self.ground, self._leaving, starts, carried, traffic)
        self._searches[key] = search
        return search

    def changed(self, added: Iterable[Edge], removed: Iterable[Edge]) -> StackGraph:
        """A graph with other connections between the same tools; it asks again only what the change touches."""
        gone, new = tuple(removed), tuple(added)
        edges = [e for e in self.edges if e not in gone] if gone else list(self.edges)
        for edge in new:
            insort(edges, edge, key=in_order)
        leaving = dict(self._leaving)
        for source in {e.source for e in (*gone, *new)}:
            own = [e for e in self.out(source) if e not in gone] + [e for e in new if e.source == source and e.exists]
            leaving[source] = Leaving(sorted(own, key=in_order))
        return StackGraph(self.ground, tuple(edges), leaving, _Change(self, new, gone), self._asked)


def in_order(edge: Edge) -> tuple[object, ...]:
    """The place of a connection among all: the same for the same stack, so that ties are always broken alike."""
    return (edge.source, edge.target, edge.minutes, edge.status, sorted(edge.objects or ()), edge.index)
