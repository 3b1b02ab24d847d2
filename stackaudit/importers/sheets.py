"""How far the cells of a workbook's sheet go, before a reader that cannot be stopped makes room for all of them."""

from __future__ import annotations

import re
from functools import cache
from xml.parsers import expat

_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ROW = re.compile(r"[1-9][0-9]{0,6}")
_HELD = frozenset({"v", "is", "f"})
"""What makes a cell more than an empty one with a colour: a value, a text, or a formula."""
_SHEET = (b"sheetData", "sheetData".encode("utf-16-le"), "sheetData".encode("utf-16-be"))
"""What every sheet holds, in any coding that a reader may know."""
_LONGEST = max(map(len, _SHEET))


class Ruler:
    """Follows one part of a workbook as its reader does, and measures it where it is a sheet.

    A part that is no plain XML in UTF-8, and yet speaks of a sheet, is refused: a reader that forgives more than this
    one would find cells in it that nobody has counted. Other parts, such as pictures, are nothing to it.

    Attributes:
        bottom: The last row with anything in it, from 1.
        right: The last such column, from 1.
        formulas: Whether any cell holds a formula.
    """

    def __init__(self) -> None:
        self.bottom = self.right = 0
        self.formulas = False
        self._row = self._column = 0
        self._in_sheet = self._named = False
        self._refused: Exception | None = None
        self._tail = b""
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._begin
        self._parser.StartDoctypeDeclHandler = self._declared

    def feed(self, chunk: bytes) -> None:
        """Take in the next bytes of the part."""
        self._parse(chunk, last=False)
        if not self._named:
            seen = self._tail + chunk
            self._named = any(mark in seen for mark in _SHEET)
            self._tail = seen[-_LONGEST:]

    def close(self) -> None:
        """Take note that the part ends.

        Raises:
            ValueError: It is a sheet, or may be taken for one, and no plain one.
        """
        self._parse(b"", last=True)
        if self._refused is not None and self._named:
            raise ValueError(f"a sheet cannot be followed: {self._refused}")

    def _parse(self, chunk: bytes, *, last: bool) -> None:
        if self._refused is None:
            try:
                self._parser.Parse(chunk, last)
            except (expat.ExpatError, ValueError) as error:
                self._refused = error

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2] if ":" in name else name
        if not self._in_sheet:
            self._in_sheet = kind == "sheetData"
        elif kind == "c":
            self._cell(attributes.get("r"))
        elif kind in _HELD:
            self.formulas = self.formulas or kind == "f"
            self.bottom = self._row if self._row > self.bottom else self.bottom
            self.right = self._column if self._column > self.right else self.right
        elif kind == "row":
            self._line(attributes.get("r"))

    def _line(self, place: str | None) -> None:
        """A row, like a cell, that does not say where it stands follows the one before it."""
        if place is not None and not _ROW.fullmatch(place):
            raise ValueError(f"{place[:20]!r} is no row")
        self._row, self._column = int(place) if place else self._row + 1, 0

    def _cell(self, place: str | None) -> None:
        if place is None:
            self._column += 1
        else:
            found = _CELL.fullmatch(place)
            if found is None:
                raise ValueError(f"{place[:20]!r} is no cell")
            letters, row = found.groups()
            self._column, self._row = _number(letters), int(row)

    def _declared(self, *_: object) -> None:
        raise ValueError("it declares types of its own")


@cache
def _number(column: str) -> int:
    """The rank of a column; letters are few, and there are no more than eighteen thousand such names."""
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - 64
    return number
