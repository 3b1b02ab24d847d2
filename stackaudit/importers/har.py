"""HAR: marketing tags that a site loads, by their hosts; addresses, cookies, headers and bodies are dropped on reading."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from stackaudit.importers.documents import maps, text
from stackaudit.importers.words import words
from stackaudit.model.importing import Export, Importer, Parsed, Record


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
            found[".".join(host.casefold().split(".")[-2:])] += 1
    return found


def _read(export: Export) -> Parsed:
    known = words()["tag_hosts"]
    records = [
        Record(known.get(host, host), host, f"{count} requests to {host}")
        for host, count in _hosts(export.data).items()
    ]
    remark = "only the hosts were read; addresses, cookies, headers and bodies were dropped"
    return Parsed(tuple(records), remarks=(remark,))


IMPORTERS = (Importer("har", "HAR (tags seen on a site)", (), _read, _holds, general=True),)
