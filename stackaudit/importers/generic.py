"""Any spreadsheet with a column of tool names, and any list of names."""

from __future__ import annotations

from stackaudit.importers.tables import TableReader
from stackaudit.model.importing import Importer

GENERIC = Importer("spreadsheet", "Spreadsheet", (), TableReader(), format="by its headings")
IMPORTERS = (GENERIC,)
