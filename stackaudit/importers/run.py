"""From an export to a draft of tools and integrations: recognise the source, read it, match names, join rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from pydantic import ValidationError

from stackaudit.errors import UsageError
from stackaudit.importers.generic import GENERIC
from stackaudit.importers.headings import spellings
from stackaudit.importers.matching import match
from stackaudit.importers.words import plain, words
from stackaudit.model.importing import Draft, Export, Importer, Match, Parsed, Record, ToolDraft, Wire
from stackaudit.model.inventory import ToolEntry
from stackaudit.pluginmanager import fold

if TYPE_CHECKING:
    from stackaudit.pluginmanager import Plugins

ADDED = ("seats", "active_seats", "annual_cost")
OF_UNKNOWN = ("vendor", "domain")
_ORDER = {name: rank for rank, name in enumerate(ToolEntry.model_fields)}


def known_headings(importers: Iterable[Importer]) -> frozenset[str]:
    """Every heading that some importer knows."""
    usual = {plain(h) for spellings in words()["headings"].values() for h in spellings}
    return frozenset(usual | {plain(h) for i in importers for group in i.columns for h in group})


def recognise(
    export: Export, importers: Sequence[Importer], *, source: str = "", saved: Mapping[str, Mapping[str, str]]
) -> Importer:
    """The importer for an export: the named one, else the one that knows most of its shape, else the spreadsheet.

    Args:
        export: The export.
        importers: All there are.
        source: The id of the one to use.
        saved: Headings that a person has chosen for sources earlier.

    Raises:
        UsageError: No importer has that id, or the document is of no known kind.
    """
    by_id = {i.id: i for i in importers}
    if source:
        if source not in by_id:
            near = get_close_matches(source, by_id, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; one of {', '.join(by_id)}"
            raise UsageError(f"--source {source!r}: no such source{hint}")
        return by_id[source]
    for importer in importers:
        if importer.holds is not None and importer.holds(export.data):
            return importer
    headers = [frozenset(s for h in t.header for s in spellings(h)) for t in export.tables]
    fitting = [i for i in importers if i.columns and any(_fits(i, header) for header in headers)]
    if fitting:
        return max(fitting, key=lambda i: (len(i.columns), i.format == "confirmed"))
    for name, columns in saved.items():
        if name in by_id and columns and any({plain(h) for h in columns.values()} <= header for header in headers):
            return by_id[name]
    if not export.tables:
        raise UsageError(
            f"{export.file}: is no export that is known; expected a list of tools, or one of: "
            + ", ".join(i.title for i in importers if i is not GENERIC)
        )
    return by_id.get(GENERIC.id, GENERIC)


def _fits(importer: Importer, header: frozenset[str]) -> bool:
    return all(any(plain(h) in header for h in group) for group in importer.columns)


def draft(
    export: Export,
    importer: Importer,
    plugins: Plugins,
    *,
    aliases: Mapping[str, str],
    everything: bool = False,
    declared: frozenset[str] = frozenset(),
) -> Draft:
    """What the export would bring into an inventory.

    Args:
        export: The export.
        importer: Who reads it.
        plugins: The catalogue.
        aliases: Tools that a person has chosen for names.
        everything: Keep what would be set aside.
        declared: Tools that the inventory has, which it is merged into.

    Raises:
        UsageError: It names no tool.
    """
    parsed = importer.read(export)
    if not parsed.records:
        raise UsageError(f"{export.file}: read as {importer.title}, it names no tool")
    groups: dict[str, list[tuple[Record, Match]]] = {}
    for record in parsed.records:
        found = match(record, plugins, general=importer.general, aliases=aliases, declared=declared)
        groups.setdefault(found.tool_id or f"?{fold(record.name) or record.name}", []).append((record, found))
    tools = [_joined(rows, importer, plugins) for rows in groups.values()]
    aside = [] if everything else [t for t in tools if _is_aside(t, importer)]
    kept = [t for t in tools if t not in aside]
    wires, left = _wires(parsed, groups, kept)
    return Draft(importer.id, tuple(kept), wires, tuple(aside), parsed, (*parsed.remarks, *left))


def _joined(rows: Sequence[tuple[Record, Match]], importer: Importer, plugins: Plugins) -> ToolDraft:
    """One tool from all rows that mean it: seats and costs add up, of other fields the first stands."""
    fields: dict[str, Any] = {}
    remarks = [f"{r.place} is left out: {r.aside}" for r, _ in rows if r.aside and not all(r.aside for r, _ in rows)]
    rows = [row for row in rows if not row[0].aside] or rows
    first, found = max(rows, key=lambda row: row[1].confidence)
    for record, _ in rows:
        prefix = f"{record.place}: " if len(rows) > 1 else ""
        remarks += [prefix + remark for remark in record.remarks]
        for name, value in record.fields.items():
            if name not in fields:
                fields[name] = value
            elif name in ADDED and _same_currency(fields, record.fields):
                fields[name] += value
            elif fields[name] != value:
                remarks.append(f"{record.place}: {name} {value!s:.80} differs from an earlier row; left out")
    if len(rows) > 1 and any(name in fields for name in ADDED):
        remarks.append(f"seats and costs of {len(rows)} rows are added up")
    if found.tool_id:
        for name in OF_UNKNOWN:
            fields.pop(name, None)
        if found.edition:
            fields.setdefault("edition", found.edition)
    elif first.domain:
        fields["domain"] = first.domain
    fields = _valid(fields, remarks)
    exact = len({hit.tool_id for hit in plugins.find(first.name)}) == 1
    places = tuple(record.place for record, _ in rows)
    return ToolDraft(
        first.name,
        found,
        fields,
        importer.id,
        first.key,
        places,
        tuple(remarks),
        exact,
        first.aside,
    )


def _is_aside(tool: ToolDraft, importer: Importer) -> bool:
    """Whether a tool is listed apart: gone at the source, software of another kind, or unknown among all software."""
    unknown = tool.match.outcome == "unknown"
    return bool(tool.aside) or (unknown and (importer.general or tool.match.other))


def _same_currency(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return one.get("currency") == other.get("currency")


def _valid(fields: Mapping[str, Any], remarks: list[str]) -> dict[str, Any]:
    """The fields that the inventory accepts, in its order; each of the others becomes a remark."""
    kept = {}
    for name, value in sorted(fields.items(), key=lambda field: _ORDER.get(field[0], len(_ORDER))):
        try:
            ToolEntry.model_validate({"tool": "x", name: value})
        except ValidationError:
            remarks.append(f"{name} {value!s:.80} is out of the inventory's bounds; left out")
        else:
            kept[name] = value
    return kept


def _wires(
    parsed: Parsed, groups: Mapping[str, list[tuple[Record, Match]]], kept: Sequence[ToolDraft]
) -> tuple[tuple[Wire, ...], list[str]]:
    """Connections between tools that are kept, by the keys of their drafts, and a word on each of the others."""
    group_of = {record.name: group for group, rows in groups.items() for record, _ in rows}
    key_of = {group_of[t.name]: t.key for t in kept if t.match.outcome == "matched"}
    made: dict[tuple[str, str], Wire] = {}
    left: list[str] = []
    for wire in parsed.wires:
        ends = key_of.get(group_of.get(wire.source, "")), key_of.get(group_of.get(wire.target, ""))
        if ends[0] and ends[1] and ends[0] != ends[1]:
            made.setdefault((ends[0], ends[1]), Wire(ends[0], ends[1], wire.fields, wire.place))
        elif not (ends[0] and ends[1]):
            left.append(f"{wire.place}: {wire.source} -> {wire.target} is left out until both names are settled")
    return tuple(made.values()), left


def present(export: Export, columns: Mapping[str, str]) -> dict[str, str]:
    """Those of the chosen headings that the export has."""
    headers = {plain(h) for t in export.tables for h in t.header}
    return {name: heading for name, heading in columns.items() if plain(heading) in headers}


def with_columns(export: Export, columns: Mapping[str, str]) -> Export:
    """The export with headings that a person has chosen.

    Raises:
        UsageError: No table has such a heading.
    """
    headers = {plain(h) for t in export.tables for h in t.header}
    missing = [h for h in columns.values() if plain(h) not in headers]
    if missing:
        seen = ", ".join(repr(h) for t in export.tables for h in t.header[:20] if h) or "none"
        raise UsageError(f"--map: {export.file} has no heading {missing[0]!r} (headings: {seen})")
    return replace(export, columns=dict(columns))
