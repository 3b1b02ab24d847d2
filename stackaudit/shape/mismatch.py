"""How stack, organisation and need fit together (section 8.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.model.result import Mismatch, NeedShape, OrgShape, StackShape
from stackaudit.model.vocabulary import SHAPE_RANK, OrgLabel, Severity

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis


def rank(label: str) -> float | None:
    """Place of a shape on the common scale; None where it is unknown."""
    return SHAPE_RANK.get(label)


def mismatches(analysis: Analysis, stack: StackShape, org: OrgShape, need: NeedShape) -> tuple[Mismatch, ...]:
    """Every pattern that applies, worst first; one line where all agree."""
    found = [*_triangle(analysis, stack, org, need), *_title(analysis, org)]
    if stack.overlays:
        found.append(Mismatch(pattern="fragmented", text="RevOps tools, Sales-Ops wiring.", severity=Severity.HIGH))
    return tuple(sorted(found, key=lambda m: (m.severity.rank, m.pattern)))


def _triangle(analysis: Analysis, stack: StackShape, org: OrgShape, need: NeedShape) -> list[Mismatch]:
    s, o, n = rank(stack.label), rank(org.label), rank(need.label)
    if o is not None and n is not None and o < n and org.between and (rank(org.between[1]) or 0) >= n:
        o = None  # what is not declared decides whether it lags
    if n is None or (s is None and o is None):
        return []
    found = []
    if s is not None and s < n:
        if o is None:
            found.append(("stack_behind", "The stack lags behind what the company needs.", Severity.HIGH))
        elif o >= n:
            found.append(("wiring_behind", "The team is in place; the wiring is not.", Severity.HIGH))
        else:
            text = "Both the stack and the organisation lag behind what the company needs: name the owner first, then wire."
            found.append(("both_behind", text, Severity.HIGH))
    elif s is not None and o is not None and o < n:
        text = "The systems are in place, but nobody is set up to own them across functions."
        found.append(("owner_behind", text, Severity.HIGH))
    if s is not None and s > n:
        if s - n >= analysis.threshold("shp_002_ranks"):
            found.append(("stack_ahead", "The company pays ahead of its stage.", Severity.MEDIUM))
        else:  # half a rank is wiring that works, not money that is lost
            text = "The stack reaches a little further than this stage asks for."
            found.append(("stack_ahead", text, Severity.INFO))
    if o is not None and o > n:
        found.append(("org_ahead", "The operations function is ahead of what the company needs.", Severity.MEDIUM))
    if not found and s is not None and o is not None:
        found.append(("aligned", "Stack, organisation and need agree.", Severity.INFO))
    return [Mismatch(pattern=p, text=t, severity=sev) for p, t, sev in found]


def _title(analysis: Analysis, org: OrgShape) -> list[Mismatch]:
    title = (analysis.stack.inventory.org.title if analysis.stack.inventory.org else None) or ""
    if org.label is OrgLabel.SALES_OPS and "rev" in title.casefold():
        text = "RevOps in title, Sales Ops in scope."
        return [Mismatch(pattern="title", text=text, severity=Severity.MEDIUM)]
    return []
