"""Read the sheets of a workbook, after looking at what it would unpack to; nothing in it is run."""

from __future__ import annotations

import datetime as dt
import io
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from stackaudit.errors import UsageError
from stackaudit.importers.bounds import MAX_COLUMNS, MAX_ROWS, Grid, fail, tidy, too_many
from stackaudit.importers.sheets import Ruler
from stackaudit.model.importing import Cell
from stackaudit.wording import plural

MAX_UNPACKED = 200 * 1024 * 1024
MAX_SHEETS = 100
MAX_CELLS = 3_000_000
"""Cells of a sheet, empty ones included: the reader makes room for each, some forty bytes."""
_CHUNK = 1024 * 1024
_OTHER_FORMS = frozenset({"xl/workbook.bin", "content.xml"})
"""Parts that only the workbooks of other programs have: nobody measures those."""
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError, RuntimeError, EOFError, OSError,
    ValueError, LookupError, OverflowError,
)  # fmt: skip
"""What the reader of archives raises over bytes that are none, or that were cut or changed."""


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
            grids, cells = {}, 0
            for name in [sheet] if sheet else names[:MAX_SHEETS]:
                made = book.get_sheet_by_name(name)
                cells += made.total_height * made.total_width
                _spread(cells, file)
                rows = made.to_python(skip_empty_area=False)
                _fill_merged(rows, made.merged_cell_ranges or [], name, remarks, file)
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
                if entry.filename.casefold() in _OTHER_FORMS:
                    raise fail(file, "is a workbook of another form (.xlsb or .ods)", "a copy saved as .xlsx")
                ruler = Ruler()
                with archive.open(entry) as stream:
                    while chunk := stream.read(_CHUNK):
                        unpacked += len(chunk)
                        if unpacked > MAX_UNPACKED:
                            raise fail(file, f"unpacks to more than {MAX_UNPACKED:,} bytes", "a smaller workbook")
                        ruler.feed(chunk)
                ruler.close()
                _keep_within(ruler, file)
                formulas = formulas or ruler.formulas
    except _DAMAGED as error:
        raise fail(file, f"is no readable workbook: {error}"[:300], "an .xlsx file, not protected") from None
    return ["holds formulas: the values that were saved with them are used"] if formulas else []


def _keep_within(ruler: Ruler, file: str) -> None:
    """Refuse a sheet that is too long, too wide, or too large by what lies between its cells."""
    if ruler.bottom > MAX_ROWS:
        raise too_many(file)
    if ruler.right > MAX_COLUMNS * 4:
        raise fail(file, f"has a sheet of {ruler.right:,} columns", f"at most {MAX_COLUMNS * 4:,}")
    _spread(ruler.bottom * ruler.right, file)


def _spread(cells: int, file: str) -> None:
    if cells > MAX_CELLS:
        what = f"spans {cells:,} cells with the empty ones between"
        raise fail(file, what, f"at most {MAX_CELLS:,}; delete cells that lie far off, or save the sheet as CSV")


def _grid(rows: Sequence[list[Any]], file: str) -> Grid:
    if len(rows) > MAX_ROWS:
        raise too_many(file)
    held = ((n, row[:MAX_COLUMNS]) for n, row in enumerate(rows, 1) if row.count("") < len(row))
    made = ((n, [_cell(c) for c in row]) for n, row in held)
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
    rows: Sequence[list[Any]],
    ranges: list[tuple[tuple[int, int], tuple[int, int]]],
    name: str,
    remarks: list[str],
    file: str,
) -> None:
    """A text or day that is merged over several rows holds for each of them; a number is theirs together."""
    filled = shared = 0
    if sum(max(0, bottom - top) for (top, _), (bottom, _) in ranges) > MAX_CELLS:
        raise fail(file, f"sheet {name!r} merges more than {MAX_CELLS:,} cells", "a sheet without them")
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
        remarks.append(f"sheet {name!r}: {plural(filled, 'merged cell')}; each says the same of all its rows")
    if shared:
        remarks.append(
            f"sheet {name!r}: {plural(shared, 'merged cell')} with one number for several rows; it stands with the first"
        )
