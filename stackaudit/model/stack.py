"""The resolved stack: declared tools with what the catalogue knows of them, and declared connections between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Literal

from msgspec import Struct, field

from stackaudit.model.inventory import Integration, Inventory, Play, ToolEntry
from stackaudit.model.part import ToolMatch
from stackaudit.model.vendor import VendorTool
from stackaudit.model.vocabulary import Tri


class Tool(Struct, frozen=True):
    """One declared tool. Capability sets are ids; ``unknown`` are those it may or may not have in use.

    ``opaque`` marks a tool of which neither layer nor capabilities are known: it could be anything.
    """

    id: str
    entry: ToolEntry
    line: int | None
    name: str
    match: ToolMatch
    known: VendorTool | None = None
    plugin: str | None = None
    candidates: tuple[str, ...] = ()
    layer: str | None = None
    layers: tuple[str, ...] = ()
    offered: frozenset[str] = frozenset()
    licensed: frozenset[str] = frozenset()
    in_use: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    inferred: bool = False
    opaque: bool = False

    @property
    def counts(self) -> bool:
        """Whether the tool takes part in the analysis: sandboxes and tools out of scope do not."""
        return self.entry.environment == "production" and not self.entry.out_of_scope

    @property
    def trial(self) -> bool:
        """Whether the tool is only on trial."""
        return self.entry.status == "trial"

    @property
    def suite(self) -> str | None:
        """Id of the database that the tool shares with others, or None."""
        return self.known.shared_database if self.known else None

    def uses(self, capability: str) -> Tri:
        """Whether the capability is in use."""
        if capability in self.in_use:
            return Tri.YES
        return Tri.UNKNOWN if self.opaque or capability in self.unknown else Tri.NO

    def uses_any(self, capabilities: Iterable[str]) -> Tri:
        """Yes if any is in use, unknown if any may be."""
        asked = tuple(capabilities)
        if not self.in_use.isdisjoint(asked):
            return Tri.YES
        may = bool(asked) if self.opaque else not self.unknown.isdisjoint(asked)
        return Tri.UNKNOWN if may else Tri.NO

    @property
    def leaving(self) -> bool:
        """Whether the company itself lets it go: what is on its way out is asked for no new connection."""
        return self.entry.status == "sunset"

    @property
    def scopes(self) -> frozenset[str]:
        """Declared scopes, folded; empty means the whole company."""
        return _scopes(self.entry.scope) if self.entry.scope else frozenset()


def one_database(one: Tool, two: Tool) -> bool:
    """Whether two tools keep their records in one place: hubs of one suite that serve the same people.

    One product that stands twice under different scopes is two databases, as two Salesforce organisations are.
    """
    if not one.suite or one.suite != two.suite:
        return False
    if one.match.tool == two.match.tool:
        return one.scopes == two.scopes
    return not one.scopes or not two.scopes or not one.scopes.isdisjoint(two.scopes)


@lru_cache(maxsize=4096)
def _scopes(text: str) -> frozenset[str]:
    return frozenset(part.strip().casefold() for part in text.replace(";", ",").split(",") if part.strip())


class Edge(Struct, frozen=True):
    """One direction of a declared integration, or of a shared database (``suite``).

    ``objects`` is None where the inventory does not say what travels. ``automated`` is unknown without a method.
    """

    source: str
    target: str
    objects: frozenset[str] | None
    minutes: int
    automated: Tri
    status: str
    index: int
    suite: bool = False
    assumed_latency: bool = False

    @property
    def exists(self) -> bool:
        """Planned and broken connections carry nothing."""
        return self.status in {"live", "degraded"}


class Dangling(Struct, frozen=True):
    """A reference to a tool that the inventory does not declare.

    ``beside`` is the declared end of an integration whose other end it is. What an integration runs through counts where
    it is a known product: it may be a script as well.
    """

    kind: Literal["integration", "play", "waiver"]
    name: str
    line: int | None
    candidates: tuple[str, ...] = ()
    beside: str | None = None


class Connection(Struct, frozen=True):
    """One declared integration between two declared tools, its ends resolved to tool ids; ``index`` is its rank."""

    index: int
    entry: Integration
    source: str
    target: str
    line: int | None


class Stack(Struct, frozen=True, dict=True):
    """Everything declared, resolved. ``tools`` holds all, ``active`` those that take part in the analysis."""

    inventory: Inventory
    as_of: dt.date
    file: str
    tools: tuple[Tool, ...]
    connections: tuple[Connection, ...]
    plays: tuple[Play, ...] = ()
    dangling: tuple[Dangling, ...] = ()
    by_id: dict[str, Tool] = field(default_factory=dict)

    @cached_property
    def active(self) -> tuple[Tool, ...]:
        """Tools that take part in the analysis."""
        return tuple(t for t in self.tools if t.counts)

    @property
    def integrations_known(self) -> Literal["complete", "partial", "unknown"]:
        """What the file claims to know about connections (``precise.md``, 1)."""
        claim = self.inventory.coverage.integrations
        if claim:
            return claim
        return "unknown" if self.inventory.integrations is None else "complete"

    @cached_property
    def closed_world(self) -> bool:
        """Whether a connection that is not declared may be taken as absent."""
        return self.integrations_known == "complete"
