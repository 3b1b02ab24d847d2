"""RED: paying twice for the same work."""

from __future__ import annotations

from collections.abc import Iterable

from stackaudit.analysis.doubles import MAP_WORK, NEVER, OTHER_RULES, Double
from stackaudit.analysis.overlap import Overlap
from stackaudit.model.plugins import Draft, RuleContext
from stackaudit.model.result import Evidence
from stackaudit.model.stack import Tool
from stackaudit.model.vocabulary import Severity
from stackaudit.rules.choice import score_lines, suggestion, together
from stackaudit.rules.support import confidence, edge_line, not_assessed, tool_line


def groups(context: RuleContext, rule: str, facet: str | None = None) -> tuple[Double, ...]:
    """The groups that a rule judges."""
    return tuple(d for d in context.analysis.doubles if d.rule == rule and facet in (None, d.facet))


def same_job(context: RuleContext) -> Iterable[Draft]:
    """RED-001: tools of one layer with most of the smaller one's work in common; one finding a group."""
    analysis = context.analysis
    for double in groups(context, "RED-001"):
        shared = sorted({c for pair in double.pairs for c in pair.shared})
        known = "assumed to be in use" if any(p.inferred for p in double.pairs) else "in use"
        least = min(p.coefficient for p in double.pairs)
        of = "of what the smaller one does" if len(double.tools) == 2 else "or more of what the smaller one of two does"
        yield Draft(
            message=(
                f"{together(analysis, double.tools)} do the same job: {len(shared)} shared "
                f"{'capability' if len(shared) == 1 else 'capabilities'} {known}, {least:.0%} {of}."
            ),
            subjects=double.tools,
            severity=min((_pair_severity(context, p) for p in double.pairs), key=lambda s: s.rank),
            evidence=(*_shared_lines(context, double), *score_lines(analysis, double)),
            fix=suggestion(analysis, double),
            confidence=confidence(analysis.tool(t) for t in double.tools),
        )


def _pair_severity(context: RuleContext, pair: Overlap) -> Severity:
    """High where a defining capability is shared; low where one contract is small, in dollars."""
    entries = [context.analysis.tool(t).entry for t in pair.tools]
    costs = [context.analysis.usd(e.annual_cost, e.currency) for e in entries]
    if any(c is not None and c < context.thresholds["red_001_small_contract"] for c in costs):
        return Severity.LOW
    severity = Severity.HIGH if pair.defining else Severity.MEDIUM
    return severity.milder() if pair.inferred else severity


def _shared_lines(context: RuleContext, double: Double) -> tuple[Evidence, ...]:
    analysis = context.analysis
    lines = []
    work: dict[str, set[str]] = {tool_id: set() for tool_id in double.tools}
    for pair in double.pairs:
        for tool_id in pair.tools:
            work[tool_id].update(pair.shared)
    for tool_id in double.tools:
        entry = analysis.tool(tool_id).entry
        shared = sorted(work[tool_id])
        told = entry.seats is not None and entry.active_seats is not None
        seats = f"; {entry.active_seats} of {entry.seats} seats active" if told else ""
        lines.append(
            tool_line(analysis, tool_id, f"{analysis.label(tool_id)} has in use: {_named(context, shared)}{seats}")
        )
    joint = analysis.connections_within(double.tools)
    return (*lines, *(edge_line(analysis, c.index, "they are connected with each other") for c in joint))


def _named(context: RuleContext, capabilities: Iterable[str]) -> str:
    return ", ".join(context.analysis.work(capabilities))


def two_consents(context: RuleContext) -> Iterable[Draft]:
    """RED-003: marketing automation tools on overlapping contacts; one finding a group."""
    analysis = context.analysis
    for double in groups(context, "RED-003"):
        common = {c for pair in double.pairs for c in pair.shared} & MAP_WORK
        both = "both" if len(double.tools) == 2 else "all"
        yield Draft(
            message=(
                f"{together(analysis, double.tools)} {both} run marketing automation: "
                f"{len(common)} shared capabilities."
            ),
            subjects=double.tools,
            severity=Severity.MEDIUM if all(p.inferred for p in double.pairs) else Severity.HIGH,
            evidence=(*_shared_lines(context, double), *score_lines(analysis, double)),
            fix=suggestion(analysis, double),
            confidence=confidence(analysis.tool(t) for t in double.tools),
        )


