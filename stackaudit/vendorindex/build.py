"""Compile vendor manifests into the tables of the index."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel, ValidationError

from stackaudit import __version__, yamlio
from stackaudit.errors import InputError
from stackaudit.frozen import freeze
from stackaudit.model.vendor import VendorManifest, VendorTool
from stackaudit.vendorindex.looks import manifests
from stackaudit.vendorindex.names import fold, host
from stackaudit.vendorindex.rows import OURS, Fact, Link, Source, Words, provenance
from stackaudit.vendorindex.trust import newer_api, objections

_SCHEMA = """
CREATE TABLE vendors (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, path TEXT NOT NULL, distribution TEXT, version TEXT,
  facts INTEGER NOT NULL, oldest TEXT, manifest BLOB NOT NULL
);
CREATE TABLE tools (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, vendor TEXT NOT NULL, layer TEXT NOT NULL,
  state TEXT, successor TEXT, suite TEXT, holds INTEGER NOT NULL, relays INTEGER NOT NULL
);
CREATE INDEX tools_layer ON tools (layer);
CREATE INDEX tools_vendor ON tools (vendor);
CREATE INDEX tools_suite ON tools (suite);
CREATE TABLE names (key TEXT NOT NULL, tool TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX names_key ON names (key);
CREATE TABLE tool_layers (tool TEXT NOT NULL, layer TEXT NOT NULL, rank INTEGER NOT NULL);
CREATE INDEX tool_layers_tool ON tool_layers (tool);
CREATE INDEX tool_layers_layer ON tool_layers (layer);
CREATE TABLE capabilities (tool TEXT NOT NULL, capability TEXT NOT NULL, kind TEXT NOT NULL, edition TEXT);
CREATE INDEX capabilities_tool ON capabilities (tool);
CREATE INDEX capabilities_capability ON capabilities (capability);
CREATE TABLE links (
  tool TEXT NOT NULL, other TEXT NOT NULL, method TEXT, direction TEXT, objects TEXT NOT NULL, latency TEXT,
  basis TEXT NOT NULL, grade TEXT, source TEXT NOT NULL, checked TEXT
);
CREATE INDEX links_tool ON links (tool, other);
CREATE INDEX links_other ON links (other, tool);
CREATE TABLE claims (
  vendor TEXT NOT NULL, tool TEXT, kind TEXT NOT NULL, text TEXT NOT NULL, basis TEXT, source TEXT, checked TEXT
);
CREATE VIEW facts AS SELECT * FROM claims UNION ALL
  SELECT t.vendor, l.tool, 'integration', l.other, l.basis, l.source, l.checked
  FROM links l JOIN tools t ON t.id = l.tool;
CREATE TABLE problems (plugin TEXT NOT NULL, distribution TEXT, stage TEXT NOT NULL, message TEXT NOT NULL);
"""


def in_folder(folder: Path) -> Iterator[Source]:
    """The built-in manifests of a folder."""
    return (Source(path, OURS, __version__, builtin=True) for path in manifests(folder))


def compile_manifests(db: sqlite3.Connection, sources: tuple[Source, ...], words: Words | None = None) -> None:
    """Fill an empty database; what is wrong with a manifest becomes a row of ``problems``."""
    db.executescript(_SCHEMA)
    loaded: dict[str, tuple[Source, VendorManifest]] = {}
    for source in sorted(sources, key=lambda s: (s.builtin, s.distribution or "", str(s.path))):
        manifest = _load(db, source)
        if manifest is None or (not source.builtin and not _accept(db, source, manifest, words)):
            continue
        first = loaded.setdefault(manifest.vendor.id, (source, manifest))
        if first[0] is not source and not source.builtin:
            message = f"vendor {manifest.vendor.id!r} is already described by {first[0].distribution}"
            _problem(db, manifest.vendor.id, source, "conflict", message)
    owners: dict[str, str] = {}
    for source, manifest in sorted(loaded.values(), key=lambda x: (not x[0].builtin, x[1].vendor.id)):
        _insert(db, source, manifest, owners)
    _insert_domains(db, loaded.values(), owners)
    db.commit()


def _load(db: sqlite3.Connection, source: Source) -> VendorManifest | None:
    shown = source.path.name
    name = source.name or source.path.stem
    if source.text is not None:
        return VendorManifest.model_validate_json(source.text)
    try:
        document = yamlio.load_path(source.path, shown)
        return VendorManifest.model_validate(document.data)
    except InputError as error:
        _problem(db, name, source, "manifest", str(error.problems[0]))
    except ValidationError as error:
        newer = newer_api(document.data)
        if newer:
            _problem(db, name, source, "api", newer)
            return None
        first = error.errors(include_url=False)[0]
        line, column = document.place(tuple(first["loc"]))
        where = ".".join(str(part) for part in first["loc"])
        _problem(db, name, source, "manifest", f"{shown}:{line}:{column}: {where}: {first['msg']}")
    return None


def _accept(db: sqlite3.Connection, source: Source, manifest: VendorManifest, words: Words | None) -> bool:
    """Whether a manifest from outside may speak at all; where not, the reason is a problem of its plugin."""
    found = objections(manifest, words, source.name)
    if found:
        more = f" (and {len(found) - 1} more: stackaudit plugins check)" if len(found) > 1 else ""
        stage, text = found[0].stage, found[0].message
        _problem(db, source.name or manifest.vendor.id, source, stage, f"{text}; it is left out{more}")
    return not found


def _insert(db: sqlite3.Connection, source: Source, manifest: VendorManifest, owners: dict[str, str]) -> None:
    """Write a vendor; tools that another vendor described first are dropped, since a plugin speaks for its own only."""
    maker = manifest.vendor
    foreign = sorted(t.id for t in manifest.tools if owners.get(t.id, maker.id) != maker.id)
    for tool_id in foreign:
        message = f"tool {tool_id!r} belongs to vendor {owners[tool_id]!r}; it is left out"
        _problem(db, maker.id, source, "conflict", message)
    tools = tuple(t for t in manifest.tools if t.id not in foreign)
    if not tools:
        return
    manifest = manifest.model_copy(update={"tools": tools})
    oldest = manifest.oldest()
    db.execute(
        "INSERT INTO vendors VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            maker.id,
            maker.name,
            source.path.name,
            source.distribution,
            source.version,
            manifest.fact_count(),
            oldest.isoformat() if oldest else None,
            zlib.compress(freeze(manifest), 1),
        ),
    )
    for tool in tools:
        owners[tool.id] = maker.id
        _insert_tool(db, maker.id, tool, source)
    facts = [_fact(maker.id, None, "claim", s.claim, s) for s in maker.sources]
    facts += [fact for tool in tools for fact in _facts(maker.id, tool)]
    rows = [(f.vendor, f.tool, f.kind, f.text, f.basis, f.source, f.checked) for f in facts]
    db.executemany("INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def _insert_tool(db: sqlite3.Connection, vendor: str, tool: VendorTool, source: Source) -> None:
    state, successor = (tool.status.state, tool.status.successor) if tool.status else (None, None)
    head = (tool.id, tool.name, vendor, tool.layer, state, successor, tool.shared_database)
    row = (*head, bool(tool.objects.holds), bool(tool.objects.relays))
    db.execute("INSERT INTO tools VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    names = [("id", tool.id), ("name", tool.name), *(("alias", a) for a in tool.aliases)]
    names += [("former_name", f.name) for f in tool.former_names]
    if not source.builtin:
        names = _own_names(db, vendor, names, source)
    db.executemany("INSERT INTO names VALUES (?, ?, ?, ?)", [(fold(text), tool.id, kind, text) for kind, text in names])
    layers = [(tool.id, layer, rank) for rank, layer in enumerate(tool.all_layers)]
    db.executemany("INSERT INTO tool_layers VALUES (?, ?, ?)", layers)
    offered = tool.capabilities
    offers: list[tuple[str, str, str, str | None]] = [(tool.id, c, "core", None) for c in offered.core]
    offers += [(tool.id, c, "secondary", None) for c in offered.secondary]
    offers += [(tool.id, c, "edition", edition) for edition, group in offered.editions.items() for c in group]
    db.executemany("INSERT INTO capabilities VALUES (?, ?, ?, ?)", offers)
    db.executemany("INSERT INTO links VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [_row(x) for x in _links(tool)])


def _own_names(
    db: sqlite3.Connection, vendor: str, names: list[tuple[str, str]], source: Source
) -> list[tuple[str, str]]:
    """The names that no other vendor's tool carries: a plugin cannot make a competitor's name ambiguous."""
    own = []
    for kind, text in names:
        query = "SELECT n.tool, t.vendor FROM names n JOIN tools t ON t.id = n.tool WHERE n.key = ? AND t.vendor != ?"
        taken = db.execute(f"{query} ORDER BY n.tool", (fold(text), vendor)).fetchone()
        if taken is None:
            own.append((kind, text))
        else:
            message = f"the name {text!r} belongs to {taken[0]!r} of {taken[1]!r}; it is left out"
            _problem(db, vendor, source, "conflict", message)
    return own


def _insert_domains(
    db: sqlite3.Connection, loaded: Iterable[tuple[Source, VendorManifest]], owners: dict[str, str]
) -> None:
    """Let a tool be called by its site, where the site is its alone and nothing else is called so.

    A site of a built-in tool stays with it, whatever a plugin from outside claims.
    """
    sites: dict[str, set[str]] = {}
    ranked = sorted(loaded, key=lambda x: not x[0].builtin)
    settled: frozenset[str] = frozenset()
    for source, manifest in ranked:
        if not source.builtin and not settled:
            settled = frozenset(sites)
        for tool in manifest.tools:
            found = host(tool.website)
            if found and owners.get(tool.id) == manifest.vendor.id and (source.builtin or found not in settled):
                sites.setdefault(found, set()).add(tool.id)
    taken = {key for (key,) in db.execute("SELECT key FROM names")}
    rows = [(fold(site), *tools, "domain", site) for site, tools in sorted(sites.items()) if len(tools) == 1]
    db.executemany("INSERT INTO names VALUES (?, ?, ?, ?)", [row for row in rows if row[0] not in taken])


def _links(tool: VendorTool) -> Iterator[Link]:
    for offered in tool.integrations:
        checked = offered.checked.isoformat() if offered.checked else None
        yield Link(
            tool.id,
            offered.to,
            offered.method,
            offered.direction,
            offered.objects,
            offered.latency,
            offered.basis,
            offered.grade,
            offered.source,
            checked,
        )


def _row(link: Link) -> tuple[str | None, ...]:
    carried = ",".join(link.objects)
    head = (link.tool, link.other, link.method, link.direction, carried, link.latency)
    return (*head, link.basis, link.grade, link.source, link.checked)


def _facts(vendor: str, tool: VendorTool) -> Iterator[Fact]:
    for source in tool.sources:
        yield _fact(vendor, tool.id, "claim", source.claim, source)
    if tool.status is not None:
        yield _fact(vendor, tool.id, "status", tool.status.state, tool.status)
    for former in tool.former_names:
        yield _fact(vendor, tool.id, "former_name", former.name, former)


def _fact(vendor: str, tool: str | None, kind: str, text: str, record: BaseModel) -> Fact:
    known = provenance(record)
    return Fact(vendor, tool, kind, text, known.basis, known.source, known.checked)


def _problem(db: sqlite3.Connection, plugin: str, source: Source, stage: str, message: str) -> None:
    db.execute("INSERT INTO problems VALUES (?, ?, ?, ?)", (plugin, source.distribution, stage, message))
