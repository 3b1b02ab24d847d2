"""Salesforce: installed packages, and their licences with how many are used."""

from __future__ import annotations

from stackaudit.importers.tables import TableReader
from stackaudit.model.importing import Importer

_PACKAGES = TableReader(
    {"tool": ("SubscriberPackageName", "SubscriberPackage.Name")},
    only=True,
    constant={"notes": "installed in Salesforce as a package"},
)
_LICENCES = TableReader(
    {
        "tool": ("NamespacePrefix",),
        "seats": ("AllowedLicenses",),
        "active_seats": ("UsedLicenses",),
        "contract_end": ("ExpirationDate",),
    },
    only=True,
    constant={"notes": "licences of its Salesforce package"},
)

IMPORTERS = (
    Importer(
        "salesforce_packages",
        "Salesforce installed packages",
        (
            ("SubscriberPackageName", "SubscriberPackage.Name"),
            ("SubscriberPackageId", "SubscriberPackageNamespace", "SubscriberPackage.NamespacePrefix"),
        ),
        _PACKAGES,
        general=True,
        basis="github.com/salesforcecli/plugin-packaging, src/commands/package/installed/list.ts,"
        " and Salesforce's reference of InstalledSubscriberPackage",
    ),
    Importer(
        "salesforce_licences",
        "Salesforce PackageLicense",
        (("NamespacePrefix",), ("AllowedLicenses",), ("UsedLicenses",)),
        _LICENCES,
        general=True,
        basis="developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_objects_packagelicense.htm",
    ),
)
