"""A benchmark of these companies alone: medians and quartiles, and nothing where fewer than three stand behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from statistics import quantiles

from stackaudit.model.portfolio import ALL, BenchmarkRow, Client, Unit, latest
from stackaudit.model.vocabulary import NeedLabel
from stackaudit.portfolio.summary import HANDOFFS, LAYER, SPEND, TOOLS

MIN_COMPANIES = 3
"""With fewer, a figure says more about one client than about the market, and gives that client away."""
_BANDS = (ALL, *(label.value for label in NeedLabel if label is not NeedLabel.UNKNOWN))
_NAMES: dict[str, tuple[str, Unit]] = {
    TOOLS: ("Tools in all", "tools"),
    SPEND: ("Spend a head in go-to-market and month", "usd"),
    HANDOFFS: ("Handoffs that work, of those assessed", "share"),
}


def benchmark(clients: Iterable[Client], layers: dict[str, str]) -> tuple[BenchmarkRow, ...]:
    """Every figure by band, in the order of figures and bands.

    Args:
        clients: The clients; a company that was audited several times counts once, with its latest audit.
        layers: Names of layers by id.
    """
    companies = latest(clients)
    names: dict[str, tuple[str, Unit]] = dict(_NAMES)
    for figure in sorted({f for c in companies for f in c.figures if f.startswith(LAYER)}):
        layer = figure.removeprefix(LAYER)
        names[figure] = (f"Tools in {layers.get(layer, layer.replace('_', ' '))}", "tools")
    return tuple(_rows(companies, names))


def _rows(companies: tuple[Client, ...], names: dict[str, tuple[str, Unit]]) -> Iterator[BenchmarkRow]:
    for figure, (name, unit) in names.items():
        for band in _BANDS:
            values = [c.figures[figure] for c in companies if figure in c.figures and band in (ALL, c.band)]
            if len(values) < MIN_COMPANIES:
                continue
            lower, median, upper = (round(q, 4) for q in quantiles(values, n=4, method="inclusive"))
            yield BenchmarkRow(
                figure=figure,
                name=name,
                unit=unit,
                band=band,
                companies=len(values),
                lower=lower,
                median=median,
                upper=upper,
            )
