"""One client's result in the few figures that a portfolio shows and compares."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from stackaudit.model.portfolio import Client, Deadline
from stackaudit.model.vocabulary import Outcome, Tri

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult

TOP_CAUSES = 3
TOOLS, SPEND, HANDOFFS, LAYER = "tools", "spend_per_head_month", "handoffs_working", "layer:"
_NOT_COUNTED = {"not_needed", "not_applicable", "unknown"}


def summary(result: AuditResult, name: str, file: str, report: str | None) -> Client:
    """The client of a result.

    Args:
        result: What its audit concluded.
        name: Its id among the clients.
        file: The stack file or saved result that it was read from.
        report: Where its report stands, counted from the index.
    """
    shape, spend = result.shape, result.spend
    standing = [f for f in result.findings if f.stands]
    broken = any(p.kind != "input" for p in result.problems) or any(f.outcome is Outcome.ERROR for f in result.findings)
    return Client(
        id=name,
        file=file,
        report=report,
        company=result.company.name,
        as_of=result.as_of,
        ruleset_hash=result.ruleset_hash,
        verdict=shape.verdict.sentence,
        stack=shape.stack.label,
        stack_score=shape.stack.score,
        org=shape.org.label,
        org_score=shape.org.score,
        band=shape.need.label,
        contested=shape.need.contested,
        coverage=result.coverage.share,
        tools=result.coverage.tools,
        resolved=result.coverage.resolved,
        spend=spend.total,
        currency=spend.currency,
        spend_totals=dict(sorted(spend.totals.items())),
        priced_tools=spend.priced_tools,
        root_causes=tuple(c.title for c in result.root_causes[:TOP_CAUSES]),
        next_deadline=_deadline(result),
        findings=dict(sorted(Counter(f.severity.value for f in standing).items())),
        incomplete=broken,
        figures=_figures(result),
    )


def _deadline(result: AuditResult) -> Deadline | None:
    ahead = [r for r in result.spend.renewals if r.days_left >= 0]
    if not ahead:
        return None
    first = min(ahead, key=lambda r: (r.days_left, r.tool))
    return Deadline(
        tool=result.labels().get(first.tool, first.tool),
        on=first.deadline,
        days_left=first.days_left,
        amount=first.amount,
        currency=first.currency,
        notice_known=first.notice_known,
    )


def _figures(result: AuditResult) -> dict[str, float]:
    """What is known of what the benchmark compares; what is not assessed is left out."""
    active = [t for t in result.tools if t.in_scope and t.environment == "production"]
    found: dict[str, float] = {TOOLS: len(active)}
    for benchmark in result.spend.benchmarks:
        if benchmark.id == "fte":
            found[SPEND] = round(benchmark.value, 2)
    assessed = [h for h in result.handoffs if h.status not in _NOT_COUNTED]
    if assessed:
        found[HANDOFFS] = round(sum(h.status == "works" for h in assessed) / len(assessed), 4)
    for layer in result.layers:
        if layer.core and layer.present is not Tri.UNKNOWN:
            found[f"{LAYER}{layer.id}"] = len(layer.tools)
    return dict(sorted(found.items()))
