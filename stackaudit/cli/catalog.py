"""``stackaudit catalog``: find tools and read what is known of them, each fact with its basis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.cli.output import is_terminal, note, out
from stackaudit.errors import UsageError

if TYPE_CHECKING:
    from stackaudit.model.catalog import Catalog
    from stackaudit.pluginmanager import ActivatedTool, Plugins


def search(text: str) -> int:
    """Print tools one of whose names holds the text, or the closest ones."""
    from stackaudit import audit as engine

    rows = engine.open_plugins().search(text)
    for row in rows:
        columns = (row.id, row.name, row.layer)
        out(f"{row.id:<28} {row.name:<34} {row.layer}" if is_terminal(err=False) else "\t".join(columns))
    if not rows:
        note(f"nothing is called {text!r} or similar")
    return 0


def show(name: str) -> int:
    """Print a tool, a layer or a capability."""
    from stackaudit import audit as engine
    from stackaudit.catalog import load_catalog

    catalog, plugins = load_catalog(), engine.open_plugins()
    ids = sorted({hit.tool_id for hit in plugins.find(name)})
    if len(ids) > 1:
        raise UsageError(f"{name!r} means several tools: {', '.join(ids)}")
    if ids:
        activated = plugins.tool(ids[0])
        if activated is not None:
            _tool(activated, catalog)
            return 0
    if name in catalog.layers:
        _layer(name, catalog, plugins)
        return 0
    if name in catalog.capabilities:
        capability = catalog.capabilities[name]
        out(f"{capability.id}  {capability.name}\nLayer: {capability.layer}\n{capability.definition}")
        return 0
    close = [s.tool_id for s in plugins.suggest(name)]
    raise UsageError(f"nothing is called {name!r}" + (f"; did you mean {' or '.join(close)}?" if close else ""))


def _tool(activated: ActivatedTool, catalog: Catalog) -> None:
    tool = activated.tool
    out(f"{tool.id}  {tool.name}  ({activated.vendor.name})")
    if tool.aliases or tool.former_names:
        names = [*tool.aliases, *(f"{f.name} (former)" for f in tool.former_names)]
        out(f"Also called: {', '.join(names)}")
    if tool.status:
        since = f", {tool.status.as_of}" if tool.status.as_of else ""
        after = f", successor {tool.status.successor}" if tool.status.successor else ""
        out(f"Status: {tool.status.state}{since}{after}: {tool.status.note or ''}\n        {tool.status.source}")
    out(f"Layer: {', '.join(catalog.layer_name(x) for x in tool.all_layers)}")
    out(f"Core: {', '.join(tool.capabilities.core) or 'none'}")
    if tool.capabilities.secondary:
        out(f"Also offers: {', '.join(tool.capabilities.secondary)}")
    for edition, capabilities in tool.capabilities.editions.items():
        out(f"With {edition}: {', '.join(capabilities)}")
    if tool.objects.holds:
        out(f"Holds: {', '.join(tool.objects.holds)}")
    if tool.shared_database:
        out(f"Shares a database with the other tools of {tool.shared_database}")
    out("Sources:")
    for source in tool.sources:
        day = source.checked.isoformat() if source.checked else "no date"
        out(f"  [{source.basis}, {day}] {source.claim}" + (f"  {source.url}" if source.url else ""))
    out(f"Integrations offered: {len(tool.integrations)} (a possibility, not a fact about anybody's stack)")
    for offered in tool.integrations:
        day = offered.checked.isoformat() if offered.checked else "no date"
        grade = offered.grade or offered.basis
        out(f"  {offered.to}: {offered.method or 'native'} [{grade}, {day}] {offered.source}")


def _layer(name: str, catalog: Catalog, plugins: Plugins) -> None:
    layer = catalog.layers[name]
    out(f"{layer.id}  {layer.name}\n{layer.definition}\nUsed by: {layer.used_by}")
    out("Capabilities:")
    for capability in catalog.capabilities.values():
        if capability.layer == name:
            out(f"  {capability.id}: {capability.definition}")
    rows = plugins.tools_in_layer(name)
    out(f"Tools: {', '.join(row.name for row in rows) or 'none'}")
