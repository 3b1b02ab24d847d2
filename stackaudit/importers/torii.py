"""Torii: tables as they are shown, and apps from its API."""

from __future__ import annotations

from stackaudit.importers.tables import TableReader
from stackaudit.model.importing import Importer

_TABLE = TableReader({"tool": ("App name",), "owner": ("Primary app owner",), "users": ("Users",)}, only=True)
_API = TableReader(
    {
        "tool": ("name",),
        "domain": ("url",),
        "owner": ("owner",),
        "annual_cost": ("annualCost",),
        "seats": ("totalLicenses",),
        "active_seats": ("activeUsers",),
    },
    only=True,
)

IMPORTERS = (
    Importer(
        "torii",
        "Torii table",
        (("App name",), ("Discovery date", "Primary app owner")),
        _TABLE,
        format="on_screen",
        general=True,
        basis="support.toriihq.com/hc/en-us/articles/28179790220699: examples of the columns that can be shown",
    ),
    Importer(
        "torii_apps",
        "Torii apps (API)",
        (("name",), ("activeUsers",), ("totalLicenses", "totalUsers")),
        _API,
        format="unconfirmed",
        general=True,
        basis="a third party's schema (github.com/api-evangelist/torii); the real fields differ by customer",
    ),
)
