"""JSON Lines: one record a line, the audit first, then every part of every list, each with its kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult

LISTS_WITHIN = ("expected", "spend")
"""Parts that hold lists; these become records of their own, as do the lists of the result."""


def render(result: AuditResult) -> str:
    """The result as JSON Lines; escaped to ASCII, so that no character can act anywhere."""
    return "".join(json.dumps(r, ensure_ascii=True, separators=(",", ":")) + "\n" for r in records(result))


def records(result: AuditResult) -> Iterator[dict[str, Any]]:
    """The audit without its lists, then each of their items as ``{"kind": ..., ...}``."""
    content = result.model_dump(mode="json", by_alias=True)
    lists: list[tuple[str, list[dict[str, Any]]]] = []
    for name in ("", *LISTS_WITHIN):
        part = content[name] if name else content
        for key, value in list(part.items()):
            if isinstance(value, list) and (not value or isinstance(value[0], dict)):
                lists.append((key if not name else f"{name}_{key}", part.pop(key)))
    rules = content.pop("rules")
    lists.append(("rules", [{"id": key, **value} for key, value in rules.items()]))
    yield {"kind": "audit", **content}
    for name, items in lists:
        yield from ({"kind": KINDS.get(name, name.removesuffix("s")), "value": item} for item in items)


KINDS = {"spend_by_layer": "spend_by_layer", "spend_renewals": "renewal", "overlaps": "overlap"}
