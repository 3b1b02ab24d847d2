"""The graph answers what a plain walk over all states answers, also after connections have changed."""

from __future__ import annotations

from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from stackaudit.graph.search import Ground, Leaving, Traffic
from stackaudit.graph.stackgraph import StackGraph, in_order
from stackaudit.model.stack import Edge, Tool
from stackaudit.model.vocabulary import Tri

TOOLS = ("a", "b", "c", "d", "e", "f")
RECORDS = ("lead", "usage", "intent", "opportunity", "health")
Question = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], bool]


class _Product:
    """As much of a tool as a search reads: it passes on nothing of its own."""

    known = None

    def __init__(self, name: str) -> None:
        self.id = name


some = st.sets(st.sampled_from(TOOLS), max_size=3).map(frozenset)
grounds = st.builds(
    lambda relaying, crms, csps: Ground(
        cast("dict[str, Tool]", {t: _Product(t) for t in TOOLS}), relaying | crms, crms, csps
    ),
    some,
    some,
    some,
)
records = st.sets(st.sampled_from(RECORDS), min_size=1, max_size=3).map(frozenset)


def edges(objects: st.SearchStrategy[frozenset[str] | None]) -> st.SearchStrategy[list[Edge]]:
    """Connections, each with its own rank."""
    one = st.builds(
        Edge,
        source=st.sampled_from(TOOLS),
        target=st.sampled_from(TOOLS),
        objects=objects,
        minutes=st.sampled_from((0, 5, 60, 1440)),
        automated=st.sampled_from(Tri),
        status=st.sampled_from(("live", "live", "degraded", "planned")),
        index=st.integers(0, 10**6),
    ).filter(lambda e: e.source != e.target)
    return st.lists(one, max_size=9, unique_by=lambda e: e.index)


ends = st.sets(st.sampled_from(TOOLS), min_size=1, max_size=2).map(sorted).map(tuple)
questions = st.lists(st.tuples(ends, ends, records.map(sorted).map(tuple), st.booleans()), min_size=1, max_size=6)


def made(ground: Ground, connections: list[Edge]) -> StackGraph:
    """A graph that was made from no other."""
    ordered = sorted(connections, key=in_order)
    out: dict[str, list[Edge]] = {}
    for edge in ordered:
        if edge.exists:
            out.setdefault(edge.source, []).append(edge)
    return StackGraph(ground, tuple(ordered), {tool: Leaving(own) for tool, own in out.items()})


def soonest(ground: Ground, connections: list[Edge], question: Question) -> tuple[bool, int] | None:
    """Whether the best way is automated and how long it takes: every state relaxed until nothing changes."""
    starts, targets, items, possible = question
    if set(starts) & set(targets):
        return True, 0
    for automated in (True, False):
        traffic = Traffic(automated, possible)
        begun = {(t, item) for t in starts for item in items}
        when = dict.fromkeys(begun, 0)
        for _ in range(len(TOOLS) * len(RECORDS)):
            for (tool, item), minutes in list(when.items()):
                first = (tool, item) in begun
                forms = (item,) if first else ground.forms(tool, item) if ground.relays(tool, item) else ()
                for edge in connections:
                    for form in forms:
                        if edge.source == tool and edge.exists and traffic.takes(edge, form):
                            there = (edge.target, form)
                            when[there] = min(when.get(there, 10**9), minutes + edge.minutes)
        found = [minutes for (tool, _), minutes in when.items() if tool in targets]
        if found:
            return automated, min(found)
    return None


def answers(graph: StackGraph, asked: list[Question]) -> list[tuple[int, bool] | None]:
    """The minutes of each best path, and whether there is one; None where there is none."""
    told = []
    for sources, targets, items, possible in asked:
        path = graph.best_path(sources, targets, items, possible=possible)
        assert graph.connects(sources, targets, items, possible=possible) == (path is not None)
        told.append(None if path is None else (path.minutes, path.automated))
    return told


@settings(deadline=None)
@given(grounds, edges(st.none() | records), questions)
def test_the_best_path_is_the_one_that_a_walk_over_all_states_finds(
    ground: Ground, connections: list[Edge], asked: list[Question]
) -> None:
    for question, told in zip(asked, answers(made(ground, connections), asked), strict=True):
        expected = soonest(ground, connections, question)
        assert (told is None) == (expected is None)
        if told is not None and expected is not None:
            assert told[0] == expected[1]
            assert told[1] or not expected[0]


@settings(deadline=None)
@given(grounds, edges(records), questions, st.data())
def test_a_changed_graph_answers_as_one_that_was_made_with_these_connections(
    ground: Ground, connections: list[Edge], asked: list[Question], data: st.DataObject
) -> None:
    begin = data.draw(st.integers(0, len(connections)))
    here, now = made(ground, connections[:begin]), connections[:begin]
    answers(here, asked)
    for edge in connections[begin:]:
        gone = data.draw(st.none() | st.sampled_from(now)) if now else None
        now = [e for e in now if e is not gone] + [edge]
        here = here.changed([edge], [gone] if gone else [])
        assert answers(here, asked) == answers(made(ground, now), asked)
