"""Names for the clients' files: short, plain, each once, and the same whatever finishes first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MAX_LENGTH = 60
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))})
"""Names that some systems keep for devices."""


def file_names(stems: Iterable[str]) -> list[str]:
    """One name for each stem, in the same order; small letters, digits and dashes alone, clashes numbered."""
    taken: set[str] = set()
    made = []
    for stem in stems:
        base = _plain(stem)
        name, count = base, 1
        while name in taken:
            count += 1
            name = f"{base}-{count}"
        taken.add(name)
        made.append(name)
    return made


def _plain(stem: str) -> str:
    letters = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().casefold()
    name = re.sub(r"[^a-z0-9]+", "-", letters)[:MAX_LENGTH].strip("-") or "client"
    return f"{name}-client" if name in _DEVICES else name
