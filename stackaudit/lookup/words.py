"""The ids of the catalogue that manifests from outside are held against, and the plugins that keep to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.pluginmanager import Plugins
from stackaudit.vendorindex import Words

if TYPE_CHECKING:
    from stackaudit.model.catalog import Catalog


def open_plugins() -> Plugins:
    """The plugins that answer questions about the catalogue: no rules among them."""
    return Plugins.load(words=known_words)


def known_words(catalog: Catalog | None = None) -> Words:
    """The layers, capabilities and signals of a catalogue; by default the shipped one."""
    from stackaudit.catalog import load_catalog

    catalog = catalog or load_catalog()
    capabilities = {c.id: c.layer for c in catalog.capabilities.values()}
    return Words(frozenset(catalog.layers), capabilities, frozenset(catalog.signals))
