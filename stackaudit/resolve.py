"""Turn declared names into known tools, never by a loose guess, and references into tool ids."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec.structs import replace

from stackaudit.model.part import ToolMatch
from stackaudit.model.stack import Connection, Dangling, Stack, Tool
from stackaudit.model.vendor import VendorTool
from stackaudit.pluginmanager import fold

if TYPE_CHECKING:
    from stackaudit.inventory import LoadedInventory
    from stackaudit.model.catalog import Catalog
    from stackaudit.model.inventory import Integration, ToolEntry
    from stackaudit.pluginmanager import Plugins


def resolve(loaded: LoadedInventory, plugins: Plugins, catalog: Catalog, as_of: dt.date) -> Stack:
    """Resolve every tool and reference of an inventory.

    Args:
        loaded: The inventory with its positions; every tool has an id.
        plugins: Vendor facts, activated for the tools that match.
        catalog: Layers and capabilities.
        as_of: The day of the audit.

    Returns:
        The stack, its parts in an order that does not depend on the file's; unresolved tools stay in it with the
        closest names.
    """
    inventory = loaded.inventory
    aliases = {fold(alias): target for alias, target in inventory.settings.aliases.items()}
    tools = tuple(
        _tool(entry, loaded.tool_line(i), plugins, catalog, aliases) for i, entry in enumerate(inventory.tools)
    )
    names = _Names(tools)
    connections: list[Connection] = []
    dangling: list[Dangling] = []
    for i, entry in enumerate(inventory.integrations or ()):
        line = loaded.integration_line(i)
        source, target = names.find(entry.source), names.find(entry.target)
        for name, found, beside in ((entry.source, source, target), (entry.target, target, source)):
            if found is None:
                dangling.append(Dangling("integration", name, line, names.near(name), beside))
        if entry.via and names.find(entry.via) is None and plugins.find(entry.via):
            dangling.append(Dangling("integration", entry.via, line, names.near(entry.via)))
        if source and target and source != target:
            connections.append(Connection(i, _relayed(entry, names), source, target, line))
    connections.sort(key=attrgetter("source", "target"))
    connections = [c for _, alike in groupby(connections, attrgetter("source", "target")) for c in _in_order(alike)]
    plays = []
    for i, play in enumerate(inventory.plays):
        found = names.find(play.tool)
        if found is None:
            line = loaded.play_line(i)
            dangling.append(Dangling("play", play.tool, line, names.near(play.tool)))
        else:
            plays.append(play.model_copy(update={"tool": found}))
    return Stack(
        inventory=inventory,
        as_of=as_of,
        file=loaded.file,
        tools=tuple(sorted(tools, key=lambda t: t.id)),
        connections=tuple(replace(c, index=rank) for rank, c in enumerate(connections)),
        plays=tuple(sorted(plays, key=lambda p: p.model_dump_json())),
        dangling=tuple(dangling),
        by_id={t.id: t for t in tools},
    )


def _in_order(alike: Iterable[Connection]) -> list[Connection]:
    """Connections between the same two tools in an order that does not depend on the file's; mostly there is one."""
    first, *others = alike
    return sorted([first, *others], key=lambda c: c.entry.model_dump_json()) if others else [first]


class _Names:
    """What the rest of a stack file may call its tools: the id, however it is spelled, or a name that one of them has."""

    def __init__(self, tools: tuple[Tool, ...]) -> None:
        self._ids = {t.id for t in tools}
        self._names: dict[str, set[str]] = {}
        for tool in tools:
            for name in {tool.entry.tool, tool.name, tool.known.id if tool.known else tool.id}:
                self._names.setdefault(fold(name), set()).add(tool.id)

    def find(self, name: str) -> str | None:
        if name in self._ids:
            return name
        found = self._names.get(fold(name), set())
        if len(found) > 1:
            found = found & {fold(name)}  # several bear the name, and one of them is called so by its id, too
        return next(iter(found)) if len(found) == 1 else None

    def near(self, name: str) -> tuple[str, ...]:
        from rapidfuzz import process

        return tuple(m[0] for m in process.extract(name, sorted(self._ids), limit=3, score_cutoff=60))


def _relayed(entry: Integration, names: _Names) -> Integration:
    """The connection with the tool that it runs through by its id; what is no declared tool stays as it was written."""
    through = names.find(entry.via) if entry.via else None
    return entry.model_copy(update={"via": through}) if through and through != entry.via else entry


