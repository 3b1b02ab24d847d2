"""Okta: the reports of assignments and of app access, and the list of apps from its API.

An assignment says who may open an app from Okta, not how they sign in: it may be a bookmark or a stored password.
Only the list of apps tells, by the mode of each.
"""

from __future__ import annotations

from collections.abc import Sequence

from stackaudit.importers.people import PeopleReader
from stackaudit.importers.tables import TableReader
from stackaudit.importers.values import Value
from stackaudit.importers.words import words
from stackaudit.model.importing import Cell, Importer

_ASSIGNMENTS = PeopleReader(
    {
        "tool": ("Application name",),
        "user": ("Login", "User"),
        "ended": ("Unassigned on",),
        "used": ("Last login",),
    },
    "accounts assigned in Okta",
)
_ACCESS = PeopleReader(
    {
        "tool": ("Application catalog name", "Application name", "Application"),
        "user": ("Okta username", "User"),
        "used": ("Last access date",),
    },
    "accounts with access in Okta",
)


def _federated(cells: Sequence[Cell]) -> list[Value]:
    """Single sign-on where the mode says so; the others (stored passwords, bookmarks, unknown words) say nothing."""
    modes = words()["federated_sign_on"]
    return [Value(True) if str(c).strip().upper() in modes else Value() for c in cells]


def _switched_off(cells: Sequence[Cell]) -> list[Value]:
    return [Value("inactive in Okta") if str(c).strip().casefold() == "inactive" else Value() for c in cells]


_APPS = TableReader(
    {"tool": ("label", "name"), "sso": ("signOnMode",), "notes": ("status",)},
    only=True,
    readers={"sso": _federated, "notes": _switched_off},
)

IMPORTERS = (
    Importer(
        "okta_assignments",
        "Okta current assignments",
        (("Application name",), ("Application login",), ("Assigned on",)),
        _ASSIGNMENTS,
        general=True,
        basis="help.okta.com/en/prod/Content/Topics/Reports/app-current-assignments-report.htm",
    ),
    Importer(
        "okta_access",
        "Okta user app access",
        (("Application catalog name", "Application name", "Application"), ("Okta username",)),
        _ACCESS,
        format="on_screen",
        general=True,
        basis="help.okta.com/oie/en-us/content/topics/reports/access/user-app-access-report.htm: names of its filters",
    ),
    Importer(
        "okta_apps",
        "Okta apps (API)",
        (("label",), ("signOnMode",)),
        _APPS,
        general=True,
        basis="github.com/okta/okta-sdk-golang, okta/docs/Application.md: fields and modes of sign-on",
    ),
)
