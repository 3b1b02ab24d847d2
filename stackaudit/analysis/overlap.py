"""Which tools do the same work: pairs that share capabilities in use, and why some pairs are no problem."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import combinations
from typing import Literal

from msgspec import Struct

from stackaudit.analysis.scope import newly_bought, scopes_meet
from stackaudit.model.catalog import Catalog
from stackaudit.model.stack import Stack, Tool

Kind = Literal["direct", "adjacent", "minor"]


class Overlap(Struct, frozen=True):
    """Two tools and what both do. ``coefficient`` is shared capabilities over those of the smaller tool, 0 to 1.

    ``defining`` are shared capabilities that define a layer of one of the two. ``legitimate`` says why the pair is no
    problem; empty where it may be one. ``inferred`` marks pairs that rest on the catalogue's core capabilities instead
    of declared use.
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
    beside = {
        (a.id, b.id) for tools in by_capability.values() for a, b in combinations(sorted(tools, key=lambda t: t.id), 2)
    }
    work: dict[frozenset[str], tuple[str, ...]] = {}
    return tuple(_overlap(stack, stack.by_id[a], stack.by_id[b], catalog, thresholds, work) for a, b in sorted(beside))


def _overlap(
    stack: Stack,
    one: Tool,
    two: Tool,
    catalog: Catalog,
    thresholds: Mapping[str, float],
    work: dict[frozenset[str], tuple[str, ...]],
) -> Overlap:
    """One pair; ``work`` keeps each set of shared capabilities once, however many pairs share it."""
    shared = one.in_use & two.in_use
    coefficient = len(shared) / min(len(one.in_use), len(two.in_use))
    same_layer = one.layer == two.layer
    homes = {one.layer, *one.layers, two.layer, *two.layers}
    known = catalog.capabilities
    defining = tuple(sorted(c for c in shared if c in known and known[c].defining and known[c].layer in homes))
    kind: Kind = (
        "direct"
        if same_layer and coefficient >= thresholds["overlap_direct"]
        else "adjacent"
        if defining or len(shared) >= 2
        else "minor"
    )
    return Overlap(
        tools=(one.id, two.id),
        shared=work.setdefault(shared, tuple(sorted(shared))),
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
    if same_layer and newly_bought(stack, one, two, grace):
        return f"one came with an acquisition that closed less than {grace:g} months ago"
    ends = migration_end(one, two)
    return f"a migration that ends on {ends.isoformat()}" if ends and ends >= stack.as_of else ""


def replaces(new: Tool, old: Tool) -> bool:
    """Whether a tool says that it replaces another one."""
    return new.entry.replaces in {old.id, old.entry.tool, old.name}


def migration_end(one: Tool, two: Tool) -> dt.date | None:
    """The declared end of a migration between two tools; None where there is no migration, or no end."""
    if not (replaces(one, two) or replaces(two, one)):
        return None
    return one.entry.overlap_ends or two.entry.overlap_ends
