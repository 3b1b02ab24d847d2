"""RED: paying twice for the same work."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from stackaudit.analysis.overlap import Overlap, acquisition_scopes, expired_scopes
from stackaudit.analysis.roles import Role
from stackaudit.analysis.scoring import path_score
from stackaudit.model.plugins import Draft, RuleContext
from stackaudit.model.result import Evidence
from stackaudit.model.stack import Tool
from stackaudit.model.vocabulary import Severity, Tri
from stackaudit.rules.support import confidence, edge_line, not_assessed, tool_line

OTHER_RULES = frozenset({"crm", "data_enrichment", "reporting_bi"})
NEVER = frozenset({"collaboration", "web_analytics", "billing", "erp"})
SCHEDULERS = frozenset({"scheduling"})
NOTES_ONLY = frozenset({"call_recording", "transcription", "ai_summaries", "crm_note_sync"})
MAP_WORK = frozenset({"email_campaigns", "nurture", "forms_landing", "lead_scoring", "lead_lifecycle", "web_tracking"})


def same_job(context: RuleContext) -> Iterable[Draft]:
    """RED-001: two tools of one layer with most of the smaller one's work in common."""
    analysis = context.analysis
    for pair in analysis.overlaps:
        one, two = (analysis.tool(t) for t in pair.tools)
        if pair.kind != "direct" or pair.legitimate or _elsewhere(one, two, pair):
            continue
        if pair.inferred and not pair.defining:
            continue  # two assumptions about a side capability are no evidence
        severity = Severity.HIGH if pair.defining else Severity.MEDIUM
        costs = [t.entry.annual_cost for t in (one, two)]
        if any(c is not None and c < context.thresholds["red_001_small_contract"] for c in costs):
            severity = Severity.LOW
        elif pair.inferred:
            severity = severity.milder()
        known = "assumed to be in use" if pair.inferred else "in use"
        yield Draft(
            message=(
                f"{analysis.names(pair.tools, ' and ')} do the same job: {len(pair.shared)} shared "
                f"{'capability' if len(pair.shared) == 1 else 'capabilities'} {known}, "
                f"{pair.coefficient:.0%} of what the smaller one does."
            ),
            subjects=pair.tools,
            severity=severity,
            evidence=_shared_lines(context, pair),
            confidence=confidence((one, two)),
        )


def two_crms(context: RuleContext) -> Iterable[Draft]:
    """RED-002: several CRMs; critical where no account or deal passes between them."""
    analysis = context.analysis
    crms = [analysis.tool(t) for t in analysis.roles.crm.sure]
    pairs = [(a, b) for a, b in combinations(crms, 2) if not (a.suite and a.suite == b.suite)]
    if not pairs:
        return
    subjects = tuple(sorted({t.id for pair in pairs for t in pair}))
    bare = [t for t in crms if t.id in subjects and t.known and t.known.platform and t.inferred]
    if bare:
        names = analysis.names(t.id for t in bare)
        yield not_assessed(f"Which part of {names} is in use is not declared: is it used as a CRM for deals?", subjects)
        return
    unsure = [t for t in crms if t.id in subjects and ("opportunity_mgmt" not in t.in_use or t.inferred)]
    if unsure or not analysis.stack.closed_world:
        yield not_assessed(
            f"{analysis.names(subjects, ' and ')} are both CRMs; whether both hold deals, and whether they are "
            "connected, is not declared.",
            subjects,
        )
        return
    for one, two in pairs:
        yield from _crm_pair(context, one, two)


def _crm_pair(context: RuleContext, one: Tool, two: Tool) -> Iterable[Draft]:
    analysis = context.analysis
    objects = ("account", "opportunity")
    roles = [Role((t.id,), (t.id,)) for t in (one, two)]
    joined = max(
        path_score(analysis, roles[0], roles[1], objects, None).low,
        path_score(analysis, roles[1], roles[0], objects, None).low,
    )
    hub = analysis.roles.forecast | analysis.roles.bi_or_warehouse
    hub = Role(*(tuple(t for t in ends if t not in (one.id, two.id)) for ends in (hub.sure, hub.may)))
    together = all(path_score(analysis, r, hub, objects, None).low > 0 for r in roles)
    apart = bool(one.scopes and two.scopes and not one.scopes & two.scopes)
    young = _young_acquisition(context, one, two)
    lines = tuple(tool_line(analysis, t.id, _crm_line(analysis.label(t.id), t)) for t in (one, two))
    names = analysis.names((one.id, two.id), " and ")
    if young or (apart and together):
        why = "an acquisition that closed within the last twelve months" if young else "separate scopes that meet in BI"
        severity, message = Severity.INFO, f"{names} are two CRMs, explained by {why}."
    elif joined:
        severity, message = Severity.HIGH, f"{names} are two CRMs; accounts or deals pass between them."
    else:
        severity = Severity.CRITICAL
        message = f"{names} are two CRMs, and no account or deal passes between them."
    yield Draft(message=message, subjects=(one.id, two.id), severity=severity, evidence=lines)


