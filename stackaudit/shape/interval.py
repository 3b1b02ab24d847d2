"""Scores as intervals: what is known for sure, and what could be if every unknown were in favour."""

from __future__ import annotations

from collections.abc import Iterable
from math import fsum
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from stackaudit.model.result import Dimension

if TYPE_CHECKING:
    from stackaudit.analysis.scoring import Scored
    from stackaudit.model.catalog import Weight

L = TypeVar("L", bound=str)


class Interval(Struct, frozen=True):
    """Two ends between 0 and 1."""

    low: float
    high: float


def mean(scores: Iterable[Scored]) -> Interval:
    """Mean of both ends; nothing to average is nothing reached."""
    scores = list(scores)
    if not scores:
        return Interval(0, 0)
    return Interval(fsum(s.low for s in scores) / len(scores), fsum(s.high for s in scores) / len(scores))


def dimension(weight: Weight, scored: Interval, reasons: tuple[str, ...]) -> Dimension:
    """One weighted part of a shape; what is unknown scores 0 in ``score``."""
    return Dimension(
        id=weight.id,
        name=weight.name,
        weight=weight.weight,
        score=round(scored.low, 4),
        low=round(scored.low, 4),
        high=round(scored.high, 4),
        reasons=reasons,
    )


def decide(low: L, high: L, width: float, limit: float) -> tuple[L | None, tuple[str, ...]]:
    """One label for an interval.

    The lower end decides, since an unknown never passes; but where the unknown spans more than ``limit`` points and
    the two ends carry different labels, the honest answer is None: unknown.

    Returns:
        The label or None, and the two labels in question where they differ.
    """
    if low == high:
        return low, ()
    return (None if width > limit or limit == 0 else low), (str(low), str(high))
