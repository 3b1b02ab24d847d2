"""COST and RISK: use, deadlines, benchmarks, access, and products on their way out."""

from __future__ import annotations

from collections.abc import Iterable

from stackaudit.model.plugins import Draft, RuleContext
from stackaudit.model.result import Evidence
from stackaudit.model.stack import Tool
from stackaudit.model.vocabulary import Confidence, Severity
from stackaudit.rules.support import not_assessed, tool_line


def _dollars(context: RuleContext, tool: Tool) -> float | None:
    return context.analysis.usd(tool.entry.annual_cost, tool.entry.currency)


def shelfware(context: RuleContext) -> Iterable[Draft]:
    """COST-001: seats that nobody uses; usage-priced tools and fresh rollouts are left out."""
    analysis, at, today = context.analysis, context.thresholds, context.analysis.stack.as_of
    unknown = []
    for tool in analysis.stack.active:
        entry = tool.entry
        if entry.pricing == "usage" or not entry.seats or entry.annual_cost == 0:
            continue
        if entry.since is not None and 0 <= (today - entry.since).days < at["cost_001_rollout_days"]:
            continue
        if entry.active_seats is None:
            unknown.append(tool.id)
            continue
        used, cost = entry.active_seats / entry.seats, _dollars(context, tool)
        if used >= at["cost_001_medium"]:
            continue
        if used >= at["cost_001_high"] and (cost is None or cost < at["cost_001_cost"]):
            continue
        name = analysis.label(tool.id)
        unused = entry.seats - entry.active_seats
        value = (
            f", {_money(entry.annual_cost * unused / entry.seats, context, tool)} a year of unused seats"
            if entry.annual_cost
            else ""
        )
        yield Draft(
            message=f"{name}: {entry.active_seats} of {entry.seats} seats are active ({used:.0%}){value}.",
            subjects=(tool.id,),
            severity=Severity.HIGH if used < at["cost_001_high"] else Severity.MEDIUM,
            evidence=(tool_line(analysis, tool.id, f"{entry.active_seats} active of {entry.seats} bought"),),
        )
    if unknown:
        yield not_assessed("How many seats are active is not declared.", unknown)


def lock_in(context: RuleContext) -> Iterable[Draft]:
    """COST-002: a deadline that has passed on a contract that renews by itself, or one within the horizon."""
    analysis, at = context.analysis, context.thresholds
    contracts = analysis.money.contracts
    if not contracts:
        yield not_assessed("No contract end is declared.", (t.id for t in analysis.stack.active))
    for contract in contracts:
        tool = analysis.tool(contract.tool)
        entry, name = tool.entry, analysis.label(contract.tool)
        if entry.decision is not None or contract.end < analysis.stack.as_of:
            continue
        amount = f", {_money(entry.annual_cost, context, tool)} a year" if entry.annual_cost else ""
        renews = " and the contract renews by itself" if entry.auto_renew else ""
        if contract.days_left < 0:
            if not entry.auto_renew:
                continue
            large = (_dollars(context, tool) or 0) >= at["cost_002_high"]
            message = f"{name}: the notice deadline passed on {contract.deadline}{renews} on {contract.end}{amount}."
            severity = Severity.HIGH if large else Severity.MEDIUM
        elif contract.days_left <= at["cost_002_days"]:
            message = (
                f"{name}: the notice deadline is {contract.deadline}, in {contract.days_left} days{renews}{amount}."
            )
            severity = Severity.MEDIUM
        else:
            continue
        line = f"contract_end {contract.end}, notice_days {entry.notice_days if entry.notice_days is not None else 'not declared'}"
        yield Draft(
            message=message, subjects=(tool.id,), severity=severity, evidence=(tool_line(analysis, tool.id, line),)
        )


