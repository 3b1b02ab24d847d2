"""Tools that belong together: products of one family under contracts of their own, and old and new side by side."""

from __future__ import annotations

import datetime as dt
from itertools import combinations
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.analysis.overlap import replaces

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.model.stack import Tool


class Family(Struct, frozen=True):
    """Two products of one family that are bought apart, and why they belong together."""

    tools: tuple[str, str]
    shared: tuple[str, ...]
    why: str


class Migration(Struct, frozen=True):
    """A tool and the one it replaces, both in the stack; ``ends`` is when the old one is to be gone."""

    new: str
    old: str
    ends: dt.date | None


def families(analysis: Analysis) -> tuple[Family, ...]:
    """Pairs by vendor or succession. One vendor alone is not enough: they must share work in use."""
    bought = [t for t in analysis.stack.active if t.known and (t.entry.annual_cost or t.entry.contract_end)]
    found = []
    kin: dict[str | None, list[Tool]] = {}
    for tool in sorted(bought, key=lambda t: t.id):  # a successor may belong to another vendor
        status = tool.known.status if tool.known else None
        for key in {tool.plugin, tool.match.tool, status.successor if status else None} - {None}:
            kin.setdefault(key, []).append(tool)
    pairs = {(a.id, b.id): (a, b) for relatives in kin.values() for a, b in combinations(relatives, 2)}
    for _, (one, two) in sorted(pairs.items()):
        if one.match.tool == two.match.tool or (one.suite and one.suite == two.suite):
            continue
        shared = tuple(sorted(one.in_use & two.in_use))
        if succeeds(one, two) or succeeds(two, one):
            found.append(Family((one.id, two.id), shared, "one succeeds the other"))
        elif one.plugin == two.plugin and shared:
            found.append(Family((one.id, two.id), shared, "one vendor sells both and they share work in use"))
    return tuple(found)


def succeeds(new: Tool, old: Tool) -> bool:
    """Whether the catalogue names a product as another one's successor."""
    status = old.known.status if old.known else None
    return status is not None and status.successor is not None and status.successor == new.match.tool


def migrations(analysis: Analysis) -> tuple[Migration, ...]:
    """Declared replacements of which the old side is still there."""
    active = sorted(analysis.stack.active, key=lambda t: t.id)
    return tuple(
        Migration(new.id, old.id, new.entry.overlap_ends or old.entry.overlap_ends)
        for new in active
        if new.entry.replaces
        for old in active
        if old.id != new.id and replaces(new, old)
    )
