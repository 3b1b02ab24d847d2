"""What is compiled is kept between runs: whole or not at all, known by its content, and never needed."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_DIGEST = hashlib.sha256().digest_size


def default_cache_dir() -> Path:
    """Where compiled data may be kept for this user, by the habits of the platform."""
    if os.environ.get("XDG_CACHE_HOME"):
        return Path(os.environ["XDG_CACHE_HOME"]) / "stackaudit"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "stackaudit"
    if sys.platform == "win32" and os.environ.get("LOCALAPPDATA"):
        return Path(os.environ["LOCALAPPDATA"]) / "stackaudit" / "Cache"
    return Path.home() / ".cache" / "stackaudit"


def content_name(kind: str, *parts: bytes | str) -> str:
    """A file name for what is made from some parts alone: another content has another name."""
    made = hashlib.sha256()
    for part in (sys.implementation.cache_tag or "", *parts):
        data = part.encode() if isinstance(part, str) else part
        made.update(len(data).to_bytes(8, "big") + data)
    return f"{kind}-{made.hexdigest()[:32]}"


def recall(name: str, folder: Path | None = None) -> bytes | None:
    """What was kept under a name; None where nothing is there, where it is damaged, or where others may write."""
    folder = folder or default_cache_dir()
    try:
        data = (folder / name).read_bytes()
        if not _is_ours(folder):
            return None
    except OSError:
        return None
    digest, content = data[:_DIGEST], data[_DIGEST:]
    return content if hashlib.sha256(content).digest() == digest else None


def keep(name: str, content: bytes, folder: Path | None = None) -> None:
    """Keep bytes under a name for the next time; a cache that cannot be written is no problem."""
    keep_file(name, lambda path: path.write_bytes(hashlib.sha256(content).digest() + content), folder)


def keep_file(name: str, make: Callable[[Path], object], folder: Path | None = None) -> None:
    """Keep what ``make`` writes to the empty file that it is given; whole or not at all, and nobody waits for it."""
    path = (folder or default_cache_dir()) / name
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        os.close(handle)
        make(Path(temporary))
        Path(temporary).replace(path)
    except OSError:
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink()


def _is_ours(folder: Path) -> bool:
    """Whether nobody else may write there, as what is kept may be code; a group of one's own is nobody else."""
    if not hasattr(os, "geteuid"):
        return True
    info = folder.stat()
    shared = info.st_mode & stat.S_IWGRP and info.st_gid != os.getegid()
    return info.st_uid in {0, os.geteuid()} and not shared and not info.st_mode & stat.S_IWOTH
