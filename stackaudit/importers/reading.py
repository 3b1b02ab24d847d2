"""Read an export, whatever it is, into tables and plain data within bounds; what is odd about it is remarked."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

from stackaudit import jsonio, yamlio
from stackaudit.errors import InputError, InputProblem
from stackaudit.importers.words import plain
from stackaudit.model.importing import Cell, Export, Table

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 500
MAX_TEXT = 2_000
HEADER_WITHIN = 30
KINDS = {
    ".csv": "table", ".tsv": "table", ".txt": "table", ".tab": "table",
    ".xlsx": "workbook", ".xlsm": "workbook", ".xls": "workbook",
    ".json": "json", ".har": "json", ".yaml": "yaml", ".yml": "yaml",
}  # fmt: skip
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]+")
_DOCUMENT = re.compile(rb"^---[ \t]*\r?$", re.MULTILINE)

Grid = list[tuple[int, list[Cell]]]


def fail(file: str, what: str, expected: str = "", line: int = 0) -> InputError:
    """An error about a file as a whole, or about one of its lines."""
    return InputError([InputProblem(file, line, 1 if line else 0, what, expected)])


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

        grids, remarks = read_workbook(data, file, sheet)
        return Export(file, _tables(grids, file, known), None, tuple(remarks))
    if kind == "table":
        return Export(file, _tables({"": _grid(_text(data, file, encoding), file, known)}, file, known))
    content = _json(data, file) if kind == "json" else _yaml(data, file)
    return Export(file, tuple(_tables_of(content, file)), content)


def tidy(value: str) -> str:
    """A text without characters that could steer a terminal or break a line, and without spaces around it."""
    return _UNSAFE.sub(" ", value).replace("\u00a0", " ").strip()[:MAX_TEXT]


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


def _grid(text: str, file: str, known: frozenset[str]) -> Grid:
    """The rows of delimited text."""
    first, _, rest = text.partition("\n")
    skipped = 0
    delimiter = ""
    if re.fullmatch(r"sep=.\r?", first):  # Excel's own hint
        delimiter, text, skipped = first[4], rest, 1
    delimiter = delimiter or _delimiter(text, known)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    grid: Grid = []
    try:
        for cells in reader:
            if any(c.strip() for c in cells):
                grid.append((reader.line_num + skipped, [tidy(c) for c in cells[:MAX_COLUMNS]]))
            if len(grid) > MAX_ROWS:
                raise too_many(file)
    except csv.Error as error:
        raise fail(file, f"is no readable table: {error}", "delimited text", reader.line_num + skipped) from None
    return grid


def too_many(file: str) -> InputError:
    """The error for a table that is too long."""
    return fail(file, f"holds more than {MAX_ROWS:,} rows", "an export of tools or a shorter period, in parts")


def _delimiter(text: str, known: frozenset[str]) -> str:
    """The delimiter under which the first lines hold the most known headings, then the most cells."""
    sample = "\n".join(text.splitlines()[:HEADER_WITHIN])

    def worth(delimiter: str) -> tuple[int, int]:
        try:
            rows = list(csv.reader(io.StringIO(sample), delimiter=delimiter))
        except csv.Error:
            return (0, 0)
        return max((sum(plain(c) in known for c in row) for row in rows), default=0), max(map(len, rows), default=0)

    return max((",", ";", "\t", "|"), key=worth)


def _tables(grids: dict[str, Grid], file: str, known: frozenset[str]) -> tuple[Table, ...]:
    made = []
    for title, grid in grids.items():
        if not grid:
            continue
        top = _header_at(grid, known)
        header = tuple(tidy(str(c)) if c is not None else "" for c in grid[top][1])
        made.append(Table(title, header, tuple((n, tuple(cells)) for n, cells in grid[top + 1 :])))
    if not any(table.rows for table in made):
        raise fail(file, "holds no rows under its headings", "a table with headings and rows")
    return tuple(made)


def _header_at(grid: Grid, known: frozenset[str]) -> int:
    """The row with the most known headings among the first; titles may stand above it."""
    counts = [sum(isinstance(c, str) and plain(c) in known for c in cells) for _, cells in grid[:HEADER_WITHIN]]
    return counts.index(max(counts))


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


_WRAPPERS = ("result", "records", "value", "data", "items", "tools", "apps", "applications", "subscriptions", "vendors")


def _tables_of(content: Any, file: str) -> list[Table]:
    """Lists of maps as tables: the document itself, or what stands in it under a usual name."""
    while isinstance(content, dict):
        inner = next((content[w] for w in _WRAPPERS if isinstance(content.get(w), list | dict)), None)
        if inner is None:
            return []
        content = inner
    if not isinstance(content, list):
        return []
    if len(content) > MAX_ROWS:
        raise too_many(file)
    maps = [_flat(e) if isinstance(e, dict) else {"name": e} for e in content if isinstance(e, dict | str)]
    header = tuple(dict.fromkeys(key for m in maps for key in m))[:MAX_COLUMNS]
    rows = tuple((i, tuple(m.get(key) for key in header)) for i, m in enumerate(maps, 1))
    return [Table("", header, rows)] if rows else []


def _flat(entry: dict[Any, Any], before: str = "", depth: int = 0) -> dict[str, Cell]:
    made: dict[str, Cell] = {}
    for key, value in entry.items():
        name = before + tidy(str(key))
        if isinstance(value, dict) and depth < 3:
            made.update(_flat(value, f"{name}.", depth + 1))
        elif isinstance(value, str):
            made[name] = tidy(value)
        elif isinstance(value, int | float):
            made[name] = value
    return made
