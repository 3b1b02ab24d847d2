"""``catalog path``: known ways to connect two tools, directly or through what relays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.cli.catalog.page import Page, Table, show
from stackaudit.cli.catalog.words import OFFERS, address, joined, object_names
from stackaudit.cli.output import is_terminal
from stackaudit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stackaudit.lookup.paths import Hop, Owned, Way, Ways
    from stackaudit.model.catalog import Catalog
    from stackaudit.pluginmanager import Plugins

_SCREENFUL = 15


def path(source: str, target: str, form: str, *, through: str, limit: int | None) -> int:
    """Print the ways from one tool to another, best first; with an inventory what is owned comes first."""
    from stackaudit.catalog import load_catalog
    from stackaudit.lookup.names import find_tool
    from stackaudit.lookup.paths import find_ways

    if through:
        catalog, plugins, owned = _owned(through)
    else:
        from stackaudit.lookup.words import open_plugins

        catalog, plugins, owned = load_catalog(), open_plugins(), None
    one, two = (find_tool(plugins, catalog, name).id for name in (source, target))
    if one == two:
        raise UsageError(f"{source!r} and {target!r} are one tool, {one}")
    found = find_ways(plugins, catalog, one, two, owned)
    if limit is None:
        limit = _SCREENFUL if form == "text" and is_terminal(err=False) else 0
    kept = found.ways[:limit] if limit else found.ways
    show(_page(found, kept, catalog, owned=owned is not None), form)
    return 0


def _owned(file: str) -> tuple[Catalog, Plugins, Owned]:
    """What an inventory declares: known tools that are in use, and pairs that a live integration joins."""
    import datetime as dt

    from stackaudit.cli.inputs import open_stack
    from stackaudit.lookup.paths import Owned
    from stackaudit.resolve import resolve

    loaded, plugins, catalog = open_stack(file)
    stack = resolve(loaded, plugins, catalog, loaded.inventory.as_of or dt.date.min)
    known = {t.id: t.known.id for t in stack.tools if t.known and t.entry.status != "sunset"}
    wired = set()
    for connection in stack.connections:
        ends = known.get(connection.source), known.get(connection.target)
        if ends[0] and ends[1] and connection.entry.status == "live":
            wired.add((ends[0], ends[1]))
            if connection.entry.direction == "two_way":
                wired.add((ends[1], ends[0]))
    return catalog, plugins, Owned(frozenset(known.values()), frozenset(wired))


def _page(found: Ways, kept: tuple[Way, ...], catalog: Catalog, *, owned: bool) -> Page:
    names = found.names
    rows = tuple(
        (
            " > ".join([names[way.hops[0].source], *(names.get(h.target, h.target) for h in way.hops)]),
            _carries(way, catalog),
            *((joined((names.get(i, i) for i in way.missing), "all of it is in the inventory"),) if owned else ()),
            "\n".join(_step(hop, names) for hop in way.hops),
        )
        for way in kept
    )
    columns = ("Way", "Records", *(("Not in the inventory",) if owned else ()), "Steps")
    remarks = [f"{names[i]} is {state}; stackaudit catalog show {i} says more" for i, state in found.fates.items()]
    if not found.ways:
        ends = f"{names[found.source]} and {names[found.target]}"
        remarks.append(f"no way between {ends} is known, direct or through one or two relays; that is no proof of none")
    if len(kept) < len(found.ways):
        remarks.append(f"{len(found.ways) - len(kept)} more ways; --limit 0 shows all")
    remarks.append(OFFERS)
    data = {
        "from": found.source,
        "to": found.target,
        "note": OFFERS,
        "names": names,
        "fates": found.fates,
        "ways": kept,
    }
    return Page(blocks=(Table(columns, rows),) if rows else (), remarks=tuple(remarks), data=data)


def _step(hop: Hop, names: Mapping[str, str]) -> str:
    """One step with the best that is said of it."""
    ends = f"{names.get(hop.source, hop.source)} > {names.get(hop.target, hop.target)}"
    wired = ", wired in the inventory" if hop.wired else ""
    if hop.connection is None:
        return f"{ends}: one database of a suite{wired}"
    c, best = hop.connection, hop.connection.said[0]
    flow = "" if c.direction else ", direction not said"
    grade = f"{c.method}, {c.grade or 'not graded'}, {c.evidence}{flow}{wired}"
    return f"{ends}: {grade} {address(best.basis, best.checked, best.source)}"


def _carries(way: Way, catalog: Catalog) -> str:
    if way.carries is None:
        return "not said"
    return joined(object_names(way.carries, catalog), "no record type that every step names")
