"""INV: what the inventory itself lacks."""

from __future__ import annotations

from collections.abc import Iterable

from stackaudit.model.plugins import Draft, RuleContext
from stackaudit.model.result import Evidence
from stackaudit.model.vocabulary import Severity
from stackaudit.rules.support import not_assessed, tool_line
from stackaudit.wording import plural


def no_owner(context: RuleContext) -> Iterable[Draft]:
    """INV-001."""
    analysis = context.analysis
    tools = [t for t in analysis.stack.active if not t.trial]
    without = [t for t in tools if not t.entry.owner]
    if tools and len(without) == len(tools):
        yield not_assessed("No tool names its owner.", (t.id for t in without))
        return
    for tool in without:
        cost = tool.entry.annual_cost
        severity = Severity.MEDIUM
        if tool.entry.criticality == 1:
            severity = Severity.HIGH
        elif cost is not None and cost < context.thresholds["inv_001_small_cost"]:
            severity = Severity.LOW
        yield Draft(
            message=f"{analysis.label(tool.id)} has no named owner.",
            subjects=(tool.id,),
            severity=severity,
            evidence=(tool_line(analysis, tool.id, f"{tool.entry.tool}: owner is not filled in"),),
        )


def unknown_product(context: RuleContext) -> Iterable[Draft]:
    """INV-002: one finding for all tools that nothing describes, one for each reference to an undeclared tool."""
    analysis = context.analysis
    unknown = [t for t in analysis.stack.active if t.opaque]
    if unknown:
        lines = tuple(
            tool_line(
                analysis,
                t.id,
                t.entry.tool
                + (f": closest known tools, by id, {', '.join(t.candidates)}" if t.candidates else ": no close name"),
            )
            for t in unknown
        )
        names = ", ".join(t.entry.tool for t in unknown[:5]) + (" and others" if len(unknown) > 5 else "")
        count = "1 tool is" if len(unknown) == 1 else f"{len(unknown)} tools are"
        yield Draft(
            message=f"{count} not known to any plugin and not described in the file: {names}.",
            subjects=tuple(t.id for t in unknown),
            facet="unknown_tools",
            evidence=lines,
        )
    for name in sorted({d.name for d in analysis.stack.dangling}):
        places = [d for d in analysis.stack.dangling if d.name == name]
        near = places[0].candidates
        yield Draft(
            message=f"{places[0].kind.capitalize()} names {name!r}, which the file does not declare as a tool.",
            facet=f"undeclared:{name}",
            fix=f"Declare it under tools, or use the id of a declared one{f' ({near[0]}?)' if near else ''}.",
            evidence=tuple(
                Evidence(text=f"{d.kind} names {name}", file=analysis.stack.file, line=d.line) for d in places
            ),
        )


_FIELDS = {
    "owner": "INV-001",
    "in_use": "RED and GAP rules",
    "active_seats": "COST-001",
    "annual_cost": "COST-003",
    "contract_end": "COST-002",
    "sso": "RISK-001",
}


def open_facts(context: RuleContext) -> Iterable[Draft]:
    """INV-003: one finding, one line a field that rules need and the file does not give, and one for old checks."""
    analysis = context.analysis
    tools = analysis.stack.active
    lines = []
    for field, user in _FIELDS.items():
        lacking = [t for t in tools if getattr(t.entry, field) is None]
        if lacking:
            lines.append(f"{field}: not declared for {len(lacking)} of {plural(len(tools), 'tool')} ({user})")
    if not analysis.records:
        lines.append("system_of_record_for: declared by no tool (SOR-001)")
    if not analysis.stack.closed_world:
        lines.append(f"integrations: {analysis.stack.integrations_known} (DEP, HND, INT, SIG and shape rules)")
    horizon = context.thresholds["inv_003_verified_days"]
    old = [
        c
        for c in analysis.stack.connections
        if c.entry.verified_on and (analysis.stack.as_of - c.entry.verified_on).days > horizon
    ]
    if old:
        was = "was" if len(old) == 1 else "were"
        lines.append(f"{plural(len(old), 'connection')} {was} last checked more than {horizon:.0f} days ago")
    if lines:
        yield Draft(
            message=f"{plural(len(lines), 'kind')} of facts {'is' if len(lines) == 1 else 'are'} unknown or old; what rests on {'it' if len(lines) == 1 else 'them'} is not assessed.",
            severity=Severity.INFO,
            evidence=tuple(Evidence(text=line) for line in lines),
        )


def idle_waiver(context: RuleContext) -> Iterable[Draft]:
    """INV-004: waivers whose rule never looks at their tools; undeclared tools are INV-002's."""
    analysis = context.analysis
    settings = analysis.stack.inventory.settings.rules
    names = {name: t for t in analysis.stack.tools for name in (t.entry.tool, t.name)} | dict(analysis.stack.by_id)
    for rank, waiver in enumerate(analysis.stack.inventory.waivers):
        tools = [names[name] for name in waiver.tools if name in names]
        if waiver.rule in settings and settings[waiver.rule].enabled is False:
            why = "the rule is switched off"
        elif tools and not any(t.counts for t in tools):
            why = "none of its tools takes part in the analysis"
        else:
            continue
        yield Draft(
            message=f"The waiver of {waiver.rule} ({waiver.reason}) holds nothing back: {why}.",
            subjects=tuple(t.id for t in tools),
            facet=f"{waiver.rule}:{','.join(sorted(t.id for t in tools))}",
            evidence=(Evidence(text=f"waivers, entry {rank + 1}: {waiver.rule}", file=analysis.stack.file),),
        )


CHECKS = {"INV-001": no_owner, "INV-002": unknown_product, "INV-003": open_facts, "INV-004": idle_waiver}
