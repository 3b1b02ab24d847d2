"""Spend against two published ranges: a person in go-to-market and month, and a share of recurring revenue."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis


RANGES = {
    "fte": ("cost_003_fte_low", "cost_003_fte_high", "cost_003_fte_extreme"),
    "arr": ("cost_003_arr_low", "cost_003_arr_high", "cost_003_arr_extreme"),
}


class Benchmark(Struct, frozen=True):
    """One figure and the range it is held against, in US dollars or as a share; the threshold ``high`` is its source.

    ``side`` is -1 below, 0 inside, 1 above; ``extreme`` is far above. ``without`` is the figure without the tools of
    finance and the data platform. ``understated`` says that some tools have no price, so that below proves nothing.
    """

    id: Literal["fte", "arr"]
    value: float
    low: float
    high: float
    limit: float
    without: float | None
    understated: bool

    @property
    def side(self) -> int:
        """Where the figure stands; below only where every tool has a price."""
        if self.value > self.high:
            return 1
        return -1 if self.value < self.low and not self.understated else 0

    @property
    def text(self) -> str:
        """The figure and its range in words."""
        if self.id == "fte":
            return f"${self.value:,.0f} a month for each person in go-to-market; usual ${self.low:,.0f} to ${self.high:,.0f}"
        return f"{self.value:.1%} of recurring revenue; usual {self.low:.0%} to {self.high:.0%}"

    @property
    def extreme(self) -> bool:
        """Whether the figure is beyond the line at which the source stops asking."""
        return self.value > self.limit


def benchmarks(analysis: Analysis) -> tuple[Benchmark, ...]:
    """The figures that can be computed; empty where spend has no total or no rate into dollars."""
    company = analysis.stack.inventory.company
    total = analysis.usd(analysis.money.total, company.currency)
    if total is None:
        return ()
    apart = analysis.usd(without_finance_data(analysis), company.currency)
    understated = any(t.entry.annual_cost is None for t in analysis.stack.active)
    heads = sum(h for _, h in company.headcount if h is not None)
    arr = analysis.usd(company.arr, company.currency)
    bases: dict[Literal["fte", "arr"], float] = {"fte": heads * 12, "arr": arr or 0}
    return tuple(
        Benchmark(
            id=name,
            value=total / base,
            low=analysis.threshold(RANGES[name][0]),
            high=analysis.threshold(RANGES[name][1]),
            limit=analysis.threshold(RANGES[name][2]),
            without=None if apart is None else apart / base,
            understated=understated,
        )
        for name, base in bases.items()
        if base
    )


def without_finance_data(analysis: Analysis) -> float | None:
    """Total spend without finance and data-platform tools, in the company's currency."""
    if analysis.money.total is None:
        return None
    aside = analysis.catalog.scoring.finance_data
    return fsum(amount for t, amount in analysis.money.converted.items() if analysis.tool(t).layer not in aside)
