"""Google Workspace: third-party apps with access to the accounts, with the number of their users."""

from __future__ import annotations

from stackaudit.importers.tables import TableReader
from stackaudit.model.importing import Importer

_READ = TableReader({"tool": ("App name", "Name"), "users": ("Users", "Number of users")}, only=True)

IMPORTERS = (
    Importer(
        "google_workspace",
        "Google Workspace app access",
        (("App name",), ("Requested services", "Requested services and scopes", "Scopes"), ("Access", "Users", "ID")),
        _READ,
        format="on_screen",
        general=True,
    ),
)
