"""From rows of cells, or lists of maps, to tables: where the headings stand, and what stands above them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stackaudit.importers.bounds import HEADER_WITHIN, MAX_COLUMNS, MAX_ROWS, Grid, fail, tidy, too_many
from stackaudit.importers.words import is_known, plain
from stackaudit.model.importing import Cell, Table

WRAPPERS = ("result", "records", "value", "data", "items", "tools", "apps", "applications", "subscriptions", "vendors")


def tables_of_grids(grids: Mapping[str, Grid], file: str, known: frozenset[str]) -> tuple[tuple[Table, ...], list[str]]:
    """The table of each grid, and what was not read of it.

    Raises:
        InputError: None has a row under its headings.
    """
    made, remarks = [], []
    for title, grid in grids.items():
        if not grid:
            continue
        if all(len(cells) == 1 for _, cells in grid) and not any(is_known(str(c[0]), known) for _, c in grid):
            made.append(Table(title, ("name",), tuple((n, tuple(cells)) for n, cells in grid)))
            remarks.append("one column without a heading was read as names of tools")
            continue
        top = _header_at(grid, known)
        rows = tuple((n, tuple(cells)) for n, cells in grid[top + 1 :] if cells != grid[top][1])
        repeated = len(grid) - top - 1 - len(rows)
        made.append(Table(title, _header(grid, top, known), rows))
        where = f" of {title}" if title else ""
        if top:
            remarks.append(f"row {grid[top][0]}{where} holds the headings; what stands above it was not read")
        if repeated:
            remarks.append(f"the headings{where} stand {repeated} more times among the rows; left out")
    if not any(table.rows for table in made):
        raise fail(file, "holds no rows under its headings", "a table with headings and rows")
    return tuple(made), remarks


def _header_at(grid: Grid, known: frozenset[str]) -> int:
    """The row with the most known headings among the first; titles may stand above it."""
    counts = [sum(isinstance(c, str) and is_known(c, known) for c in cells) for _, cells in grid[:HEADER_WITHIN]]
    return counts.index(max(counts))


def _header(grid: Grid, top: int, known: frozenset[str]) -> tuple[str, ...]:
    """The headings; one that is known only together with the row above is both, one without a word is its place."""
    width = max(len(cells) for _, cells in grid[top:])
    own = [tidy(str(c)) if c is not None else "" for c in grid[top][1]]
    own += [""] * (width - len(own))
    over = _spread(grid[top - 1][1], width) if top else [""] * width
    made = []
    for i, (above, heading) in enumerate(zip(over, own, strict=True)):
        both = f"{above} {heading}".strip()
        if heading and plain(heading) not in known and plain(both) in known:
            heading = both
        if not heading and any(i < len(c) and c[i] not in (None, "") for _, c in grid[top + 1 :]):
            heading = f"column {i + 1}"
        made.append(heading)
    while made and not made[-1]:
        made.pop()
    return tuple(made)


def _spread(cells: Sequence[Cell], width: int) -> list[str]:
    """A row of group headings, each holding for the columns up to the next one."""
    made, last = [], ""
    for i in range(width):
        last = (tidy(str(cells[i])) if i < len(cells) and cells[i] is not None else "") or last
        made.append(last)
    return made


def tables_of(content: Any, file: str) -> tuple[Table, ...]:
    """Lists of maps as tables: the document itself, or what stands in it under usual names.

    Raises:
        InputError: A list is too long.
    """
    if isinstance(content, dict):
        inner = [(name, content[name]) for name in WRAPPERS if isinstance(content.get(name), list | dict)]
        lists = [pair for pair in inner if isinstance(pair[1], list)]
        if len(lists) > 1:
            return tuple(t for name, value in lists for t in _checked(value, file, name))
        return tables_of(inner[0][1], file) if inner else ()
    return _checked(content, file, "") if isinstance(content, list) else ()


def _checked(content: list[Any], file: str, title: str) -> tuple[Table, ...]:
    if len(content) > MAX_ROWS:
        raise too_many(file)
    return table_of([e if isinstance(e, dict) else {"name": e} for e in content if isinstance(e, dict | str)], title)


def table_of(entries: Iterable[Mapping[Any, Any]], title: str) -> tuple[Table, ...]:
    """Maps as one table; nothing where there are none."""
    maps = [_flat(e) for e in entries]
    header = tuple(dict.fromkeys(key for m in maps for key in m))[:MAX_COLUMNS]
    rows = tuple((i, tuple(m.get(key) for key in header)) for i, m in enumerate(maps, 1))
    return (Table(title, header, rows),) if rows else ()


def _flat(entry: Mapping[Any, Any], before: str = "", depth: int = 0) -> dict[str, Cell]:
    made: dict[str, Cell] = {}
    for key, value in entry.items():
        name = before + tidy(str(key))
        if isinstance(value, dict) and depth < 3:
            made.update(_flat(value, f"{name}.", depth + 1))
        elif isinstance(value, str):
            made[name] = tidy(value)
        elif isinstance(value, int | float):
            made[name] = value
    return made
