"""HAR: marketing tags that a site loads, by their hosts; addresses, cookies, headers and bodies are dropped on reading."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from stackaudit.importers.documents import maps, text
from stackaudit.importers.words import words
from stackaudit.model.importing import Export, Importer, Parsed, Record
from stackaudit.wording import plural

_SECOND_LEVELS = frozenset({"co", "com", "org", "net", "gov", "edu", "ac"})


def _entries(data: Any) -> list[dict[str, Any]]:
    log = data.get("log") if isinstance(data, dict) else None
    return maps(log.get("entries")) if isinstance(log, dict) else []


def _holds(data: Any) -> bool:
    return any(isinstance(e.get("request"), dict) for e in _entries(data))


def _hosts(data: Any) -> Counter[str]:
    found: Counter[str] = Counter()
    for entry in _entries(data):
        request = entry.get("request")
        try:
            host = urlsplit(text(request.get("url")) if isinstance(request, dict) else "").hostname
        except ValueError:
            continue
        if host:
            found[_registrable(host.casefold())] += 1
    return found


def _registrable(host: str) -> str:
    """The part of a host that somebody registers; of ``www.acme.co.uk`` three labels, else two."""
    labels = host.split(".")
    two_level = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS
    return ".".join(labels[-3 if two_level else -2 :])


def _record(host: str, count: int) -> Record:
    place = f"{plural(count, 'request')} to {host}"
    known = words()["tag_hosts"].get(host)
    if known is None:
        return Record(host, host, place)
    if "source" in known:
        return Record(known["tool"], host, place, settled=True)
    return Record(
        known["tool"], host, place, doubt=known.get("ask") or f"no source was found for whose tags {host} serves"
    )


def _read(export: Export) -> Parsed:
    remark = "only the hosts were read; addresses, cookies, headers and bodies were dropped"
    return Parsed(tuple(_record(host, count) for host, count in _hosts(export.data).items()), remarks=(remark,))


IMPORTERS = (
    Importer(
        "har",
        "HAR (tags seen on a site)",
        (),
        _read,
        _holds,
        general=True,
        basis="github.com/ahmadnassri/har-spec, versions/1.2.md",
    ),
)
