"""Which tools do the same work: pairs that share capabilities in use, and why some pairs are no problem."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from stackaudit.model.catalog import Catalog
from stackaudit.model.stack import Stack, Tool

Kind = Literal["direct", "adjacent", "minor"]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two tools and what both do. ``coefficient`` is shared capabilities over those of the smaller tool, 0 to 1.

    ``legitimate`` says why the pair is no problem; empty where it may be one. ``inferred`` marks pairs that rest on
    the catalogue's core capabilities instead of declared use.
    """

    tools: tuple[str, str]
    shared: tuple[str, ...]
    defining: tuple[str, ...]
    coefficient: float
    kind: Kind
    same_layer: bool
    legitimate: str
    inferred: bool


def overlaps(stack: Stack, catalog: Catalog, thresholds: Mapping[str, float]) -> tuple[Overlap, ...]:
    """All pairs that share a capability in use, found through an index of capabilities."""
    by_capability: dict[str, list[Tool]] = {}
    for tool in stack.active:
        for capability in tool.in_use:
            by_capability.setdefault(capability, []).append(tool)
    pairs = {tuple(sorted((a.id, b.id))) for tools in by_capability.values() for a, b in combinations(tools, 2)}
    return tuple(_overlap(stack, stack.by_id[a], stack.by_id[b], catalog, thresholds) for a, b in sorted(pairs))


def _overlap(stack: Stack, one: Tool, two: Tool, catalog: Catalog, thresholds: Mapping[str, float]) -> Overlap:
    shared = one.in_use & two.in_use
    coefficient = len(shared) / min(len(one.in_use), len(two.in_use))
    same_layer = one.layer == two.layer
    defining = tuple(sorted(c for c in shared if c in catalog.capabilities and catalog.capabilities[c].defining))
    kind: Kind = (
        "direct"
        if same_layer and coefficient >= thresholds["overlap_direct"]
        else "adjacent"
        if defining or len(shared) >= 2
        else "minor"
    )
    return Overlap(
        tools=(one.id, two.id),
        shared=tuple(sorted(shared)),
        defining=defining,
        coefficient=round(coefficient, 4),
        kind=kind,
        same_layer=same_layer,
        legitimate=_legitimate(stack, one, two, same_layer, thresholds["acquisition_grace_months"]),
        inferred=one.inferred or two.inferred,
    )


def _legitimate(stack: Stack, one: Tool, two: Tool, same_layer: bool, grace: float) -> str:
    if one.suite and one.suite == two.suite:
        return "both are parts of one suite over one database"
    if not scopes_meet(stack, one, two, same_layer=same_layer, grace=grace):
        return f"they serve different scopes ({one.entry.scope} and {two.entry.scope})"
    for new, old in ((one, two), (two, one)):
        ends = new.entry.overlap_ends or old.entry.overlap_ends
        replaced = new.entry.replaces in {old.id, old.entry.tool, old.name}
        if replaced and ends and ends >= stack.as_of:
            return f"a migration that ends on {ends.isoformat()}"
    return ""


def scopes_meet(stack: Stack, one: Tool, two: Tool, *, same_layer: bool, grace: float) -> bool:
    """Whether two tools serve the same people. No scope means the whole company.

    The scope of an acquisition separates for ``grace`` months after closing; later it does so only across layers
    (``precise.md``, 21).
    """
    if not one.scopes or not two.scopes or one.scopes & two.scopes:
        return True
    return same_layer and bool((one.scopes | two.scopes) & expired_scopes(stack, grace))


def acquisition_scopes(stack: Stack) -> dict[str, dt.date | None]:
    """Scope of each acquisition and the day it closed."""
    return {(a.scope or f"bu:{a.name}").strip().casefold(): a.closed for a in stack.inventory.company.acquisitions}


def expired_scopes(stack: Stack, grace: float) -> frozenset[str]:
    """Scopes of acquisitions that closed longer ago than the months of grace."""
    return frozenset(
        scope
        for scope, closed in acquisition_scopes(stack).items()
        if closed and _months(closed, int(grace)) < stack.as_of
    )


def _months(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.month - 1 + months, 12)
    return dt.date(day.year + year, month + 1, min(day.day, 28))
