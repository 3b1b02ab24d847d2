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
        """Facts about a vendor's own tools: layers, capabilities, integrations, each with its basis.

        A manifest that is a YAML file needs no code: name it in the entry point instead.
        """

    @hookspec
    def stackaudit_rules(self) -> Iterable[Rule]:  # type: ignore[empty-body]
        """Rules to run beside the built-in ones, under ids of their own.

        A rule reads the analysis and yields drafts. One that comes with a vendor's distribution may speak of that
        vendor's tools only.
        """

    @hookspec
    def stackaudit_importers(self) -> Iterable[Importer]:  # type: ignore[empty-body]
        """Importers for export files, each recognised by its columns."""

    @hookspec
    def stackaudit_themes(self) -> Iterable[Theme]:  # type: ignore[empty-body]
        """Themes for the report: style that is added to its own, and templates that stand in for its own."""


HOOKS = tuple(sorted(name for name in vars(HookSpecs) if name.startswith(f"{PROJECT}_")))
"""The names of all hooks."""
