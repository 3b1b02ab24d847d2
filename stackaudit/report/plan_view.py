"""The plan in words: what to do first, and every step by stretch with the stack as it will stand."""

from __future__ import annotations

from itertools import groupby
from math import fsum
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.report.drawings.plan import changes
from stackaudit.report.facts import named
from stackaudit.report.words import METHODS, SHAPES, SIZES, date, plural, score

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult, RoadmapStep

FIRST = 3


class StepView(Struct, frozen=True):
    """One step, ready to show; ``after`` is empty where the score stays as it was."""

    id: str
    title: str
    owner: str
    due: str
    effort: str
    connector: str
    after: str
    unlocks: str
    findings: tuple[str, ...]
    findings_word: str


class BucketView(Struct, frozen=True):
    """One stretch of the plan."""

    name: str
    steps: tuple[StepView, ...]


def buckets(result: AuditResult) -> tuple[BucketView, ...]:
    """The plan by stretch."""
    changing = {s.id for s in changes(result)}
    return tuple(
        BucketView(name, tuple(_step(result, s, s.id in changing) for s in steps))
        for name, steps in groupby(result.roadmap, key=lambda s: s.bucket_name)
    )


def first_steps(result: AuditResult) -> tuple[StepView, ...]:
    """Three decisions to take now: what has the next date, what moves the stack most, and what answers most."""
    steps, picked = list(result.roadmap), []
    gains = _gains(result)
    weights = {f.id: {"critical": 8, "high": 4, "medium": 2}.get(f.severity.value, 1) for f in result.findings}
    orders = (
        lambda s: (s.kind != "deadline", s.due is None, s.due, s.id),
        lambda s: (-gains.get(s.id, 0.0), s.id),
        lambda s: (-fsum(weights.get(f, 0) for f in s.findings), s.id),
    )
    for order in orders:
        left = [s for s in steps if s not in picked]
        if left:
            picked.append(min(left, key=order))
    changing = {s.id for s in changes(result)}
    chosen = sorted(picked[:FIRST], key=lambda s: (s.due is None, s.due, s.id))
    return tuple(_step(result, s, s.id in changing) for s in chosen)


def _gains(result: AuditResult) -> dict[str, float]:
    found, before = {}, result.shape.stack.score or 0.0
    for step in result.roadmap:
        found[step.id] = (step.score_after or before) - before
        before = step.score_after or before
    return found


def _step(result: AuditResult, step: RoadmapStep, changes_score: bool) -> StepView:
    label = SHAPES.get(step.label_after or "", step.label_after or "")
    return StepView(
        id=step.id,
        title=step.title,
        owner=step.owner or "nobody yet",
        due=date(step.due),
        effort=SIZES[step.effort],
        connector=METHODS.get(step.connector, step.connector) if step.connector else "",
        after=f"{label}, {score(step.score_after)}" if changes_score else "",
        unlocks=named(result, step.unlocks),
        findings=step.findings,
        findings_word=plural(len(step.findings), "finding"),
    )
