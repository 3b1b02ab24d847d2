"""What importers of documents share: records from names, each once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stackaudit.importers.bounds import tidy
from stackaudit.importers.rows import NAME_LIMIT
from stackaudit.model.importing import Record


def records(found: Iterable[tuple[str, str, str]]) -> tuple[Record, ...]:
    """Records from names, places and web addresses; the first of a name stands."""
    made: dict[str, Record] = {}
    for given, place, domain in found:
        name = tidy(given)[:NAME_LIMIT]
        if name:
            made.setdefault(name, Record(name, name, tidy(place)[:NAME_LIMIT], {}, tidy(domain)))
    return tuple(made.values())


def maps(value: Any) -> list[dict[str, Any]]:
    """The maps of a list; nothing of anything else."""
    return [e for e in value if isinstance(e, dict)] if isinstance(value, list) else []


def text(value: Any) -> str:
    """A text, or nothing."""
    return value if isinstance(value, str) else ""
