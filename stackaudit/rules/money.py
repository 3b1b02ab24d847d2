"""COST and RISK: use, deadlines, benchmarks, access, and products on their way out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from stackaudit.analysis.benchmarks import RANGES, Benchmark, benchmarks
from stackaudit.analysis.contracts import Contract
from stackaudit.analysis.seats import utilisation
from stackaudit.model.plugins import Draft, RuleContext
from stackaudit.model.result import Evidence
from stackaudit.model.stack import Tool
from stackaudit.model.vocabulary import Confidence, Severity
from stackaudit.rules.support import not_assessed, price, tool_line
from stackaudit.vendorindex.names import fold
from stackaudit.wording import in_days

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis

_NAMED = 5


def _dollars(context: RuleContext, tool: Tool) -> float | None:
    return context.analysis.usd(tool.entry.annual_cost, tool.entry.currency)


def shelfware(context: RuleContext) -> Iterable[Draft]:
    """COST-001: seats that nobody uses; usage-priced tools, free ones, fresh rollouts and tools on the move are left out."""
    analysis, at = context.analysis, context.thresholds
    bought = [t for t in analysis.stack.active if _by_the_seat(context, t)]
    counted = [t for t in bought if t.entry.seats]
    unknown = {t.id for t in counted if t.entry.active_seats is None}
    unknown |= {t.id for t in bought if t.entry.seats is None and (t.entry.pricing == "seat" or not counted)}
    unpriced = set()
    for tool in counted:
        used = utilisation(tool.entry)
        if used is None or used >= at["cost_001_medium"]:
            continue
        if used >= at["cost_001_high"]:
            cost = _dollars(context, tool)
            if cost is None:
                unpriced.add(tool.id)
            if cost is None or cost < at["cost_001_cost"]:
                continue
        yield _unused(context, tool, used)
    reasons = []
    if unknown:
        reasons.append(f"How many seats are bought and active is not declared: {_who(analysis, unknown)}.")
    if unpriced:
        what = "what the half-used seats cost is not known in dollars (annual_cost, or a rate for USD in settings.fx)"
        reasons.append(f"{_who(analysis, unpriced)}: {what}.")
    if reasons:
        yield not_assessed(" ".join(reasons), unknown | unpriced)


def _by_the_seat(context: RuleContext, tool: Tool) -> bool:
    """Whether seats may be wasted: not priced by use or flat, not free, and not rolled out just now.

    People leave a tool that is let go, and come to one that is moved to until the day on which the move ends.
    """
    entry, today = tool.entry, context.analysis.stack.as_of
    if tool.leaving or (entry.status == "migrating" and entry.overlap_ends is not None and entry.overlap_ends >= today):
        return False
    if entry.pricing == "usage" or entry.annual_cost == 0 or (entry.pricing == "flat" and not entry.seats):
        return False
    return entry.since is None or (today - entry.since).days >= context.thresholds["cost_001_rollout_days"]


def _unused(context: RuleContext, tool: Tool, used: float) -> Draft:
    analysis, entry, contract = context.analysis, tool.entry, context.analysis.contract(tool.id)
    value = (
        f", {price(context, tool, entry.annual_cost * (1 - used))} a year of unused seats" if entry.annual_cost else ""
    )
    return Draft(
        message=f"{analysis.label(tool.id)}: {entry.active_seats} of {entry.seats} seats are active ({used:.0%}){value}.",
        subjects=(tool.id,),
        severity=Severity.HIGH if used < context.thresholds["cost_001_high"] else Severity.MEDIUM,
        evidence=(tool_line(analysis, tool.id, f"{entry.active_seats} active of {entry.seats} bought"),),
        fix=_TOO_LATE_FOR_SEATS if contract and contract.renewing else None,
    )


_TOO_LATE_FOR_SEATS = (
    "Notice for this renewal was due: ask the vendor for fewer seats all the same, and ask why people stay away."
)


def lock_in(context: RuleContext) -> Iterable[Draft]:
    """COST-002: a deadline that has passed on a contract that renews by itself, or one within the horizon."""
    analysis, today = context.analysis, context.analysis.stack.as_of
    dated = {c.tool for c in analysis.money.contracts}
    unknown: dict[str, list[str]] = {}
    undated = [t.id for t in analysis.stack.active if t.id not in dated and (t.entry.annual_cost or not dated)]
    if undated:
        unknown["No contract end is declared"] = undated
    for contract in analysis.money.contracts:
        tool = analysis.tool(contract.tool)
        if tool.entry.decision is not None:
            continue
        if contract.end < today:
            unknown.setdefault("The declared contract end has passed", []).append(tool.id)
        elif contract.days_left < 0:
            if contract.auto_renew is None:
                unknown.setdefault("Whether the contract renews by itself is not declared", []).append(tool.id)
            elif contract.auto_renew:
                yield _passed(context, contract)
        elif contract.days_left <= context.thresholds["cost_002_days"]:
            yield _near(context, contract)
        elif not contract.notice_known:
            unknown.setdefault("The notice period is not declared", []).append(tool.id)
    if unknown:
        told = " ".join(f"{why}: {_who(analysis, tools)}." for why, tools in sorted(unknown.items()))
        yield not_assessed(told, {t for tools in unknown.values() for t in tools})


def _who(analysis: Analysis, tools: Collection[str]) -> str:
    """Names of a few tools, or how many there are."""
    return analysis.names(sorted(tools)) if len(tools) <= _NAMED else f"{len(tools)} tools"


def _passed(context: RuleContext, contract: Contract) -> Draft:
    tool = context.analysis.tool(contract.tool)
    cost = _dollars(context, tool)
    large = cost is not None and cost >= context.thresholds["cost_002_high"]
    message = f"the notice deadline passed on {contract.deadline} and the contract renews by itself on {contract.end}"
    draft = _deadline(context, contract, message, Severity.HIGH if large else Severity.MEDIUM)
    return replace(draft, fix="Ask the vendor for a way out now, and note the next deadline a year ahead.")


def _near(context: RuleContext, contract: Contract) -> Draft:
    days = in_days(contract.days_left)
    what = "the notice deadline is" if contract.notice_known else "the notice period is not declared, the contract ends"
    renews = ", and the contract renews by itself" if contract.auto_renew else ""
    return _deadline(context, contract, f"{what} {contract.deadline}, {days}{renews}", Severity.MEDIUM)


def _deadline(context: RuleContext, contract: Contract, message: str, severity: Severity) -> Draft:
    analysis, tool = context.analysis, context.analysis.tool(contract.tool)
    amount = f", {price(context, tool, tool.entry.annual_cost)} a year" if tool.entry.annual_cost else ""
    notice = tool.entry.notice_days if contract.notice_known else "not declared"
    line = f"contract_end {contract.end}, notice_days {notice}"
    return Draft(
        message=f"{analysis.label(tool.id)}: {message}{amount}.",
        subjects=(tool.id,),
        severity=severity,
        evidence=(tool_line(analysis, tool.id, line),),
    )


def out_of_range(context: RuleContext) -> Iterable[Draft]:
    """COST-003: spend a person and as a share of revenue against dated benchmarks; both are printed."""
    figures = benchmarks(context.analysis)
    if not figures:
        yield not_assessed("Spend in one currency with a rate for USD, headcount or recurring revenue is not declared.")
        return
    if not any(f.side for f in figures):
        return
    agreed = len(figures) == 2 and figures[0].side == figures[1].side
    several = "The benchmarks disagree" if len(figures) == 2 else "One benchmark applies"
    texts = [f.text.replace("; usual ", " (usual ") + ")" for f in figures]
    yield Draft(
        message=f"{'Both benchmarks agree' if agreed else several}: {(' and ' if agreed else ', but ').join(texts)}.",
        severity=Severity.MEDIUM if agreed or any(f.extreme for f in figures) else Severity.INFO,
        evidence=tuple(line for f in figures for line in _figure_lines(context, f)),
    )


def _figure_lines(context: RuleContext, figure: Benchmark) -> Iterable[Evidence]:
    source = context.analysis.catalog.thresholds[RANGES[figure.id][1]]
    yield Evidence(text=figure.text, source=f"{source.source} (grade {source.grade})")
    if figure.without is not None and figure.without != figure.value:
        value = f"${figure.without:,.0f}" if figure.id == "fte" else f"{figure.without:.1%}"
        yield Evidence(text=f"{value} without finance and data-platform tools")


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
        open_ = sorted(t.id for t in holding if t.entry.sso is False)
        if open_:
            yield Draft(
                message=f"{len(open_)} {'tool holds' if len(open_) == 1 else 'tools hold'} personal data without single sign-on; at {employees} employees it is told once.",
                subjects=tuple(open_),
                severity=Severity.INFO,
                facet="small_company",
                evidence=tuple(tool_line(analysis, t, "holds_pii yes, sso no") for t in open_),
            )
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


def _by_former_name(tool: Tool) -> bool:
    """Whether the file calls a renamed product by a name that it no longer bears."""
    declared, former = fold(tool.entry.tool), tool.known.former_names if tool.known else ()
    return any(fold(f.name) in declared for f in former) if former else declared != fold(tool.name)


def on_its_way_out(context: RuleContext) -> Iterable[Draft]:
    """RISK-002: the product's own status, by a source with its date; always assessed from the catalogue.

    A product that only bears another name goes nowhere, and is not said to.
    """
    analysis = context.analysis
    for tool in analysis.stack.active:
        status = tool.known.status if tool.known else None
        if status is None or status.state not in _ON_THE_WAY_OUT:
            continue
        if status.state == "renamed" and not _by_former_name(tool):
            continue  # the file knows it by its name of today, or a short form of it
        name = analysis.label(tool.id)
        day = f" ({status.as_of})" if status.as_of else ""
        after = f"; its successor is {status.successor}" if status.successor and not status.note else ""
        other_name = status.state == "renamed"
        yield Draft(
            message=f"{name} is the new name of {tool.entry.tool}{day}."
            if other_name
            else f"{name} is {status.state}{day}: {status.note or 'see the source'}{after}.",
            subjects=(tool.id,),
            severity=_ON_THE_WAY_OUT[status.state],
            evidence=(
                Evidence(text=f"{name}: {status.state}{day}", source=status.source),
                tool_line(analysis, tool.id, f"declared as {tool.entry.tool}"),
            ),
            title="A product bears a new name" if other_name else None,
            fix="Use the new name in this file and in contracts." if other_name else None,
            confidence=Confidence.INFERRED,
        )


CHECKS = {
    "COST-001": shelfware,
    "COST-002": lock_in,
    "COST-003": out_of_range,
    "RISK-001": open_door,
    "RISK-002": on_its_way_out,
}
