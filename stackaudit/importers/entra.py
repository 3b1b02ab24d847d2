"""Microsoft Entra ID: service principals, as JSON or CSV of the command line; the portal's own download is another."""

from __future__ import annotations

from collections.abc import Sequence

from stackaudit.importers.tables import TableReader
from stackaudit.importers.values import Value, yes_no
from stackaudit.model.importing import Cell, Importer


def _disabled(cells: Sequence[Cell]) -> list[Value]:
    return [Value("disabled in Entra ID") if v.value is False else Value() for v in yes_no(cells)]


_READ = TableReader(
    {"tool": ("appDisplayName", "displayName"), "notes": ("accountEnabled",)}, only=True, readers={"notes": _disabled}
)

IMPORTERS = (
    Importer(
        "entra",
        "Entra ID service principals",
        (("appId",), ("displayName", "appDisplayName"), ("accountEnabled",)),
        _READ,
        general=True,
        basis="pnp.github.io/cli-microsoft365/cmd/entra/enterpriseapp/enterpriseapp-list: JSON and CSV;"
        " the headings of the portal's download were not found",
    ),
)
