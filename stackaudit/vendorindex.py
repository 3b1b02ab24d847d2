"""The compiled index of vendor manifests: names and layers at once, facts of a vendor on demand."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from stackaudit import __version__, yamlio
from stackaudit.errors import InputError
from stackaudit.model import vendor
from stackaudit.model.plugins import PluginProblem
from stackaudit.model.vendor import VendorManifest

FORMAT = 2
_LEGAL = frozenset(
    [
        "inc",
        "incorporated",
        "llc",
        "ltd",
        "limited",
        "gmbh",
        "corp",
        "corporation",
        "co",
        "ag",
        "sa",
        "bv",
        "plc",
        "pty",
        "oy",
        "ab",
        "srl",
        "sas",
    ]
)
_WEB = re.compile(r"(?:https?://)?(?:www\.)?", re.IGNORECASE)
_SITE = re.compile(r"https?://(?:www\.)?([\w.-]+)/?")
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE files (path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime INTEGER NOT NULL, hash TEXT NOT NULL);
CREATE TABLE vendors (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, path TEXT NOT NULL, distribution TEXT, version TEXT,
  facts INTEGER NOT NULL, oldest TEXT, manifest TEXT NOT NULL
);
CREATE TABLE tools (id TEXT PRIMARY KEY, name TEXT NOT NULL, vendor TEXT NOT NULL, layer TEXT NOT NULL);
CREATE TABLE names (key TEXT NOT NULL, tool TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX names_key ON names (key);
CREATE TABLE problems (plugin TEXT NOT NULL, distribution TEXT, stage TEXT NOT NULL, message TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Source:
    """One manifest file and the distribution it comes with."""

    path: Path
    distribution: str | None
    version: str | None
    builtin: bool


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name that the catalogue knows, and what kind of name it is: id, name, alias, former_name or domain."""

    tool_id: str
    vendor_id: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ToolRow:
    """One tool of the index."""

    id: str
    name: str
    vendor: str
    layer: str


@dataclass(frozen=True, slots=True)
class VendorRow:
    """One vendor of the index; ``oldest`` is the ISO date of its oldest fact."""

    id: str
    name: str
    distribution: str | None
    version: str | None
    facts: int
    oldest: str | None


def fold(name: str) -> str:
    """A name without case, accents of form, punctuation, spaces, legal suffixes and the http of an address.

    For exact comparison only.
    """
    bare = _WEB.sub("", unicodedata.normalize("NFKC", name).strip(), count=1)
    words = re.findall(r"\w+", bare.casefold().replace("_", " "))
    while len(words) > 1 and words[-1] in _LEGAL:
        words.pop()
    return "".join(words)


def default_cache_dir() -> Path:
    """Where compiled data may be kept for this user, by the habits of the platform."""
    if os.environ.get("XDG_CACHE_HOME"):
        return Path(os.environ["XDG_CACHE_HOME"]) / "stackaudit"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "stackaudit"
    if sys.platform == "win32" and os.environ.get("LOCALAPPDATA"):
        return Path(os.environ["LOCALAPPDATA"]) / "stackaudit" / "Cache"
    return Path.home() / ".cache" / "stackaudit"


