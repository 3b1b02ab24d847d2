"""The hooks that plugins implement; each returns typed records and is called alone, so that one cannot stop another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stackaudit.model.plugins import Importer, Rule, Theme
    from stackaudit.model.vendor import VendorManifest

PROJECT = "stackaudit"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class HookSpecs:
    """What a plugin may contribute."""

    @hookspec
    def stackaudit_vendors(self) -> Iterable[VendorManifest]:  # type: ignore[empty-body]
        """Facts about a vendor's own tools: layers, capabilities, integrations, each with its basis."""

    @hookspec
    def stackaudit_rules(self) -> Iterable[Rule]:  # type: ignore[empty-body]
        """Rules to run beside the built-in ones."""

    @hookspec
    def stackaudit_importers(self) -> Iterable[Importer]:  # type: ignore[empty-body]
        """Importers for export files."""

    @hookspec
    def stackaudit_themes(self) -> Iterable[Theme]:  # type: ignore[empty-body]
        """Colours for the report."""
