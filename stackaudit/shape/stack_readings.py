"""The named tests that read a side from the stack: its dimensions, links, handoffs, numbers and signals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from stackaudit.analysis.estate import outside_crms
from stackaudit.analysis.scoring import Scored
from stackaudit.analysis.signals import shares
from stackaudit.model.guidance import Side
from stackaudit.model.vocabulary import Level, Tri
from stackaudit.shape.ground import NOTHING, Ground, Read, inner, listed, scored_side
from stackaudit.shape.interval import mean

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.model.guidance import Reading


def dimension(ground: Ground, spec: Reading) -> Read:
    """A scored part of the stack; ``field`` names a role that must be played, or there is nothing to read."""
    if spec.field and not getattr(ground.analysis.roles, spec.field).sure:
        return Read(None, {"forecast": "No forecast roll-up is known to be in use"}.get(spec.field, "No CRM is in use"))
    found = next(d for d in ground.stack.dimensions if d.id == spec.ids[0])
    return Read(scored_side(ground.analysis, found.low, found.high), "; ".join(found.reasons))


def links(ground: Ground, spec: Reading) -> Read:
    """How many of the named cross-functional links work."""
    found = [x for x in ground.analysis.links if x.id in spec.ids and x.applies]
    names = {x.id: ground.analysis.catalog.links[x.id].name for x in found}
    return _wired(ground, ((names[x.id], x.scored) for x in found), "links")


def handoffs(ground: Ground, spec: Reading) -> Read:
    """How many of the named handoffs work, of those that apply and are needed."""
    found = [h for h in ground.analysis.handoffs if h.id in spec.ids and h.applies and h.needed]
    names = {h.id: ground.analysis.catalog.handoffs[h.id].name for h in found}
    return _wired(ground, ((names[h.id], h.scored) for h in found), "handoffs after closed-won")


def _wired(ground: Ground, parts: Iterable[tuple[str, Scored]], what: str) -> Read:
    scored = list(parts)
    if not scored:
        return NOTHING
    interval = mean(s for _, s in scored)
    absent = [inner(name) for name, s in scored if s.high == 0]
    whole, some = sum(s.low >= 1 for _, s in scored), sum(0 < s.low < 1 for _, s in scored)
    text = f"{whole} of {len(scored)} {what} work in full" + (f", {some} in part" if some else "")
    if absent:
        text += f"; absent: {listed(absent)}"
    return Read(scored_side(ground.analysis, interval.low, interval.high), text)


def together(ground: Ground, spec: Reading) -> Read:
    """What the numbers show together: BI or warehouse, or at least the CRM's own reports."""
    analysis = ground.analysis
    if not analysis.roles.bi_or_warehouse.may:
        own = analysis.has("crm_reporting") is Tri.YES
        return Read("sales_ops", "Only the CRM's own reports are in use") if own else Read(None, "No BI is in use")
    scored = next(x.scored for x in analysis.links if x.id in spec.ids)
    seen, _ = analysis.functions_in_bi
    where = analysis.names(analysis.roles.bi_or_warehouse.sure) or "BI"
    text = f"{listed(seen)} {'reaches' if len(seen) == 1 else 'reach'} {where}" if seen else "No function reaches BI"
    return Read(scored_side(analysis, scored.low, scored.high), text[:1].upper() + text[1:])


def estate(ground: Ground, _: Reading) -> Read:
    """A CRM that nobody's numbers include keeps whatever is shown together from being the whole."""
    outside = outside_crms(ground.analysis)
    return (
        Read("sales_ops", f"Accounts or deals in {ground.analysis.names(outside)} stay outside") if outside else NOTHING
    )


def execution(ground: Ground, _: Reading) -> Read:
    """How many captured signals have an owner (RevOps side) or at least reach a tool that can act (both)."""
    analysis = ground.analysis
    captured, reach, owned, _closed = shares(analysis.signals)
    if not captured:
        return NOTHING
    kept = [s for s in analysis.signals if s.captured]
    best = [sum(s.high >= level for s in kept) / captured for level in (Level.REACHABLE, Level.OWNED)]
    one, two = (_state(analysis, *pair) for pair in ((reach, owned), best))
    text = (
        f"Of {captured} captured signals, {reach:.0%} reach a tool that can act in time and {owned:.0%} have an owner"
    )
    return Read(one if one == two else None, text)


def _state(analysis: Analysis, reach: float, owned: float) -> Side:
    if reach < analysis.threshold("gap_008_reach"):
        return "sales_ops"
    return "revops" if owned >= analysis.threshold("gap_008_coverage") else "both"
