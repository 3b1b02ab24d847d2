"""``catalog stats``: how large and how well supported the catalogue is, and where its holes are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.cli.catalog.page import Line, Page, Table, show
from stackaudit.cli.catalog.words import AGES, address, basis, direction
from stackaudit.cli.inputs import EVERYTHING, PluginChoice, open_plugins
from stackaudit.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt

    from stackaudit.lookup.connections import Connection
    from stackaudit.lookup.stats import Counts, Stats
    from stackaudit.model.catalog import Catalog
    from stackaudit.vendorindex import Fact

LISTS = ("stale", "undated", "holes", "differences")


def stats(form: str, *, as_of: dt.date, listed: str, choice: PluginChoice = EVERYTHING) -> int:
    """Print the numbers, or with ``listed`` the rows behind one of them."""
    from stackaudit.lookup import stats as look

    if listed and listed not in LISTS:
        raise UsageError(f"--list: {listed!r}; expected one of {', '.join(LISTS)}")
    plugins, catalog, _ = open_plugins(choice, rules=False)
    if listed == "stale":
        page = _facts(look.stale(plugins, as_of))
    elif listed == "undated":
        page = _facts(look.undated(plugins))
    elif listed == "differences":
        page = _differences(look.disagreements(plugins))
    elif listed == "holes":
        found = look.holes(plugins, catalog)
        rows = tuple((h.what, h.id, catalog.layer_name(h.layer), h.missing) for h in found)
        page = Page(blocks=(Table(("What", "Id", "Layer", "Missing"), rows),), data=found)
    else:
        page = _numbers(look.stats(plugins, catalog, as_of), catalog)
    show(page, form)
    return 0


def _numbers(found: Stats, catalog: Catalog) -> Page:
    share = 1000 * found.facts_with_basis // found.facts / 10 if found.facts else 100
    differing = f"{found.pairs_differing:,} described differently (both stand; --list differences)"
    lines = (
        Line("Tools", f"{found.tools:,} of {found.vendors:,} vendors"),
        Line("Taxonomy", f"{found.layers} layers, {found.capabilities} capabilities"),
        Line("Facts", f"{found.facts:,}, {share:.1f} % with a basis"),
        Line("Integrations", f"{found.integration_pairs:,} pairs of tools; {found.integration_rows:,} rows"),
        Line("Agreement", f"{found.pairs_mutual:,} pairs named by both sides, of them {differing}"),
    )
    tables = (
        _counts("Facts by kind", found.facts_by_kind),
        _counts("Facts by basis", found.facts_by_basis),
        _counts(f"Facts by age on {found.as_of} (--list stale, --list undated)", found.facts_by_age, AGES),
        _counts("Integrations by grade", found.integrations_by_grade),
        _counts("Integrations by method", found.integrations_by_method),
        _counts("Integrations by basis", found.integrations_by_basis),
        _counts(f"Integrations by age on {found.as_of}", found.integrations_by_age, AGES),
        Table(
            ("Layer", "Tools", "No core capability", "No records", "No connection", "Only lists and judgement"),
            tuple(
                (
                    catalog.layer_name(h.layer),
                    *map(str, (h.tools, h.no_core, h.no_records, h.no_connections, h.only_lists)),
                )
                for h in found.holes_by_layer
            ),
            "Holes by layer, in tools (--list holes)",
        ),
    )
    return Page("The catalogue", (*lines, *tables), data=found)


def _counts(title: str, counts: Counts, words: dict[str, str] | None = None) -> Table:
    rows = tuple(((words or {}).get(key, key.replace("_", " ")), f"{number:,}") for key, number in counts.items())
    return Table(("", "Number"), rows, title)


def _facts(facts: tuple[Fact, ...]) -> Page:
    rows = tuple(
        (f.vendor, f.tool or "", f.kind.replace("_", " "), f.text, basis(f.basis, f.checked), f.source or "")
        for f in facts
    )
    return Page(blocks=(Table(("Vendor", "Tool", "Kind", "Fact", "Basis", "Source"), rows),), data=facts)


def _differences(found: tuple[Connection, ...]) -> Page:
    rows = tuple(
        (
            c.tool,
            c.other,
            " and ".join(c.differs),
            s.by,
            c.method,
            direction(s.direction),
            address(s.basis, s.checked, s.source),
        )
        for c in found
        for s in c.said
    )
    columns = ("Tool", "Other", "Differ on", "Said by", "Method", "Direction", "Source")
    return Page(blocks=(Table(columns, rows),), data=found)
