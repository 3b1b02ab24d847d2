"""Where the parts of a document stand, kept small: a large file has a million of them."""

from __future__ import annotations

from array import array
from typing import Any

Path = tuple[str | int, ...]
Place = tuple[int, int]
_COLUMN = 32
_LOW = (1 << _COLUMN) - 1


def pack(line: int, column: int) -> int:
    """A line and a column as one number."""
    return line << _COLUMN | column


def unpack(mark: int) -> Place:
    """The line and the column of a number that :func:`pack` made."""
    return mark >> _COLUMN, mark & _LOW


class Places:
    """Places of the parts of one map or list, in their order, and of what is in those."""

    __slots__ = ("_index", "inner", "keys", "values")

    def __init__(self) -> None:
        self.values = array("Q")
        self.keys = array("Q")
        self.inner: dict[int, Places] = {}
        self._index: dict[str, int] | None = None

    def position(self, value: Any, part: str | int) -> int | None:
        """Which of the parts one is, by its key or its index; None where there is none."""
        if isinstance(value, list):
            return part if isinstance(part, int) and 0 <= part < len(self.values) else None
        if not isinstance(value, dict) or not isinstance(part, str):
            return None
        if self._index is None or len(self._index) != len(value):
            self._index = {key: i for i, key in enumerate(value)}
        found = self._index.get(part)
        return found if found is not None and found < len(self.values) else None


def find(root: Places, data: Any, path: Path, *, key: bool) -> int | None:
    """The mark of the value at a path, or of its key; of the nearest part that exists; None where not even one does."""
    mark: int | None = None
    here: Places | None = root
    for n, part in enumerate(path, 1):
        at = here.position(data, part) if here is not None else None
        if here is None or at is None:
            break
        if key and n == len(path) and at < len(here.keys):
            return here.keys[at]
        mark = here.values[at]
        here, data = here.inner.get(at), data[part]
    return mark
