"""SIG and MET: signals that nobody acts on, and metrics that are made by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from stackaudit.analysis.signals import SignalReach
from stackaudit.model.plugins import Draft, RuleContext
from stackaudit.model.result import Evidence
from stackaudit.model.vocabulary import Level, NeedLabel, Severity, Tri
from stackaudit.rules.support import (
    NEEDS_REVOPS,
    bring,
    not_assessed,
    path_lines,
    sentence,
    staying,
    subscriptions_unknown,
    undecided,
)
from stackaudit.wording import join, late

if TYPE_CHECKING:
    from stackaudit.analysis.metrics import Readiness
    from stackaudit.model.catalog import Metric


def _name(context: RuleContext, signal: SignalReach) -> str:
    return context.analysis.catalog.signals[signal.id].name


def _lines(context: RuleContext, signal: SignalReach) -> tuple[Evidence, ...]:
    found = [Evidence(text=f"Captured in {context.analysis.names(signal.sources)}")]
    return (*found, *path_lines(context.analysis, [signal.path] if signal.path else []))


def _unsure(context: RuleContext, signals: list[SignalReach]) -> Iterable[Draft]:
    if signals:
        why = undecided(context)
        names = ", ".join(_name(context, s) for s in signals)
        yield not_assessed(f"{names}: {why}", {t for s in signals for t in s.sources})


def dead_end(context: RuleContext) -> Iterable[Draft]:
    """SIG-001: captured, and visible to nobody outside the tool; what is to go needs no way out for its signals."""
    unsure = []
    for signal in context.analysis.signals:
        if signal.level is not Level.DEAD_END or not staying(context.analysis, signal.sources):
            continue
        if signal.high > signal.level:
            unsure.append(signal)
            continue
        names = context.analysis.names(signal.sources)
        yield Draft(
            message=f"{_name(context, signal)}: captured in {names}, and it ends there.",
            subjects=signal.sources,
            severity=Severity.LOW if context.shapes.need.label is NeedLabel.SALES_OPS else Severity.MEDIUM,
            facet=signal.id,
            evidence=_lines(context, signal),
        )
    yield from _unsure(context, unsure)


def nobody_named(context: RuleContext) -> Iterable[Draft]:
    """SIG-002: seen or reachable, without a declared play; plays are declared or absent, so it can always tell."""
    for signal in context.analysis.signals:
        if signal.plays or signal.level not in (Level.VISIBLE, Level.REACHABLE):
            continue
        if signal.level is Level.VISIBLE:
            severity, how = Severity.MEDIUM, "it can be seen"
        else:
            severity, how = Severity.LOW, "it could reach an action in time"
        yield Draft(
            message=f"{_name(context, signal)}: {how}, and no play names who acts.",
            subjects=signal.sources,
            severity=severity,
            facet=signal.id,
            evidence=_lines(context, signal),
        )


def too_late(context: RuleContext) -> Iterable[Draft]:
    """SIG-003: an automatic path to an action that is slower than the deadline."""
    unsure = []
    for signal in context.analysis.signals:
        if not signal.late or signal.path is None:
            continue
        if signal.high >= Level.REACHABLE:
            unsure.append(signal)
            continue
        target = context.analysis.label(signal.path.tools[-1])
        yield Draft(
            message=f"{_name(context, signal)}: reaches {target} {late(signal.path.minutes, signal.deadline)}.",
            subjects=tuple(sorted(set(signal.path.tools))),
            facet=signal.id,
            evidence=_lines(context, signal),
        )
    yield from _unsure(context, unsure)


def no_learning(context: RuleContext) -> Iterable[Draft]:
    """SIG-004: somebody acts, and the outcome is written nowhere."""
    unsure = []
    for signal in context.analysis.signals:
        if signal.level is not Level.OWNED or signal.path is None:
            continue
        if signal.high > signal.level:
            unsure.append(signal)
            continue
        target = signal.path.tools[-1]
        yield Draft(
            message=f"{_name(context, signal)}: {context.analysis.label(target)} acts and writes the outcome to neither CRM nor warehouse.",
            subjects=(target,),
            facet=signal.id,
            evidence=_lines(context, signal),
        )
    yield from _unsure(context, unsure)


def surprise_churn(context: RuleContext) -> Iterable[Draft]:
    """SIG-005: renewals that trigger nothing in time."""
    analysis = context.analysis
    company = analysis.stack.inventory.company
    if analysis.subscription is Tri.NO or set(company.motions or ()) == {"plg"}:
        return
    if company.employees is None:
        yield not_assessed("The number of employees is not declared.")
        return
    signal = next(s for s in analysis.signals if s.id == "renewal_window")
    if company.employees < context.thresholds["sig_005_employees"] or signal.level >= Level.REACHABLE:
        return
    if analysis.subscription is Tri.UNKNOWN:
        yield subscriptions_unknown(context)
    elif signal.high >= Level.REACHABLE:
        yield from _unsure(context, [signal])
    else:
        how = "are captured and reach no action in time" if signal.captured else "are captured by no tool"
        light = context.shapes.need.label is NeedLabel.SALES_OPS
        yield Draft(
            message=f"Renewals {how}.",
            subjects=signal.sources,
            severity=Severity.MEDIUM if light else Severity.HIGH,
            facet=signal.id,
            evidence=_lines(context, signal) if signal.captured else (),
        )


def made_by_hand(context: RuleContext) -> Iterable[Draft]:
    """MET-001: a tracked metric that cannot be computed, or only in part; what finance computes is left out."""
    analysis = context.analysis
    org = analysis.stack.inventory.org
    tracked = set(org.metrics_tracked or ()) if org else set()
    tracked -= set(org.metrics_by_finance or ()) if org else set()
    unsure = []
    for metric in analysis.metrics:
        if metric.id not in tracked or metric.status in {"computable", "not_applicable"}:
            continue
        spec = analysis.catalog.metrics[metric.id]
        if metric.status == "not_assessed":
            unsure.append(spec.name)
            continue
        high = metric.status == "not_computable" and context.shapes.need.label in NEEDS_REVOPS
        subjects = {t for gap in metric.gaps for t in gap.sources} | ({metric.node} if metric.node else set())
        missing = "; ".join(metric.missing)
        word = "cannot be computed" if metric.status == "not_computable" else "can be computed in part"
        yield Draft(
            message=f"{spec.name} {word}: {missing}.",
            subjects=tuple(sorted(subjects)),
            severity=Severity.HIGH if high else Severity.MEDIUM,
            facet=metric.id,
            title=f"{spec.name} {word}",
            evidence=(
                Evidence(text=f"Formula: {spec.formula}"),
                *(Evidence(text=f"Missing: {text}") for text in metric.missing),
            ),
            fix=_to_compute(context, metric, spec),
        )
    if unsure:
        yield not_assessed(f"{', '.join(unsure)}: {undecided(context)}")


_PLACES = {
    "bi": ("BI", "the warehouse"),
    "crm": ("the reports of the CRM",),
    "forecast": ("a forecasting tool",),
    "billing": ("a tool that reports ARR",),
}


def _to_compute(context: RuleContext, metric: Readiness, spec: Metric) -> str:
    """What to do so that a metric can be computed: what to bring where, what to put in use, or where to compute it."""
    analysis = context.analysis
    facts = {fact.name: fact for fact in spec.facts}
    ways = []
    for gap in metric.gaps:
        fact = facts[gap.fact]
        if not gap.sources:
            by = join(analysis.work(fact.capabilities), "or")
            ways.append(f"put in use what provides {fact.name}" + (f" ({by})" if by else ""))
        elif metric.node is None:
            ways.append(f"compute it in {join((place for n in spec.nodes for place in _PLACES[n]), 'or')}")
        elif metric.node not in gap.sources:
            last = "and" if fact.part == "crm" else "or"
            ways.append(bring(analysis, fact.name, gap.sources, (metric.node,), last))
    return sentence(join(dict.fromkeys(ways)))


CHECKS = {
    "SIG-001": dead_end,
    "SIG-002": nobody_named,
    "SIG-003": too_late,
    "SIG-004": no_learning,
    "SIG-005": surprise_churn,
    "MET-001": made_by_hand,
}
