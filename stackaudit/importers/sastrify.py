"""Sastrify: the list of subscriptions, and accounting data."""

from __future__ import annotations

from stackaudit.importers.paid import PaymentReader
from stackaudit.importers.tables import TableReader
from stackaudit.model.importing import Importer

_BASIS = "support.sastrify.com/support/solutions/articles/101000522179-tools-and-spend-importer-faqs"
_SUBSCRIPTIONS = TableReader(
    {
        "tool": ("Vendor/Tool",),
        "contract_end": ("Renewal Date",),
        "notice_days": ("Cancellation Period",),
        "annual_cost": ("Current Year Cost",),
        "currency": ("Current Year Cost Currency",),
        "owner": ("Tool Owner",),
        "notes": ("Notes",),
    },
    only=True,
)
_ACCOUNTING = PaymentReader(
    {"tool": ("Vendor/Tool",), "amount": ("Amount",), "currency": ("Amount Currency",), "date": ("Date",)}
)

IMPORTERS = (
    Importer(
        "sastrify",
        "Sastrify subscriptions",
        (("Vendor/Tool",), ("Current Year Cost", "Renewal Frequency", "Cancellation Period")),
        _SUBSCRIPTIONS,
        general=True,
        basis=_BASIS,
    ),
    Importer(
        "sastrify_accounting",
        "Sastrify accounting data",
        (("Vendor/Tool",), ("Amount",), ("Invoice Number", "Date")),
        _ACCOUNTING,
        general=True,
        basis=_BASIS,
    ),
)
