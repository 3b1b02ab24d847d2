"""One search outwards from some tools, in the order of time: begun once, gone on with as far as a question needs."""

from __future__ import annotations

import heapq
from collections.abc import Container, Iterable, Mapping, Sized
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct

from stackaudit.model.stack import Edge, Tool
from stackaudit.model.vocabulary import Tri

PROMOTED_BY_CRM = frozenset({"intent", "job_change", "pql", "usage", "health", "renewal", "expansion"})
"""What a CRM turns into a lead or an opportunity while it passes through (``precise.md``, 9e)."""

State = tuple[str, str]
"""A tool, and the record that stands in it."""
When = tuple[int, int]
"""Minutes and hops since the start."""


class Path(Struct, frozen=True):
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


class Traffic(Struct, frozen=True):
    """Which connections a search may use.

    ``automated`` leaves out what people carry. With ``possible``, connections that do not say what they carry carry
    anything, and those without a method are automated.
    """

    automated: bool
    possible: bool

    def takes(self, edge: Edge, item: str) -> bool:
        """Whether a record may travel over a connection."""
        carried = self.possible if edge.objects is None else item in edge.objects
        return carried and (not self.automated or runs_by_itself(edge, self.possible))


def runs_by_itself(edge: Edge, possible: bool) -> bool:
    """Whether nobody has to carry anything; with ``possible``, an unknown method is read in favour."""
    return edge.status == "live" and (edge.automated is Tri.YES or (possible and edge.automated is Tri.UNKNOWN))


class Leaving:
    """The existing connections that leave one tool, sorted by what they may carry the first time that is asked."""

    __slots__ = ("_by_target", "_carrying", "edges")

    def __init__(self, edges: Iterable[Edge]) -> None:
        self.edges = tuple(edges)
        self._carrying: dict[tuple[str, bool, bool], tuple[Edge, ...]] = {}
        self._by_target: dict[str, list[Edge]] = {}

    def carrying(self, item: str, traffic: Traffic) -> tuple[Edge, ...]:
        """Those that a record may travel over, in their order."""
        asked = (item, traffic.automated, traffic.possible)
        found = self._carrying.get(asked)
        if found is None:
            found = self._carrying[asked] = tuple(e for e in self.edges if traffic.takes(e, item))
        return found

    def to(self, target: str) -> Iterable[Edge]:
        """Those to one tool."""
        if self.edges and not self._by_target:
            for edge in self.edges:
                self._by_target.setdefault(edge.target, []).append(edge)
        return self._by_target.get(target, ())


class Ground(Struct, frozen=True, dict=True):
    """The tools as a search sees them: which of them pass records on, and what they turn them into."""

    tools: Mapping[str, Tool]
    relaying: frozenset[str]
    crms: frozenset[str]
    csps: frozenset[str]

    @cached_property
    def _relayed(self) -> Mapping[str, tuple[str, ...]]:
        """Records that single products pass on, by tool."""
        return {t.id: t.known.objects.relays for t in self.tools.values() if t.known and t.known.objects.relays}

    def relays(self, tool: str, item: str) -> bool:
        """Whether a record may leave a tool that it came into."""
        return tool in self.relaying or item in self._relayed.get(tool, ())

    def forms(self, tool: str, item: str) -> tuple[str, ...]:
        """What a record may be once it stands in a tool: itself, or what the tool promotes it to."""
        if tool in self.crms and item in PROMOTED_BY_CRM:
            return (item, "lead", "opportunity")
        if tool in self.csps and item == "usage":
            return (item, "health")
        return (item,)


class _Step(NamedTuple):
    """How a search came to one state: carrying what at the start, from which step, over which connection."""

    tool: str
    item: str
    first: str
    before: int | None
    edge: Edge | None


