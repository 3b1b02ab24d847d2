"""Wappalyzer: technologies seen on web sites, in the three shapes its tools write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stackaudit.importers.documents import maps, records, text
from stackaudit.model.importing import Export, Importer, Parsed


def _listed(data: Any) -> list[dict[str, Any]]:
    if not isinstance(data, dict):
        return []
    return [e for e in (*maps(data.get("applications")), *maps(data.get("technologies"))) if "name" in e]


def _by_site(data: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(data, dict) or not data:
        return {}
    sites = {s: t for s, t in data.items() if s.startswith(("http://", "https://")) and isinstance(t, dict)}
    return sites if len(sites) == len(data) else {}


def _holds(data: Any) -> bool:
    return bool(_by_site(data)) or bool(_listed(data) and ("urls" in data or "categories" in _listed(data)[0]))


def _names(data: Any) -> Iterator[tuple[str, str, str]]:
    for site, found in _by_site(data).items():
        for name in found:
            yield str(name), f"seen on {site.split('?')[0]}", ""
    for entry in _listed(data):
        yield text(entry.get("name")), "seen on the site", text(entry.get("website"))


def _read(export: Export) -> Parsed:
    return Parsed(records(_names(export.data)))


IMPORTERS = (Importer("wappalyzer", "Wappalyzer", (), _read, _holds, general=True),)
