"""Compare what a manifest says of connections with what the other side says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackaudit.conformance.report import Item
from stackaudit.model.vendor import OfferedIntegration, VendorManifest

if TYPE_CHECKING:
    from stackaudit.conformance.manifest import Place
    from stackaudit.pluginmanager import Plugins
    from stackaudit.vendorindex import Link

_MIRRORED = {"inbound": "outbound", "outbound": "inbound"}


def integration_items(place: Place, manifest: VendorManifest, plugins: Plugins) -> Iterator[Item]:
    """Connections to nobody, to itself, twice, or that the other side does not name or names otherwise.

    A partner may have several rows by one method, one for each way that records go; a record stands in one alone.
    """
    own = {tool.id for tool in manifest.tools}
    for i, tool in enumerate(manifest.tools):
        seen: set[tuple[str, str | None, str | None]] = set()
        for k, offered in enumerate(tool.integrations):
            path = ("tools", i, "integrations", k)
            if offered.to == tool.id:
                yield place.item("error", "integrations", path, "connects the tool to itself")
                continue
            records = offered.objects or (None,)
            if any((offered.to, offered.method, record) in seen for record in records):
                yield place.item("warning", "integrations", path, f"the connection to {offered.to!r} stands twice")
            seen.update((offered.to, offered.method, record) for record in records)
            if offered.to in own:
                continue
            if not plugins.index.tools_of([offered.to]):
                close = plugins.suggest(offered.to, limit=1)
                hint = f"; did you mean {close[0].tool_id}?" if close else ""
                said = f"no plugin knows the other side, {offered.to!r}{hint}"
                yield place.item("warning", "integrations", path, said)
                continue
            yield from _other_side(place, path, tool.id, offered, plugins)


def _other_side(
    place: Place, path: tuple[str | int, ...], tool: str, offered: OfferedIntegration, plugins: Plugins
) -> Iterator[Item]:
    said = [x for x in plugins.index.links_between([tool], [offered.to]) if x.tool == offered.to]
    if not said:
        text = f"{offered.to!r} does not name this connection; it is shown as claimed"
        yield place.item("note", "integrations", path, text)
    elif not any(_agrees(offered, link) for link in said):
        others = sorted({f"{x.method or 'any method'}, {x.direction or 'any direction'}" for x in said})
        text = f"{offered.to!r} says otherwise: {'; '.join(others)}"
        yield place.item("warning", "integrations", path, text)


def _agrees(offered: OfferedIntegration, link: Link) -> bool:
    """Whether two sides may speak of one connection; what a side leaves open contradicts nothing."""
    method = None in (offered.method, link.method) or offered.method == link.method
    mirrored = _MIRRORED.get(link.direction or "", link.direction)
    return method and (None in (offered.direction, link.direction) or offered.direction in (mirrored, link.direction))
