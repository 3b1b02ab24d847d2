"""What the index is made from and what it answers with."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from stackaudit.model.plugins import Limits

if TYPE_CHECKING:
    from pydantic import BaseModel


OURS = "stackaudit"
"""The distribution of the built-in manifests."""


class Source(Struct, frozen=True):
    """One manifest and the distribution it comes with.

    ``name`` is the plugin's name, which its vendor must carry; None where any vendor may stand in it. ``text`` is a
    manifest as JSON that code handed over; without it the file at ``path`` is read.
    """

    path: Path
    distribution: str | None
    version: str | None
    builtin: bool
    name: str | None = None
    text: str | None = None


class Words(Struct, frozen=True):
    """What manifests are held against: the catalogue's ids, capabilities with the layer of each, and the limits."""

    layers: frozenset[str]
    capabilities: Mapping[str, str]
    signals: frozenset[str]
    limits: Limits = field(default_factory=Limits)

    def digest(self) -> str:
        """Changes when any id or limit does."""
        ids = (*sorted(self.layers), *sorted(self.capabilities.items()), *sorted(self.signals))
        content = (ids, self.limits)
        return hashlib.sha256(repr(content).encode()).hexdigest()


class KnownName(Struct, frozen=True):
    """A name that the catalogue knows, and what kind of name it is: id, name, alias, former_name or domain."""

    tool_id: str
    vendor_id: str
    kind: str
    text: str


class ToolRow(Struct, frozen=True):
    """One tool of the index.

    ``state`` is what became of it where a source says so, ``suite`` the shared database it lives in; ``holds`` and
    ``relays`` say whether its manifest names records that it keeps or passes on.
    """

    id: str
    name: str
    vendor: str
    layer: str
    state: str | None = None
    successor: str | None = None
    suite: str | None = None
    holds: bool = False
    relays: bool = False


class VendorRow(Struct, frozen=True):
    """One vendor of the index; ``oldest`` is the ISO date of its oldest fact."""

    id: str
    name: str
    distribution: str | None
    version: str | None
    facts: int
    oldest: str | None


class Offer(Struct, frozen=True):
    """A capability that a tool offers: ``kind`` is core, secondary or edition, the last with the edition's name."""

    tool: str
    capability: str
    kind: str
    edition: str | None


class Link(Struct, frozen=True):
    """What one tool's manifest says of a connection to another; ``checked`` is an ISO date."""

    tool: str
    other: str
    method: str | None
    direction: str | None
    objects: tuple[str, ...]
    latency: str | None
    basis: str
    grade: str | None
    source: str
    checked: str | None


class Fact(Struct, frozen=True):
    """Any fact with its provenance; ``kind`` is claim, status, former_name or integration."""

    vendor: str
    tool: str | None
    kind: str
    text: str
    basis: str | None
    source: str | None
    checked: str | None


class Provenance(Struct, frozen=True):
    """Where a fact comes from, as far as its type carries that."""

    basis: str | None
    source: str | None
    checked: str | None


def provenance(record: BaseModel) -> Provenance:
    """A record's provenance: an address alone makes it sourced, no day leaves it undated."""
    said = record.model_dump(mode="json")
    source = said.get("url") or said.get("source")
    return Provenance(said.get("basis") or ("sourced" if source else None), source, said.get("checked"))
