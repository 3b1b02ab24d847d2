"""Many clients on one page: each in a few figures, those that could not be audited, and a benchmark of them alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from stackaudit.model.part import Part

Unit = Literal["tools", "usd", "share"]
ALL = "all"
"""The band of figures over every company, whatever it needs."""


class Deadline(Part):
    """The next day by which a contract must be cancelled; ``amount`` a year in ``currency``.

    Without a declared notice period (``notice_known``) it is the day on which the contract ends, the latest it can be.
    """

    tool: str
    on: dt.date
    days_left: int
    amount: float | None = None
    currency: str | None = None
    notice_known: bool = True


class Client(Part):
    """One audited client. ``band`` is what the company needs, by which benchmarks are split.

    ``figures`` are what the benchmark compares, by figure; what is not known is left out, never 0.
    """

    id: str
    file: str
    report: str | None = None
    company: str | None = None
    as_of: dt.date
    ruleset_hash: str
    verdict: str = ""
    stack: str
    stack_score: float | None = None
    org: str
    org_score: float | None = None
    band: str
    contested: bool = False
    coverage: float
    tools: int
    resolved: int
    spend: float | None = None
    currency: str | None = None
    spend_totals: dict[str, float] = Field(default_factory=dict)
    priced_tools: int = 0
    root_causes: tuple[str, ...] = ()
    next_deadline: Deadline | None = None
    findings: dict[str, int] = Field(default_factory=dict)
    incomplete: bool = False
    figures: dict[str, float] = Field(default_factory=dict)


class Failure(Part):
    """One client that could not be audited, and everything that was said about it."""

    id: str
    file: str
    problems: tuple[str, ...]


class BenchmarkRow(Part):
    """One figure over the companies of one band, or of all: how many, the quartiles and the median."""

    figure: str
    name: str
    unit: Unit
    band: str
    companies: int
    lower: float
    median: float
    upper: float


class Portfolio(Part):
    """Every client of one run; sorted, without clock and machine paths."""

    schema_version: Literal["1"] = "1"
    stackaudit_version: str
    clients: tuple[Client, ...] = ()
    failures: tuple[Failure, ...] = ()
    benchmark: tuple[BenchmarkRow, ...] = ()

    @property
    def companies(self) -> tuple[Client, ...]:
        """Every company once, with its latest audit, so that none counts twice."""
        return latest(self.clients)

    def to_json(self) -> str:
        """JSON text, two spaces of indent, ending in a newline."""
        return self.model_dump_json(indent=2, by_alias=True) + "\n"


def latest(clients: Iterable[Client]) -> tuple[Client, ...]:
    """Each company once: by its name, or by its file where it has none."""
    found: dict[tuple[str, str], Client] = {}
    for client in sorted(clients, key=lambda c: (c.as_of, c.id)):
        key = ("name", client.company.strip().casefold()) if client.company else ("file", client.id)
        found[key] = client
    return tuple(sorted(found.values(), key=lambda c: c.id))