def creeping_suite(context: RuleContext) -> Iterable[Draft]:
    """RED-004: tools that share a part of their work in use, in the same declared scope."""
    analysis = context.analysis
    undeclared: set[str] = set()
    consents = [set(d.tools) for d in groups(context, "RED-003")]
    for pair in analysis.overlaps:
        one, two = (analysis.tool(t) for t in pair.tools)
        if pair.legitimate or one.scopes != two.scopes or _not_creeping(context, one, two, pair, consents):
            continue
        if pair.inferred:
            undeclared.update(pair.tools)
            continue
        double = Double("RED-004", pair.tools, (pair.tools,), (pair,))
        yield Draft(
            message=f"{analysis.names(pair.tools, ' and ')} share part of their work: {_named(context, pair.shared)}.",
            subjects=pair.tools,
            severity=Severity.MEDIUM if pair.kind == "adjacent" else Severity.LOW,
            evidence=_shared_lines(context, double),
        )
    if undeclared:
        yield not_assessed(
            "Some tools overlap on paper; which of their modules are in use is not declared.", undeclared
        )


def _not_creeping(context: RuleContext, one: Tool, two: Tool, pair: Overlap, consents: list[set[str]]) -> bool:
    """Whether a pair is no creep: the same job, another rule's, a tool that goes, or bought data for RED-007."""
    if one.leaving or two.leaving:
        return True
    if {one.layer, two.layer} & NEVER or (pair.same_layer and (pair.kind != "adjacent" or one.layer in OTHER_RULES)):
        return True
    if any(tools.issuperset(pair.tools) for tools in consents):
        return True
    known = context.analysis.catalog.capabilities
    return all(c in known and known[c].layer == "data_enrichment" for c in pair.shared)


def idle_module(context: RuleContext) -> Iterable[Draft]:
    """RED-005: a declared licence for work that another tool is paid mainly for."""
    analysis = context.analysis
    unsure: set[str] = set()
    for idle in analysis.idle:
        if idle.adopted:
            continue
        if not idle.known:
            unsure.add(idle.holder)
            continue
        names = _named(context, idle.shared)
        yield Draft(
            message=(
                f"{analysis.label(idle.holder)} is licensed for {names} without using it; "
                f"{analysis.label(idle.other)} is paid for it."
            ),
            subjects=(idle.holder, idle.other),
            facet=",".join(idle.shared),
            evidence=(
                tool_line(analysis, idle.holder, f"licensed and not in use: {names}"),
                tool_line(analysis, idle.other, f"in use: {names}"),
            ),
        )
    if unsure:
        yield not_assessed("Whether the licensed modules are in use is not declared.", unsure)


def two_mirrors(context: RuleContext) -> Iterable[Draft]:
    """RED-009: BI tools on raw sources; and, in one low line each, small tools of a kind."""
    analysis = context.analysis
    for double in groups(context, "RED-009"):
        tools = [analysis.tool(t) for t in double.tools]
        if double.facet == "bi":
            yield Draft(
                message=(
                    f"{together(analysis, double.tools)} {'both' if len(tools) == 2 else 'all'} "
                    "build reports on raw sources."
                ),
                subjects=double.tools,
                severity=Severity.LOW if any(t.inferred for t in tools) else Severity.MEDIUM,
                facet="bi",
                evidence=(
                    *(tool_line(analysis, t.id, f"{analysis.label(t.id)}: dashboards in use") for t in tools),
                    *score_lines(analysis, double),
                ),
                fix=f"Define the metrics once and let every tool read them. {suggestion(analysis, double)}",
                confidence=confidence(tools),
            )
            continue
        yield Draft(
            message=f"{len(tools)} {_TAIL[double.facet or '']}: {analysis.names(double.tools)}.",
            subjects=double.tools,
            severity=Severity.LOW,
            facet=double.facet,
            evidence=tuple(tool_line(analysis, t.id, t.entry.tool) for t in tools),
            fix="Choose one for everybody and let the others go.",
            confidence=confidence(tools),
        )


_TAIL = {"note-takers": "tools take notes of calls", "schedulers": "schedulers"}

CHECKS = {
    "RED-001": same_job,
    "RED-003": two_consents,
    "RED-004": creeping_suite,
    "RED-005": idle_module,
    "RED-009": two_mirrors,
}
