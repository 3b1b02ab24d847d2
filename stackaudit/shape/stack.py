"""Shape of the stack, from tools and connections only (section 8.1; ``precise.md``, B)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from math import fsum
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.analysis.estate import outside_crms
from stackaudit.analysis.roles import TOUCHED
from stackaudit.analysis.scoring import Scored, reach
from stackaudit.model.result import Note, StackShape
from stackaudit.model.vocabulary import StackLabel, Tri, either
from stackaudit.shape.interval import Interval, decide, dimension, mean

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis

RECORDED = ("account", "contact", "lead", "opportunity", "subscription")
_ORDER = (StackLabel.PRE_OPS, StackLabel.SALES_OPS, StackLabel.HYBRID, StackLabel.REVOPS)


class _Part(Struct, frozen=True):
    """One of the eight dimensions, and its reasons as they are told where somebody wants to hear them."""

    interval: Interval
    reasons: Callable[[], tuple[str, ...]]


class StackScore(Struct, frozen=True, dict=True):
    """How a stack scores, before anything of it is put into words: many are compared, and few are shown.

    ``score``, ``low`` and ``high`` are points of 100; ``score`` is None where the label is unknown.
    """

    analysis: Analysis
    label: StackLabel
    score: float | None
    low: float
    high: float
    between: tuple[str, ...]
    parts: Mapping[str, _Part]
    gates: tuple[Note, ...]

    @cached_property
    def shape(self) -> StackShape:
        """The same with its reasons, as the result shows it."""
        parts = self.parts
        return StackShape(
            label=self.label,
            score=self.score,
            low=self.low,
            high=self.high,
            between=self.between,
            dimensions=tuple(
                dimension(w, parts[w.id].interval, parts[w.id].reasons()) for w in self.analysis.catalog.stack_weights
            ),
            gates=self.gates,
            overlays=_overlays(self.analysis, parts),
        )


def stack_score(analysis: Analysis) -> StackScore:
    """Score the eight dimensions, label the sum, and let the gates speak."""
    weights = analysis.catalog.stack_weights
    parts = {w.id: _SCORERS[w.id](analysis) for w in weights}
    low = fsum(w.weight * parts[w.id].interval.low for w in weights)
    high = fsum(w.weight * parts[w.id].interval.high for w in weights)
    low_label, low_gates = _label(analysis, low, {i: p.interval.low for i, p in parts.items()}, best=False)
    high_label, _ = _label(analysis, high, {i: p.interval.high for i, p in parts.items()}, best=True)
    limit = analysis.threshold("shape_undecided_width")
    if low_label is StackLabel.PRE_OPS:
        limit = 0.0  # having no sales process is a matter of a connection or two, whatever the points
    label, between = decide(low_label, high_label, high - low, limit)
    return StackScore(
        analysis,
        label=label or StackLabel.UNKNOWN,
        score=round(low, 1) if label is not None else None,
        low=round(low, 1),
        high=round(high, 1),
        between=between,
        parts=parts,
        gates=low_gates if label is not None else (),
    )


def sequencing_wired(analysis: Analysis) -> Tri:
    """Whether a tool that runs sequences exchanges records with a CRM."""
    handoff = next(h for h in analysis.handoffs if h.id == "H04")
    return Tri.YES if handoff.scored.low > 0 else Tri.UNKNOWN if handoff.scored.high > 0 else Tri.NO


def _label(
    analysis: Analysis, score: float, values: Mapping[str, float], *, best: bool
) -> tuple[StackLabel, tuple[Note, ...]]:
    """Label a score; ``best`` reads every unknown in the stack's favour."""
    at, r = analysis.threshold, analysis.roles
    crm = r.crm.may if best else r.crm.sure
    if not crm:
        return StackLabel.PRE_OPS, (Note(id="no_crm", text="No CRM is in use, so there is no record to work on."),)
    yes = {Tri.YES, Tri.UNKNOWN} if best else {Tri.YES}
    worked = sequencing_wired(analysis) in yes or r.forecast.present in yes
    if not worked and score < at("shape_hybrid_from"):
        text = (
            "There is a CRM, but no sequences wired to it and no forecast roll-up in use: no sales process layer yet."
        )
        return StackLabel.PRE_OPS, (Note(id="no_sales_process", text=text),)
    if score < at("shape_hybrid_from"):
        label = StackLabel.SALES_OPS
    else:
        label = StackLabel.HYBRID if score < at("shape_revops_from") else StackLabel.REVOPS
    gates: list[Note] = []
    for cap, gate in _gates(analysis, values, best=best):
        if _ORDER.index(cap) < _ORDER.index(label):
            label = cap
            gates.append(gate)
    return label, tuple(gates)


