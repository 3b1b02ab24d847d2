"""What manifests look like from outside, which is fast to say, and what stands in them, which is sure."""

from __future__ import annotations

import hashlib
import os
import time
from array import array
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from stackaudit.vendorindex.rows import Source
from stackaudit.yamlio import MAX_BYTES

ENDING = ".yaml"
_UNSETTLED = 2_000_000_000
"""Nanoseconds after a change in which another one could bear the same time, as clocks of file systems are coarse."""


class Looks(Struct, frozen=True):
    """A digest over names, sizes and times; not ``settled`` where it proves nothing.

    That is where a file changed just now, or cannot be looked at.
    """

    digest: str
    settled: bool


def looks(folders: Iterable[Path], sources: Iterable[Source]) -> Looks:
    """What the manifests of folders and the single ones look like."""
    found = hashlib.sha256()
    newest = 0
    single = [str(s.path) for s in sources if s.text is None]
    try:
        for paths in (*([f"{folder}{os.sep}{name}" for name in _names(folder)] for folder in folders), single):
            seen = [os.stat(path) for path in paths]  # noqa: PTH116 - thousands of times at each start
            changed, touched = [s.st_mtime_ns for s in seen], [s.st_ctime_ns for s in seen]
            newest = max(newest, max(changed, default=0), max(touched, default=0))
            found.update("\0".join([str(len(paths)), *paths, ""]).encode("utf-8", "surrogateescape"))
            for figures in ([s.st_size for s in seen], changed, touched):
                found.update(array("q", figures).tobytes())
    except (OSError, OverflowError):
        return Looks("", settled=False)
    return Looks(found.hexdigest(), newest + _UNSETTLED < time.time_ns())


def contents(folders: Iterable[Path], sources: Iterable[Source]) -> bytes:
    """A digest over the bytes of every manifest, as far as any may reach."""
    found = hashlib.sha256()
    for path in (*(p for folder in folders for p in manifests(folder)), *(s.path for s in sources if s.text is None)):
        try:
            with path.open("rb") as stream:
                part = hashlib.sha256(stream.read(MAX_BYTES + 1)).hexdigest()
        except OSError:
            part = "unreadable"
        found.update(f"{path}|{part}\n".encode("utf-8", "surrogateescape"))
    return found.digest()


def manifests(folder: Path) -> list[Path]:
    """The manifests of a folder, by name."""
    return [folder / name for name in _names(folder)]


def _names(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return sorted(n for n in os.listdir(folder) if n.endswith(ENDING) and not n.startswith("."))  # noqa: PTH208
