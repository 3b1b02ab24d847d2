"""The layers of the catalogue and the tools in them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from stackaudit.vendorindex import ToolRow

if TYPE_CHECKING:
    from stackaudit.model.catalog import Capability, Catalog
    from stackaudit.pluginmanager import Plugins

_SHOWN = frozenset({"id", "name", "definition", "used_by"})


class LayerRow(Struct, frozen=True):
    """A layer in the list: how many tools have it as their primary layer, and how many reach into it."""

    id: str
    name: str
    used_by: str
    core: bool
    tools: int
    also: int


class LayerCard(Struct, frozen=True):
    """Everything about a layer; ``more`` holds whatever else the catalogue says of it, by its own words."""

    id: str
    name: str
    definition: str
    used_by: str
    more: dict[str, Any]
    capabilities: tuple[Capability, ...]
    tools: tuple[ToolRow, ...]
    also: tuple[ToolRow, ...]


class CapabilityCard(Struct, frozen=True):
    """A capability and who offers it: core, in an edition, or besides."""

    id: str
    name: str
    layer: str
    definition: str
    defining: bool
    core: tuple[ToolRow, ...]
    secondary: tuple[ToolRow, ...]


def layers(plugins: Plugins, catalog: Catalog) -> tuple[LayerRow, ...]:
    """All layers, in the catalogue's order."""
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for _, layer, primary in plugins.index.tools_in_layers(catalog.layers):
        (first if primary else second)[layer] += 1
    return tuple(LayerRow(x.id, x.name, x.used_by, x.core, first[x.id], second[x.id]) for x in catalog.layers.values())


def layer_card(plugins: Plugins, catalog: Catalog, layer_id: str) -> LayerCard:
    """One layer that exists."""
    layer = catalog.layers[layer_id]
    found = plugins.index.tools_in_layers([layer_id])
    rows = plugins.index.tools_of(tool for tool, _, _ in found)
    said = layer.model_dump(mode="json", exclude_defaults=True)
    return LayerCard(
        id=layer.id,
        name=layer.name,
        definition=layer.definition,
        used_by=layer.used_by,
        more={key: value for key, value in said.items() if key not in _SHOWN},
        capabilities=tuple(c for c in catalog.capabilities.values() if c.layer == layer_id),
        tools=tuple(rows[tool] for tool, _, primary in found if primary),
        also=tuple(rows[tool] for tool, _, primary in found if not primary),
    )


def capability_card(plugins: Plugins, catalog: Catalog, capability_id: str) -> CapabilityCard:
    """One capability that exists."""
    capability = catalog.capabilities[capability_id]
    offers = plugins.index.offers_with([capability_id])
    rows = plugins.index.tools_of(offer.tool for offer in offers)
    core = {offer.tool for offer in offers if offer.kind == "core"}
    return CapabilityCard(
        id=capability.id,
        name=capability.name,
        layer=capability.layer,
        definition=capability.definition,
        defining=capability.defining,
        core=tuple(row for tool, row in rows.items() if tool in core),
        secondary=tuple(row for tool, row in rows.items() if tool not in core),
    )
