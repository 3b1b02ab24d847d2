"""What rules share: evidence with its place in the file, drafts for missing input, and the guards of the domain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from stackaudit.analysis.roles import TEAMS, speaks_for
from stackaudit.model.plugins import Draft, RuleContext
from stackaudit.model.result import Evidence
from stackaudit.model.vocabulary import Confidence, NeedLabel, Outcome, Severity, Tri
from stackaudit.wording import join, money, plural

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.graph import Path
    from stackaudit.model.stack import Tool

NEEDS_REVOPS = (NeedLabel.REVOPS, NeedLabel.FULL_REVOPS)
NAMED = 3
"""How many tools at an end of a way are named in what to do about it."""
LITTLE_NEED = (NeedLabel.NONE, NeedLabel.SALES_OPS)
NEED_UNKNOWN = "What the company needs is unknown without employees, ARR or stage."


def tool_line(analysis: Analysis, tool_id: str, text: str) -> Evidence:
    """Evidence that stands where the tool is declared."""
    tool = analysis.tool(tool_id)
    return Evidence(text=text, file=analysis.stack.file, line=tool.line)


def edge_line(analysis: Analysis, index: int, text: str) -> Evidence:
    """Evidence that stands where the integration is declared; a shared database stands nowhere."""
    connection = analysis.connection(index)
    line = connection.line if connection else None
    return Evidence(text=text, file=analysis.stack.file if line else None, line=line)


def path_lines(analysis: Analysis, paths: Iterable[Path]) -> tuple[Evidence, ...]:
    """One line a connection of the paths, each once, in the order travelled."""
    seen: dict[int, Evidence] = {}
    for path in paths:
        for edge in path.edges:
            connection = analysis.connection(edge.index)
            if connection is not None and edge.index not in seen:
                how = connection.entry.method or "method not declared"
                text = f"{analysis.label(edge.source)} to {analysis.label(edge.target)}: {how}, {edge.status}"
                seen[edge.index] = edge_line(analysis, edge.index, text)
    return tuple(seen.values())


def not_assessed(message: str, subjects: Iterable[str] = (), facet: str | None = None) -> Draft:
    """The one draft of a rule that lacks input."""
    return Draft(
        message=message,
        subjects=tuple(sorted(subjects)),
        severity=Severity.INFO,
        facet=facet,
        confidence=Confidence.UNKNOWN,
        outcome=Outcome.NOT_ASSESSED,
    )


def open_world(context: RuleContext) -> Draft | None:
    """The draft for a rule that would rest on a missing connection where the file does not claim to know them all."""
    stack = context.analysis.stack
    if stack.closed_world:
        return None
    if stack.integrations_known == "partial":
        return not_assessed("The file declares its integrations as partial, so a missing one proves nothing.")
    return not_assessed("No integrations are declared, so a missing one proves nothing.")


def undecided(context: RuleContext) -> str:
    """What keeps an answer open, as far as the file shows it: connections, tools or modules that it leaves unsaid."""
    lacking, analysis = open_world(context), context.analysis
    if lacking:
        return lacking.message
    vague = any(
        e.exists and not e.suite and (e.objects is None or e.automated is Tri.UNKNOWN) for e in analysis.graph.edges
    )
    reasons = [
        text
        for text, holds in (
            ("some connections do not say what they carry, or how", vague),
            ("some tools are not identified", bool(blind_spots(analysis))),
            ("the file speaks for some teams only (coverage.teams)", not speaks_for(analysis.stack, *TEAMS)),
            ("some tools do not say what is in use (in_use)", any(t.unknown for t in analysis.stack.active)),
        )
        if holds
    ]
    return sentence(join(reasons) or "some of what decides it is not declared")


def sentence(text: str) -> str:
    """Words as a sentence of their own; nothing where there are none."""
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def bring(analysis: Analysis, what: str, sources: Sequence[str], targets: Sequence[str], last: str = "or") -> str:
    """What to do where something does not get from some tools to others, as part of a sentence.

    A few are named, and none that the company lets go where others stay.
    """
    source, target = (
        join((analysis.label(t) for t in (staying(analysis, end) or end)[:NAMED]), word)
        for end, word in ((sources, last), (targets, "or"))
    )
    return f"bring {what} from {source} to {target} by a connector or a flow"


def subscriptions_unknown(context: RuleContext) -> Draft:
    """The draft for a rule about retention where the business model is not declared, or says too little."""
    model = context.analysis.stack.inventory.company.business_model
    if model is None:
        return not_assessed("Whether the company sells subscriptions is not declared (company.business_model).")
    return not_assessed(
        f"Whether the company sells subscriptions does not follow from company.business_model {model!r}; "
        "saas_subscription says so."
    )


def blind_spots(analysis: Analysis) -> tuple[str, ...]:
    """Tools that could be anything, because neither a plugin nor the file describes them."""
    return tuple(t.id for t in analysis.stack.active if t.opaque)


def may_be_hidden(context: RuleContext, what: str, candidates: Iterable[str]) -> Draft:
    """The draft for a gap that an unknown module or an unidentified tool may fill."""
    analysis = context.analysis
    candidates = tuple(candidates)
    opaque = set(blind_spots(analysis))
    known = [t for t in candidates if t not in opaque]
    asked = (
        f"{analysis.names(known[:3])} may do it" if known else f"{plural(len(opaque), 'unidentified tool')} may do it"
    )
    return not_assessed(f"Whether {what} is in use is not declared: {asked}.", known or candidates)


def price(context: RuleContext, tool: Tool, amount: float) -> str:
    """An amount a year in the currency in which the tool is paid."""
    return money(amount, tool.entry.currency or context.analysis.stack.inventory.company.currency or "USD")


def staying(analysis: Analysis, tools: Iterable[str]) -> tuple[str, ...]:
    """Of some tools those that the company does not let go: the others are asked for no connection any more."""
    return tuple(t for t in tools if not analysis.tool(t).leaving)


def confidence(tools: Iterable[Tool]) -> Confidence:
    """Declared, unless a conclusion rests on what the catalogue assumes about a tool."""
    return Confidence.INFERRED if any(t.inferred for t in tools) else Confidence.DECLARED
