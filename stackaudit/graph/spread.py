"""Which records come to which tools at all, whenever: every record of a question at once, as bits of a number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from stackaudit.graph.search import Ground, Leaving, Traffic

if TYPE_CHECKING:
    from stackaudit.model.stack import Edge


class Spread:
    """How far records spread from some tools; it holds for a graph, and is handed on to one with other connections.

    The same states as of a :class:`~stackaudit.graph.search.Search`, without the order in which they are come to.
    """

    __slots__ = ("_came", "_ground", "_sent", "_traffic")

    def __init__(self, ground: Ground, traffic: Traffic, came: dict[str, int], sent: dict[str, int]) -> None:
        self._ground, self._traffic = ground, traffic
        self._came, self._sent = came, sent

    @classmethod
    def of(
        cls,
        ground: Ground,
        leaving: Mapping[str, Leaving],
        starts: Iterable[str],
        objects: tuple[str, ...],
        traffic: Traffic,
    ) -> Spread:
        """Begin in some tools with some records and follow every connection."""
        begin = dict.fromkeys(starts, ground.bits(objects))
        made = cls(ground, traffic, begin, dict(begin))
        made._follow(leaving, list(begin.items()))
        return made

    def comes_to(self, ends: Iterable[str]) -> bool:
        """Whether any record comes to any of some tools."""
        return not self._came.keys().isdisjoint(ends)

    def changed(self, leaving: Mapping[str, Leaving], added: Iterable[Edge], removed: Iterable[Edge]) -> Spread | None:
        """The same with other connections; None where one that was used is gone, so that all begins anew."""
        if any(self._over(edge) for edge in removed):
            return None
        new = [(edge.source, bits) for edge in added if (bits := self._over(edge) & ~self._came.get(edge.target, 0))]
        if not new:
            return self
        made = Spread(self._ground, self._traffic, dict(self._came), dict(self._sent))
        made._follow(leaving, new)
        return made

    def _over(self, edge: Edge) -> int:
        """The records that go over a connection."""
        sent = self._sent.get(edge.source, 0)
        return sent & self._ground.carried(edge, self._traffic) if sent else 0

    def _follow(self, leaving: Mapping[str, Leaving], work: list[tuple[str, int]]) -> None:
        """Send records from tools, each pair of a tool and what leaves it, until nothing new comes anywhere."""
        ground, traffic, came, sent = self._ground, self._traffic, self._came, self._sent
        while work:
            tool, bits = work.pop()
            here = leaving.get(tool)
            if here is None:
                continue
            for target, takes in here.masks(ground, traffic):
                known = came.get(target, 0)
                new = bits & takes & ~known
                if new:
                    came[target] = known | new
                    before = sent.get(target, 0)
                    onward = ground.passed_on(target, new) & ~before
                    if onward:
                        sent[target] = before | onward
                        work.append((target, onward))
