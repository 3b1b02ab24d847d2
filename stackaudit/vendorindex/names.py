"""Names folded for exact comparison."""

from __future__ import annotations

import re
import unicodedata

_LEGAL = frozenset(
    "inc incorporated llc ltd limited gmbh corp corporation co ag sa bv plc pty oy ab srl sas".split()  # noqa: SIM905
)


def fold(name: str) -> str:
    """A name without case, accents of form, punctuation, spaces and legal suffixes; for exact comparison only."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", name).casefold().replace("_", " "))
    while len(words) > 1 and words[-1] in _LEGAL:
        words.pop()
    return "".join(words)
