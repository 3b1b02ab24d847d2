"""Backstage: components, systems and resources of a catalogue file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stackaudit.importers.documents import maps, records, text
from stackaudit.model.importing import Export, Importer, Parsed

_KINDS = frozenset({"Component", "System", "Resource", "API"})


def _holds(data: Any) -> bool:
    return any(text(e.get("apiVersion")).startswith("backstage.io/") for e in maps(_entities(data)))


def _entities(data: Any) -> Any:
    return data if isinstance(data, list) else [data]


def _names(data: Any) -> Iterator[tuple[str, str, str]]:
    for number, entity in enumerate(maps(_entities(data)), 1):
        meta = entity.get("metadata")
        if entity.get("kind") in _KINDS and isinstance(meta, dict):
            yield text(meta.get("title")) or text(meta.get("name")), f"entity {number}", ""


def _read(export: Export) -> Parsed:
    return Parsed(records(_names(export.data)))


IMPORTERS = (
    Importer(
        "backstage",
        "Backstage catalogue",
        (),
        _read,
        _holds,
        general=True,
        basis="backstage.io/docs/features/software-catalog/descriptor-format",
    ),
)
