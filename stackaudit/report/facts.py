"""The few facts that every rendering leads with, read off the result once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.report.words import SEVERITIES, SIZES, date, have, in_days, join, money, plural, share, within

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult, Blocks, Finding, Renewal, RootCause, ToolInfo

NO_DATA = "not assessed"
NO_MONEY = frozenset({"vendor", "public"})
"""Levels of privacy at which nothing is said about prices and contracts, not even that they are not declared."""
SOON = 30


class Figure(Struct, frozen=True):
    """One leading figure: what it is, its value, and what it rests on."""

    name: str
    value: str
    note: str


def figures(result: AuditResult) -> tuple[Figure, ...]:
    """Spend, next deadline, handoffs and signals, each with its coverage; never 0 for what is not known."""
    money = () if result.privacy in NO_MONEY else (_spend(result), _deadline(result))
    return (*money, _handoffs(result), _signals(result))


def declared_as(tool: ToolInfo) -> str:
    """The name by which the file declares a tool, where it is shown by another: a product that was renamed, or a short name."""
    same = _letters(tool.declared_as) == _letters(tool.name)
    return "" if same else tool.declared_as


def _letters(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


def standing(result: AuditResult) -> tuple[Finding, ...]:
    """Findings that fired and are not waived."""
    return tuple(f for f in result.findings if f.stands)


def waived(result: AuditResult) -> tuple[Finding, ...]:
    """Findings held back by a waiver that is in force."""
    return tuple(f for f in result.findings if f.outcome == "fail" and f.waiver and not f.waiver.expired)


def waiver_words(finding: Finding) -> str:
    """The exception that was accepted for a finding, in a line: until when, why and by whom; empty without one."""
    waiver = finding.waiver
    if waiver is None:
        return ""
    until = f" until {date(waiver.expires)}" if waiver.expires else ""
    state = "Waiver expired" if waiver.expired else f"Waived{until}"
    return f"{state}: {waiver.reason}" + (f" ({waiver.owner})" if waiver.owner else "")


def open_questions(result: AuditResult) -> tuple[Finding, ...]:
    """Rules that lacked input."""
    return tuple(f for f in result.findings if f.outcome == "not_assessed")


def blocked(blocks: Blocks) -> tuple[str, ...]:
    """Ids of everything that a root cause holds up."""
    return (*blocks.handoffs, *blocks.metrics, *blocks.signals)


def cause_words(result: AuditResult, cause: RootCause) -> str:
    """How bad a root cause is, how much it answers, what it holds up and what its repair takes, in a line."""
    held = named(result, blocked(cause.blocks), brief=True)
    notes = [SEVERITIES[cause.severity].lower(), plural(len(cause.findings), "finding")]
    notes += [f"holds up {held}"] if held else []
    return "; ".join([*notes, f"effort {SIZES[cause.effort]}"])


def named(result: AuditResult, ids: Iterable[str], *, brief: bool = False) -> str:
    """Handoffs, metrics and signals by their names inside a sentence; ``brief`` leaves handoffs their ids alone."""
    asked = tuple(ids)
    names = {h.id: h.id if brief else f"{h.id} {h.name}" for h in result.handoffs if h.id in asked}
    names |= {m.id: within(m.name) for m in result.metrics if m.id in asked}
    names |= {s.id: within(s.name) for s in result.signals if s.id in asked}
    return join([names.get(i, i.replace("_", " ")) for i in asked])


def capability_name(result: AuditResult, capability: str) -> str:
    """What a capability is called; a result of before there were names has its id in words."""
    return result.names.capabilities.get(capability) or capability.replace("_", " ")


def told_apart(result: AuditResult) -> tuple[ToolInfo, ...]:
    """The tools as drawings show them: under the name by which they are told apart."""
    names = result.labels()
    return tuple(t if names[t.id] == t.name else t.model_copy(update={"name": names[t.id]}) for t in result.tools)


def layer_name(result: AuditResult, layer: str) -> str:
    """What a layer is called; the list of layers may name one by the half of it that is missing."""
    listed = (x.name for x in result.layers if x.id == layer)
    return result.names.layers.get(layer) or next(listed, layer.replace("_", " "))


def records(result: AuditResult, objects: Iterable[str]) -> str:
    """Records that travel, by their names in a list; empty where none is declared."""
    return ", ".join(within(result.names.objects.get(o) or o.replace("_", " ")) for o in objects)


def next_deadline(result: AuditResult) -> Renewal | None:
    """The next notice deadline that has not passed."""
    ahead = [r for r in result.spend.renewals if r.days_left >= 0]
    return min(ahead, key=lambda r: (r.days_left, r.tool), default=None)


def soon(result: AuditResult) -> tuple[str, ...]:
    """Every notice deadline within thirty days, whatever its findings say on the first page."""
    names = result.labels()
    return tuple(
        f"{names.get(r.tool, r.tool)}: {notice(r)}"
        + (f", {money(r.amount, r.currency)} a year" if r.amount else "")
        + (", renews by itself" if r.auto_renew else "")
        for r in sorted(result.spend.renewals, key=lambda r: (r.days_left, r.tool))
        if 0 <= r.days_left <= SOON
    )


def notice(renewal: Renewal) -> str:
    """When notice is due; where its period is not declared, when the contract ends, and that this is all that is known."""
    by = "notice by" if renewal.notice_known else "notice period not declared, contract ends"
    return f"{by} {date(renewal.deadline)}, {in_days(renewal.days_left)}"


def _spend(result: AuditResult) -> Figure:
    spend = result.spend
    if not spend.priced_tools:
        return Figure("Spend a year", NO_DATA, "no tool declares its cost")
    value = (
        money(spend.total, spend.currency)
        if spend.total is not None
        else " + ".join(money(amount, currency) for currency, amount in spend.totals.items())
    )
    notes = [f"{spend.priced_tools} of {plural(spend.tools, 'tool')} {have(spend.priced_tools)} a price"]
    if spend.in_scope and spend.total:
        amount = money(spend.in_scope, spend.currency)
        notes.append(f"{amount} in consolidation scope ({share(spend.in_scope / spend.total)})")
    return Figure("Spend a year", value, "; ".join(notes))


def _deadline(result: AuditResult) -> Figure:
    renewals = result.spend.renewals
    if not renewals:
        return Figure("Next notice deadline", NO_DATA, "no contract dates are declared")
    names = result.labels()
    upcoming = next_deadline(result)
    passed = [r for r in renewals if r.days_left < 0 and r.auto_renew and (r.contract_end >= result.as_of)]
    late = f"; {plural(len(passed), 'deadline')} passed with automatic renewal" if passed else ""
    if upcoming is None:
        return Figure("Next notice deadline", "none ahead", f"{plural(len(renewals), 'contract date')} declared{late}")
    amount = money(upcoming.amount, upcoming.currency)
    note = f"{names.get(upcoming.tool, upcoming.tool)}{', ' + amount if amount else ''}, {in_days(upcoming.days_left)}"
    if not upcoming.notice_known:
        note += " at the latest, as its notice period is not declared"
    return Figure("Next notice deadline", date(upcoming.deadline), note + late)


def _handoffs(result: AuditResult) -> Figure:
    counting = [h for h in result.handoffs if h.status not in {"not_needed", "not_applicable"}]
    known = [h for h in counting if h.status != "unknown"]
    if not known:
        return Figure("Handoffs that work", NO_DATA, "too little is declared about integrations")
    count = {status: sum(h.status == status for h in counting) for status in ("works", "weak", "broken", "unknown")}
    notes = [f"{count['weak']} more in part"] if count["weak"] else []
    notes += [f"{count['broken']} absent"] if count["broken"] else []
    notes += [f"{count['unknown']} not assessed"] if count["unknown"] else []
    notes += [] if any(h.relevant for h in counting) else ["none is asked for at this stage"]
    return Figure("Handoffs that work", f"{count['works']} of {len(counting)}", "; ".join(notes) or "all that count")


def _signals(result: AuditResult) -> Figure:
    captured = [s for s in result.signals if s.level > 0]
    if not captured:
        return Figure("Signals acted on", NO_DATA, "no signal is known to be captured")
    reach = sum(s.level >= 3 for s in captured)
    owned = sum(s.level >= 4 for s in captured)
    unsure = sum(s.high > s.level for s in captured)
    note = f"{owned} of these {have(owned)} a play with owner and deadline" + (
        f"; {unsure} could stand higher" if unsure else ""
    )
    return Figure("Signals that can reach an action", f"{reach} of {len(captured)}", note)
