"""Read the sheets of a workbook, after looking at what it would unpack to; nothing in it is run."""

from __future__ import annotations

import datetime as dt
import io
import lzma
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from stackaudit.errors import UsageError
from stackaudit.importers.bounds import MAX_COLUMNS, MAX_ROWS, Grid, fail, tidy, too_many
from stackaudit.model.importing import Cell

MAX_UNPACKED = 200 * 1024 * 1024
MAX_SHEETS = 100
_CHUNK = 1024 * 1024
_CELL = re.compile(rb"""\sr=["']([A-Z]{0,4})([0-9]{1,9})["']""")
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError, RuntimeError, EOFError, OSError,
    ValueError, LookupError, OverflowError,
)  # fmt: skip
"""What the reader of archives raises over bytes that are none, or that were cut or changed."""
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


def read_workbook(data: bytes, file: str, sheet: str) -> tuple[dict[str, Grid], list[str]]:
    """The rows of every sheet, or of one, and remarks.

    Raises:
        InputError: It is protected, damaged, too large, or no workbook.
        UsageError: The reader of workbooks is not installed.
    """
    if data[:4] == b"\xd0\xcf\x11\xe0":
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise fail(file, "is protected by a password", "a copy saved without one")
        raise fail(file, "is a workbook of the old form (.xls)", "a copy saved as .xlsx")
    remarks = _look_inside(data, file)
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise UsageError(
            f"{file}: reading workbooks needs python-calamine; install stackaudit[excel], or save the sheet as CSV"
        ) from None
    try:
        with _unheard():
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            names = book.sheet_names
            if sheet and sheet not in names:
                raise fail(file, f"has no sheet {sheet!r}", f"one of {', '.join(names[:20])}")
            grids = {}
            for name in [sheet] if sheet else names[:MAX_SHEETS]:
                made = book.get_sheet_by_name(name)
                rows = made.to_python(skip_empty_area=False)
                _fill_merged(rows, made.merged_cell_ranges or [], name, remarks)
                grids[name] = _grid(rows, file)
    except (CalamineError, OSError, ValueError) as error:
        raise fail(file, f"is no readable workbook: {error}"[:300], "an .xlsx file") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what the reader, which is no Python, raises where it gives up
            raise
        raise fail(file, f"is no readable workbook: {error}"[:300], "an .xlsx file with real dates") from None
    return grids, remarks


@contextmanager
def _unheard() -> Iterator[None]:
    """Keep from standard error what the reader writes there by itself: one sentence of ours says the same."""
    try:
        kept = os.dup(2)
    except OSError:
        yield
        return
    try:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _look_inside(data: bytes, file: str) -> list[str]:
    """Unpack once in small pieces, counting: neither a bomb nor a sheet of a billion cells gets to the reader."""
    unpacked, formulas = 0, False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                tail, bottom, right = b"", 0, 0
                is_sheet = "worksheets/" in entry.filename
                with archive.open(entry) as stream:
                    while chunk := stream.read(_CHUNK):
                        unpacked += len(chunk)
                        if unpacked > MAX_UNPACKED:
                            raise fail(file, f"unpacks to more than {MAX_UNPACKED:,} bytes", "a smaller workbook")
                        if is_sheet:
                            part = tail + chunk
                            for column, row in _CELL.findall(part):
                                bottom, right = max(bottom, int(row)), max(right, _number(column))
                            formulas = formulas or bool(_FORMULA.search(part))
                            tail = part[-40:]
                if bottom > MAX_ROWS:
                    raise too_many(file)
                if right > MAX_COLUMNS * 4:
                    raise fail(file, f"has a sheet of {right:,} columns", f"at most {MAX_COLUMNS * 4:,}")
    except _DAMAGED as error:
        raise fail(file, f"is no readable workbook: {error}"[:300], "an .xlsx file, not protected") from None
    return ["holds formulas: the values that were saved with them are used"] if formulas else []


def _number(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _grid(rows: Sequence[list[Any]], file: str) -> Grid:
    if len(rows) > MAX_ROWS:
        raise too_many(file)
    made = ((n, [_cell(c) for c in row[:MAX_COLUMNS]]) for n, row in enumerate(rows, 1))
    return [(n, cells) for n, cells in made if any(c not in (None, "") for c in cells)]


def _cell(value: object) -> Cell:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, bool | int | dt.date):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return tidy(str(value)) if value is not None else None


def _fill_merged(
    rows: Sequence[list[Any]], ranges: list[tuple[tuple[int, int], tuple[int, int]]], name: str, remarks: list[str]
) -> None:
    """A text or day that is merged over several rows holds for each of them; a number is theirs together."""
    filled = shared = 0
    for (top, left), (bottom, _) in ranges:
        if bottom > top and top < len(rows) and left < len(rows[top]):
            value = rows[top][left]
            if isinstance(value, int | float) and not isinstance(value, bool):
                shared += 1
                continue
            for row in rows[top + 1 : bottom + 1]:
                if left < len(row):
                    row[left] = value
            filled += 1
    if filled:
        remarks.append(f"sheet {name!r}: {filled} merged cells; each says the same of all its rows")
    if shared:
        remarks.append(
            f"sheet {name!r}: {shared} merged cells hold one number for several rows; it stands with the first"
        )
