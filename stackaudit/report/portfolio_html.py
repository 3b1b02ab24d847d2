"""The index of a portfolio: every client in a row, those that failed, and the benchmark of these companies alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.model.portfolio import ALL
from stackaudit.report.facts import NO_DATA, Figure
from stackaudit.report.look import PLAIN, Look
from stackaudit.report.page import compose
from stackaudit.report.words import NEEDS, SEVERITIES, SHAPES, date, join, money, plural, score, share

if TYPE_CHECKING:
    from stackaudit.model.portfolio import BenchmarkRow, Client, Portfolio

_LOUD = ("critical", "high")
UNDATED = ": the contract ends, its notice period is not declared"


class ClientView(Struct, frozen=True):
    """One client's row; ``findings`` are severity, its word and how many."""

    id: str
    name: str
    report: str
    file: str
    as_of: str
    note: str
    stack: str
    org: str
    need: str
    coverage: str
    spend: str
    causes: tuple[str, ...]
    deadline: str
    deadline_note: str
    findings: tuple[tuple[str, str, int], ...]


class PortfolioView(Struct, frozen=True):
    """Everything the page shows. ``benchmark`` is one table a band: its name, and its rows."""

    title: str
    headline: str
    days: str
    figures: tuple[Figure, ...]
    clients: tuple[ClientView, ...]
    failures: tuple[tuple[str, tuple[str, ...]], ...]
    benchmark: tuple[tuple[str, tuple[tuple[str, str, str, str, str], ...]], ...]
    mixed_methods: bool
    version: str


def render(portfolio: Portfolio, look: Look = PLAIN) -> str:
    """The index page; the same portfolio and look give the same bytes."""
    return compose("portfolio.html.j2", look, view=make_view(portfolio))


def make_view(portfolio: Portfolio) -> PortfolioView:
    """Put a portfolio into words."""
    clients = portfolio.clients
    days = sorted({c.as_of for c in clients})
    return PortfolioView(
        title=f"Portfolio of {plural(len(clients), 'client')}",
        headline=_headline(portfolio.companies),
        days=" to ".join(dict.fromkeys(date(d) for d in (days[0], days[-1]))) if days else NO_DATA,
        figures=_figures(portfolio.companies),
        clients=tuple(_client(c) for c in clients),
        failures=tuple((f.file, f.problems) for f in portfolio.failures),
        benchmark=_benchmark(portfolio.benchmark),
        mixed_methods=len({c.ruleset_hash for c in clients}) > 1,
        version=portfolio.stackaudit_version,
    )


def _headline(clients: tuple[Client, ...]) -> str:
    if not clients:
        return "No client could be audited."
    counts = Counter(c.stack for c in clients)
    said = [f"{counts[label]} {words}" for label, words in sorted(SHAPES.items(), key=_known) if counts[label]]
    return f"{plural(len(clients), 'company', 'companies')}, by their stacks: {join(said)}."


def _known(shape: tuple[str, str]) -> bool:
    """Sorts what is not assessed behind all that is."""
    return shape[0] == "unknown"


def _figures(clients: tuple[Client, ...]) -> tuple[Figure, ...]:
    totals: Counter[str] = Counter()
    for client in clients:
        totals.update(client.spend_totals)
    priced = sum(bool(c.spend_totals) for c in clients)
    spend = " + ".join(money(amount, currency) for currency, amount in sorted(totals.items()))
    dated = sorted((c.next_deadline.on, c.id, c) for c in clients if c.next_deadline)
    loud = sum(c.findings.get(s, 0) for c in clients for s in _LOUD)
    return (
        Figure(
            "Spend a year",
            spend or NO_DATA,
            f"{priced} of {plural(len(clients), 'company', 'companies')} declare costs",
        ),
        Figure("Next notice deadline", *_first(dated[0][2] if dated else None, len(dated), len(clients))),
        Figure("Critical and high findings", f"{loud:,}", f"over {plural(len(clients), 'company', 'companies')}"),
    )


def _first(client: Client | None, dated: int, count: int) -> tuple[str, str]:
    if client is None or client.next_deadline is None:
        return NO_DATA, "no contract date ahead is declared"
    deadline = client.next_deadline
    where = f"{client.company or client.file}, {deadline.tool}{'' if deadline.notice_known else UNDATED}"
    return date(deadline.on), f"{where}; {dated} of {plural(count, 'company', 'companies')} declare one ahead"


def _client(client: Client) -> ClientView:
    deadline = client.next_deadline
    amount = money(deadline.amount, deadline.currency) if deadline else ""
    totals = " + ".join(money(a, c) for c, a in client.spend_totals.items())
    return ClientView(
        id=client.id,
        name=client.company or client.file,
        report=client.report or "",
        file=client.file,
        as_of=date(client.as_of),
        note="incomplete: a plugin or a rule failed" if client.incomplete else "",
        stack=_scored(client.stack, client.stack_score),
        org=_scored(client.org, client.org_score),
        need=NEEDS.get(client.band, client.band) + (", the sources disagree" if client.contested else ""),
        coverage=f"coverage {share(client.coverage)}, {client.resolved} of {plural(client.tools, 'tool')} identified",
        spend=(money(client.spend, client.currency) or totals) or NO_DATA,
        causes=client.root_causes,
        deadline=date(deadline.on) if deadline else NO_DATA,
        deadline_note=", ".join(filter(None, (deadline.tool, amount))) + ("" if deadline.notice_known else UNDATED)
        if deadline
        else "",
        findings=tuple((s, word, client.findings[s]) for s, word in SEVERITIES.items() if client.findings.get(s)),
    )


def _scored(label: str, value: float | None) -> str:
    words = SHAPES.get(label, label)
    return words if value is None else f"{words}, {score(value)}"


def _benchmark(
    rows: tuple[BenchmarkRow, ...],
) -> tuple[tuple[str, tuple[tuple[str, str, str, str, str], ...]], ...]:
    bands = dict.fromkeys(r.band for r in sorted(rows, key=lambda r: _order(r.band)))
    return tuple(
        (
            "All companies" if band == ALL else f"Companies that need {NEEDS.get(band, band)}",
            tuple((r.name, str(r.companies), *_quartiles(r)) for r in rows if r.band == band),
        )
        for band in bands
    )


def _order(band: str) -> int:
    return [ALL, *NEEDS].index(band)


def _quartiles(row: BenchmarkRow) -> tuple[str, str, str]:
    lower, median, upper = (_value(v, row.unit) for v in (row.lower, row.median, row.upper))
    return lower, median, upper


def _value(value: float, unit: str) -> str:
    if unit == "usd":
        return money(value, "USD")
    return share(value) if unit == "share" else f"{value:.1f}".removesuffix(".0")
