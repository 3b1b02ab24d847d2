"""Zylo: subscriptions and applications."""

from __future__ import annotations

from stackaudit.importers.tables import TableReader
from stackaudit.model.importing import Importer

_SUBSCRIPTIONS = TableReader(
    {
        "tool": ("applicationName", "application.name", "name", "applicationId"),
        "contract_end": ("renewalDate",),
        "annual_cost": ("annualCost",),
        "seats": ("licenseCount",),
        "active_seats": ("usedLicenseCount",),
        "owner": ("owner",),
    },
    only=True,
)
_APPLICATIONS = TableReader({"tool": ("name",), "spend": ("totalSpend",), "owner": ("owner",)}, only=True)

IMPORTERS = (
    Importer(
        "zylo_subscriptions",
        "Zylo subscriptions",
        (("applicationId",), ("annualCost",), ("licenseCount",)),
        _SUBSCRIPTIONS,
        format="unconfirmed",
        general=True,
    ),
    Importer(
        "zylo",
        "Zylo applications",
        (("name",), ("totalSpend",), ("subscriptionCount",)),
        _APPLICATIONS,
        format="unconfirmed",
        general=True,
    ),
)