class VendorIndex:
    """Read access to the compiled manifests."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def names(self, name: str) -> tuple[KnownName, ...]:
        """Exact matches of a folded name."""
        rows = self._db.execute(
            "SELECT n.tool, t.vendor, n.kind, n.text FROM names n JOIN tools t ON t.id = n.tool"
            " WHERE n.key = ? ORDER BY n.tool, n.kind, n.text",
            (fold(name),),
        )
        return tuple(KnownName(*row) for row in rows)

    def all_names(self) -> Iterator[tuple[str, str]]:
        """Every name with its tool id."""
        yield from self._db.execute("SELECT text, tool FROM names WHERE kind != 'id' ORDER BY tool, kind, text")

    def tools(self, layer: str | None = None) -> tuple[ToolRow, ...]:
        """All tools, or those of a layer, by id."""
        query = "SELECT id, name, vendor, layer FROM tools"
        rows = (
            self._db.execute(f"{query} ORDER BY id")
            if layer is None
            else self._db.execute(f"{query} WHERE layer = ? ORDER BY id", (layer,))
        )
        return tuple(ToolRow(*row) for row in rows)

    def vendor_of(self, tool_id: str) -> str | None:
        """The vendor whose manifest describes a tool."""
        row = self._db.execute("SELECT vendor FROM tools WHERE id = ?", (tool_id,)).fetchone()
        return row[0] if row else None

    def vendors(self) -> tuple[VendorRow, ...]:
        """All vendors, by id."""
        rows = self._db.execute("SELECT id, name, distribution, version, facts, oldest FROM vendors ORDER BY id")
        return tuple(VendorRow(*row) for row in rows)

    def vendor(self, vendor_id: str) -> tuple[VendorRow, VendorManifest] | None:
        """One vendor with its facts, checked again on the way out of the cache."""
        row = self._db.execute(
            "SELECT id, name, distribution, version, facts, oldest, manifest FROM vendors WHERE id = ?", (vendor_id,)
        ).fetchone()
        return (VendorRow(*row[:6]), VendorManifest.model_validate_json(row[6])) if row else None

    def problems(self) -> tuple[PluginProblem, ...]:
        """What was wrong with manifests that were left out, wholly or in part."""
        rows = self._db.execute("SELECT plugin, distribution, stage, message FROM problems ORDER BY 1, 2, 3, 4")
        return tuple(PluginProblem(*row) for row in rows)


def open_index(sources: Iterable[Source], cache_dir: Path | None) -> VendorIndex:
    """The index over manifest files: from the cache where it is still true, else compiled anew.

    Args:
        sources: Manifest files; those of installed distributions replace built-in ones of the same vendor.
        cache_dir: Folder of compiled indexes; None, or one that cannot be used, means to work in memory.
    """
    sources = tuple(sources)
    stamp = _stamp(sources)
    cached = cache_dir / f"vendors-{stamp[:24]}.sqlite" if cache_dir is not None else None
    if cached is not None:
        found = _open_cached(cached, stamp, sources)
        if found is not None:
            return found
    memory = sqlite3.connect(":memory:")
    _compile(memory, sources, stamp)
    if cached is not None:
        _keep(memory, cached)
    return VendorIndex(memory)


def _stamp(sources: tuple[Source, ...]) -> str:
    """Which files an index is about and how it is made; not what stands in them."""
    model = _hash(Path(vendor.__file__))
    parts = [str(FORMAT), __version__, model, *(f"{s.path}|{s.distribution}|{s.version}|{s.builtin}" for s in sources)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _open_cached(path: Path, stamp: str, sources: tuple[Source, ...]) -> VendorIndex | None:
    """The cached index if it is whole and true to the files: by size and time, and by content where these differ."""
    try:
        if not path.is_file():
            return None
        db = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            row = db.execute("SELECT value FROM meta WHERE key = 'stamp'").fetchone()
            if row is None or row[0] != stamp:
                raise sqlite3.DatabaseError("another index")
            known = {r[0]: r[1:] for r in db.execute("SELECT path, size, mtime, hash FROM files")}
            for source in sources:
                info = source.path.stat()
                size, mtime, digest = known.get(str(source.path), (-1, -1, ""))
                same = (size, mtime) == (info.st_size, info.st_mtime_ns)
                if not same and _hash(source.path) != digest:
                    raise sqlite3.DatabaseError("a manifest changed")
        except BaseException:
            db.close()
            raise
        return VendorIndex(db)
    except (sqlite3.Error, OSError):
        return None


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _compile(db: sqlite3.Connection, sources: tuple[Source, ...], stamp: str) -> None:
    db.executescript(_SCHEMA)
    db.execute("INSERT INTO meta VALUES ('stamp', ?)", (stamp,))
    loaded: dict[str, tuple[Source, VendorManifest]] = {}
    for source in sorted(sources, key=lambda s: (s.builtin, s.distribution or "", str(s.path))):
        with suppress(OSError):
            info = source.path.stat()
            row = (str(source.path), info.st_size, info.st_mtime_ns, _hash(source.path))
            db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", row)
        manifest = _load(db, source)
        if manifest is None:
            continue
        first = loaded.setdefault(manifest.vendor.id, (source, manifest))
        if first[0] is not source and not source.builtin:
            message = f"vendor {manifest.vendor.id!r} is already described by {first[0].distribution}"
            _problem(db, manifest.vendor.id, source, "conflict", message)
    owners: dict[str, str] = {}
    for source, manifest in sorted(loaded.values(), key=lambda x: (not x[0].builtin, x[1].vendor.id)):
        _insert(db, source, manifest, owners)
    _insert_domains(db, [manifest for _, manifest in loaded.values()], owners)
    db.commit()


def _load(db: sqlite3.Connection, source: Source) -> VendorManifest | None:
    shown = source.path.name
    try:
        document = yamlio.load_path(source.path, shown)
        return VendorManifest.model_validate(document.data)
    except InputError as error:
        _problem(db, source.path.stem, source, "manifest", str(error.problems[0]))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        line, column = document.place(tuple(first["loc"]))
        where = ".".join(str(part) for part in first["loc"])
        _problem(db, source.path.stem, source, "manifest", f"{shown}:{line}:{column}: {where}: {first['msg']}")
    return None


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
            manifest.model_dump_json(exclude_defaults=True, by_alias=True),
        ),
    )
    for tool in tools:
        owners[tool.id] = maker.id
        db.execute("INSERT INTO tools VALUES (?, ?, ?, ?)", (tool.id, tool.name, maker.id, tool.layer))
        names = [("id", tool.id), ("name", tool.name), *(("alias", a) for a in tool.aliases)]
        names += [("former_name", f.name) for f in tool.former_names]
        db.executemany(
            "INSERT INTO names VALUES (?, ?, ?, ?)", [(fold(text), tool.id, kind, text) for kind, text in names]
        )


def _insert_domains(db: sqlite3.Connection, manifests: Iterable[VendorManifest], owners: dict[str, str]) -> None:
    """Let a tool be called by its site, where the site is its alone and nothing else is called so."""
    sites: dict[str, set[str]] = {}
    for manifest in manifests:
        for tool in manifest.tools:
            found = _SITE.fullmatch(tool.website or "")
            if found and owners.get(tool.id) == manifest.vendor.id:
                sites.setdefault(found[1].casefold(), set()).add(tool.id)
    taken = {key for (key,) in db.execute("SELECT key FROM names")}
    rows = [(fold(host), *tools, "domain", host) for host, tools in sorted(sites.items()) if len(tools) == 1]
    db.executemany("INSERT INTO names VALUES (?, ?, ?, ?)", [row for row in rows if row[0] not in taken])


def _problem(db: sqlite3.Connection, plugin: str, source: Source, stage: str, message: str) -> None:
    db.execute("INSERT INTO problems VALUES (?, ?, ?, ?)", (plugin, source.distribution, stage, message))


def _keep(memory: sqlite3.Connection, path: Path) -> None:
    """Write the index for the next time, whole or not at all; a cache that cannot be written is no problem."""
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        os.close(handle)
        with closing(sqlite3.connect(temporary)) as target:
            memory.backup(target)
        Path(temporary).replace(path)
    except (OSError, sqlite3.Error):
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink()
