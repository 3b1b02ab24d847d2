"""BuiltWith: technologies seen on the sites of a company."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stackaudit.importers.documents import maps, records, text
from stackaudit.model.importing import Export, Importer, Parsed


def _paths(data: Any) -> Iterator[dict[str, Any]]:
    for outer in maps(data.get("Results")) if isinstance(data, dict) else []:
        result = outer.get("Result")
        yield from maps(result.get("Paths")) if isinstance(result, dict) else []


def _holds(data: Any) -> bool:
    return any("Technologies" in path for path in _paths(data))


def _names(data: Any) -> Iterator[tuple[str, str, str]]:
    for path in _paths(data):
        for technology in maps(path.get("Technologies")):
            yield text(technology.get("Name")), f"seen on {text(path.get('Domain'))}", text(technology.get("Link"))


def _read(export: Export) -> Parsed:
    return Parsed(records(_names(export.data)))


IMPORTERS = (
    Importer(
        "builtwith",
        "BuiltWith",
        (),
        _read,
        _holds,
        format="unconfirmed",
        general=True,
        basis="a third party's example (github.com/api-evangelist/builtwith); versions of the interface differ",
    ),
)
