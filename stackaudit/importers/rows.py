"""Rows of a table that name no tool: sums, headings of sections, continuations of a merged cell."""

from __future__ import annotations

import re

from stackaudit.importers.values import is_error, is_nothing
from stackaudit.importers.words import plain, words
from stackaudit.model.importing import Cell

NAME_LIMIT = 200


def no_tool(name: str, cells: tuple[Cell, ...], column: int, above: str) -> str:
    """Why a row names no tool; empty where it names one.

    Args:
        name: The row's cell under the names of tools.
        cells: All its cells.
        column: Where the name stands.
        above: The name of the tool before it.
    """
    if not name and any(_sums_up(c) for c in cells if isinstance(c, str)):
        return "sums up other rows"
    if not name:
        filled = sum(not is_nothing(c) for i, c in enumerate(cells) if i != column)
        broken = column < len(cells) and is_error(cells[column])
        hint = f" (does it belong to {above!r} above?)" if above and filled and not broken else ""
        return f"names no tool{hint}"
    if _sums_up(name):
        return f"{name!r} sums up other rows"
    alone = all(is_nothing(c) for i, c in enumerate(cells) if i != column)
    if alone and len(cells) > 1 and plain(name) in {plain(w) for w in words()["section_words"]}:
        return f"{name!r} heads a section"
    if len(name) > NAME_LIMIT:
        return f"the name is longer than {NAME_LIMIT} characters"
    return ""


def _sums_up(name: str) -> bool:
    """``Total``, ``Total (annual)``, ``Grand total software``: a word for a sum, and nothing behind it but its kind."""
    said = " ".join(re.findall(r"[^\W_]+", name.casefold()))
    for word in sorted(words()["totals"], key=len, reverse=True):
        if said == word or said.startswith(f"{word} "):
            return all(rest in words()["total_kinds"] for rest in said.removeprefix(word).split())
    return False
