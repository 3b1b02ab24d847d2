"""Zylo: subscriptions and applications, each as a table, or both in one document joined by the application's id."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from stackaudit.importers.documents import maps, text
from stackaudit.importers.grids import table_of
from stackaudit.importers.tables import TableReader
from stackaudit.model.importing import Export, Importer, Parsed

_BASIS = "a third party's schemas (github.com/api-evangelist/zylo); compare with Zylo's data dictionary"
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


def _holds(data: Any) -> bool:
    """Whether a document holds both: applications with names, and subscriptions that point to them."""
    both = data if isinstance(data, dict) else {}
    return any("name" in e for e in maps(both.get("applications"))) and any(
        "applicationId" in e for e in maps(both.get("subscriptions"))
    )


def _read_both(export: Export) -> Parsed:
    """Subscriptions under the names of their applications; of an application without one, what it says itself."""
    names = {str(a["id"]): text(a.get("name")) for a in maps(export.data["applications"]) if "id" in a}
    subscriptions = [
        {
            **s,
            "applicationName": names.get(str(s.get("applicationId")))
            or text(s.get("applicationName"))
            or s.get("name"),
        }
        for s in maps(export.data["subscriptions"])
    ]
    subscribed = {str(s.get("applicationId")) for s in subscriptions}
    others = [a for a in maps(export.data["applications"]) if str(a.get("id")) not in subscribed]
    found = _SUBSCRIPTIONS(replace(export, tables=table_of(subscriptions, "subscriptions")))
    if not others:
        return found
    more = _APPLICATIONS(replace(export, tables=table_of(others, "applications without a subscription"), columns={}))
    remarks = (*found.remarks, *(r for r in more.remarks if r not in found.remarks))
    return replace(found, records=(*found.records, *more.records), remarks=remarks)


IMPORTERS = (
    Importer(
        "zylo_document",
        "Zylo applications and subscriptions",
        (),
        _read_both,
        _holds,
        format="unconfirmed",
        general=True,
        basis=_BASIS,
    ),
    Importer(
        "zylo_subscriptions",
        "Zylo subscriptions",
        (("applicationId",), ("annualCost",), ("licenseCount",)),
        _SUBSCRIPTIONS,
        format="unconfirmed",
        general=True,
        basis=_BASIS,
    ),
    Importer(
        "zylo",
        "Zylo applications",
        (("name",), ("totalSpend",), ("subscriptionCount",)),
        _APPLICATIONS,
        format="unconfirmed",
        general=True,
        basis=_BASIS,
    ),
)