def out_of_range(context: RuleContext) -> Iterable[Draft]:
    """COST-003: spend a person and as a share of revenue against dated benchmarks; both are printed."""
    analysis, at = context.analysis, context.thresholds
    company = analysis.stack.inventory.company
    heads = [h for _, h in company.headcount if h is not None]
    total = analysis.usd(analysis.money.total, company.currency)
    arr = analysis.usd(company.arr, company.currency)
    if total is None or (not sum(heads) and not arr):
        yield not_assessed("Spend in one currency, headcount or recurring revenue is not declared.")
        return
    sides, lines, extreme = [], [], False
    if sum(heads):
        figure = total / sum(heads) / 12
        low, high = at["cost_003_fte_low"], at["cost_003_fte_high"]
        sides.append(_side(figure, low, high))
        extreme |= figure > at["cost_003_fte_extreme"]
        text = f"${figure:,.0f} a person in go-to-market and month; usual ${low:,.0f} to ${high:,.0f}"
        lines.append(Evidence(text=text, source="S7, practitioner"))
    if arr:
        figure = total / arr
        low, high = at["cost_003_arr_low"], at["cost_003_arr_high"]
        sides.append(_side(figure, low, high))
        extreme |= figure > at["cost_003_arr_extreme"]
        text = f"{figure:.1%} of recurring revenue; usual {low:.0%} to {high:.0%}"
        lines.append(Evidence(text=text, source="S21, vendor material"))
    if not any(sides):
        return
    agreed = len(sides) == 2 and sides[0] == sides[1]
    verdict = (
        "Both benchmarks agree" if agreed else "The benchmarks disagree" if len(sides) == 2 else "One benchmark applies"
    )
    yield Draft(
        message=f"{verdict}: {' and '.join(e.text.replace('; usual', ', usual') for e in lines)}.",
        severity=Severity.MEDIUM if agreed or extreme else Severity.INFO,
        evidence=tuple(lines),
    )


def _side(value: float, low: float, high: float) -> int:
    return -1 if value < low else 1 if value > high else 0


def open_door(context: RuleContext) -> Iterable[Draft]:
    """RISK-001: personal data without single sign-on, in companies that people leave often enough."""
    analysis = context.analysis
    employees = analysis.stack.inventory.company.employees
    holding = [t for t in analysis.stack.active if t.entry.holds_pii]
    if employees is None:
        if holding:
            yield not_assessed("The number of employees is not declared.", (t.id for t in holding))
        return
    if employees < context.thresholds["risk_001_employees"]:
        return
    if not any(t.entry.holds_pii is not None for t in analysis.stack.active):
        yield not_assessed("Which tools hold personal data is not declared.", (t.id for t in analysis.stack.active))
        return
    regions = {r.upper() for r in analysis.stack.inventory.company.regions or ()}
    for tool in holding:
        if tool.entry.sso is not False:
            continue
        critical = tool.entry.criticality is not None and tool.entry.criticality <= 2
        lines = [tool_line(analysis, tool.id, "holds_pii yes, sso no")]
        if regions & {"EMEA", "EU", "UK"} and not tool.entry.dpa:
            lines.append(tool_line(analysis, tool.id, "no data processing agreement is declared"))
        yield Draft(
            message=f"{analysis.label(tool.id)} holds personal data without single sign-on.",
            subjects=(tool.id,),
            severity=Severity.HIGH if critical else Severity.MEDIUM,
            evidence=tuple(lines),
        )
    unknown = [t.id for t in holding if t.entry.sso is None]
    if unknown:
        yield not_assessed("Whether these tools use single sign-on is not declared.", unknown)


_ON_THE_WAY_OUT = {
    "sunset": Severity.HIGH,
    "retired": Severity.HIGH,
    "merged": Severity.MEDIUM,
    "absorbed": Severity.MEDIUM,
    "renamed": Severity.INFO,
}


def on_its_way_out(context: RuleContext) -> Iterable[Draft]:
    """RISK-002: the product's own status, by a source with its date; always assessed from the catalogue."""
    analysis = context.analysis
    for tool in analysis.stack.active:
        status = tool.known.status if tool.known else None
        if status is None or status.state not in _ON_THE_WAY_OUT:
            continue
        if status.state == "renamed" and tool.entry.tool.casefold() == tool.name.casefold():
            continue  # the file knows it by its name of today
        name = analysis.label(tool.id)
        day = f" ({status.as_of})" if status.as_of else ""
        after = f"; its successor is {status.successor}" if status.successor else ""
        what = f"{name}, declared as {tool.entry.tool}," if status.state == "renamed" else name
        yield Draft(
            message=f"{what} is {status.state}{day}: {status.note or 'see the source'}{after}.",
            subjects=(tool.id,),
            severity=_ON_THE_WAY_OUT[status.state],
            evidence=(
                Evidence(text=f"{name}: {status.state}{day}", source=status.source),
                tool_line(analysis, tool.id, f"declared as {tool.entry.tool}"),
            ),
            confidence=Confidence.INFERRED,
        )


def _money(amount: float, context: RuleContext, tool: Tool) -> str:
    currency = tool.entry.currency or context.analysis.stack.inventory.company.currency or "USD"
    return f"${amount:,.0f}" if currency == "USD" else f"{amount:,.0f} {currency}"


CHECKS = {
    "COST-001": shelfware,
    "COST-002": lock_in,
    "COST-003": out_of_range,
    "RISK-001": open_door,
    "RISK-002": on_its_way_out,
}
