"""Money as the result shows it: spend, consolidation scope, benchmarks and the renewal calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from math import fsum
from typing import TYPE_CHECKING, Literal

from stackaudit.analysis.benchmarks import RANGES, benchmarks, without_finance_data
from stackaudit.analysis.money import in_scope
from stackaudit.analysis.seats import unused_seats
from stackaudit.assemble.overlaps import accepted
from stackaudit.model import result as r

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.analysis.benchmarks import Benchmark
    from stackaudit.analysis.contracts import Contract

SIDES: dict[int, Literal["below", "inside", "above"]] = {-1: "below", 0: "inside", 1: "above"}
MARKS = ("money_mark_plan", "money_mark_negotiate", "money_mark_decide")


def spend(analysis: Analysis, findings: Iterable[r.Finding]) -> r.Spend:
    """Declared money and contract dates; sums in one currency only where every price has a rate."""
    money, active = analysis.money, analysis.stack.active
    scope = in_scope(analysis, accepted(analysis, findings))
    scoped = None if scope is None else fsum(line.amount for line in scope)
    unused = [u for t in active if (u := unused_seats(analysis, t.id)) is not None]
    near = analysis.threshold("money_urgent_days")
    whole = money.total is not None
    return r.Spend(
        totals=money.totals,
        currency=money.currency,
        total=money.total,
        without_finance_data=without_finance_data(analysis),
        priced_tools=sum(t.entry.annual_cost is not None for t in active),
        tools=len(active),
        in_scope=scoped,
        in_scope_tools=tuple(line.tool for line in scope or ()),
        in_scope_share=round(scoped / money.total, 4) if scoped is not None and money.total else None,
        scope=tuple(r.ScopeLine(tool=x.tool, amount=x.amount, because=x.because) for x in scope or ()),
        unpriced=tuple(sorted(t.id for t in active if t.entry.annual_cost is None)),
        finance_data_tools=tuple(
            sorted(t.id for t in active if t.layer in analysis.catalog.scoring.finance_data and t.id in money.converted)
        ),
        unused_seat_value=round(fsum(unused), 2) if unused and whole else None,
        by_layer=_by_layer(analysis) if whole else (),
        by_family=_by_family(analysis) if whole else (),
        benchmarks=tuple(_benchmark(analysis, b) for b in benchmarks(analysis)),
        next_deadlines=tuple(
            c.tool for c in money.contracts if 0 <= c.days_left <= near and analysis.tool(c.tool).entry.decision is None
        ),
        renewals=tuple(_renewal(analysis, c) for c in money.contracts),
    )


def _by_layer(analysis: Analysis) -> tuple[r.LayerSpend, ...]:
    groups = _grouped(analysis, lambda layer: layer)
    return tuple(r.LayerSpend(layer=k, amount=amount, tools=tools) for k, amount, tools in groups)


def _by_family(analysis: Analysis) -> tuple[r.FamilySpend, ...]:
    known = analysis.catalog.layers
    groups = _grouped(analysis, lambda layer: known[layer].family if layer in known else "unknown")
    return tuple(r.FamilySpend(family=k, amount=amount, tools=tools) for k, amount, tools in groups)


def _grouped(analysis: Analysis, key: Callable[[str], str]) -> list[tuple[str, float, tuple[str, ...]]]:
    """Priced tools by layer, the largest sum first."""
    found: dict[str, list[str]] = {}
    for tool in analysis.stack.active:
        if tool.id in analysis.money.converted:
            found.setdefault(key(tool.layer or "unknown"), []).append(tool.id)
    rows = [(k, fsum(analysis.money.converted[t] for t in sorted(ids)), tuple(sorted(ids))) for k, ids in found.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def _benchmark(analysis: Analysis, figure: Benchmark) -> r.SpendBenchmark:
    source = analysis.catalog.thresholds[RANGES[figure.id][1]]
    return r.SpendBenchmark(
        id=figure.id,
        value=round(figure.value, 4),
        low=figure.low,
        high=figure.high,
        side=SIDES[figure.side],
        extreme=figure.extreme,
        without_finance_data=None if figure.without is None else round(figure.without, 4),
        text=figure.text,
        source=source.source,
        grade=source.grade,
    )


def _renewal(analysis: Analysis, contract: Contract) -> r.Renewal:
    entry = analysis.tool(contract.tool).entry
    days = [int(analysis.threshold(m)) for m in MARKS]
    return r.Renewal(
        tool=contract.tool,
        contract_end=contract.end,
        deadline=contract.deadline,
        days_left=contract.days_left,
        amount=entry.annual_cost,
        currency=entry.currency or analysis.stack.inventory.company.currency,
        auto_renew=entry.auto_renew,
        notice_known=contract.notice_known,
        decision=(entry.decision.verdict or "decided") if entry.decision else None,
        marks=tuple(r.Mark(days=d, on=contract.end - dt.timedelta(days=d)) for d in days),
    )
