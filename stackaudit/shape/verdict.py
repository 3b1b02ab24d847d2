"""The audit in a sentence that a CRO can repeat, and the three facts that decided it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.analysis.roles import TEAMS, speaks_for
from stackaudit.model.result import NeedShape, OrgShape, StackShape, Verdict
from stackaudit.model.vocabulary import SHAPE_RANK, NeedLabel, StackLabel
from stackaudit.wording import join, within

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis

STACK_WORDS = {
    StackLabel.PRE_OPS: "A pre-ops stack",
    StackLabel.SALES_OPS: "A Sales-Ops-shaped stack",
    StackLabel.HYBRID: "A hybrid stack, between Sales Ops and RevOps,",
    StackLabel.REVOPS: "A RevOps-shaped stack",
}
NEED_WORDS = {
    NeedLabel.NONE: "needs neither function yet",
    NeedLabel.SALES_OPS: "needs Sales Ops",
    NeedLabel.REVOPS: "needs RevOps",
    NeedLabel.FULL_REVOPS: "needs a full RevOps organisation",
}


def verdict(analysis: Analysis, stack: StackShape, org: OrgShape, need: NeedShape) -> Verdict:
    """Compose the sentence from the shapes; the facts are the ones that carried the most weight."""
    facts = (_wiring(analysis), _breadth(analysis, stack), _need(need, org))
    return Verdict(sentence=_sentence(analysis, stack, org, need), facts=facts)


def _sentence(analysis: Analysis, stack: StackShape, org: OrgShape, need: NeedShape) -> str:
    gates = {g.id for g in stack.gates}
    if stack.label is StackLabel.UNKNOWN:
        low, high = (
            s.replace("sales_ops", "Sales Ops").replace("revops", "RevOps").replace("_", "-") for s in stack.between
        )
        return f"{_open(analysis)}: the stack may be anything from {low} to {high}."
    start = STACK_WORDS[stack.label]
    alone = start.rstrip(",")
    if stack.overlays:
        return f"{alone} with RevOps tools: the tools are bought, the wiring is not."
    if "split_estate" in gates:
        lead = "A RevOps-shaped organisation" if org.label == "revops" else "One company"
        return (
            f"{lead} on two unconnected estates: part of the business is missing from the forecast and the dashboards."
        )
    s, n = SHAPE_RANK.get(stack.label), SHAPE_RANK.get(need.label)
    if n is None or s is None:
        return f"{alone}; whether the company needs more is not assessed without its size."
    if s == n:
        fit = (
            "and that is what this stage asks for" if need.label is NeedLabel.NONE else "in a company that asks for one"
        )
        return f"{alone}, {fit}: it {NEED_WORDS[need.label]}." if need.label is NeedLabel.NONE else f"{alone}, {fit}."
    if s < n:
        return f"{start} in a company that {NEED_WORDS[need.label]}."
    return f"{alone}, ahead of a company that {NEED_WORDS[need.label]}."


def _open(analysis: Analysis) -> str:
    """What of the stack is not known, so that it has no shape."""
    stack = analysis.stack
    if not speaks_for(stack, *TEAMS):
        return "The file speaks for some of the teams only"
    silent = any(not c.entry.objects or not c.entry.method for c in stack.connections)
    if stack.closed_world and not silent:
        return "The wiring is known, what every tool does is not"
    if any(t.opaque for t in stack.active):
        return "Neither every tool nor the wiring is known"
    return "The tools are known, the wiring is not"


def _wiring(analysis: Analysis) -> str:
    links = [x for x in analysis.links if x.applies]
    whole = [x for x in links if x.scored.low >= 1]
    unknown = [x for x in links if not x.scored.known]
    absent = [x for x in links if x.scored.high == 0]
    if len(unknown) > len(links) / 2:
        return f"{len(unknown)} of {len(links)} cross-functional links cannot be judged from what the file declares."
    text = f"{len(whole)} of {len(links)} cross-functional links work in full"
    if absent:
        names = join(within(analysis.catalog.links[x.id].name) for x in absent)
        text += f"; absent: {names}" if len(absent) <= 2 else f", {len(absent)} are absent"
    return text + "."


def _breadth(analysis: Analysis, stack: StackShape) -> str:
    gate = next((g for g in stack.gates if g.id == "split_estate"), None)
    if gate:
        return gate.text
    r = analysis.roles
    systems = (("sales", r.crm), ("marketing", r.map), ("customer success", r.csp))
    have = [n for n, role in systems if role.sure]
    lack = [n for n, role in systems if not role.possible]
    handed = [h for h in analysis.handoffs if h.applies and h.needed]
    works = sum(h.scored.low >= 1 for h in handed)
    open_ = sum(not h.scored.known for h in handed)
    several = len(have) > 1
    text = (
        f"{join(have) or 'no function'} {'have' if several else 'has'} a system of {'their' if several else 'its'} own"
    )
    if have and lack:
        text += f", {join(lack)} {'has' if len(lack) == 1 else 'have'} none"
    if open_ > len(handed) / 2:
        return f"{text[:1].upper()}{text[1:]}; most handoffs are not assessed."
    return f"{text[:1].upper()}{text[1:]}; {works} of {len(handed)} handoffs from first visit to expansion work."


def _need(need: NeedShape, org: OrgShape) -> str:
    words = {
        "unknown": "The organisation is not assessed",
        "none": "Nobody does operations work",
        "sales_ops": "The organisation is Sales-Ops-shaped",
        "hybrid": "The organisation is half-way between Sales Ops and RevOps",
        "revops": "The organisation is RevOps-shaped",
    }
    if need.label is NeedLabel.UNKNOWN:
        return f"{words[org.label]}; what the company needs cannot be told without employees, ARR or stage."
    contested = ", though the sources disagree" if need.contested else ""
    return f"{words[org.label]}; by size and stage the company {NEED_WORDS[need.label]}{contested}."
