"""Which connections a tool's layer needs, and how many of them are live."""

from __future__ import annotations

from functools import reduce
from math import fsum
from operator import or_
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.analysis.roles import Role
from stackaudit.analysis.scoring import Scored, arrival
from stackaudit.model.vocabulary import Tri

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.model.scoring import Need
    from stackaudit.model.stack import Tool


class Wiring(Struct, frozen=True):
    """Live required connections over required ones, as an interval; ``required`` is how many there are."""

    required: int
    low: float
    high: float
    missing: tuple[str, ...] = ()


def wiring(analysis: Analysis, tool: Tool) -> Wiring | None:
    """How far a tool's needs are met: 1 automated, half by hand or degraded; None where its layer needs nothing here."""
    met: list[Scored] = []
    missing = []
    for need in analysis.catalog.scoring.needs:
        if need.layer != tool.layer or (need.only_with and tool.uses_any(need.only_with) is not Tri.YES):
            continue
        scored = _score(analysis, tool, need)
        if scored is None:
            continue
        met.append(scored)
        if scored.high == 0:
            missing.append(f"{'/'.join(need.sends)} out" if need.sends else f"{'/'.join(need.receives)} in")
    if not met:
        return None
    low, high = (fsum(getattr(s, end) for s in met) / len(met) for end in ("low", "high"))
    return Wiring(len(met), low, high, tuple(missing))


def _score(analysis: Analysis, tool: Tool, need: Need) -> Scored | None:
    """One need; None where nothing at the other end exists, which is another rule's matter."""
    ends: Role = reduce(or_, (getattr(analysis.roles, part) for part in need.ends))
    others = Role(tuple(t for t in ends.sure if t != tool.id), tuple(t for t in ends.may if t != tool.id))
    if not others.sure:
        return None
    here = Role((tool.id,), (tool.id,))
    if need.sends:
        return arrival(analysis, here, others, need.sends)
    return arrival(analysis, others, here, need.receives)
