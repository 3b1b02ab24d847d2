"""SHP: how the shapes of stack, organisation and need fit together."""

from __future__ import annotations

from collections.abc import Iterable

from stackaudit.model.plugins import Draft, RuleContext
from stackaudit.model.result import Evidence, OrgShape
from stackaudit.model.vocabulary import SHAPE_RANK, NeedLabel, Severity, StackLabel
from stackaudit.rules.support import not_assessed, price, tool_line, undecided
from stackaudit.shape.need import pains
from stackaudit.wording import plural, within

WORDS = {
    "pre_ops": "pre-ops",
    "sales_ops": "Sales Ops",
    "hybrid": "hybrid",
    "revops": "RevOps",
    "full_revops": "a full RevOps organisation",
    "none": "neither function",
}


def stack_against_need(context: RuleContext) -> Iterable[Draft]:
    """SHP-002."""
    stack, need = context.shapes.stack, context.shapes.need
    have, want = SHAPE_RANK.get(stack.label), SHAPE_RANK.get(need.label)
    if have is None or want is None:
        yield not_assessed(
            f"The shape of the stack is open: {within(undecided(context))}"
            if have is None
            else "Not enough is declared to tell what the company needs."
        )
        return
    at = context.thresholds["shp_002_ranks"]
    if want > have:
        severity = Severity.HIGH if want - have >= at else Severity.MEDIUM
        if need.contested and len(pains(context.analysis)) < context.thresholds["need_pains_to_break_tie"]:
            severity = severity.milder()
    elif have - want >= at and need.label is not NeedLabel.NONE:
        severity = Severity.MEDIUM
    else:
        return
    contested = " The sources disagree about the need." if need.contested else ""
    yield Draft(
        message=f"The stack is {_shaped(stack.label)}; the company needs {WORDS[need.label]}.{contested}",
        severity=severity,
        evidence=(
            Evidence(text=f"Stack score {stack.score:g} of 100, label {WORDS[stack.label]}"),
            *(Evidence(text=g.text) for g in stack.gates),
            *(Evidence(text=v.text, source=v.source) for v in need.votes if v.counts),
        ),
    )


def _best(org: OrgShape) -> float:
    """The rank of the organisation if all that is unknown were in its favour."""
    return SHAPE_RANK[org.between[1] if org.between else org.label]


def _open_between(org: OrgShape) -> str:
    """That what is not declared decides between two labels."""
    low, high = (WORDS[label] for label in org.between)
    return (
        f"The organisation scores {org.low:g} of 100, or up to {org.high:g}: "
        f"what is not declared decides between {low} and {high}."
    )


def _shaped(label: str) -> str:
    return f"{WORDS[label].replace(' ', '-')}-shaped"


def tools_without_wiring(context: RuleContext) -> Iterable[Draft]:
    """SHP-005: the fragmented overlay."""
    stack = context.shapes.stack
    if any(o.id == "fragmented" for o in stack.overlays):
        values = {d.id: d for d in stack.dimensions}
        yield Draft(
            message="RevOps tools, Sales-Ops wiring: the tools of all functions are there, the connections are not.",
            evidence=(
                Evidence(
                    text=f"Functional scope {values['d1'].score:.2f} and RevOps layers {values['d2'].score:.2f} of 1"
                ),
                Evidence(text=f"Cross-functional wiring {values['d3'].score:.2f} of 1"),
                *(Evidence(text=reason) for reason in values["d3"].reasons),
            ),
        )
    elif stack.label is StackLabel.UNKNOWN:
        yield not_assessed(f"Whether the stack is fragmented is open: {within(undecided(context))}")


def contested_need(context: RuleContext) -> Iterable[Draft]:
    """SHP-006."""
    need = context.shapes.need
    if need.contested:
        yield Draft(
            message=need.because,
            evidence=tuple(
                Evidence(
                    text=f"{WORDS[v.vote]}: {v.text}" + ("" if v.counts else " (shown, no vote)"),
                    source=v.source,
                )
                for v in need.votes
            ),
        )


