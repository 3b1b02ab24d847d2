"""What the audit knew, what it assumed, and what to ask next."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

from stackaudit.model import result as r
from stackaudit.model.vocabulary import Outcome, Tri
from stackaudit.wording import join, plural

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis


def coverage(analysis: Analysis, findings: tuple[r.Finding, ...]) -> r.Coverage:
    """What the audit knew. ``share`` is the mean of tools identified, use declared, wiring, company and organisation."""
    stack = analysis.stack
    active = stack.active
    inventory = stack.inventory

    def share(field: str) -> float:
        return round(sum(getattr(t.entry, field) is not None for t in active) / len(active), 4) if active else 0.0

    known = [t for t in active if not t.opaque]
    fields = {f: share(f) for f in ("in_use", "owner", "seats", "active_seats", "annual_cost", "contract_end", "sso")}
    wiring = {"complete": 1.0, "partial": 0.5, "unknown": 0.0}[stack.integrations_known]
    size = [inventory.company.employees, inventory.company.arr, inventory.company.funding_stage]
    parts = (
        len(known) / len(active) if active else 0.0,
        fields["in_use"],
        wiring,
        sum(x is not None for x in size) / len(size),
        1.0 if inventory.org is not None else 0.0,
    )
    return r.Coverage(
        tools=len(active),
        resolved=len(known),
        unresolved=tuple(sorted(t.id for t in active if t.opaque)),
        integrations=stack.integrations_known,
        share=round(fsum(parts) / len(parts), 4),
        fields=fields,
        teams=tuple(sorted(inventory.coverage.teams or ())),
        assumptions=_assumptions(analysis),
        questions=_questions(analysis, fields),
        not_assessed=tuple(sorted({f.rule for f in findings if f.outcome is Outcome.NOT_ASSESSED})),
    )


def _questions(analysis: Analysis, fields: dict[str, float]) -> tuple[str, ...]:
    """What to declare next, the answers that open most first."""
    stack, company = analysis.stack, analysis.stack.inventory.company
    asked = []
    if stack.integrations_known == "unknown":
        asked.append(
            "Which tools are connected, and what travels? (integrations) It decides the wiring and the handoffs."
        )
    elif any(not c.entry.objects or not c.entry.method for c in stack.connections):
        asked.append("What travels over each connection, and how? (objects, method)")
    if any(t.opaque for t in stack.active):
        asked.append("What are the tools that nobody knows? (layer or capabilities, or out_of_scope: yes)")
    if company.employees is None and company.arr is None and company.funding_stage is None:
        asked.append("How large is the company? (company: employees, arr, funding_stage) It decides what is needed.")
    if fields["in_use"] < 0.5:
        asked.append("What do people use in each tool? (in_use) It decides overlaps and gaps.")
    if analysis.subscription is Tri.UNKNOWN:
        asked.append("Does the company sell subscriptions? (company.business_model) It decides what follows the sale.")
    if stack.inventory.org is None:
        asked.append("Who does operations work, and for whom? (org) It decides the shape of the organisation.")
    if fields["annual_cost"] < 0.5 or fields["contract_end"] < 0.5:
        asked.append(
            "What does each tool cost, and when does its contract end? (annual_cost, contract_end, notice_days)"
        )
    return tuple(asked[:4])


def _assumptions(analysis: Analysis) -> tuple[str, ...]:
    stack = analysis.stack
    lines = []
    inferred = [t for t in stack.active if t.inferred and not t.opaque]
    if inferred:
        lines.append(
            f"What is in use is not declared for {len(inferred)} of {plural(len(stack.active), 'tool')}; "
            "core capabilities are assumed."
        )
    latency = sum(c.entry.latency is None for c in stack.connections)
    if latency:
        lines.append(f"How often it runs is not declared for {plural(latency, 'integration')}; daily is assumed.")
    if analysis.subscription is Tri.UNKNOWN:
        lines.append(
            "Whether the company sells subscriptions is not declared; where shapes are scored they are assumed."
        )
    elif analysis.subscriptions_in:
        unsaid = stack.inventory.company.business_model is None
        why = "No business model is declared" if unsaid else "The business model does not say so"
        tools = join(analysis.label(t) for t in analysis.subscriptions_in)
        lines.append(f"{why}; that the company sells subscriptions is taken from {tools}.")
    if any(t.entry.annual_cost is not None and not t.entry.currency for t in stack.active) and not (
        stack.inventory.company.currency
    ):
        lines.append("No currency is declared; US dollars are assumed.")
    aside = [t for t in stack.tools if not t.counts]
    if aside:
        lines.append(f"Listed and left out of the analysis: {plural(len(aside), 'sandbox or out-of-scope tool')}.")
    return tuple(lines)
