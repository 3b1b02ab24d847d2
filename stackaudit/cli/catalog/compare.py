"""``catalog compare``: tools side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.cli.catalog.page import Line, Page, Table, show, some
from stackaudit.cli.catalog.words import OFFERS, address, direction, joined
from stackaudit.cli.inputs import EVERYTHING, PluginChoice, open_plugins
from stackaudit.errors import UsageError

if TYPE_CHECKING:
    from stackaudit.lookup.compare import Comparison, Row
    from stackaudit.model.catalog import Catalog


def compare(names: list[str], form: str, *, choice: PluginChoice = EVERYTHING) -> int:
    """Print what tools share and what only one of them does."""
    from stackaudit.lookup.compare import compare as look
    from stackaudit.lookup.names import find_tool

    plugins, catalog, _ = open_plugins(choice, rules=False)
    ids = list(dict.fromkeys(find_tool(plugins, catalog, name).id for name in names))
    if len(ids) < 2:
        raise UsageError(f"nothing to compare: {joined(names)} mean one tool" if len(names) > 1 else "name two tools")
    found = look(plugins, catalog, ids)
    show(_page(found, catalog), form)
    return 0


def _page(found: Comparison, catalog: Catalog) -> Page:
    names = tuple(tool.name for tool in found.tools)
    blocks = [Line(t.name, _who(found, i)) for i, t in enumerate(found.tools)]
    blocks += _together(found)
    shared = found.shared
    blocks.append(Line("All of them offer", joined((_marked(row) for row in shared), "no capability that is known")))
    for position, tool in enumerate(found.tools):
        only = found.only(position)
        blocks.append(Line(f"Only {tool.name}", joined((_marked(row) for row in only), "nothing that is known")))
    table = tuple(
        (
            row.capability,
            row.name,
            catalog.layer_name(row.layer),
            *(o or "not known" for o in row.offered),
            "defines its layer" if row.defining else "",
        )
        for row in found.rows
    )
    tables = [
        Table(("Id", "Capability", "Layer", *names, ""), table, "Capabilities"),
        Table(("From", "To", "Method", "Direction", "Evidence", "Source"), _direct(found), "Connect directly"),
        *_neighbours(found, catalog),
    ]
    only_ids = {tool.id: [row.capability for row in found.only(i)] for i, tool in enumerate(found.tools)}
    data = {
        "tools": found.tools,
        "capabilities": found.rows,
        "shared": [row.capability for row in shared],
        "only": only_ids,
        "direct": found.direct,
        "neighbours": found.neighbours,
    }
    unknown = "A capability that is not known of a tool may still be there: the catalogue holds what sources say."
    return Page(" / ".join(names), some(*blocks, *tables), (unknown, OFFERS), data)


def _who(found: Comparison, position: int) -> str:
    tool = found.tools[position]
    text = f"{tool.id}, by {tool.vendor}; {joined(tool.layers)}"
    if tool.state:
        text += f"; {tool.state}" + (f", now {tool.successor}" if tool.successor else "")
    return text


def _together(found: Comparison) -> list[Line]:
    vendors = {tool.vendor for tool in found.tools}
    suites = {tool.suite for tool in found.tools}
    lines = [Line("One vendor", vendors.pop())] if len(vendors) == 1 else []
    return lines + ([Line("One database", suite)] if len(suites) == 1 and (suite := suites.pop()) else [])


def _marked(row: Row) -> str:
    return f"{row.name} (defines its layer)" if row.defining else row.name


def _direct(found: Comparison) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            c.tool,
            c.other,
            c.method,
            direction(s.direction),
            f"{c.evidence}, {s.grade or 'not graded'}",
            address(s.basis, s.checked, s.source),
        )
        for c in found.direct
        for s in c.said
    )


def _neighbours(found: Comparison, catalog: Catalog) -> list[Table]:
    ids = {tool.id: tool.name for tool in found.tools}
    groups: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for n in found.neighbours:
        groups.setdefault(n.connects, []).append((n.id, n.name, catalog.layer_name(n.layer)))
    tables = []
    for connects, rows in groups.items():
        who = (
            "Connected to all" if len(connects) == len(ids) else f"Connected to {joined(ids[i] for i in connects)} only"
        )
        tables.append(Table(("Id", "Name", "Layer"), tuple(rows), f"{who} ({len(rows)})"))
    return tables