class Search(Sized):
    """Dijkstra over (tool, record) states, because what may pass a tool depends on the record it is.

    The states come out in an order that does not depend on what is looked for, so one search answers for every
    target; it stops where an answer is found and goes on from there for the next.
    """

    def __init__(
        self,
        ground: Ground,
        leaving: Mapping[str, Leaving],
        starts: Iterable[str],
        objects: Iterable[str],
        traffic: Traffic,
    ) -> None:
        self._ground, self._leaving, self.traffic = ground, leaving, traffic
        self._steps = [_Step(start, item, item, None, None) for start in starts for item in objects]
        self._heap = [(0, 0, i) for i in range(len(self._steps))]
        self._first: dict[str, tuple[int, int, When]] = {}
        self._done: dict[State, When] = {}
        self._sent: dict[State, When] = {}

    def __len__(self) -> int:
        return len(self._steps)

    def first_of(self, ends: Container[str]) -> tuple[int, When] | None:
        """The step that comes to one of some tools first, and when; None where none can be reached."""
        known = self._known(ends)
        while known is None and self._heap:
            tool = self._go_on()
            if tool is not None and tool in ends:
                known = self._first[tool]
        return None if known is None else (known[1], known[2])

    def _known(self, ends: Container[str]) -> tuple[int, int, When] | None:
        if isinstance(ends, frozenset) and len(ends) < len(self._first):
            return min((self._first[t] for t in ends if t in self._first), default=None)
        return next((at for tool, at in self._first.items() if tool in ends), None)

    def _go_on(self) -> str | None:
        """Take the next state; returns its tool, None where the state was known already."""
        minutes, hops, index = heapq.heappop(self._heap)
        here = self._steps[index]
        state = (here.tool, here.item)
        if state in self._done:
            return None
        self._done[state] = (minutes, hops)
        if here.tool not in self._first:
            self._first[here.tool] = (len(self._first), index, (minutes, hops))
        if not hops:
            self._send(here, index, here.item, minutes, hops)
        elif self._ground.relays(here.tool, here.item):
            for item in self._ground.forms(here.tool, here.item):
                self._send(here, index, item, minutes, hops)
        return here.tool

    def _send(self, here: _Step, index: int, item: str, minutes: int, hops: int) -> None:
        """Follow every connection that takes the record on."""
        self._sent.setdefault((here.tool, item), (minutes, hops))
        leaving = self._leaving.get(here.tool)
        if leaving is None:
            return
        steps, heap, done = self._steps, self._heap, self._done
        for edge in leaving.carrying(item, self.traffic):
            if (edge.target, item) not in done:
                heapq.heappush(heap, (minutes + edge.minutes, hops + 1, len(steps)))
                steps.append(_Step(edge.target, item, here.first, index, edge))

    def path(self, index: int, minutes: int) -> Path:
        """The way to a step."""
        edges: list[Edge] = []
        step = self._steps[index]
        while step.edge is not None and step.before is not None:
            edges.append(step.edge)
            step = self._steps[step.before]
        edges.reverse()
        return Path(
            tools=(step.tool, *(e.target for e in edges)),
            object=step.first,
            minutes=minutes,
            automated=all(runs_by_itself(e, self.traffic.possible) for e in edges),
            degraded=any(e.status == "degraded" for e in edges),
            assumed_latency=any(e.assumed_latency for e in edges),
            edges=tuple(edges),
        )

    def gains(self, edge: Edge, until: When | None, ends: Container[str]) -> bool:
        """Whether a further connection might bring something to an end sooner; ``until`` None is after all else."""
        for item in edge.objects or ():
            left = self._sent.get((edge.source, item))
            if left is None or not self.traffic.takes(edge, item):
                continue
            if edge.target not in ends and not self._ground.relays(edge.target, item):
                continue
            there = self._done.get((edge.target, item))
            if until is None and there is None:
                return True
            arrival = (left[0] + edge.minutes, left[1] + 1)
            if until is not None and arrival <= until and (there is None or arrival <= there):
                return True
        return False

    def loses(self, edge: Edge) -> bool:
        """Whether the search ever came to a connection that is taken away."""
        items = edge.objects if edge.objects is not None else {item for _, item in self._sent}
        return any((edge.source, item) in self._sent and self.traffic.takes(edge, item) for item in items)
