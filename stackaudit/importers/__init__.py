"""Importers of exports: one small file a source, all behind the ``stackaudit_importers`` hook."""

from __future__ import annotations

from importlib import import_module

from stackaudit.hookspecs import hookimpl
from stackaudit.model.importing import Importer

SOURCES = (
    *("generic", "okta", "google_workspace", "entra", "payments", "zylo", "torii", "sastrify", "vendr", "zluri"),
    *("salesforce", "n8n", "builtwith", "wappalyzer", "har", "techstack", "backstage"),
)


class BuiltinImporters:
    """The importers that come with the program, as a plugin."""

    @hookimpl
    def stackaudit_importers(self) -> list[Importer]:
        """One record a kind of export."""
        modules = [import_module(f"stackaudit.importers.{name}") for name in SOURCES]
        return [importer for module in modules for importer in module.IMPORTERS]
