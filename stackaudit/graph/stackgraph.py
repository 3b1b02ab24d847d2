"""The frozen graph, which answers each question once and hands over to a changed copy what the change leaves true."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.graph.search import Ground, Leaving, Path, Search, Traffic, When
from stackaudit.graph.spread import Spread
from stackaudit.model.stack import Edge, Tool

if TYPE_CHECKING:
    import networkx as nx

_Begun = tuple[tuple[str, ...], tuple[str, ...], Traffic]
"""Where a search begins, with which records, and over what."""
_Asked = tuple[_Begun, frozenset[str]]
_Question = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], bool]
_TRAFFIC = {possible: (Traffic(True, possible), Traffic(False, possible)) for possible in (False, True)}
"""Over what a question is answered: first what runs by itself, then what people carry, too."""


class _Words:
    """Names as questions hold them, sorted and each once; the same few roles are asked about again and again."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._sets: dict[tuple[str, ...], frozenset[str]] = {}

    def row(self, names: Iterable[str]) -> tuple[str, ...]:
        """The names in order."""
        given = tuple(names)
        found = self._rows.get(given)
        if found is None:
            found = self._rows[given] = tuple(sorted(set(given)))
        return found

    def set_(self, names: Iterable[str]) -> frozenset[str]:
        """The names as a set."""
        given = tuple(names)
        found = self._sets.get(given)
        if found is None:
            found = self._sets[given] = frozenset(given)
        return found


class _Answer(Struct, frozen=True):
    """A path, with the search that gave it and the moment up to which that was read."""

    path: Path
    ends: frozenset[str]
    search: Search
    until: When


class _Change(Struct, frozen=True, dict=True):
    """What makes a graph out of another one."""

    before: StackGraph
    added: tuple[Edge, ...]
    removed: tuple[Edge, ...]

    @cached_property
    def _carried(self) -> int:
        """The records that may travel over any connection of the change, as bits."""
        ground, carried = self.before.ground, 0
        for edge in (*self.added, *self.removed):
            carried |= ground.most_carried(edge)
        return carried

    def concerns(self, objects: tuple[str, ...]) -> bool:
        """Whether any of the records, or what they may become, may travel over a connection of the change."""
        return bool(self._carried & self.before.ground.become(objects))

    def leaves(self, answer: _Answer) -> bool:
        """Whether an answer is certain to stay the same."""
        search, until, ends = answer.search, answer.until, answer.ends
        return not (any(search.loses(e) for e in self.removed) or any(search.gains(e, until, ends) for e in self.added))


@dataclass(frozen=True)
class StackGraph:
    """A frozen multigraph of tools and existing connections, suites that share one database included."""

    ground: Ground
    edges: tuple[Edge, ...]
    _leaving: Mapping[str, Leaving] = field(repr=False)
    _change: _Change | None = field(repr=False, compare=False, default=None)
    _asked: _Words = field(repr=False, compare=False, default_factory=lambda: _Words())
    _best: dict[_Question, Path | None] = field(repr=False, compare=False, default_factory=dict)
    _answers: dict[_Asked, _Answer] = field(repr=False, compare=False, default_factory=dict)
    _searches: dict[_Begun, Search] = field(repr=False, compare=False, default_factory=dict)
    _spreads: dict[_Begun, Spread] = field(repr=False, compare=False, default_factory=dict)

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
        question = (tuple(sources), tuple(targets), tuple(objects), possible)
        if question not in self._best:
            self._best[question] = self._path(question)
        return self._best[question]

    def changes(self, objects: tuple[str, ...]) -> bool:
        """Whether answers about some records may differ from those of the graph that this one was made from."""
        return self._change is None or self._change.concerns(objects)

    def _path(self, question: _Question) -> Path | None:
        sources, targets, objects, possible = question
        if self._change is not None and not self._change.concerns(objects):
            return self._change.before.best_path(sources, targets, objects, possible=possible)
        starts, ends, carried = self._asked.row(sources), self._asked.set_(targets), self._asked.row(objects)
        if not ends.isdisjoint(starts):
            both = next(s for s in starts if s in ends)
            return Path((both,), carried[0] if carried else "", 0, True)
        for traffic in _TRAFFIC[possible]:
            begun = (starts, carried, traffic)
            if self._spread(begun).comes_to(ends):
                return self._answer((begun, ends)).path
        return None

    def connects(
        self, sources: Iterable[str], targets: Iterable[str], objects: Iterable[str], *, possible: bool = False
    ) -> bool:
        """Whether :meth:`best_path` would find any path: the cheaper question."""
        return self._comes(sources, targets, objects, _TRAFFIC[possible][1])

    def automates(
        self, sources: Iterable[str], targets: Iterable[str], objects: Iterable[str], *, possible: bool = False
    ) -> bool:
        """Whether :meth:`best_path` would find a path that runs by itself: the cheaper question."""
        return self._comes(sources, targets, objects, _TRAFFIC[possible][0])

    def _comes(self, sources: Iterable[str], targets: Iterable[str], objects: Iterable[str], traffic: Traffic) -> bool:
        starts, ends = self._asked.row(sources), self._asked.set_(targets)
        if not ends.isdisjoint(starts):
            return True
        return self._spread((starts, self._asked.row(objects), traffic)).comes_to(ends)

    def _spread(self, begun: _Begun) -> Spread:
        """How far records spread, on this graph or from where they spread on the graph that it was made from."""
        spread = self._spreads.get(begun)
        if spread is None and self._change is not None:
            change = self._change
            spread = change.before._spread(begun)
            if change.concerns(begun[1]):
                spread = spread.changed(self._leaving, change.added, change.removed)
        if spread is None:
            spread = Spread.of(self.ground, self._leaving, *begun)
        self._spreads[begun] = spread
        return spread

    def _answer(self, asked: _Asked) -> _Answer:
        answer = self._recall(asked)
        if answer is None:
            begun, ends = asked
            search = self._searches.get(begun)
            if search is None:
                search = self._searches[begun] = Search(self.ground, self._leaving, *begun)
            index, when = search.first_of(ends)
            answer = self._answers[asked] = _Answer(search.path(index, when[0]), ends, search, when)
        return answer

    def _recall(self, asked: _Asked) -> _Answer | None:
        """An answer that was given before, here or on the graph that this one was made from."""
        answer = self._answers.get(asked)
        if answer is None and self._change is not None:
            older = self._change.before._recall(asked)
            if older is not None and self._change.leaves(older):
                answer = self._answers[asked] = older
        return answer

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
        change = _Change(self, tuple(e for e in new if e.exists), tuple(e for e in gone if e.exists))
        return StackGraph(self.ground, tuple(edges), leaving, change, self._asked)


def in_order(edge: Edge) -> tuple[object, ...]:
    """The place of a connection among all: the same for the same stack, so that ties are always broken alike."""
    return (edge.source, edge.target, edge.minutes, edge.status, sorted(edge.objects or ()), edge.index)
