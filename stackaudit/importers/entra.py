"""Microsoft Entra ID: service principals, as JSON or CSV of the command line."""

from __future__ import annotations

from stackaudit.importers.tables import TableReader
from stackaudit.model.importing import Importer

_READ = TableReader({"tool": ("appDisplayName", "displayName")}, only=True)

IMPORTERS = (
    Importer(
        "entra",
        "Entra ID service principals",
        (("appId",), ("displayName", "appDisplayName"), ("accountEnabled",)),
        _READ,
        general=True,
    ),
)
