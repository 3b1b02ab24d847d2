"""Card statements and ledgers: Ramp, Brex and exports whose headings a company chooses itself."""

from __future__ import annotations

from stackaudit.importers.paid import PaymentReader
from stackaudit.model.importing import Importer

_RAMP = PaymentReader(
    {"tool": ("merchant_name",), "amount": ("amount",), "currency": ("currency",), "date": ("transaction_time",)}
)
_MERCHANT = ("Merchant", "Merchant name", "Payee", "Vendor", "Vendor name", "Supplier")
_DATE = ("Date", "Transaction date", "Posted date", "Posting date", "Invoice date")
_LEDGER = PaymentReader(
    {
        "tool": _MERCHANT,
        "amount": ("Amount", "Amount (USD)", "Net amount", "Debit"),
        "currency": ("Currency", "Amount currency"),
        "date": _DATE,
    }
)

IMPORTERS = (
    Importer(
        "ramp",
        "Ramp card vendors",
        (("transaction_time",), ("amount",), ("merchant_name",)),
        _RAMP,
        general=True,
        basis="support.ramp.com/hc/en-us/articles/4430474788883-Migrate-your-card-vendors;"
        " Ramp's other exports have headings of one's own choice",
    ),
    Importer(
        "ledger",
        "Card statement or ledger (Brex, Ramp, NetSuite and others)",
        (_MERCHANT, ("Amount", "Amount (USD)", "Net amount", "Debit"), _DATE),
        _LEDGER,
        format="unconfirmed",
        general=True,
        basis="none: each company chooses the headings of these exports itself",
    ),
)
