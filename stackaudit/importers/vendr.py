"""Vendr: the list of suppliers."""

from __future__ import annotations

from stackaudit.importers.tables import TableReader
from stackaudit.model.importing import Importer

_READ = TableReader(
    {"tool": ("Name",), "annual_cost": ("Last 12 Months",), "value": ("Total Contract Value",)}, only=True
)

IMPORTERS = (
    Importer(
        "vendr",
        "Vendr suppliers",
        (("Name",), ("Total Contract Value",), ("Last 12 Months", "Spend Sources", "Product Count")),
        _READ,
        format="on_screen",
        general=True,
        basis="help.vendr.com/en/articles/8125648-suppliers",
    ),
)
