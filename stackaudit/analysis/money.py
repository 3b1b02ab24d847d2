"""Declared spend, per currency unless a dated rate is given, and the dates by which contracts must be cancelled."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from stackaudit.model.stack import Stack


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract end and its notice deadline; ``days_left`` counts from the day of the audit."""

    tool: str
    end: dt.date
    deadline: dt.date
    days_left: int


@dataclass(frozen=True, slots=True)
class Money:
    """Spend per year. ``total`` is None where several currencies stand without a rate."""

    totals: dict[str, float]
    currency: str | None
    total: float | None
    converted: dict[str, float]
    contracts: tuple[Contract, ...]


def money(stack: Stack) -> Money:
    """Add up what is declared; a tool without a currency uses the company's, and US dollars where none is given."""
    company = stack.inventory.company.currency or "USD"
    fx = stack.inventory.settings.fx
    rates = {company: 1.0, **({k: float(v) for k, v in (fx.model_extra or {}).items()} if fx else {})}
    totals: dict[str, float] = {}
    converted: dict[str, float] = {}
    complete = True
    contracts = []
    for tool in sorted(stack.active, key=lambda t: t.id):
        entry = tool.entry
        if entry.annual_cost is not None:
            currency = entry.currency or company
            totals[currency] = totals.get(currency, 0.0) + entry.annual_cost
            if currency in rates:
                converted[tool.id] = entry.annual_cost * rates[currency]
            else:
                complete = False
        if entry.contract_end is not None:
            deadline = entry.contract_end - dt.timedelta(days=min(entry.notice_days or 0, 3_650))
            contracts.append(Contract(tool.id, entry.contract_end, deadline, (deadline - stack.as_of).days))
    contracts.sort(key=lambda c: (c.deadline, c.tool))
    return Money(
        totals=dict(sorted(totals.items())),
        currency=company if totals else None,
        total=sum(converted.values()) if complete and totals else None,
        converted=converted,
        contracts=tuple(contracts),
    )


def usd(stack: Stack, amount: float | None, currency: str | None) -> float | None:
    """An amount in US dollars by the file's dated rates; None where it is not known or has no rate.

    Rates are given into the company's currency, so a dollar amount is the way back.
    """
    company = stack.inventory.company.currency or "USD"
    currency = currency or company
    if amount is None or currency == "USD":
        return amount
    fx = stack.inventory.settings.fx
    rates = {k: float(v) for k, v in (fx.model_extra or {}).items()} if fx else {}
    home = amount if currency == company else amount * rates[currency] if currency in rates else None
    if home is None or company == "USD":
        return home
    return home / rates["USD"] if rates.get("USD") else None
