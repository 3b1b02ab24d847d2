"""How well one record gets from one part of the stack to another, as an interval over what is unknown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.analysis.roles import Role
from stackaudit.graph import Path
from stackaudit.model.vocabulary import Tri

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis


class Scored(Struct, frozen=True):
    """A score between 0 and 1: ``low`` takes every unknown as 0, ``high`` as 1; with the paths that give ``low``."""

    low: float
    high: float
    paths: tuple[Path, ...] = ()

    @property
    def known(self) -> bool:
        """Whether nothing unknown could change the score."""
        return self.low == self.high


NOTHING = Scored(0.0, 0.0)
MET = Scored(1.0, 1.0)


def grade(path: Path | None, max_minutes: int | None) -> float:
    """1 automated and in time, .5 late, manual or degraded, 0 absent (section 5.5)."""
    if path is None:
        return 0.0
    return 1.0 if path.automated and (max_minutes is None or path.minutes <= max_minutes) else 0.5


def more_may_run(analysis: Analysis, sources: Role, targets: Role) -> bool:
    """Whether a connection may run between two parts that the file does not claim to tell."""
    return not analysis.stack.closed_world or sources.hidden or targets.hidden


def path_score(
    analysis: Analysis, sources: Role, targets: Role, objects: Iterable[str], max_minutes: int | None
) -> Scored:
    """Score the best path over all source-target pairs.

    Args:
        analysis: Graph and what the file claims to know.
        sources: Tools that may send.
        targets: Tools that may receive.
        objects: The record must be one of these.
        max_minutes: Latest arrival that still counts in full; None for no limit.
    """
    objects = tuple(objects)
    graph = analysis.graph
    path = graph.best_path(sources.sure, targets.sure, objects) if sources.sure and targets.sure else None
    low = grade(path, max_minutes)
    if low == 1.0 or not (sources.possible and targets.possible):
        high = low
    elif more_may_run(analysis, sources, targets):
        high = 1.0
    else:
        high = max(low, grade(graph.best_path(sources.may, targets.may, objects, possible=True), max_minutes))
    return Scored(low, high, (path,) if path else ())


def arrival(analysis: Analysis, sources: Role, targets: Role, objects: Iterable[str]) -> Scored:
    """How well a record arrives, however late: what :func:`path_score` says without a limit, for less and without the path."""
    objects = tuple(objects)
    low = _arrival(analysis, sources.sure, targets.sure, objects) if sources.sure and targets.sure else 0.0
    if low == 1.0 or not (sources.possible and targets.possible):
        return Scored(low, low)
    if more_may_run(analysis, sources, targets):
        return Scored(low, 1.0)
    return Scored(low, max(low, _arrival(analysis, sources.may, targets.may, objects, possible=True)))


def _arrival(
    analysis: Analysis,
    sources: Iterable[str],
    targets: Iterable[str],
    objects: tuple[str, ...],
    *,
    possible: bool = False,
) -> float:
    graph = analysis.graph
    if not graph.connects(sources, targets, objects, possible=possible):
        return 0.0
    return 1.0 if graph.automates(sources, targets, objects, possible=possible) else 0.5


def reach(analysis: Analysis, sources: Role, targets: Role, objects: Iterable[str]) -> Tri:
    """Whether a record gets from one part of the stack to another at all, however late and by whomever carried.

    The same as asking whether :func:`path_score` is above 0 for sure, possibly or not at all, for less.
    """
    objects = tuple(objects)
    if sources.sure and targets.sure and analysis.graph.connects(sources.sure, targets.sure, objects):
        return Tri.YES
    if not (sources.possible and targets.possible):
        return Tri.NO
    if more_may_run(analysis, sources, targets):
        return Tri.UNKNOWN
    return Tri.UNKNOWN if analysis.graph.connects(sources.may, targets.may, objects, possible=True) else Tri.NO


def crm_weights(analysis: Analysis) -> dict[str, float]:
    """Share of the seats that each CRM holds; equal shares where a CRM does not declare its seats."""
    crms = analysis.roles.crm.sure
    seats = {c: analysis.tool(c).entry.seats for c in crms}
    total = sum(s or 0 for s in seats.values())
    if any(s is None for s in seats.values()) or not total:
        return {c: 1 / len(crms) for c in crms} if crms else {}
    return {c: (s or 0) / total for c, s in seats.items()}


def weighted(analysis: Analysis, other: Role, objects: Iterable[str], max_minutes: int, *, to_crm: bool) -> Scored:
    """Score the connection of every CRM with a part, weighted by the CRMs' seats (``precise.md``, 10)."""
    objects = tuple(objects)
    weights = crm_weights(analysis)
    if not weights:
        crm = analysis.roles.crm
        ends = (other, crm) if to_crm else (crm, other)
        return path_score(analysis, *ends, objects, max_minutes)
    low = high = 0.0
    paths: list[Path] = []
    for crm_id, weight in weights.items():
        one = Role((crm_id,), (crm_id,))
        ends = (other, one) if to_crm else (one, other)
        scored = path_score(analysis, *ends, objects, max_minutes)
        low += weight * scored.low
        high += weight * scored.high
        paths += scored.paths
    return Scored(round(low, 10), round(high, 10), tuple(paths))
