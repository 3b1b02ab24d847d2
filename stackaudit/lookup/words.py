"""The ids and limits of the catalogue that plugins are held against, and the plugins that keep to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import fields

from stackaudit.model.plugins import Limits
from stackaudit.pluginmanager import Plugins
from stackaudit.vendorindex import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stackaudit.model.catalog import Catalog
    from stackaudit.pluginmanager import Pack


def open_plugins(
    *,
    installed: bool = True,
    only: frozenset[str] | None = None,
    packs: Iterable[Pack] = (),
    catalog: Catalog | None = None,
) -> Plugins:
    """The plugins that answer questions about the catalogue: no built-in rules among them.

    Args:
        installed: Whether installed distributions may contribute.
        only: Names of the installed plugins to use; None for all.
        packs: Private packs.
        catalog: Whose ids and limits plugins are held against; by default the shipped one.
    """
    return Plugins.load(installed=installed, only=only, packs=packs, words=lambda: known_words(catalog))


def known_words(catalog: Catalog | None = None) -> Words:
    """The layers, capabilities, signals and limits of a catalogue; by default the shipped one."""
    from stackaudit.catalog import load_catalog

    catalog = catalog or load_catalog()
    capabilities = {c.id: c.layer for c in catalog.capabilities.values()}
    return Words(frozenset(catalog.layers), capabilities, frozenset(catalog.signals), plugin_limits(catalog))


def plugin_limits(catalog: Catalog) -> Limits:
    """How much of what plugins say and do a catalogue lets count."""
    counts = {f.name for f in fields(Limits) if isinstance(f.default, int)}
    values: dict[str, Any] = {name: limit.value for name, limit in catalog.plugin_limits.items()}
    return Limits(**{name: int(value) if name in counts else value for name, value in values.items()})
