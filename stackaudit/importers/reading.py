"""Read an export, whatever it is, into tables and plain data within bounds; what is odd about it is remarked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from stackaudit import jsonio, yamlio
from stackaudit.importers.bounds import MAX_BYTES, fail
from stackaudit.importers.delimited import read_delimited
from stackaudit.importers.grids import tables_of, tables_of_grids
from stackaudit.importers.words import plain
from stackaudit.model.importing import Export

KINDS = {
    ".csv": "table", ".tsv": "table", ".txt": "table", ".tab": "table",
    ".xlsx": "workbook", ".xlsm": "workbook", ".xls": "workbook",
    ".json": "json", ".har": "json", ".yaml": "yaml", ".yml": "yaml",
}  # fmt: skip
_DOCUMENT = re.compile(rb"^---[ \t]*\r?$", re.MULTILINE)


def read_export(
    path: Path,
    file: str,
    known: frozenset[str],
    *,
    encoding: str = "",
    sheet: str = "",
    heads: frozenset[str] = frozenset(),
) -> Export:
    """Read a file.

    Args:
        path: Where it is.
        file: The name that messages show.
        known: Headings that importers know, as :func:`plain` writes them; they tell where a table begins.
        encoding: The encoding of a text file, where it is not UTF-8.
        sheet: The sheet of a workbook; all without it.
        heads: Headings that a person has chosen; they are known, too.

    Raises:
        InputError: It cannot be read, is too large, or is nothing that can be imported.
    """
    known |= {plain(h) for h in heads}
    kind = KINDS.get(path.suffix.casefold())
    if kind is None:
        endings = ", ".join(KINDS)
        raise fail(file, f"the ending {path.suffix!r} is not known", f"one of {endings}")
    data = yamlio.read_bytes(path, file, MAX_BYTES)
    if not data.strip():
        raise fail(file, "is empty", "a table with headings and rows")
    if kind == "workbook" or data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        from stackaudit.importers.workbook import read_workbook

        grids, odd = read_workbook(data, file, sheet)
        tables, remarks = tables_of_grids(grids, file, known)
        return Export(file, tables, None, (*odd, *remarks))
    if kind == "table":
        grid, odd = read_delimited(_text(data, file, encoding), file, known)
        tables, remarks = tables_of_grids({"": grid}, file, known)
        return Export(file, tables, None, (*odd, *remarks))
    content = _json(data, file) if kind == "json" else _yaml(data, file)
    return Export(file, tables_of(content, file), content)


def _text(data: bytes, file: str, encoding: str) -> str:
    if not encoding and data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    try:
        text = data.decode(encoding or "utf-8-sig")
    except LookupError:
        raise fail(file, f"the encoding {encoding!r} is not known", "a name such as utf-8, cp1252 or utf-16") from None
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = data.count(b"\n", 0, start) + 1
        what = f"is not {encoding or 'UTF-8'} text"
        raise fail(file, what, "a file saved as CSV UTF-8, or --encoding cp1252 for one from Excel", line) from None
    if "\x00" in text:
        raise fail(file, "is no text: it holds null characters", "a CSV file, or an .xlsx workbook")
    return text


def _json(data: bytes, file: str) -> Any:
    try:
        return jsonio.load(data)
    except jsonio.JsonError as problem:
        raise fail(file, str(problem), "plain JSON in UTF-8", problem.line) from None


def _yaml(data: bytes, file: str) -> Any:
    """The document, or a list of them where several stand in one file."""
    parts = [part for part in _DOCUMENT.split(data) if part.strip()]
    if len(parts) < 2:
        return yamlio.load(data, file).data
    return [yamlio.load(part, file).data for part in parts]
