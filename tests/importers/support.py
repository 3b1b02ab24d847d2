"""What tests of importers share: exports from text, and workbooks made by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from msgspec.structs import replace

from stackaudit.importers import BuiltinImporters
from stackaudit.importers.reading import read_export
from stackaudit.importers.run import draft, known_headings, recognise, with_columns
from stackaudit.model.importing import Draft, ToolDraft
from tests.support import TODAY, plugins

IMPORTERS = sorted(BuiltinImporters().stackaudit_importers(), key=lambda i: i.id)
KNOWN = known_headings(IMPORTERS)
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
_TOP = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
_BOOK = '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Tools" sheetId="1" r:id="r1"/></sheets></workbook>'
_PARTS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>'
_LIES = "worksheets/sheet1.xml"
_STYLES = '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'


def read(
    path: Path,
    data: str | bytes,
    *,
    source: str = "",
    columns: dict[str, str] | None = None,
    currency: str = "",
    **options: Any,
) -> Draft:
    """Write a file and read it as an import does."""
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    everything = options.pop("everything", False)
    aliases = options.pop("aliases", {})
    export = read_export(path, path.name, KNOWN, heads=frozenset((columns or {}).values()), **options)
    importer = recognise(export, IMPORTERS, source=source, saved={})
    export = replace(with_columns(export, columns or {}), day=TODAY, currency=currency)
    return draft(export, importer, plugins(), aliases=aliases, everything=everything)


def tool(found: Draft, tool_id: str) -> ToolDraft:
    """The one draft that matched a tool."""
    (one,) = [t for t in found.tools if t.match.tool_id == tool_id]
    return one


def matched(found: Draft) -> list[str]:
    """Ids of the tools that matched, sorted."""
    return sorted(str(t.match.tool_id) for t in found.tools if t.match.outcome == "matched")


def workbook(
    rows: Sequence[Sequence[str | float | tuple[str, str]]],
    extra: str = "",
    sheet: str | bytes = "",
    part: str = _LIES,
    more: dict[str, bytes] | None = None,
) -> bytes:
    """A workbook of one sheet; ``("date", "46023")`` is a cell in date format, ``("formula", "A1")`` one without a value.

    ``sheet`` stands in for the sheet as it is written, ``part`` is where it lies, and ``more`` are further parts.
    """
    lines = []
    for n, row in enumerate(rows, 1):
        cells = "".join(_cell(value, f"{chr(64 + i)}{n}") for i, value in enumerate(row, 1))
        lines.append(f'<row r="{n}">{cells}</row>')
    content = (
        sheet
        or f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{"".join(lines)}</sheetData>{extra}</worksheet>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("[Content_Types].xml"), _TYPES, zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo("_rels/.rels"), _TOP, zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo("xl/workbook.xml"), _BOOK, zipfile.ZIP_DEFLATED)
        archive.writestr(
            zipfile.ZipInfo("xl/_rels/workbook.xml.rels"), _PARTS.replace(_LIES, part), zipfile.ZIP_DEFLATED
        )
        archive.writestr(zipfile.ZipInfo("xl/styles.xml"), _STYLES, zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo(f"xl/{part}"), content, zipfile.ZIP_DEFLATED)
        for name, held in (more or {}).items():
            archive.writestr(zipfile.ZipInfo(name), held, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _cell(value: str | float | tuple[str, str], place: str) -> str:
    if isinstance(value, tuple):
        kind, text = value
        if kind == "date":
            return f'<c r="{place}" s="1"><v>{text}</v></c>'
        return f'<c r="{place}"><f>{escape(text)}</f></c>'
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>' if value else ""
    return f'<c r="{place}"><v>{value}</v></c>'
