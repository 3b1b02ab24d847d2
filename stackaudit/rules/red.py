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


def two_consents(context: RuleContext) -> Iterable[Draft]:
    """RED-003: two marketing automation tools on overlapping contacts."""
    analysis = context.analysis
    for pair in analysis.overlaps:
        one, two = (analysis.tool(t) for t in pair.tools)
        common = set(pair.shared) & MAP_WORK
        if one.layer != "marketing_automation" or not pair.same_layer or pair.legitimate:
            continue
        if len(common) <= context.thresholds["red_003_shared"]:
            continue
        yield Draft(
            message=f"{analysis.names(pair.tools, ' and ')} both run marketing automation: {len(common)} shared capabilities.",
            subjects=pair.tools,
            severity=Severity.MEDIUM if pair.inferred else Severity.HIGH,
            evidence=_shared_lines(context, pair),
            confidence=confidence((one, two)),
        )


def idle_module(context: RuleContext) -> Iterable[Draft]:
    """RED-005: a declared licence for work that another tool is paid for."""
    analysis = context.analysis
    known = analysis.catalog.capabilities
    for holder in analysis.stack.active:
        if holder.entry.licensed is None or holder.entry.in_use is None:
            continue
        idle = {c for c in holder.licensed - holder.in_use if c in known and known[c].defining}
        for other in analysis.stack.active:
            shared = sorted(idle & other.in_use)
            entry = other.entry
            if other.id == holder.id or not shared or not entry.annual_cost:
                continue
            adopted = entry.seats and entry.active_seats is not None and entry.active_seats / entry.seats
            if adopted and adopted >= context.thresholds["red_005_adoption"]:
                continue
            names = ", ".join(_capability(context, c) for c in shared)
            yield Draft(
                message=f"{analysis.label(holder.id)} is licensed for {names} without using it; {analysis.label(other.id)} is paid for it.",
                subjects=(holder.id, other.id),
                facet=",".join(shared),
                evidence=(
                    tool_line(analysis, holder.id, f"licensed and not in use: {names}"),
                    tool_line(analysis, other.id, f"in use: {names}"),
                ),
            )


def one_family(context: RuleContext) -> Iterable[Draft]:
    """RED-006: products that belong together, by vendor or succession, under contracts of their own."""
    analysis = context.analysis
    priced = [t for t in analysis.stack.active if t.known and (t.entry.annual_cost or t.entry.contract_end)]
    for one, two in combinations(sorted(priced, key=lambda t: t.id), 2):
        if one.suite and one.suite == two.suite:
            continue
        shared = one.in_use & two.in_use
        succeeds = _succeeds(one, two) or _succeeds(two, one)
        if one.match.tool == two.match.tool or not (succeeds or (one.plugin == two.plugin and shared)):
            continue
        why = "one succeeds the other" if succeeds else "one vendor sells both and they share work in use"
        yield Draft(
            message=f"{analysis.names((one.id, two.id), ' and ')} belong together ({why}) and have a contract each.",
            subjects=(one.id, two.id),
            evidence=tuple(
                tool_line(analysis, t.id, f"contract ends {t.entry.contract_end or 'not declared'}") for t in (one, two)
            ),
            confidence=confidence((one, two)),
        )


def _succeeds(new: Tool, old: Tool) -> bool:
    status = old.known.status if old.known else None
    return status is not None and status.successor is not None and status.successor == new.match.tool


BOUGHT = ("contact_data", "firmographics")


def last_writer(context: RuleContext) -> Iterable[Draft]:
    """RED-007: several data vendors that write contacts or accounts straight into CRM or marketing automation."""
    analysis = context.analysis
    targets = {*analysis.roles.crm.sure, *analysis.roles.map.sure}
    vendors = [
        t
        for t in analysis.users(*BOUGHT)
        if t not in targets and analysis.tool(t).uses("enrich_orchestration") is not Tri.YES
    ]
    if len(vendors) < 2:
        return
    writing: dict[str, list[int]] = {}
    silent = []
    for edge in analysis.graph.edges:
        if edge.source in vendors and edge.target in targets and edge.exists and not edge.suite:
            if edge.objects is None:
                silent.append(edge.source)
            elif edge.objects & {"contact", "account", "lead"}:
                writing.setdefault(edge.source, []).append(edge.index)
    entries = {c.index: c.entry for c in analysis.stack.connections}
    ranked = bool(writing) and all(entries[i].priority is not None for edges in writing.values() for i in edges)
    if ranked:
        return
    if len(writing) < 2:
        if silent or not analysis.stack.closed_world:
            yield not_assessed("Which data vendors write to the CRM, and what, is not declared.", vendors)
        return
    yield Draft(
        message=f"{analysis.names(sorted(writing))} each write contacts or accounts, without an orchestrator or a priority.",
        subjects=tuple(writing),
        severity=Severity.HIGH if len(writing) >= context.thresholds["red_007_high"] else Severity.MEDIUM,
        evidence=tuple(
            edge_line(analysis, i, f"{analysis.label(tool)} writes {', '.join(sorted(entries[i].objects or ()))}")
            for tool, edges in sorted(writing.items())
            for i in edges
        ),
    )


