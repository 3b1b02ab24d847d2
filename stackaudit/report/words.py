"""The words and figures of the report: labels for ids, money, dates and durations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from stackaudit.wording import duration as duration
from stackaudit.wording import have as have
from stackaudit.wording import in_days as in_days
from stackaudit.wording import join as join
from stackaudit.wording import money as money
from stackaudit.wording import plural as plural
from stackaudit.wording import within as within

SHAPES = {
    "unknown": "not assessed",
    "none": "no operations function",
    "pre_ops": "pre-ops",
    "sales_ops": "Sales Ops",
    "hybrid": "hybrid",
    "revops": "RevOps",
    "full_revops": "full RevOps",
}
NEEDS = {**SHAPES, "none": "neither function yet"}
SEVERITIES = {
    "critical": "Critical",
    "high": "High",
    "medium": "Medium",
    "low": "Low",
    "info": "For information",
    "opportunity": "Opportunity",
}
EFFORTS = {"S": "small, up to a few days", "M": "medium, up to a few weeks", "L": "large, a project"}
SIZES = {effort: words.partition(",")[0] for effort, words in EFFORTS.items()}
"""Efforts in a word."""
CONFIDENCES = {
    "verified": "checked on a date",
    "declared": "as declared in the stack file",
    "inferred": "inferred from the catalogue",
    "unknown": "not known",
}
HANDOFF_STATUS = {
    "works": "works",
    "weak": "weak",
    "broken": "absent",
    "not_needed": "not needed",
    "not_applicable": "does not apply",
    "unknown": "not assessed",
}
METHODS = {
    "native": "a connector of the vendor's own",
    "api": "the vendor's programming interface",
    "webhook": "webhooks",
    "ipaas": "an integration platform",
    "etl": "a pipeline into the warehouse",
    "reverse_etl": "a pipeline out of the warehouse",
    "cdp": "a customer data platform",
}
METRIC_STATUS = {
    "computable": "computable",
    "partial": "in part",
    "not_computable": "not computable",
    "not_assessed": "not assessed",
    "not_applicable": "does not apply",
}
LEVELS = ("not captured", "dead end", "visible", "reaches an action", "owned", "closed loop")
EXPECTATIONS = {
    "required": "required",
    "expected": "expected",
    "optional": "optional",
    "not_expected": "not expected yet",
    "unknown": "not assessed",
}
FUNCTIONS = {"marketing": "Marketing", "sales": "Sales", "cs": "Customer success", "shared": "Shared"}
FAMILIES = {
    "signal": "Signal and data",
    "record": "Record",
    "engage": "Engage",
    "integrate": "Integrate",
    "measure": "Measure",
    "govern": "Govern",
}
GLOSSARY = {
    "Sales Ops": "the sales team's engine: CRM, sequences, forecast, up to the signed deal",
    "RevOps": "the whole customer life, marketing to renewal, wired together",
    "System of record": "the one tool that holds the official value of a record",
    "Handoff": "the point at which one team's work becomes the next team's",
    "Play": "what somebody does when a signal fires: owner, tool and deadline",
    "In use": "people work with it; less than what is licensed, which is less than what is offered",
    "Wiring": "the connections that carry records between tools",
    "MQL, SAL, SQL": "a lead that marketing qualifies, that sales accepts, that sales qualifies",
    "Consolidation scope": "what all but the largest contract of tools that do the same job cost, and contracts of products on their way out",
    "Not assessed": "the file does not say enough; neither a pass nor a fail",
}

AUDIENCES = {
    "client": "Written for the client at large: people are pseudonyms, and prose from the stack file is left out.",
    "vendor": (
        "Written for a vendor: people, company, prices, contract days and product names are left out or pseudonyms, "
        "and texts are composed anew."
    ),
    "public": "Written for anybody: nothing that tells the company, its people, products or prices is left.",
}
"""What a result says of itself below the level of privacy ``full``."""

EXTRACT = "This is an extract: "
"""How the note of an extract begins."""


def audience(notes: Iterable[str]) -> tuple[str, ...]:
    """Of the notes that a result rests on, those that say for whom it was written or that it is an extract."""
    said = frozenset(AUDIENCES.values())
    return tuple(n for n in notes if n in said or n.startswith(EXTRACT))


def date(day: dt.date | None) -> str:
    """A day as 16 Sep 2026."""
    return f"{day.day} {day:%b %Y}" if day else ""


def share(value: float) -> str:
    """A share as a percentage."""
    return f"{value:.0%}"


def score(value: float | None) -> str:
    """A score with one decimal; a dash where there is none."""
    return "–" if value is None else f"{value:.1f}"
