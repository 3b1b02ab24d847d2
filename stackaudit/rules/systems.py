"""RED, continued: doubles of whole systems, vendors that belong together, and doubles that were to be temporary."""

from __future__ import annotations

from collections.abc import Iterable

from stackaudit.analysis.estate import CrmPair
from stackaudit.analysis.scope import expired_scopes
from stackaudit.model.plugins import Draft, RuleContext
from stackaudit.model.result import Evidence
from stackaudit.model.vocabulary import Severity, Tri
from stackaudit.rules.choice import score_lines, suggestion, together
from stackaudit.rules.red import groups
from stackaudit.rules.support import confidence, edge_line, not_assessed, tool_line
from stackaudit.wording import have


def two_crms(context: RuleContext) -> Iterable[Draft]:
    """RED-002: several CRMs; critical where no account or deal passes between two of them."""
    analysis = context.analysis
    known = analysis.crms
    if known.bare:
        is_it = "is it" if len(known.bare) == 1 else "are they"
        yield not_assessed(
            f"Which part of {analysis.names(known.bare, ' and ')} is in use is not declared: "
            f"{is_it} used as a CRM for deals?",
            known.unsure,
        )
    elif known.unsure:
        yield not_assessed(
            f"{together(analysis, known.unsure)}: whether they hold deals beside another CRM, and whether the "
            "CRMs are connected, is not declared.",
            known.unsure,
        )
    for double in groups(context, "RED-002"):
        pairs = [p for p in known.pairs if not p.legitimate and set(p.tools) <= set(double.tools)]
        joined, severity = _joined(pairs)
        many = {2: "two", 3: "three"}.get(len(double.tools), str(len(double.tools)))
        yield Draft(
            message=f"{together(analysis, double.tools)} are {many} CRMs{joined}",
            subjects=double.tools,
            severity=severity,
            evidence=(*_crm_lines(context, double.tools), *score_lines(analysis, double)),
            fix=f"Bring them into one warehouse or forecast now. {suggestion(analysis, double)}",
        )
    overdue = _bought_long_ago(context)
    for pair in known.pairs:
        if pair.legitimate:
            late = [t for t in pair.tools if t in overdue]
            rest = (
                f"; that does not explain why {analysis.names(late)} {have(len(late))} no end date ahead"
                if late
                else ""
            )
            yield Draft(
                message=f"{analysis.names(pair.tools, ' and ')} are two CRMs, explained by {pair.legitimate}{rest}.",
                subjects=pair.tools,
                severity=Severity.INFO,
                evidence=_crm_lines(context, pair.tools),
                fix=_while_explained(pair.legitimate),
            )


def _while_explained(why: str) -> str:
    """What is left to do about CRMs that stand beside each other for a reason; of a purchase, what the rule says."""
    if why.startswith("a migration"):
        return "Keep to the end date, and count deals of both in one warehouse or forecast until then."
    if why.startswith("separate scopes"):
        return "Keep both where their numbers meet; nothing has to be merged for that."
    return ""


def _joined(pairs: Iterable[CrmPair]) -> tuple[str, Severity]:
    """The worst that holds between the CRMs of a group."""
    states = {p.joined for p in pairs}
    if Tri.NO in states:
        return ", and no account or deal passes between them.", Severity.CRITICAL
    if Tri.UNKNOWN in states:
        return "; what passes between them is not declared.", Severity.HIGH
    return "; accounts or deals pass between them.", Severity.HIGH


def _crm_lines(context: RuleContext, tools: Iterable[str]) -> tuple[Evidence, ...]:
    analysis, lines = context.analysis, []
    for tool_id in tools:
        entry = analysis.tool(tool_id).entry
        seats = f"{entry.seats} seats" if entry.seats is not None else "seats not declared"
        text = f"{analysis.label(tool_id)}: {seats}, scope {entry.scope or 'whole company'}"
        lines.append(tool_line(analysis, tool_id, text))
    return tuple(lines)


