"""Google Workspace: third-party apps with access to the accounts, with the number of their users."""

from __future__ import annotations

from typing import Any

from stackaudit.importers.people import PeopleReader
from stackaudit.importers.tables import TableReader
from stackaudit.model.importing import Importer

_READ = TableReader({"tool": ("App name", "Name"), "users": ("Users", "Number of users")}, only=True)
_TOKENS = PeopleReader({"tool": ("displayText",), "user": ("userKey",)}, "accounts that gave access")


def _holds_tokens(data: Any) -> bool:
    """Whether a document is the answer of users.tokens.list: tokens under ``items``."""
    items = data.get("items") if isinstance(data, dict) else None
    return isinstance(items, list) and bool(items) and all(isinstance(t, dict) and "displayText" in t for t in items)


IMPORTERS = (
    Importer(
        "google_workspace",
        "Google Workspace app access",
        (("App name",), ("Requested services", "Requested services and scopes", "Scopes"), ("Access", "Users", "ID")),
        _READ,
        format="on_screen",
        general=True,
        basis="support.google.com/a/answer/7281227: the columns of the page; a downloaded file was not seen",
    ),
    Importer(
        "google_tokens",
        "Google Directory API tokens",
        (("displayText",), ("clientId",), ("userKey",)),
        _TOKENS,
        holds=_holds_tokens,
        general=True,
        basis="developers.google.com/admin-sdk/directory/reference/rest/v1/tokens",
    ),
)