def ahead_of_time(context: RuleContext) -> Iterable[Draft]:
    """SHP-001: a paid platform that a company under both sizes does not ask for yet; a declared growth plan excuses it."""
    analysis = context.analysis
    company = analysis.stack.inventory.company
    if company.growth_plan:
        return
    heads = company.headcount
    sellers = None if heads.quota_reps is None and heads.sdr is None else (heads.quota_reps or 0) + (heads.sdr or 0)
    counts = {"quota_reps": heads.quota_reps, "cs": heads.cs, "sellers": sellers}
    unsure: set[str] = set()
    for tool in analysis.stack.active:
        cost = analysis.usd(tool.entry.annual_cost, tool.entry.currency)
        if cost is None or cost < context.thresholds["shp_001_cost"] or tool.id in analysis.roles.crm.sure:
            continue
        for spec in analysis.catalog.premature.values():
            if not (tool.layer == spec.layer or (spec.capability and spec.capability in tool.in_use)):
                continue
            people = counts[spec.counted]
            if company.employees is None or people is None:
                unsure.add(tool.id)
            elif company.employees < spec.employees and people < spec.heads:
                yield Draft(
                    message=f"{analysis.label(tool.id)} is a {spec.name} platform at {price(context, tool, tool.entry.annual_cost or 0)} a year, ahead of {plural(company.employees, 'employee')} and {plural(people, 'person', 'people')} who would use it.",
                    subjects=(tool.id,),
                    facet=spec.id,
                    evidence=(
                        tool_line(
                            analysis, tool.id, f"asked for from {spec.employees} employees or {spec.heads} people"
                        ).model_copy(update={"source": spec.source}),
                    ),
                )
    if unsure:
        yield not_assessed("Employees or headcount are not declared.", unsure)


def organisation_against_need(context: RuleContext) -> Iterable[Draft]:
    """SHP-003: who does operations work against what the company needs."""
    org, need = context.shapes.org, context.shapes.need
    have, want = SHAPE_RANK.get(org.label), SHAPE_RANK.get(need.label)
    if have is None or want is None:
        lacking = "the shape of the organisation" if have is None else "what the company needs"
        yield not_assessed(f"Not enough is declared to tell {lacking}.")
        return
    if org.label == "none" and need.label in (NeedLabel.NONE, NeedLabel.SALES_OPS):
        return
    if abs(want - have) < context.thresholds["shp_003_least"]:
        return
    if want > have and want - _best(org) < context.thresholds["shp_003_least"]:
        yield not_assessed(_open_between(org))
        return
    behind = want - have >= context.thresholds["shp_003_ranks"]
    side = "behind" if want > have else "ahead of"
    who = "Nobody does operations work" if org.label == "none" else f"The organisation is {_shaped(org.label)}"
    yield Draft(
        message=f"{who}, {side} a company that needs {WORDS[need.label]}.",
        severity=Severity.HIGH if behind else Severity.MEDIUM,
        facet=None if want > have else "ahead",
        evidence=tuple(Evidence(text=reason) for part in org.parts for reason in part.reasons),
        fix=None
        if want > have
        else "Add no senior role yet; let the present team serve what the stage asks for first.",
    )


def title_only(context: RuleContext) -> Iterable[Draft]:
    """SHP-004: revenue operations in the title, sales operations in the work."""
    org = context.analysis.stack.inventory.org
    title = (org.title if org else None) or ""
    if "rev" not in title.casefold():
        return
    if context.shapes.org.label == "unknown":
        yield not_assessed("Not enough is declared to tell the shape of the organisation.")
    elif context.shapes.org.label == "sales_ops" and context.shapes.org.between:
        yield not_assessed(_open_between(context.shapes.org))
    elif context.shapes.org.label == "sales_ops":
        yield Draft(
            message=f"The title is {title}; the work is Sales Ops.",
            evidence=tuple(Evidence(text=reason) for part in context.shapes.org.parts for reason in part.reasons),
        )


CHECKS = {
    "SHP-001": ahead_of_time,
    "SHP-002": stack_against_need,
    "SHP-003": organisation_against_need,
    "SHP-004": title_only,
    "SHP-005": tools_without_wiring,
    "SHP-006": contested_need,
}
