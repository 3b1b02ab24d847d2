"""INV: what the inventory itself lacks."""

from __future__ import annotations

from collections.abc import Iterable

from stackaudit.model.plugins import Draft, RuleContext
from stackaudit.model.result import Evidence
from stackaudit.model.vocabulary import Severity
from stackaudit.rules.support import not_assessed, tool_line


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
                + (f": closest known names {', '.join(t.candidates)}" if t.candidates else ": no close name"),
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


CHECKS = {"INV-001": no_owner, "INV-002": unknown_product}
