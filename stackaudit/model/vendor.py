"""The vendor manifest: what a plugin says about its own tools, each fact with its basis (contract, section 4)."""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from stackaudit.model.closed import Closed
from stackaudit.model.inventory import Count, Date, Ident, Name, Text
from stackaudit.model.sealed import Sealed
from stackaudit.model.vocabulary import Basis, Latency, Method, VendorState

Grade = Literal["documented", "indexed", "registry"]


class Source(Closed):
    """One claim and where it was read. ``checked`` is the day of reading or of the capture; null is a hole."""

    claim: Text
    url: Text | None = None
    checked: Date | None = None
    basis: Basis = "sourced"

    @model_validator(mode="after")
    def _address(self) -> Self:
        if self.basis != "classified" and not self.url:
            raise ValueError("a sourced or snapshot claim needs its url")
        return self


class FormerName(Closed):
    """A name the tool carried before."""

    name: Name
    until: Text | None = None
    source: Text | None = None


class Status(Closed):
    """What became of the product under its own name; absent unless sourced."""

    state: VendorState
    successor: Ident | None = None
    as_of: Text | None = None
    source: Text
    note: Text | None = None


class ToolCapabilities(Closed):
    """Capability ids: core (assumed in use), secondary (offered, unknown), and those an edition or module decides."""

    core: tuple[Ident, ...] = ()
    secondary: tuple[Ident, ...] = ()
    editions: Annotated[dict[str, tuple[Ident, ...]], AfterValidator(Sealed)] = Field(default_factory=Sealed)


class ToolObjects(Closed):
    """Record types that the tool holds, may own as system of record, and passes on."""

    holds: tuple[Ident, ...] = ()
    can_own: tuple[Ident, ...] = ()
    relays: tuple[Ident, ...] = ()


class Requirement(Closed):
    """What the tool needs from the stack around it."""

    layer: Ident | None = None
    capability: Ident | None = None
    objects: tuple[Ident, ...] = ()


class OfferedIntegration(Closed):
    """A connector the vendor offers: a possibility, never an edge of the audited graph."""

    to: Ident
    direction: Literal["one_way", "two_way", "inbound", "outbound"] | None = None
    objects: tuple[Ident, ...] = ()
    method: Method | None = None
    latency: Latency | None = None
    basis: Basis = "snapshot"
    grade: Grade | None = None
    source: Text
    checked: Date | None = None


class VendorTool(Closed):
    """One product."""

    id: Ident
    name: Name
    aliases: tuple[Name, ...] = ()
    former_names: tuple[FormerName, ...] = ()
    website: Text | None = None
    status: Status | None = None
    layer: Ident
    layers: tuple[Ident, ...] = ()
    capabilities: ToolCapabilities = ToolCapabilities()
    functions: tuple[Ident, ...] = ()
    objects: ToolObjects = ToolObjects()
    shared_database: Ident | None = None
    platform: bool = False
    requires: tuple[Requirement, ...] = ()
    signals: tuple[Ident, ...] = ()
    actions: tuple[Ident, ...] = ()
    limits: Annotated[dict[str, Count], AfterValidator(Sealed)] = Field(default_factory=Sealed)
    integrations: tuple[OfferedIntegration, ...] = ()
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]

    @property
    def all_layers(self) -> tuple[str, ...]:
        """Primary layer first, then the others, without repetition."""
        return tuple(dict.fromkeys((self.layer, *self.layers)))


class Vendor(Closed):
    """Who makes the tools."""

    id: Ident
    name: Name
    website: Text | None = None
    aliases: tuple[Name, ...] = ()
    sources: tuple[Source, ...] = ()


class VendorManifest(Closed):
    """One plugin's facts. ``api`` is the version of the plugin interface that it was written for."""

    api: Count = 1
    vendor: Vendor
    tools: Annotated[tuple[VendorTool, ...], Field(min_length=1)]

    def fact_count(self) -> int:
        """Number of facts that carry a basis of their own: claims, offered integrations, statuses, former names."""
        return sum(
            len(t.sources) + len(t.integrations) + len(t.former_names) + (t.status is not None) for t in self.tools
        ) + len(self.vendor.sources)

    def oldest(self) -> dt.date | None:
        """The earliest day on which any fact was read or captured; None when none carries a date."""
        days = [s.checked for t in self.tools for s in t.sources] + [
            i.checked for t in self.tools for i in t.integrations
        ]
        known = [d for d in days if d is not None]
        return min(known) if known else None
