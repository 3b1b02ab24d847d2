"""Zluri: licence mapping and contracts."""

from __future__ import annotations

from stackaudit.importers.people import PeopleReader
from stackaudit.importers.tables import TableReader
from stackaudit.model.importing import Importer

_LICENCES = PeopleReader(
    {"tool": ("License Name",), "user": ("Email Id",), "until": ("End Date",)}, "licences mapped in Zluri"
)
_CONTRACTS = TableReader(
    {
        "tool": ("Application",),
        "vendor": ("Vendor",),
        "owner": ("Owner",),
        "edition": ("Plan",),
        "since": ("Start", "Start Date"),
        "contract_end": ("Renewal Date", "End", "End Date"),
        "value": ("Value",),
    },
    only=True,
)

IMPORTERS = (
    Importer(
        "zluri_licences",
        "Zluri licence mapping",
        (("Email Id",), ("License Name",)),
        _LICENCES,
        general=True,
        basis="help.zluri.com/en/articles/6704568-how-zluri-bulk-license-mapping-works",
    ),
    Importer(
        "zluri",
        "Zluri contracts",
        (("Application",), ("Payment Term", "Payment Method"), ("Renewal Date",)),
        _CONTRACTS,
        format="on_screen",
        general=True,
        basis="support.zluri.com/support/solutions/73000347055: the fields of a contract; the template was not seen",
    ),
)
