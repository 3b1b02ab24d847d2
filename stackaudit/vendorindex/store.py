"""Keep the compiled index between runs and know when it is no longer true."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from pathlib import Path

from stackaudit import __version__
from stackaudit.vendorindex.index import VendorIndex
from stackaudit.vendorindex.rows import Source, Words
from stackaudit.yamlio import MAX_BYTES

_HERE = Path(__file__).parent
_MAKERS = (
    *(_HERE / name for name in ("build.py", "names.py", "rows.py", "trust.py")),
    _HERE.parent / "model" / "vendor.py",
)


def default_cache_dir() -> Path:
    """Where compiled data may be kept for this user, by the habits of the platform."""
    if os.environ.get("XDG_CACHE_HOME"):
        return Path(os.environ["XDG_CACHE_HOME"]) / "stackaudit"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "stackaudit"
    if sys.platform == "win32" and os.environ.get("LOCALAPPDATA"):
        return Path(os.environ["LOCALAPPDATA"]) / "stackaudit" / "Cache"
    return Path.home() / ".cache" / "stackaudit"


def open_index(
    sources: Iterable[Source], cache_dir: Path | None, words: Callable[[], Words] | None = None
) -> VendorIndex:
    """The index over manifest files: from the cache where it is still true, else compiled anew.

    Args:
        sources: Manifest files; those of installed distributions replace built-in ones of the same vendor.
        cache_dir: Folder of compiled indexes; None, or one that cannot be used, means to work in memory.
        words: The catalogue's ids, asked for where a manifest comes from outside and must be held against them.
    """
    sources = tuple(sources)
    known = words() if words is not None and not all(s.builtin for s in sources) else None
    stamp = _stamp(sources, known)
    cached = cache_dir / f"vendors-{stamp[:24]}.sqlite" if cache_dir is not None else None
    if cached is not None:
        found = _open_cached(cached, stamp, sources)
        if found is not None:
            return found
    from stackaudit.vendorindex.build import compile_manifests

    memory = sqlite3.connect(":memory:")
    compile_manifests(memory, sources, stamp, known)
    if cached is not None:
        _keep(memory, cached)
    return VendorIndex(memory)


def _stamp(sources: tuple[Source, ...], words: Words | None) -> str:
    """Which files an index is about and how it is made; not what stands in them."""
    makers = [content_hash(path) for path in _MAKERS]
    parts = [__version__, words.digest() if words else "", *makers]
    parts += [f"{s.path}|{s.distribution}|{s.version}|{s.builtin}|{s.name}|{s.text}" for s in sources]
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
                if source.text is not None:
                    continue
                info = source.path.stat()
                size, mtime, digest = known.get(str(source.path), (-1, -1, ""))
                same = (size, mtime) == (info.st_size, info.st_mtime_ns)
                if not same and content_hash(source.path) != digest:
                    raise sqlite3.DatabaseError("a manifest changed")
        except BaseException:
            db.close()
            raise
        return VendorIndex(db)
    except (sqlite3.Error, OSError):
        return None


def content_hash(path: Path) -> str:
    """Digest of a file's bytes, as far as any manifest may reach."""
    with path.open("rb") as stream:
        return hashlib.sha256(stream.read(MAX_BYTES + 1)).hexdigest()


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
