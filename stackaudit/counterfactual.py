"""The stack scored again with one more connection, each on top of the ones before: what would change the verdict."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.analysis.repairs import Repair, connected, repairs, wanted
from stackaudit.model.result import Counterfactual
from stackaudit.model.vocabulary import SHAPE_RANK, Level
from stackaudit.shape.stack import StackScore, stack_score

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.shape import Shapes

MOST_PAIRS = 80
"""How many pairs of connections are tried out when the best single ones do not change the shape soon enough."""

MOST_TRIED, LEAST_TRIED = 60, 12
TRIED_CONNECTIONS = 150_000
"""How many connections are tried out at each step: the fewer, the more the stack has. ``limit_line`` says so."""


class Step(Struct, frozen=True):
    """One connection and the stack with it, how that scores; ``gain`` is in points of the score."""

    repair: Repair
    analysis: Analysis
    scored: StackScore
    gain: float
    changes_label: bool


def counterfactuals(analysis: Analysis, shapes: Shapes) -> tuple[Step, ...]:
    """Add the connection that helps most, again and again, while it helps.

    The first ones are the shortest list that changes the shape of the stack: where two well-chosen connections do it
    and the best single ones one after the other do not, those two come first.

    Returns:
        Steps in order; empty where the shape is unknown, nothing is missing or the company needs nothing.
    """
    if shapes.scored.score is None:
        return ()
    greedy = _greedy(analysis, shapes, [])
    first = next((i for i, step in enumerate(greedy) if step.changes_label), None)
    if first is None or first < 2:
        return greedy
    pair = _pair(analysis, shapes)
    return _greedy(analysis, shapes, pair) if pair else greedy


def _greedy(analysis: Analysis, shapes: Shapes, begin: list[Repair]) -> tuple[Step, ...]:
    """The best connection at each step, those of ``begin`` first."""
    steps: list[Step] = []
    here, before = analysis, shapes.scored
    most, least = analysis.threshold("roadmap_connections"), analysis.threshold("roadmap_least_gain")
    while len(steps) < most:
        forced = begin[len(steps) : len(steps) + 1]
        options = (_try(here, before, r) for r in forced or repairs(here, shapes.need.label, _most(analysis)))
        best = max(options, key=_worth, default=None)
        if best is None or not (forced or best.changes_label or best.gain >= least):
            break
        steps.append(best)
        here, before = best.analysis, best.scored
    return tuple(steps)


def limit_line(analysis: Analysis, shapes: Shapes) -> tuple[str, ...]:
    """The sentence for the reader where not every connection that could help was tried out."""
    count = len(wanted(analysis, shapes.need.label)) if shapes.scored.score is not None else 0
    most = _most(analysis)
    if count <= most:
        return ()
    return (
        f"{count:,} connections could help the stack; at each step of the plan the {most} that promise most were "
        "tried out.",
    )


def _most(analysis: Analysis) -> int:
    return min(MOST_TRIED, max(LEAST_TRIED, TRIED_CONNECTIONS // max(1, len(analysis.stack.connections))))


def _worth(step: Step) -> tuple[float, bool, float, int, bool, str]:
    """The better shape first; a company split in two is made whole before anything else; then points.

    Among equals the connection that serves more comes first, then one that a vendor offers ready-made.
    """
    repair = step.repair
    return (
        SHAPE_RANK.get(step.scored.label) or 0.0,
        "split_estate" in repair.serves,
        step.scored.low,
        len(repair.serves),
        repair.connector == "native",
        f"{repair.target}\x00{repair.source}",
    )


def _try(analysis: Analysis, before: StackScore, repair: Repair) -> Step:
    after = analysis.rewired(connected(analysis.stack, repair))
    scored = stack_score(after)
    better = (SHAPE_RANK.get(scored.label) or 0.0) > (SHAPE_RANK.get(before.label) or 0.0)
    return Step(repair, after, scored, round(scored.low - before.low, 1), better)


def _pair(analysis: Analysis, shapes: Shapes) -> list[Repair]:
    """Two connections that together change the shape, the best such two; none where there are too many to try."""
    options = list(combinations(repairs(analysis, shapes.need.label, _most(analysis)), 2))
    best: tuple[Step | None, list[Repair]] = (None, [])
    for one, two in options if len(options) <= MOST_PAIRS else ():
        both = _try(_try(analysis, shapes.scored, one).analysis, shapes.scored, two)
        if both.changes_label and (best[0] is None or _worth(both) > _worth(best[0])):
            best = (both, [one, two])
    return best[1]


def listed(analysis: Analysis, steps: tuple[Step, ...]) -> tuple[Counterfactual, ...]:
    """The steps as the result shows them."""
    infos = []
    before = analysis
    for step in steps:
        repair = step.repair
        ends = analysis.names((repair.source, repair.target), " ↔ " if repair.back else " → ")
        rewritten = {c.index: f"{c.source}>{c.target}" for c in before.stack.connections}
        infos.append(
            Counterfactual(
                add=f"{ends} ({', '.join(repair.objects)})",
                from_=repair.source,
                to=repair.target,
                two_way=repair.back,
                objects=repair.objects,
                connector=repair.connector,
                serves=repair.serves,
                replaces=tuple(sorted(rewritten[i] for i in repair.replaces)),
                score=step.scored.score if step.scored.score is not None else step.scored.low,
                label=step.scored.label,
                gain=step.gain,
                changes_label=step.changes_label,
                unlocks=unlocked(before, step.analysis),
            )
        )
        before = step.analysis
    return tuple(infos)


def unlocked(before: Analysis, after: Analysis) -> tuple[str, ...]:
    """Ids of the handoffs and metrics that work after and did not before, and of signals that newly reach an action."""
    return tuple(
        sorted(
            (_working(after) - _working(before))
            | {s.id for s in after.signals if s.level >= Level.REACHABLE}
            - {s.id for s in before.signals if s.level >= Level.REACHABLE}
        )
    )


def _working(analysis: Analysis) -> set[str]:
    handoffs = {h.id for h in analysis.handoffs if h.applies and h.needed and h.scored.low >= 1}
    return handoffs | {m.id for m in analysis.metrics if m.status == "computable"}
