"""Characters that no name, key or text of a file may hold, written out or as an escape."""

from __future__ import annotations

import re
from collections.abc import Iterator

_REFUSED = (
    (
        re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"),
        "holds a control character",
    ),
    (re.compile("[\u202a-\u202e\u2066-\u2069]"), "holds a character that reverses the direction of text"),
)


def first_refused(text: str) -> Iterator[tuple[str, int]]:
    """The first character of each kind that is refused: what it is, and its index."""
    for pattern, what in _REFUSED:
        found = pattern.search(text)
        if found:
            yield f"{what} (U+{ord(found.group()):04X})", found.start()
