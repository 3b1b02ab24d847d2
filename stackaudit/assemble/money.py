"""Overlaps and money, as the result shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.model import result as r

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis


def overlaps(analysis: Analysis) -> tuple[r.OverlapGroup, ...]:
    """Pairs that share work in use; legitimate ones with the reason."""
    return tuple(
        r.OverlapGroup(
            tools=o.tools,
            kind=o.kind,
            shared=o.shared,
            defining=o.defining,
            coefficient=o.coefficient,
            state="in_use",
            legitimate=bool(o.legitimate),
            reason=o.legitimate,
        )
        for o in analysis.overlaps
    )


def spend(analysis: Analysis) -> r.Spend:
    """Declared money and contract dates."""
    money = analysis.money
    active = analysis.stack.active
    by_layer: dict[str, list[str]] = {}
    for tool in active:
        if tool.id in money.converted:
            by_layer.setdefault(tool.layer or "unknown", []).append(tool.id)
    rows = [
        r.LayerSpend(layer=layer, amount=sum(money.converted[t] for t in ids), tools=tuple(sorted(ids)))
        for layer, ids in by_layer.items()
    ]
    home = analysis.stack.inventory.company.currency
    return r.Spend(
        totals=money.totals,
        currency=money.currency,
        total=money.total,
        priced_tools=sum(t.entry.annual_cost is not None for t in active),
        tools=len(active),
        by_layer=tuple(sorted(rows, key=lambda x: (-x.amount, x.layer))) if money.total is not None else (),
        renewals=tuple(
            r.Renewal(
                tool=c.tool,
                contract_end=c.end,
                deadline=c.deadline,
                days_left=c.days_left,
                amount=(entry := analysis.tool(c.tool).entry).annual_cost,
                currency=entry.currency or home,
                auto_renew=entry.auto_renew,
            )
            for c in money.contracts
        ),
    )
