"""Okta: the reports of assignments and of app access, and the list of apps from its API."""

from __future__ import annotations

from stackaudit.importers.counts import PeopleReader
from stackaudit.importers.tables import TableReader
from stackaudit.model.importing import Importer

_ASSIGNMENTS = PeopleReader(
    {
        "tool": ("Application name",),
        "user": ("Login", "User"),
        "ended": ("Unassigned on",),
        "used": ("Last login",),
    },
    "accounts assigned in Okta",
    {"sso": True},
)
_ACCESS = PeopleReader(
    {
        "tool": ("Application catalog name", "Application name", "Application"),
        "user": ("Okta username", "User"),
        "used": ("Last access date",),
    },
    "accounts with access in Okta",
    {"sso": True},
)
_APPS = TableReader({"tool": ("label", "name")}, only=True)  # a bookmark is an app, too: no word on sign-on

IMPORTERS = (
    Importer(
        "okta_assignments",
        "Okta current assignments",
        (("Application name",), ("Application login",), ("Assigned on",)),
        _ASSIGNMENTS,
        general=True,
    ),
    Importer(
        "okta_access",
        "Okta user app access",
        (("Application catalog name", "Application name", "Application"), ("Okta username",)),
        _ACCESS,
        format="on_screen",
        general=True,
    ),
    Importer("okta_apps", "Okta apps (API)", (("label",), ("signOnMode",)), _APPS, general=True),
)