def _tool(entry: ToolEntry, line: int | None, plugins: Plugins, catalog: Catalog, aliases: Mapping[str, str]) -> Tool:
    known, plugin, match, candidates = _match(entry.tool, plugins, aliases)
    tool_id = entry.id or fold(entry.tool)
    if known is None:
        return _described(entry, tool_id, line, match, candidates, catalog)
    layer = entry.layer or known.layer
    declared = frozenset(entry.capabilities or ())
    core = frozenset(known.capabilities.core) | declared
    editions = {fold(name): frozenset(caps) for name, caps in known.capabilities.editions.items()}
    chosen = frozenset[str]().union(
        *(editions.get(fold(name), frozenset()) for name in (entry.edition or "", *(entry.modules or ())))
    )
    offered = core.union(known.capabilities.secondary, *editions.values(), entry.in_use or (), entry.licensed or ())
    if entry.in_use is not None:
        in_use, unknown = frozenset(entry.in_use), frozenset[str]()
    elif entry.licensed is not None:
        in_use = (core | chosen) & frozenset(entry.licensed)
        unknown = frozenset(entry.licensed) - in_use
    else:
        in_use = core | chosen
        unknown = offered - in_use
    kept = _kept(entry, catalog) & unknown
    in_use, unknown = in_use | kept, unknown - kept
    licensed = frozenset(entry.licensed) if entry.licensed is not None else core | chosen | in_use
    return Tool(
        id=tool_id,
        entry=entry,
        line=line,
        name=known.name,
        match=match,
        known=known,
        plugin=plugin,
        layer=layer,
        layers=tuple(dict.fromkeys((layer, *known.all_layers))),
        offered=offered,
        licensed=licensed,
        in_use=in_use,
        unknown=unknown,
        inferred=entry.in_use is None,
    )


def _kept(entry: ToolEntry, catalog: Catalog) -> frozenset[str]:
    """What a tool does because it keeps the official value of a record."""
    records = (catalog.objects[o].work for o in entry.system_of_record_for or () if o in catalog.objects)
    return frozenset(work for work in records if work)


def _described(
    entry: ToolEntry, tool_id: str, line: int | None, match: ToolMatch, candidates: tuple[str, ...], catalog: Catalog
) -> Tool:
    """A tool that no plugin knows, as far as the inventory describes it."""
    declared = entry.in_use if entry.in_use is not None else entry.capabilities
    layer = entry.layer
    if layer is None and declared:
        layers = [catalog.capabilities[c].layer for c in declared if c in catalog.capabilities]
        layer = max(sorted(set(layers)), key=layers.count) if layers else None
    known_layer = catalog.layers.get(layer) if layer else None
    assumed = frozenset(known_layer.assumes) if known_layer and declared is None else frozenset[str]()
    in_use = frozenset(declared or ()) | assumed
    of_layer = frozenset(c.id for c in catalog.capabilities.values() if c.layer == layer)
    if declared is None:
        in_use |= _kept(entry, catalog) & of_layer
    return Tool(
        id=tool_id,
        entry=entry,
        line=line,
        name=entry.tool,
        match=match if layer is None else ToolMatch(tool=None, by="declaration", text=entry.tool),
        candidates=candidates,
        layer=layer,
        layers=(layer,) if layer else (),
        offered=in_use | frozenset(entry.capabilities or ()) | frozenset(entry.licensed or ()),
        licensed=frozenset(entry.licensed or ()) | in_use,
        in_use=in_use,
        unknown=frozenset() if declared is not None else of_layer - in_use,
        inferred=declared is None,
        opaque=layer is None and not in_use,
    )


def _match(
    name: str, plugins: Plugins, aliases: Mapping[str, str]
) -> tuple[VendorTool | None, str | None, ToolMatch, tuple[str, ...]]:
    """What a name means; ``aliases`` are folded."""
    chosen = aliases.get(fold(name))
    if chosen is not None:
        activated = plugins.tool(chosen)
        if activated is not None:
            return activated.tool, activated.plugin, ToolMatch(tool=chosen, by="setting", text=name), ()
    hits = plugins.find(name)
    ids = sorted({hit.tool_id for hit in hits})
    if len(ids) == 1:
        activated = plugins.tool(ids[0])
        if activated is not None:
            kind = min((hit.kind for hit in hits), key=("id", "name", "alias", "former_name", "domain").index)
            text = next(hit.text for hit in hits if hit.kind == kind)
            return activated.tool, activated.plugin, ToolMatch(tool=ids[0], by=kind, text=text), ()
    candidates = tuple(ids) or tuple(s.tool_id for s in plugins.suggest(name))
    return None, None, ToolMatch(tool=None, by="none", text=name), candidates
