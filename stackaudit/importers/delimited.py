"""The rows of delimited text: the delimiter is found, a quote that runs away is said with its line."""

from __future__ import annotations

import csv
import io
import re

from stackaudit.importers.bounds import HEADER_WITHIN, MAX_COLUMNS, MAX_ROWS, Grid, fail, tidy, too_many
from stackaudit.importers.words import is_known


def read_delimited(text: str, file: str, known: frozenset[str]) -> tuple[Grid, list[str]]:
    """The rows of delimited text, and what is odd about them.

    Raises:
        InputError: A quote is not closed or stands in an odd place, or there are too many rows.
    """
    first, _, rest = text.partition("\n")
    skipped = 0
    delimiter = ""
    if re.fullmatch(r"sep=.\r?", first):  # Excel's own hint
        delimiter, text, skipped = first[4], rest, 1
    delimiter = delimiter or _delimiter(text, known)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    grid: Grid = []
    remarks: list[str] = []
    start = 1 + skipped
    try:
        for cells in reader:
            end = reader.line_num + skipped
            if any(c.strip() for c in cells):
                if end > start and _holds_rows(cells, delimiter):
                    remarks.append(f"lines {start} to {end} are one row: is a quote in line {start} not closed?")
                grid.append((start, [tidy(c) for c in cells[:MAX_COLUMNS]]))
            if len(grid) > MAX_ROWS:
                raise too_many(file)
            start = end + 1
    except csv.Error as error:
        raise _unreadable(file, start, str(error)) from None
    return grid, remarks


def _unreadable(file: str, line: int, said: str) -> Exception:
    if "unexpected end of data" in said:
        return fail(file, 'a quote (") is opened in this row and never closed', "a closing quote, or none", line)
    if "expected after" in said:
        wanted = 'a quote within a text written twice (""), or the whole text between quotes'
        return fail(file, 'a quote (") stands in an odd place in this row', wanted, line)
    return fail(file, f"is no readable table: {said}", "delimited text", line)


def _holds_rows(cells: list[str], delimiter: str) -> bool:
    """Whether a cell of several lines looks like rows that a quote has swallowed: each line is divided as often."""
    for cell in cells:
        counts = {line.count(delimiter) for line in cell.splitlines()[1:-1] or cell.splitlines()[1:]}
        if "\n" in cell and counts and min(counts) > 0:
            return True
    return False


def _delimiter(text: str, known: frozenset[str]) -> str:
    """The delimiter under which the first lines hold the most known headings, then the most cells."""
    sample = "\n".join(text.splitlines()[:HEADER_WITHIN])

    def worth(delimiter: str) -> tuple[int, int]:
        try:
            rows = list(csv.reader(io.StringIO(sample), delimiter=delimiter))
        except csv.Error:
            return (0, 0)
        return max((sum(is_known(c, known) for c in row) for row in rows), default=0), max(map(len, rows), default=0)

    return max((",", ";", "\t", "|"), key=worth)