def _young_acquisition(context: RuleContext, one: Tool, two: Tool) -> bool:
    stack = context.analysis.stack
    bought = set(acquisition_scopes(stack)) - expired_scopes(stack, context.thresholds["acquisition_grace_months"])
    return bool((one.scopes ^ two.scopes) & bought)


def _crm_line(name: str, tool: Tool) -> str:
    seats = f"{tool.entry.seats} seats" if tool.entry.seats is not None else "seats not declared"
    return f"{name}: {seats}, scope {tool.entry.scope or 'whole company'}"


def creeping_suite(context: RuleContext) -> Iterable[Draft]:
    """RED-004: tools that share a part of their work in use, in the same declared scope."""
    analysis = context.analysis
    undeclared: set[str] = set()
    for pair in analysis.overlaps:
        one, two = (analysis.tool(t) for t in pair.tools)
        if pair.legitimate or one.scopes != two.scopes or _not_creeping(context, one, two, pair):
            continue
        if pair.inferred:
            undeclared.update(pair.tools)
            continue
        severity = Severity.MEDIUM if pair.kind == "adjacent" else Severity.LOW
        shared = ", ".join(_capability(context, c) for c in pair.shared)
        yield Draft(
            message=f"{analysis.names(pair.tools, ' and ')} both have in use: {shared}.",
            subjects=pair.tools,
            severity=severity,
            evidence=_shared_lines(context, pair),
        )
    if undeclared:
        yield not_assessed(
            "Some tools overlap on paper; which of their modules are in use is not declared.", undeclared
        )


def _not_creeping(context: RuleContext, one: Tool, two: Tool, pair: Overlap) -> bool:
    """Whether a pair is no creep: the same job, another rule's, or bought data that RED-007 speaks about."""
    if {one.layer, two.layer} & NEVER or (pair.same_layer and (pair.kind != "adjacent" or one.layer in OTHER_RULES)):
        return True
    known = context.analysis.catalog.capabilities
    return all(c in known and known[c].layer == "data_enrichment" for c in pair.shared)


def _elsewhere(one: Tool, two: Tool, pair: Overlap) -> bool:
    """Whether another rule, or none, speaks about the pair."""
    layer = one.layer
    if layer in OTHER_RULES | NEVER | SCHEDULERS:
        return True
    if layer == "marketing_automation":
        return len(set(pair.shared) & MAP_WORK) > 2
    if layer == "conversation_intelligence":
        return one.in_use <= NOTES_ONLY and two.in_use <= NOTES_ONLY
    return any(t.uses("enrich_orchestration") is Tri.YES for t in (one, two))


def _shared_lines(context: RuleContext, pair: Overlap) -> tuple[Evidence, ...]:
    analysis = context.analysis
    shared = ", ".join(_capability(context, c) for c in pair.shared)
    lines = []
    for tool_id in pair.tools:
        entry = analysis.tool(tool_id).entry
        seats = f"; {entry.active_seats} of {entry.seats} seats active" if entry.seats and entry.active_seats else ""
        lines.append(tool_line(analysis, tool_id, f"{analysis.label(tool_id)} has in use: {shared}{seats}"))
    joint = [c for c in analysis.stack.connections if {c.source, c.target} == set(pair.tools)]
    return (*lines, *(edge_line(analysis, c.index, "they are connected with each other") for c in joint))


def _capability(context: RuleContext, capability: str) -> str:
    found = context.analysis.catalog.capabilities.get(capability)
    return found.name.lower() if found else capability


CHECKS = {"RED-001": same_job, "RED-002": two_crms, "RED-004": creeping_suite}
