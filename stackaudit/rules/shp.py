"""SHP: how the shapes of stack, organisation and need fit together."""

from __future__ import annotations

from collections.abc import Iterable

from stackaudit.model.plugins import Draft, RuleContext
from stackaudit.model.result import Evidence
from stackaudit.model.vocabulary import SHAPE_RANK, NeedLabel, Severity, StackLabel
from stackaudit.rules.support import not_assessed
from stackaudit.shape.need import pains

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
    stack, need = context.shape.stack, context.shape.need
    have, want = SHAPE_RANK.get(stack.label), SHAPE_RANK.get(need.label)
    if have is None or want is None:
        lacking = "the shape of the stack" if have is None else "what the company needs"
        yield not_assessed(f"Not enough is declared to tell {lacking}.")
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
        message=f"The stack is {WORDS[stack.label]}-shaped; the company needs {WORDS[need.label]}.{contested}",
        severity=severity,
        evidence=(
            Evidence(text=f"Stack score {stack.score:g} of 100, label {WORDS[stack.label]}"),
            *(Evidence(text=g.text) for g in stack.gates),
            *(Evidence(text=v.text, source=v.source) for v in need.votes if v.counts),
        ),
    )


def tools_without_wiring(context: RuleContext) -> Iterable[Draft]:
    """SHP-005: the fragmented overlay."""
    stack = context.shape.stack
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
        yield not_assessed("Not enough is declared to tell the wiring.")


def contested_need(context: RuleContext) -> Iterable[Draft]:
    """SHP-006."""
    need = context.shape.need
    if need.contested:
        yield Draft(
            message=f"The two sources put the threshold in different places. {need.because}",
            evidence=tuple(
                Evidence(
                    text=f"{WORDS[v.vote].capitalize() if v.vote == 'hybrid' else WORDS[v.vote]}: {v.text}"
                    + ("" if v.counts else " (shown, no vote)"),
                    source=v.source,
                )
                for v in need.votes
            ),
        )


CHECKS = {"SHP-002": stack_against_need, "SHP-005": tools_without_wiring, "SHP-006": contested_need}
