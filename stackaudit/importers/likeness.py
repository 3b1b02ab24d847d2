"""Names that a slip of the keyboard would turn into a given one: they suggest, and never match."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from stackaudit.pluginmanager import fold

if TYPE_CHECKING:
    from stackaudit.pluginmanager import Plugins

LONG = 8
SHORTEST = 4


def alike(name: str, plugins: Plugins) -> list[tuple[float, str, str]]:
    """The closest names, each as likeness (0 to 100), name and tool.

    Two letters may differ in a long name, in a shorter one no more than one that was left out or typed twice, or two
    that were swapped; a name of another first letter is not alike.
    """
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import OSA

    typed = fold(name)[:100]
    folded, known = _names(plugins)
    near = process.extract(typed, folded, scorer=OSA.distance, score_cutoff=2, limit=50)
    rated = [
        (fuzz.ratio(typed, meant), *known[position])
        for meant, distance, position in near
        if _is_slip(typed, meant, int(distance))
    ]
    best: dict[str, tuple[float, str, str]] = {}
    for found in sorted(rated, key=lambda r: (-r[0], r[2], r[1])):
        best.setdefault(found[2], found)
    return list(best.values())[:3]


@lru_cache(maxsize=2)
def _names(plugins: Plugins) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """All names folded, and beside them each as it is written with its tool; built once, since lists are long."""
    known = tuple(plugins.index.all_names())
    return tuple(fold(text) for text, _ in known), known


def _is_slip(typed: str, meant: str, distance: int) -> bool:
    if not typed or not meant or typed[0] != meant[0]:
        return False
    shorter = min(len(typed), len(meant))
    if shorter >= LONG:
        return True
    swapped = sorted(typed) == sorted(meant)
    return shorter >= SHORTEST and distance == 1 and (swapped or len(typed) != len(meant))
