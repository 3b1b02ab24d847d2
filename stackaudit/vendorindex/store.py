"""Keep compiled indexes between runs, each under a name made of what it was compiled from, and find the true one."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from pathlib import Path

import pydantic

from stackaudit import __version__
from stackaudit.cache import content_name, keep, keep_file, recall
from stackaudit.vendorindex.index import VendorIndex
from stackaudit.vendorindex.looks import contents, looks
from stackaudit.vendorindex.rows import Source, Words

_HERE = Path(__file__).parent
_MAKERS = (
    *(_HERE / name for name in ("build.py", "names.py", "rows.py", "trust.py")),
    *(_HERE.parent / "model" / name for name in ("closed.py", "sealed.py", "vendor.py")),
)
_ENDING = ".sqlite"
_PART, _SUM = 1 << 20, 4
KEPT = 6
"""Indexes that stay in the cache; the oldest go, as each change of a manifest makes another."""


def open_index(
    folders: Iterable[Path],
    sources: Iterable[Source],
    cache_dir: Path | None,
    words: Callable[[], Words] | None = None,
) -> VendorIndex:
    """The index over manifests: from the cache where it is still true, else compiled anew.

    The cache is asked in two steps. What the files look like leads to a note of what stands in them, and what stands
    in them leads to the index; both names are made of what they stand for, so nothing is ever replaced by something
    else. Files that look new are read, and have a new note; only where their content is new, too, is it compiled.

    Args:
        folders: Folders of built-in manifests.
        sources: Other manifests; those of installed distributions replace built-in ones of the same vendor.
        cache_dir: Folder of compiled indexes; None, or one that cannot be used, means to work in memory.
        words: The catalogue's ids, asked for where a manifest comes from outside and must be held against them.
    """
    folders, sources = tuple(folders), tuple(sources)
    known = words() if words is not None and not all(s.builtin for s in sources) else None
    if cache_dir is None:
        return VendorIndex(_compiled(folders, sources, known))
    stamp = _stamp(folders, sources, known)
    seen = looks(folders, sources)
    note = content_name("manifests", stamp, seen.digest)
    digest = recall(note, cache_dir) if seen.settled else None
    if digest is None:
        digest = contents(folders, sources)
        if seen.settled:
            keep(note, digest, cache_dir)
    name = content_name("vendors", stamp, digest)
    found = _kept(name, cache_dir)
    if found is None:
        found = _compiled(folders, sources, known)
        if contents(folders, sources) == digest:  # else a manifest changed meanwhile, and the name would be wrong
            _keep(found, name, cache_dir)
    return VendorIndex(found)


def _stamp(folders: tuple[Path, ...], sources: tuple[Source, ...], words: Words | None) -> str:
    """Which files an index is about and how it is made; not what stands in them."""
    makers = [hashlib.sha256(path.read_bytes()).hexdigest() for path in _MAKERS]
    parts = [__version__, pydantic.VERSION, words.digest() if words else "", *makers, *map(str, folders)]
    parts += [f"{s.path}|{s.distribution}|{s.version}|{s.builtin}|{s.name}|{s.text}" for s in sources]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _compiled(folders: tuple[Path, ...], sources: tuple[Source, ...], words: Words | None) -> sqlite3.Connection:
    from stackaudit.vendorindex.build import compile_manifests, in_folder

    memory = sqlite3.connect(":memory:")
    compile_manifests(memory, (*(s for folder in folders for s in in_folder(folder)), *sources), words)
    return memory


def _kept(name: str, cache_dir: Path) -> sqlite3.Connection | None:
    """An index of the cache, if it is whole: as it was when it was written, to the last byte.

    Its bytes are summed up where it was touched since they last were.
    """
    path = cache_dir / f"{name}{_ENDING}"
    try:
        noted, touched = recall(f"{name}.sum", cache_dir) or b"", _touched(path)
        if noted != noted[:_SUM] + touched:
            if _sum(path) != noted[:_SUM]:
                return None
            keep(f"{name}.sum", noted[:_SUM] + touched, cache_dir)
        db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    except (sqlite3.Error, OSError):
        return None
    return db


def _keep(index: sqlite3.Connection, name: str, cache_dir: Path) -> None:
    """Write an index for the next time, its sum last; then let old ones go."""

    def copy(path: Path) -> None:
        try:
            with closing(sqlite3.connect(path)) as target:
                index.backup(target)
        except sqlite3.Error as error:
            raise OSError(str(error)) from error

    keep_file(f"{name}{_ENDING}", copy, cache_dir)
    with suppress(OSError):
        path = cache_dir / f"{name}{_ENDING}"
        touched = _touched(path)
        keep(f"{name}.sum", _sum(path) + touched, cache_dir)
        _let_go(cache_dir)


def _sum(path: Path) -> bytes:
    """A checksum of a file; it is there for damage, not for malice, and must be fast for a large index."""
    total = 0
    with path.open("rb") as stream:
        while part := stream.read(_PART):
            total = zlib.crc32(part, total)
    return total.to_bytes(_SUM, "big")


def _touched(path: Path) -> bytes:
    """What changes whenever a file is written, replaced or cut."""
    info = path.stat()
    return f"{info.st_ino} {info.st_size} {info.st_mtime_ns} {info.st_ctime_ns}".encode()


def _let_go(cache_dir: Path) -> None:
    """Remove all but the newest indexes and notes; whoever has one open keeps it."""
    for pattern, kept in ((f"vendors-*{_ENDING}", KEPT), ("vendors-*.sum", KEPT), ("manifests-*", KEPT * 4)):
        made = sorted(cache_dir.glob(pattern), key=lambda p: p.stat().st_mtime_ns, reverse=True)
        for path in made[kept:]:
            path.unlink(missing_ok=True)
