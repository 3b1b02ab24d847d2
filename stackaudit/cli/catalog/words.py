"""How the facts of the catalogue read: directions, provenance, ages, uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stackaudit.lookup.connections import Saying
    from stackaudit.model.catalog import Catalog

OFFERS = "Connections are what vendors or lists say is on offer, not facts about anybody's stack."

_DIRECTIONS = {"outbound": "sends", "inbound": "receives", "two_way": "both ways"}
_USED_BY = {"sales_ops": "Sales Ops", "revops": "RevOps", "both": "Sales Ops and RevOps", "other": "other teams"}
_ACTIONS = {
    "task": "task for a person",
    "task_inbound": "task on an inbound request",
    "route": "routing",
    "book": "booking",
    "cs_playbook": "CS playbook",
    "followup": "follow-up",
    "crm_update": "update in the CRM",
}
AGES = {
    "fresh": "up to 6 months old",
    "aging": "6 to 12 months old",
    "stale": "over 12 months old",
    "later": "checked after that day",
    "undated": "without a date",
}


def direction(flow: str | None) -> str:
    """Which way records run, seen from the tool that was asked about."""
    return _DIRECTIONS.get(flow or "", "not said")


def used_by(value: str) -> str:
    """Who primarily uses a layer."""
    return _USED_BY.get(value, value)


def action(kind: str) -> str:
    """What a tool does on a signal."""
    return _ACTIONS.get(kind, kind.replace("_", " "))


def basis(kind: str | None, checked: str | None, age: str = "") -> str:
    """Provenance in brackets: basis, day, and a word where it is old."""
    old = ", over 12 months old" if age == "stale" else ""
    return f"[{kind or 'no basis'}, {checked or 'no date'}{old}]"


def address(kind: str | None, checked: str | None, source: str | None, age: str = "") -> str:
    """Provenance and address together."""
    return f"{basis(kind, checked, age)} {source or '(no source)'}"


def joined(parts: Iterable[str], empty: str = "") -> str:
    """A list as text."""
    return ", ".join(parts) or empty


def records(saying: Saying, catalog: Catalog) -> str:
    """The record types that a source names."""
    return joined(object_names(saying.objects, catalog), "not said")


def object_names(ids: Iterable[str], catalog: Catalog) -> tuple[str, ...]:
    """Names of record types, lower-case as in running text."""
    return tuple(catalog.objects[i].name.lower() if i in catalog.objects else i for i in ids)