def without_end(context: RuleContext) -> Iterable[Draft]:
    """RED-008: migrations and acquisitions whose double has no end date, or one that has passed."""
    analysis, stack = context.analysis, context.analysis.stack
    late = expired_scopes(stack, context.thresholds["acquisition_grace_months"])
    bought = [t for t in stack.active if t.scopes & late and t.entry.overlap_ends is None]
    if bought:
        yield Draft(
            message=f"{len(bought)} tools of a company bought more than a year ago have no end date: {analysis.names(t.id for t in bought)}.",
            subjects=tuple(t.id for t in bought),
            severity=Severity.HIGH,
            facet="acquisition",
            evidence=tuple(tool_line(analysis, t.id, f"scope {t.entry.scope}, no overlap_ends") for t in bought),
        )
    for tool in stack.active:
        entry = tool.entry
        if tool in bought or not (entry.status == "migrating" or entry.replaces):
            continue
        if entry.overlap_ends is not None and entry.overlap_ends >= stack.as_of:
            continue
        passed = entry.overlap_ends is not None
        ends = f"should have ended on {entry.overlap_ends}" if passed else "has no end date"
        yield Draft(
            message=f"The migration around {analysis.label(tool.id)} {ends}.",
            subjects=(tool.id,),
            severity=Severity.HIGH if passed else Severity.MEDIUM,
            facet="migration",
            evidence=(
                tool_line(
                    analysis, tool.id, f"status {entry.status}, overlap_ends {entry.overlap_ends or 'not declared'}"
                ),
            ),
        )


def two_mirrors(context: RuleContext) -> Iterable[Draft]:
    """RED-009: two BI tools on raw sources; and, in one low line each, small tools of a kind."""
    analysis = context.analysis
    bi = [analysis.tool(t) for t in analysis.users("dashboards") if analysis.tool(t).layer == "reporting_bi"]
    fed = {
        (e.source, e.target)
        for e in analysis.graph.edges
        if e.exists and "semantic_model" in analysis.graph.tools[e.source].in_use
    }
    raw = [t for t in bi if any(_side_by_side(t, other, fed) for other in bi if other.id != t.id)]
    if raw:
        yield Draft(
            message=f"{analysis.names((t.id for t in raw), ' and ')} {'both' if len(raw) == 2 else 'all'} build reports on raw sources.",
            subjects=tuple(t.id for t in raw),
            severity=Severity.LOW if any(t.inferred for t in raw) else Severity.MEDIUM,
            facet="bi",
            evidence=tuple(tool_line(analysis, t.id, f"{analysis.label(t.id)}: dashboards in use") for t in raw),
            confidence=confidence(raw),
        )
    tail = {
        "note-takers": [
            t
            for t in analysis.stack.active
            if t.layer == "conversation_intelligence" and t.in_use and t.in_use <= NOTES_ONLY
        ],
        "schedulers": [t for t in analysis.stack.active if t.layer in SCHEDULERS],
    }
    for kind, tools in tail.items():
        if len({t.match.tool or t.id for t in tools}) > 1:
            yield Draft(
                message=f"{len(tools)} {kind}: {analysis.names(t.id for t in tools)}.",
                subjects=tuple(t.id for t in tools),
                severity=Severity.LOW,
                facet=kind,
                evidence=tuple(tool_line(analysis, t.id, t.entry.tool) for t in tools),
                confidence=confidence(tools),
            )


def _side_by_side(one: Tool, two: Tool, fed: set[tuple[str, str]]) -> bool:
    """Whether two BI tools serve the same people and neither builds on the other's governed metrics."""
    governed = (one.id, two.id) in fed or (two.id, one.id) in fed
    apart = one.scopes and two.scopes and not one.scopes & two.scopes
    return not governed and not apart


CHECKS = {
    "RED-001": same_job,
    "RED-002": two_crms,
    "RED-003": two_consents,
    "RED-004": creeping_suite,
    "RED-005": idle_module,
    "RED-006": one_family,
    "RED-007": last_writer,
    "RED-008": without_end,
    "RED-009": two_mirrors,
}
