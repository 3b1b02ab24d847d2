"""``catalog layers``: the taxonomy, or one layer with its tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.cli.catalog.page import Line, Page, Table, show, some
from stackaudit.cli.catalog.words import joined, used_by
from stackaudit.cli.inputs import EVERYTHING, PluginChoice, open_plugins
from stackaudit.errors import UsageError

if TYPE_CHECKING:
    from stackaudit.lookup.taxonomy import CapabilityCard, LayerCard
    from stackaudit.model.catalog import Catalog
    from stackaudit.vendorindex import ToolRow


def layers(name: str, form: str, *, choice: PluginChoice = EVERYTHING) -> int:
    """Print all layers with their number of tools, or one in full."""
    from stackaudit.lookup import taxonomy
    from stackaudit.pluginmanager import fold

    plugins, catalog, _ = open_plugins(choice, rules=False)
    if name:
        key = fold(name)
        found = [x.id for x in catalog.layers.values() if key in map(fold, (x.id, x.name, *x.aliases))]
        if not found:
            raise UsageError(_no_layer(name, catalog))
        show(layer_page(taxonomy.layer_card(plugins, catalog, found[0]), catalog), form)
        return 0
    every = taxonomy.layers(plugins, catalog)
    rows = tuple((x.id, x.name, "core" if x.core else "", used_by(x.used_by), str(x.tools), str(x.also)) for x in every)
    columns = ("Layer", "Name", "", "Used by", "Tools", "Reaching in")
    show(Page(blocks=(Table(columns, rows),), data=every), form)
    return 0


def layer_page(card: LayerCard, catalog: Catalog) -> Page:
    """Everything about a layer."""
    blocks: tuple[Line | Table, ...] = (
        Line("Definition", card.definition),
        Line("Used by", used_by(card.used_by)),
        *(line for key, value in card.more.items() for line in _more(key, value, catalog)),
        Table(
            ("Id", "Capability", "Definition", ""),
            tuple((c.id, c.name, c.definition, "defines the layer" if c.defining else "") for c in card.capabilities),
            "Capabilities",
        ),
        _tools(card.tools, f"Tools ({len(card.tools)})"),
        _tools(card.also, f"Tools of other layers that reach into it ({len(card.also)})"),
    )
    return Page(f"{card.id}  {card.name}", some(*blocks), data=card)


def capability_page(card: CapabilityCard, catalog: Catalog) -> Page:
    """A capability and who offers it."""
    defines = " (defines the layer)" if card.defining else ""
    blocks: tuple[Line | Table, ...] = (
        Line("Layer", catalog.layer_name(card.layer) + defines),
        Line("Definition", card.definition),
        _tools(card.core, f"Core capability of ({len(card.core)})"),
        _tools(card.secondary, f"Also offered, or in an edition, by ({len(card.secondary)})"),
    )
    return Page(f"{card.id}  {card.name}", some(*blocks), data=card)


def _tools(rows: tuple[ToolRow, ...], title: str) -> Table:
    return Table(
        ("Id", "Name", "Vendor", "Status"), tuple((r.id, r.name, r.vendor, r.state or "") for r in rows), title
    )


def _more(key: str, value: object, catalog: Catalog) -> list[Line]:
    """A further field of a layer; each record of a list has a line of its own, led by its name."""
    label = key.replace("_", " ").capitalize()
    if not (isinstance(value, list) and value and all(isinstance(item, dict) for item in value)):
        return [Line(label, _said(value, catalog))]
    lines = []
    for item in value:
        rest = (_said(part, catalog) for word, part in item.items() if word not in ("id", "name"))
        lines.append(Line(label, f"{item.get('name') or item.get('id')}: {' '.join(rest)}"))
    return lines


def _said(value: object, catalog: Catalog) -> str:
    """A field of a layer as text; ids of the taxonomy by their names."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return joined(_said(item, catalog) for item in value)
    if isinstance(value, dict):
        return joined(f"{key}: {_said(item, catalog)}" for key, item in value.items())
    text = str(value)
    if text in catalog.layers:
        return catalog.layers[text].name
    if text in catalog.objects:
        return catalog.objects[text].name.lower()
    return catalog.capabilities[text].name if text in catalog.capabilities else text


def _no_layer(name: str, catalog: Catalog) -> str:
    from rapidfuzz import process

    close = [hit[0] for hit in process.extract(name.casefold(), sorted(catalog.layers), limit=3, score_cutoff=60)]
    return f"no layer is called {name!r}" + (f"; did you mean {' or '.join(close)}?" if close else "")
