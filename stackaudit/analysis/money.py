"""Declared spend, per currency unless a dated rate is given, and the contract value in consolidation scope."""

from __future__ import annotations

from collections.abc import Container
from math import fsum
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.analysis.contracts import Contract, contracts
from stackaudit.analysis.doubles import components

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.analysis.doubles import Double
    from stackaudit.model.stack import Stack, Tool

ENDING = frozenset({"sunset", "retired"})


class Money(Struct, frozen=True):
    """Spend per year. ``total`` is None where several currencies stand without a rate; ``converted`` is by tool."""

    totals: dict[str, float]
    currency: str | None
    total: float | None
    converted: dict[str, float]
    contracts: tuple[Contract, ...]


class InScope(Struct, frozen=True):
    """One contract in consolidation scope and why it is there: a group's smaller contract, or a product that ends."""

    tool: str
    amount: float
    because: str


def money(stack: Stack) -> Money:
    """Add up what is declared; a tool without a currency uses the company's, and US dollars where none is given."""
    company = stack.inventory.company.currency or "USD"
    rates = {company: 1.0, **_rates(stack)}
    totals: dict[str, list[float]] = {}
    converted: dict[str, float] = {}
    complete = True
    for tool in sorted(stack.active, key=lambda t: t.id):
        entry = tool.entry
        if entry.annual_cost is not None:
            currency = entry.currency or company
            totals.setdefault(currency, []).append(entry.annual_cost)
            if currency in rates:
                converted[tool.id] = entry.annual_cost * rates[currency]
            else:
                complete = False
    return Money(
        totals={currency: fsum(costs) for currency, costs in sorted(totals.items())},
        currency=company if totals else None,
        total=fsum(converted.values()) if complete and totals else None,
        converted=converted,
        contracts=contracts(stack),
    )


def in_scope(analysis: Analysis, accepted: Container[Double] = ()) -> tuple[InScope, ...] | None:
    """All but the largest contract of each group of doubles, and the contracts of products that end, each once.

    A tool without a price neither adds nor ties groups together, so that declaring one changes nothing.

    Args:
        analysis: Doubles, prices and product states.
        accepted: Groups that are waived; they stay out.

    Returns:
        Contracts by tool id, or None where spend has no total.
    """
    if analysis.money.total is None:
        return None
    priced = _paid(analysis)
    found = {
        tool.id: InScope(tool.id, priced[tool.id], why)
        for tool in analysis.stack.active
        if tool.id in priced and (why := ends(tool))
    }
    for double in analysis.doubles:
        if double not in accepted:
            for line in smaller(analysis, double):
                found.setdefault(line.tool, line)
    return tuple(found[t] for t in sorted(found))


def smaller(analysis: Analysis, double: Double) -> tuple[InScope, ...]:
    """All but the largest contract of a group, as far as its tools have a price."""
    priced = _paid(analysis)
    found = []
    for group in components(pair for pair in double.links if set(pair) <= priced.keys()):
        largest = max(group, key=lambda t: (priced[t], t))
        why = f"{double.rule}: beside {analysis.label(largest)}, the largest contract of the group"
        found += [InScope(t, priced[t], why) for t in group if t != largest]
    return tuple(found)


def _paid(analysis: Analysis) -> dict[str, float]:
    """Contracts that cost something; a free tool has no contract to save."""
    return {tool: amount for tool, amount in analysis.money.converted.items() if amount > 0}


def ends(tool: Tool) -> str:
    """Why a tool ends: the product by a source of the catalogue, or the company's own plan; empty where it stays."""
    status = tool.known.status if tool.known else None
    if status is not None and status.state in ENDING:
        return "the product is on its way out"
    return "the company lets it go" if tool.leaving else ""


def usd(stack: Stack, amount: float | None, currency: str | None) -> float | None:
    """An amount in US dollars by the file's dated rates; None where it is not known or has no rate.

    Rates are given into the company's currency, so a dollar amount is the way back.
    """
    company = stack.inventory.company.currency or "USD"
    currency = currency or company
    if amount is None or currency == "USD":
        return amount
    rates = _rates(stack)
    home = amount if currency == company else amount * rates[currency] if currency in rates else None
    if home is None or company == "USD":
        return home
    return home / rates["USD"] if rates.get("USD") else None


def _rates(stack: Stack) -> dict[str, float]:
    fx = stack.inventory.settings.fx
    return {k: float(v) for k, v in (fx.model_extra or {}).items()} if fx else {}