def one_family(context: RuleContext) -> Iterable[Draft]:
    """RED-006: products that belong together, by vendor or succession, under contracts of their own."""
    analysis = context.analysis
    for family in analysis.families:
        tools = [analysis.tool(t) for t in family.tools]
        yield Draft(
            message=f"{analysis.names(family.tools, ' and ')} belong together ({family.why}) and have a contract each.",
            subjects=family.tools,
            evidence=tuple(
                tool_line(analysis, t.id, f"contract ends {t.entry.contract_end or 'not declared'}") for t in tools
            ),
            confidence=confidence(tools),
        )


def last_writer(context: RuleContext) -> Iterable[Draft]:
    """RED-007: several data vendors that write contacts or accounts straight into CRM or marketing automation."""
    analysis = context.analysis
    found = analysis.writers
    if len(found.vendors) < 2 or found.ranked:
        return
    if not found.unordered:
        if found.silent or not analysis.stack.closed_world:
            yield not_assessed("Which data vendors write to the CRM, and what, is not declared.", found.vendors)
        return
    entries = {c.index: c.entry for c in analysis.stack.connections}
    many = len(found.writing) >= context.thresholds["red_007_high"]
    (double,) = groups(context, "RED-007")
    yield Draft(
        message=f"{together(analysis, found.writing)} each write contacts or accounts, without an orchestrator or a priority.",
        subjects=tuple(found.writing),
        severity=Severity.HIGH if many else Severity.MEDIUM,
        evidence=(
            *(
                edge_line(analysis, i, f"{analysis.label(tool)} writes {', '.join(sorted(entries[i].objects or ()))}")
                for tool, edges in found.writing.items()
                for i in edges
            ),
            *score_lines(analysis, double),
        ),
        fix=f"Put one orchestrator in front, or declare a priority. {suggestion(analysis, double)}",
    )


def without_end(context: RuleContext) -> Iterable[Draft]:
    """RED-008: migrations and acquisitions whose double has no end date, or one that has passed."""
    analysis, stack = context.analysis, context.analysis.stack
    bought = _bought_long_ago(context)
    if bought:
        yield Draft(
            message=(
                f"{len(bought)} {'tool' if len(bought) == 1 else 'tools'} of a company bought more than a year ago "
                f"have no end date ahead: {analysis.names(bought)}."
            ),
            subjects=tuple(bought),
            severity=Severity.HIGH,
            facet="acquisition",
            evidence=tuple(tool_line(analysis, t, _dated(context, t)) for t in bought),
        )
    moving = {t.id for t in stack.active if t.entry.status == "migrating"} | {m.new for m in analysis.migrations}
    for tool_id in sorted(moving - set(bought)):
        ends = analysis.tool(tool_id).entry.overlap_ends or next(
            (m.ends for m in analysis.migrations if m.new == tool_id and m.ends), None
        )
        if ends is not None and ends >= stack.as_of:
            continue
        yield Draft(
            message=(
                f"The migration around {analysis.label(tool_id)} "
                f"{f'should have ended on {ends}' if ends else 'has no end date'}."
            ),
            subjects=(tool_id,),
            severity=Severity.HIGH if ends else Severity.MEDIUM,
            facet="migration",
            evidence=(tool_line(analysis, tool_id, _dated(context, tool_id)),),
        )


def _bought_long_ago(context: RuleContext) -> list[str]:
    """Tools of acquisitions whose months of grace are over, without an end date that is still ahead."""
    stack = context.analysis.stack
    late = expired_scopes(stack, context.thresholds["acquisition_grace_months"])
    return sorted(
        t.id
        for t in stack.active
        if t.scopes & late and (t.entry.overlap_ends is None or t.entry.overlap_ends < stack.as_of)
    )


def _dated(context: RuleContext, tool_id: str) -> str:
    entry = context.analysis.tool(tool_id).entry
    scope = f"scope {entry.scope}, " if entry.scope else ""
    return f"{scope}status {entry.status}, overlap_ends {entry.overlap_ends or 'not declared'}"


CHECKS = {
    "RED-002": two_crms,
    "RED-006": one_family,
    "RED-007": last_writer,
    "RED-008": without_end,
}