def _gates(analysis: Analysis, values: Mapping[str, float], *, best: bool) -> Iterable[tuple[StackLabel, Note]]:
    at = analysis.threshold
    scores = {x.id: (x.scored.high if best else x.scored.low) for x in analysis.links if x.applies}
    whole = sum(s >= 1 for s in scores.values())
    if values["d1"] < 1 or whole < at("gate_revops_links") or scores["X1"] < at("gate_revops_x1"):
        text = (
            f"RevOps asks for a system in all three functions, {at('gate_revops_links'):.0f} whole cross-functional "
            f"links and leads that reach the CRM; {whole} links are whole."
        )
        yield StackLabel.HYBRID, Note(id="revops_breadth", text=text)
    outside = outside_crms(analysis)
    if outside and not best:
        text = (
            f"Split estate: {analysis.names(outside)} has no account or opportunity path to another CRM, the forecast "
            "or BI, so part of the business is missing from the numbers."
        )
        yield StackLabel.HYBRID, Note(id="split_estate", text=text)
    for limit, cap in (("gate_wiring_hybrid", StackLabel.HYBRID), ("gate_wiring_sales_ops", StackLabel.SALES_OPS)):
        if values["d3"] < at(limit):
            text = (
                f"Wiring stands at {values['d3']:.2f} of 1, under {at(limit):.2f}: whatever the tools, the stack "
                f"counts as {'hybrid' if cap is StackLabel.HYBRID else 'Sales Ops'} at most."
            )
            yield cap, Note(id=limit.removeprefix("gate_"), text=text)


def _overlays(analysis: Analysis, parts: Mapping[str, _Part]) -> tuple[Note, ...]:
    """What the sum does not say; weak wiring is a statement about connections, so the file must claim to know them."""
    if not analysis.stack.closed_world:
        return ()
    breadth = (parts["d1"].interval.low + parts["d2"].interval.low) / 2
    weak = parts["d3"].interval.high < analysis.threshold("overlay_wiring")
    if breadth >= analysis.threshold("overlay_breadth") and weak:
        text = "RevOps tools, Sales-Ops wiring"
        return (Note(id="fragmented", text=text),)
    return ()


def _tri(*states: Tri) -> tuple[int, int]:
    """How many hold for sure, and how many may."""
    return sum(s is Tri.YES for s in states), sum(s is not Tri.NO for s in states)


def _say(name: str, state: Tri) -> str:
    return {Tri.YES: f"{name}: in use", Tri.NO: f"{name}: none", Tri.UNKNOWN: f"{name}: not assessed"}[state]


def _said(states: Mapping[str, Tri]) -> tuple[str, ...]:
    return tuple(_say(name, state) for name, state in states.items())


def _functions(analysis: Analysis) -> _Part:
    r = analysis.roles
    states = {
        "Sales": (r.crm | r.layer_use["sales_engagement"]).present,
        "Marketing": r.map.present,
        "Customer success": r.csp.present,
    }
    sure, may = _tri(*states.values())
    return _Part(Interval(max(0, sure - 1) / 2, max(0, may - 1) / 2), lambda: _said(states))


def _revops_layers(analysis: Analysis) -> _Part:
    states = {
        "Marketing automation": analysis.roles.map.present,
        "Customer success platform": analysis.roles.csp.present,
        "Attribution": analysis.has("mta", "campaign_influence"),
        "Routing": analysis.has("lead_routing", "inbound_scheduling"),
    }
    sure, may = _tri(*states.values())
    return _Part(Interval(sure / 4, may / 4), lambda: _said(states))


def _wiring(analysis: Analysis) -> _Part:
    def reasons() -> tuple[str, ...]:
        named = ((x, f"{x.id} {analysis.catalog.links[x.id].name}") for x in analysis.links)
        return tuple(f"{name}: {_grade(x.scored) if x.applies else 'does not apply'}" for x, name in named)

    return _Part(mean(x.scored for x in analysis.links if x.applies), reasons)


