"""Everything that is known of one tool, and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from stackaudit.lookup.ages import Age, age_of
from stackaudit.lookup.connections import Connection, connections_of
from stackaudit.vendorindex import Provenance, provenance

if TYPE_CHECKING:
    import datetime as dt

    from stackaudit.lookup.names import Match
    from stackaudit.model.catalog import Catalog
    from stackaudit.model.vendor import Source, VendorTool
    from stackaudit.pluginmanager import Plugins

_SHOWN = frozenset(
    [
        "id",
        "name",
        "aliases",
        "former_names",
        "website",
        "status",
        "layer",
        "layers",
        "capabilities",
        "functions",
        "objects",
        "shared_database",
        "requires",
        "signals",
        "actions",
        "limits",
        "integrations",
        "sources",
    ]
)


class Claim(Struct, frozen=True):
    """One sourced, copied or judged statement about the tool, and how old it is."""

    claim: str
    basis: str
    source: str | None
    checked: str | None
    age: Age


class Offered(Struct, frozen=True):
    """A capability and how it is offered: core, secondary, or the name of the edition that brings it."""

    id: str
    name: str
    layer: str
    defining: bool
    kind: str
    edition: str | None


class Former(Struct, frozen=True):
    """A name that the tool carried before."""

    name: str
    until: str | None
    origin: Provenance


class Fate(Struct, frozen=True):
    """What became of the product under its own name."""

    state: str
    successor: str | None
    successor_name: str | None
    as_of: str | None
    note: str | None
    origin: Provenance


class ToolCard(Struct, frozen=True):
    """A tool; ``unknown`` names what the catalogue does not know, ``more`` what else its manifest says."""

    as_of: str
    id: str
    name: str
    vendor: str
    plugin: str
    distribution: str | None
    website: str | None
    asked_by: str
    asked: str
    aliases: tuple[str, ...]
    former_names: tuple[Former, ...]
    status: Fate | None
    layers: tuple[str, ...]
    capabilities: tuple[Offered, ...]
    functions: tuple[str, ...]
    holds: tuple[str, ...]
    can_own: tuple[str, ...]
    relays: tuple[str, ...]
    suite: str | None
    suite_mates: tuple[str, ...]
    signals: tuple[str, ...]
    actions: tuple[str, ...]
    requires: tuple[dict[str, Any], ...]
    limits: dict[str, int]
    more: dict[str, Any]
    connections: tuple[Connection, ...]
    names: dict[str, str]
    claims: tuple[Claim, ...]
    unknown: tuple[str, ...]


def tool_card(plugins: Plugins, catalog: Catalog, match: Match, as_of: dt.date) -> ToolCard | None:
    """What is known of a tool that was found; None where its vendor's plugin is blocked or broken."""
    activated = plugins.tool(match.id)
    if activated is None:
        return None
    tool, index = activated.tool, plugins.index
    connections = connections_of(index, tool.id)
    rows = index.tools_of([*(c.other for c in connections), *_successor(tool)])
    mates = index.tools_of_suite(tool.shared_database) if tool.shared_database else ()
    claims = tuple(_claim(s, as_of) for s in tool.sources)
    return ToolCard(
        as_of=as_of.isoformat(),
        id=tool.id,
        name=tool.name,
        vendor=activated.vendor.name,
        plugin=activated.plugin,
        distribution=activated.distribution,
        website=tool.website,
        asked_by=match.known.kind if match.known else "id",
        asked=match.known.text if match.known else tool.id,
        aliases=tool.aliases,
        former_names=tuple(Former(f.name, f.until, provenance(f)) for f in tool.former_names),
        status=_fate(tool, {i: row.name for i, row in rows.items()}),
        layers=tool.all_layers,
        capabilities=_capabilities(tool, catalog),
        functions=tool.functions,
        holds=tool.objects.holds,
        can_own=tool.objects.can_own,
        relays=tool.objects.relays,
        suite=tool.shared_database,
        suite_mates=tuple(m.name for m in mates if m.id != tool.id),
        signals=tool.signals,
        actions=tool.actions,
        requires=tuple(r.model_dump(mode="json", exclude_defaults=True) for r in tool.requires),
        limits=dict(tool.limits),
        more={k: v for k, v in tool.model_dump(mode="json", exclude_defaults=True).items() if k not in _SHOWN},
        connections=connections,
        names={i: row.name for i, row in rows.items()},
        claims=claims,
        unknown=_unknown(tool, connections, claims),
    )


def _successor(tool: VendorTool) -> tuple[str, ...]:
    return (tool.status.successor,) if tool.status and tool.status.successor else ()


def _claim(source: Source, as_of: dt.date) -> Claim:
    checked = source.checked.isoformat() if source.checked else None
    return Claim(source.claim, source.basis, source.url, checked, age_of(checked, as_of))


def _fate(tool: VendorTool, names: dict[str, str]) -> Fate | None:
    status = tool.status
    if status is None:
        return None
    successor = names.get(status.successor) if status.successor else None
    return Fate(status.state, status.successor, successor, status.as_of, status.note, provenance(status))


def _capabilities(tool: VendorTool, catalog: Catalog) -> tuple[Offered, ...]:
    offered = tool.capabilities
    groups: list[tuple[str, str | None, tuple[str, ...]]] = [
        ("core", None, offered.core),
        ("secondary", None, offered.secondary),
        *(("edition", edition, ids) for edition, ids in offered.editions.items()),
    ]
    found = []
    for kind, edition, ids in groups:
        for i in ids:
            known = catalog.capabilities.get(i)
            name, layer, defining = (known.name, known.layer, known.defining) if known else (i, "", False)
            found.append(Offered(i, name, layer, defining, kind, edition))
    return tuple(found)


def _unknown(tool: VendorTool, connections: tuple[Connection, ...], claims: tuple[Claim, ...]) -> tuple[str, ...]:
    """What a reader might take for a no, though nobody looked or nobody said."""
    own = [c for c in connections if any(s.by == tool.id for s in c.said)]
    holes = [
        ("what it is mainly used for: no core capability is named", not tool.capabilities.core),
        ("which records it holds", not tool.objects.holds),
        ("what it connects to: no manifest names a connection", not connections),
        ("what it connects to by its own account: only others name it", bool(connections) and not own),
        (
            "what the connections that it names carry: none says a record type",
            bool(own) and not any(c.objects for c in own),
        ),
        ("nothing was read at its own address: every fact is copied from a list or judged", not _read(claims, own)),
        ("whether it is still sold under this name: no source says so either way", tool.status is None),
    ]
    return tuple(text for text, missing in holes if missing)


def _read(claims: tuple[Claim, ...], own: list[Connection]) -> bool:
    return any(c.basis == "sourced" for c in claims) or any(s.basis == "sourced" for c in own for s in c.said)
