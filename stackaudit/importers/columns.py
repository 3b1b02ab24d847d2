"""Which table of an export is read, and which column holds which field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stackaudit.errors import UsageError
from stackaudit.importers.words import plain, spellings, words
from stackaudit.model.importing import Export, Table


def best_table(
    export: Export, headings: Mapping[str, Sequence[str]], *, vendors_too: bool = False
) -> tuple[Table, dict[str, int]]:
    """The table with the most known fields, and the column of each field.

    Args:
        export: The export.
        headings: The headings of each field.
        vendors_too: Take the vendors' names where no column names tools.

    Raises:
        UsageError: No table names tools.
    """
    found = [(t, match_columns(t.header, headings, export.columns)) for t in export.tables if t.rows]
    if vendors_too and not any("tool" in columns for _, columns in found):
        found = [(t, _vendors_as_tools(columns)) for t, columns in found]
    named = [(t, c) for t, c in found if "tool" in c]
    if not named:
        seen = ", ".join(repr(h) for t in export.tables for h in t.header[:20] if h) or "none"
        raise UsageError(
            f"{export.file}: no column with the names of tools was recognised (headings: {seen}); "
            'say which it is with --map tool="HEADING"; a list without headings needs a row of them'
        )
    return max(named, key=lambda pair: len(pair[1]))


def _vendors_as_tools(columns: Mapping[str, int]) -> dict[str, int]:
    return {"tool" if name == "vendor" else name: column for name, column in columns.items()}


def is_vendor(heading: str) -> bool:
    """Whether a heading means vendors."""
    return not {plain(h) for h in words()["headings"]["vendor"]}.isdisjoint(spellings(heading))


def unread(export: Export, read: Sequence[Table]) -> list[str]:
    """A word on each table that was not read, so that none is lost in silence."""
    return [
        f"{t.title!r} holds {len(t.rows):,} more rows that were not read; of a workbook, --sheet {t.title!r} reads it"
        for t in export.tables
        if t.rows and t not in read
    ]


def match_columns(
    header: Sequence[str], headings: Mapping[str, Sequence[str]], chosen: Mapping[str, str]
) -> dict[str, int]:
    """The column of each field: what a person chose, then by the order of the field's headings; a column serves once.

    Raises:
        UsageError: A chosen field or heading does not exist.
    """
    places: dict[str, int] = {}
    for nth in (0, 1):  # a heading as it stands goes before one without its currency
        for i, heading in enumerate(header):
            for spelling in spellings(heading)[nth : nth + 1]:
                places.setdefault(spelling, i)
    made: dict[str, int] = {}
    for name, heading in chosen.items():
        if name not in headings:
            raise UsageError(f"--map {name}=...: no such field; one of {', '.join(sorted(headings))}")
        if plain(heading) in places:
            made[name] = places[plain(heading)]
    rank = max((len(h) for h in headings.values()), default=0)
    for nth in range(rank):
        for name, known in headings.items():
            if name in made or nth >= len(known):
                continue
            column = places.get(plain(known[nth]))
            if column is not None and column not in made.values():
                made[name] = column
    return made