def _unified_data(analysis: Analysis) -> _Part:
    objects = RECORDED if analysis.subscription is not Tri.NO else RECORDED[:-1]
    seen = next(x for x in analysis.links if x.id == "X8").scored
    if not analysis.records:
        nobody = "No tool is declared as system of record: not assessed"
        interval = Interval(seen.low / 2, 0.5 + seen.high / 2)
        return _Part(interval, lambda: (nobody, f"Functions seen together: {_grade(seen)}"))
    holders = {o: analysis.records[o].tools if o in analysis.records else () for o in objects}
    share = sum(len(t) == 1 for t in holders.values()) / len(objects)

    def reasons() -> tuple[str, ...]:
        sure, _ = analysis.functions_in_bi
        together = f"Functions that reach BI or the warehouse: {', '.join(sure) or 'none'}"
        return (*(f"{o}: {_held(analysis, tools)}" for o, tools in holders.items()), together)

    return _Part(Interval(share / 2 + seen.low / 2, share / 2 + seen.high / 2), reasons)


def _held(analysis: Analysis, tools: tuple[str, ...]) -> str:
    if not tools:
        return "no system of record"
    return analysis.names(tools) if len(tools) == 1 else f"claimed by {analysis.names(tools, ' and ')}"


def _lifecycle(analysis: Analysis) -> _Part:
    def reasons() -> tuple[str, ...]:
        named = ((h, f"{h.id} {analysis.catalog.handoffs[h.id].name}") for h in analysis.handoffs)
        return tuple(
            f"{name}: {'does not apply' if not h.applies else _grade(h.scored) if h.needed else 'not needed'}"
            for h, name in named
        )

    return _Part(mean(h.scored for h in analysis.handoffs if h.applies), reasons)


def _forecast_scope(analysis: Analysis) -> _Part:
    r = analysis.roles
    if not r.forecast.possible:
        return _Part(Interval(0, 0), lambda: ("No forecast roll-up is in use",))
    renewals = r.csp | analysis.using("renewal_mgmt")
    target = r.forecast | r.bi_or_warehouse
    one = reach(analysis, renewals, target, ("health", "renewal"))
    two = reach(analysis, r.billing, target, ("subscription", "invoice"))
    sure, may = _tri(one, two)
    return _Part(
        Interval(sure / 2 if r.forecast.sure else 0.0, may / 2),
        lambda: (
            f"Renewals and health reach the forecast or BI: {_yes(one)}",
            f"Subscriptions reach the forecast or BI: {_yes(two)}",
        ),
    )


def _attribution(analysis: Analysis) -> _Part:
    r = analysis.roles
    mta = analysis.using("mta")
    influence = analysis.has("campaign_influence")
    floor = Interval(0.25 if influence is Tri.YES else 0.0, 0.0 if influence is Tri.NO else 0.25)
    if not mta.possible:
        return _Part(floor, lambda: (_say("Campaign influence", influence), "Multi-touch attribution: none"))
    deals = reach(analysis, r.crm, mta, ("opportunity", "account"))
    clicks = reach(analysis, r.touches, mta, TOUCHED)
    steps = (0.25, 0.5, 1.0)
    sure, may = _tri(deals, clicks)
    low, high = steps[sure] if mta.sure else floor.low, steps[may]
    return _Part(
        Interval(low, max(low, high)),
        lambda: (
            f"Multi-touch attribution: {analysis.names(mta.sure) or 'not assessed'}",
            f"Deals from the CRM reach it: {_yes(deals)}",
            f"Touches from marketing or the web reach it: {_yes(clicks)}",
        ),
    )


def _cs_tooling(analysis: Analysis) -> _Part:
    r = analysis.roles
    if not r.csp.possible:
        return _Part(Interval(0, 0), lambda: ("No customer success platform is in use",))
    crm = reach(analysis, r.crm, r.csp, ("account", "opportunity", "contact", "renewal"))
    heard = either(reach(analysis, r.usage_sources, r.csp, ("usage",)), reach(analysis, r.tickets, r.csp, ("ticket",)))
    sure, may = _tri(crm, heard)
    return _Part(
        Interval(sure / 2, may / 2),
        lambda: (
            f"Customer success hears from the CRM: {_yes(crm)}",
            f"It hears from the product or support: {_yes(heard)}",
        ),
    )


_SCORERS: Mapping[str, Callable[[Analysis], _Part]] = {
    "d1": _functions,
    "d2": _revops_layers,
    "d3": _wiring,
    "d4": _unified_data,
    "d5": _lifecycle,
    "d6": _forecast_scope,
    "d7": _attribution,
    "d8": _cs_tooling,
}


def _yes(state: Tri) -> str:
    return {Tri.YES: "yes", Tri.UNKNOWN: "not assessed", Tri.NO: "no"}[state]


def _grade(scored: Scored) -> str:
    if not scored.known:
        return f"not assessed ({scored.low:.2g} to {scored.high:.2g})"
    if scored.low in (0.0, 1.0):
        return "works" if scored.low else "absent"
    return f"{scored.low:.2f} of 1"
