"""One search outwards from some tools, in the order of time: begun once, gone on with as far as a question needs."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Container, Iterable, Mapping
from functools import cached_property

from msgspec import Struct

from stackaudit.model.stack import Edge, Tool
from stackaudit.model.vocabulary import Tri

PROMOTED_BY_CRM = frozenset({"intent", "job_change", "pql", "usage", "health", "renewal", "expansion"})
PROMOTES_TO = ("lead", "opportunity")
"""What a CRM turns into a lead or an opportunity while it passes through (``precise.md``, 9e)."""

State = tuple[str, str]
"""A tool, and the record that stands in it."""
When = tuple[int, int]
"""Minutes and hops since the start."""
_Hop = tuple[int, State, Edge]
"""One connection as a search follows it: how long it takes, and where it leads."""
_Step = tuple[State, str, int, Edge | None]
"""How a search came to a state: what the record was at the start, from which step, over which connection."""


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


class Traffic(Struct, frozen=True, cache_hash=True):
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

    __slots__ = ("_by_target", "_masks", "_onward", "edges")

    def __init__(self, edges: Iterable[Edge]) -> None:
        self.edges = tuple(edges)
        self._onward: dict[tuple[str, Traffic], tuple[_Hop, ...]] = {}
        self._masks: dict[Traffic, tuple[tuple[str, int], ...]] = {}
        self._by_target: dict[str, list[Edge]] = {}

    def masks(self, ground: Ground, traffic: Traffic) -> tuple[tuple[str, int], ...]:
        """The targets, each with the records that may travel there, as bits."""
        found = self._masks.get(traffic)
        if found is None:
            carried = ((e.target, ground.carried(e, traffic)) for e in self.edges)
            found = self._masks[traffic] = tuple((target, bits) for target, bits in carried if bits)
        return found

    def onward(self, item: str, traffic: Traffic) -> tuple[_Hop, ...]:
        """Where a record may travel from here, in the order of the connections."""
        found = self._onward.get((item, traffic))
        if found is None:
            hops = ((e.minutes, (e.target, item), e) for e in self.edges if traffic.takes(e, item))
            found = self._onward[item, traffic] = tuple(hops)
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

    @cached_property
    def _bit_of(self) -> dict[str, int]:
        """A bit for each record, given out as they are met."""
        return {}

    @cached_property
    def _bits_of(self) -> dict[Collection[str], int]:
        """The bits of the same few sets and rows of records that connections and questions name."""
        return {}

    def bits(self, items: tuple[str, ...] | frozenset[str]) -> int:
        """Some records as bits of one number."""
        found = self._bits_of.get(items)
        if found is None:
            known, found = self._bit_of, 0
            for item in items:
                found |= known.setdefault(item, 1 << len(known))
            self._bits_of[items] = found
        return found

    def carried(self, edge: Edge, traffic: Traffic) -> int:
        """The records that may travel over a connection, as bits; all bits where it may carry anything."""
        if traffic.automated and not runs_by_itself(edge, traffic.possible):
            return 0
        if edge.objects is None:
            return -1 if traffic.possible else 0
        return self.bits(edge.objects)

    def most_carried(self, edge: Edge) -> int:
        """The records that may travel over a connection in whatever traffic, as bits; all bits where it does not say."""
        return -1 if edge.objects is None else self.bits(edge.objects)

    def become(self, items: tuple[str, ...]) -> int:
        """Some records and all that any tool may turn them into, as bits."""
        found = self._become.get(items)
        if found is None:
            found, before = self.bits(items), 0
            while found != before:
                before = found
                for _, what, into in self._promoted:
                    found |= into if found & what else 0
            self._become[items] = found
        return found

    @cached_property
    def _become(self) -> dict[tuple[str, ...], int]:
        """What was found for the same few rows of records that questions name."""
        return {}

    @cached_property
    def _promotions(self) -> tuple[tuple[frozenset[str], frozenset[str], tuple[str, ...]], ...]:
        """Which tools make which records into which others; the first that holds a tool and the record decides."""
        return ((self.crms, PROMOTED_BY_CRM, PROMOTES_TO), (self.csps, frozenset({"usage"}), ("health",)))

    @cached_property
    def _promoted(self) -> tuple[tuple[frozenset[str], int, int], ...]:
        """The promotions as bits."""
        return tuple((holders, self.bits(what), self.bits(into)) for holders, what, into in self._promotions)

    @cached_property
    def _through(self) -> Mapping[str, tuple[int, tuple[tuple[int, int], ...]]]:
        """By tool: the records that pass it, and its promotions, as bits."""
        return {
            tool: (
                -1 if tool in self.relaying else self.bits(self._relayed.get(tool, ())),
                tuple((what, into) for holders, what, into in self._promoted if tool in holders),
            )
            for tool in self.tools
        }

    def passed_on(self, tool: str, bits: int) -> int:
        """What leaves a tool of the records that came into it, as bits: :meth:`relays` and :meth:`forms` at once."""
        passes, promoted = self._through[tool]
        bits &= passes
        for what, into in promoted:
            if bits & what:
                return bits | into
        return bits

    def relays(self, tool: str, item: str) -> bool:
        """Whether a record may leave a tool that it came into."""
        return tool in self.relaying or item in self._relayed.get(tool, ())

    def forms(self, tool: str, item: str) -> tuple[str, ...]:
        """What a record may be once it stands in a tool: itself, or what the tool promotes it to."""
        for holders, what, into in self._promotions:
            if tool in holders and item in what:
                return (item, *into)
        return (item,)


class Search:
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
        self._steps: list[_Step] = [((start, item), item, -1, None) for start in starts for item in objects]
        self._heap = [(0, 0, i) for i in range(len(self._steps))]
        self._first: dict[str, tuple[int, int, When]] = {}
        self._due: dict[State, When] = {}
        self._done: dict[State, When] = {}
        self._sent: dict[State, When] = {}

    def first_of(self, ends: Container[str]) -> tuple[int, When]:
        """The step that comes to one of some tools first, and when.

        Raises:
            LookupError: No record comes to any of them.
        """
        known = self._known(ends)
        while known is None:
            if not self._heap:
                raise LookupError(f"nothing comes to {ends}")
            tool = self._go_on()
            if tool is not None and tool in ends:
                known = self._first[tool]
        return known[1], known[2]

    def _known(self, ends: Container[str]) -> tuple[int, int, When] | None:
        if isinstance(ends, frozenset) and len(ends) < len(self._first):
            return min((self._first[t] for t in ends if t in self._first), default=None)
        return next((at for tool, at in self._first.items() if tool in ends), None)

    def _go_on(self) -> str | None:
        """Take the next state and follow every connection onwards; its tool, None where the state was known already."""
        minutes, hops, index = heapq.heappop(self._heap)
        state, first, _, _ = self._steps[index]
        if state in self._done:
            return None
        when = self._done[state] = (minutes, hops)
        tool, item = state
        if tool not in self._first:
            self._first[tool] = (len(self._first), index, when)
        if not hops:
            self._send(tool, item, first, index, when)
        elif self._ground.relays(tool, item):
            for form in self._ground.forms(tool, item):
                self._send(tool, form, first, index, when)
        return tool

    def _send(self, tool: str, item: str, first: str, index: int, when: When) -> None:
        """Follow every connection that takes the record on, unless it comes there no sooner than by another."""
        self._sent.setdefault((tool, item), when)
        leaving = self._leaving.get(tool)
        if leaving is None:
            return
        steps, due, (minutes, hops) = self._steps, self._due, when
        for takes, onto, edge in leaving.onward(item, self.traffic):
            there = (minutes + takes, hops + 1)
            if onto not in due or there < due[onto]:
                due[onto] = there
                heapq.heappush(self._heap, (*there, len(steps)))
                steps.append((onto, first, index, edge))

    def path(self, index: int, minutes: int) -> Path:
        """The way to a step."""
        edges: list[Edge] = []
        (tool, _), first, before, edge = self._steps[index]
        while edge is not None:
            edges.append(edge)
            (tool, _), _, before, edge = self._steps[before]
        edges.reverse()
        return Path(
            tools=(tool, *(e.target for e in edges)),
            object=first,
            minutes=minutes,
            automated=all(runs_by_itself(e, self.traffic.possible) for e in edges),
            degraded=any(e.status == "degraded" for e in edges),
            assumed_latency=any(e.assumed_latency for e in edges),
            edges=tuple(edges),
        )

    def gains(self, edge: Edge, until: When, ends: Container[str]) -> bool:
        """Whether a further connection might bring something to an end no later than at a moment."""
        for item in edge.objects or ():
            left = self._sent.get((edge.source, item))
            if left is None or not self.traffic.takes(edge, item):
                continue
            if edge.target not in ends and not self._ground.relays(edge.target, item):
                continue
            there = self._done.get((edge.target, item))
            arrival = (left[0] + edge.minutes, left[1] + 1)
            if arrival <= until and (there is None or arrival <= there):
                return True
        return False

    def loses(self, edge: Edge) -> bool:
        """Whether the search ever came to a connection that is taken away."""
        items = edge.objects if edge.objects is not None else {item for _, item in self._sent}
        return any((edge.source, item) in self._sent and self.traffic.takes(edge, item) for item in items)
