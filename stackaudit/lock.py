"""Pin what an audit rests on, for the length of an engagement: plugins and packs by name, version and content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from stackaudit import __version__, jsonio
from stackaudit.errors import InputError, InputProblem
from stackaudit.model.plugins import API_VERSION
from stackaudit.pluginmanager.discovery import Entry, tree_digest
from stackaudit.resources import data_dir, vendors_dir
from stackaudit.yamlio import MAX_BYTES, read_bytes

LOCK_FILE = "stackaudit.lock"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class LockedProgram(_Part):
    """The program itself; ``sha256`` covers the catalogue and the built-in manifests."""

    version: str
    api: int
    sha256: str


class LockedPlugin(_Part):
    """One installed plugin; ``sha256`` covers every file of its package."""

    name: str
    distribution: str
    version: str
    sha256: str


class LockedPack(_Part):
    """One private pack; ``sha256`` covers every file of its folder."""

    name: str
    sha256: str


class Lock(_Part):
    """All that is pinned, sorted by name."""

    lock_version: Literal[1] = 1
    stackaudit: LockedProgram
    plugins: tuple[LockedPlugin, ...] = ()
    packs: tuple[LockedPack, ...] = ()

    def to_json(self) -> str:
        """The lock as it is written to a file."""
        return self.model_dump_json(indent=2) + "\n"


def make_lock(entries: Iterable[Entry], packs: Iterable[Path] = ()) -> Lock:
    """Pin the plugins and packs of this moment; no code of theirs is run."""
    plugins = [
        LockedPlugin(name=e.name, distribution=e.distribution, version=e.version, sha256=e.digest()) for e in entries
    ]
    folders = [LockedPack(name=p.resolve().name, sha256=tree_digest([p.resolve()])) for p in packs]
    own = tree_digest([vendors_dir(), data_dir("catalogs")])
    return Lock(
        stackaudit=LockedProgram(version=__version__, api=API_VERSION, sha256=own),
        plugins=tuple(sorted(plugins, key=lambda p: (p.name, p.distribution))),
        packs=tuple(sorted(folders, key=lambda p: p.name)),
    )


def read_lock(path: Path) -> Lock:
    """A lock from its file.

    Raises:
        InputError: It is missing or no lock.
    """
    try:
        return Lock.model_validate(jsonio.load(read_bytes(path, str(path), MAX_BYTES)))
    except (ValueError, ValidationError) as error:
        expected = "what `stackaudit plugins lock` writes"
        raise InputError([InputProblem(str(path), 0, 0, "is no lock", expected)]) from error


def differences(locked: Lock, now: Lock) -> tuple[str, ...]:
    """What is no longer as it was locked, in words; empty where everything is."""
    found = []
    one, two = locked.stackaudit, now.stackaudit
    if one.version != two.version:
        found.append(f"stackaudit is {two.version}, locked at {one.version}")
    elif one != two:
        found.append("stackaudit's catalogue has changed")
    found += _changes(
        "plugin", {f"{p.name} ({p.distribution})": p for p in locked.plugins}, _plugins(now), ("version", "sha256")
    )
    found += _changes("pack", {p.name: p for p in locked.packs}, {p.name: p for p in now.packs}, ("sha256",))
    return tuple(found)


def _plugins(lock: Lock) -> dict[str, LockedPlugin]:
    return {f"{p.name} ({p.distribution})": p for p in lock.plugins}


def _changes(kind: str, before: Mapping[str, Any], after: Mapping[str, Any], fields: tuple[str, ...]) -> list[str]:
    found = [f"{kind} {name} is not in the lock" for name in sorted(after.keys() - before.keys())]
    found += [f"{kind} {name} is locked and not in use" for name in sorted(before.keys() - after.keys())]
    for name in sorted(before.keys() & after.keys()):
        for field in fields:
            one, two = getattr(before[name], field), getattr(after[name], field)
            if one != two:
                said = (
                    f"is {two}, locked at {one}" if field == "version" else "has other content than when it was locked"
                )
                found.append(f"{kind} {name} {said}")
                break
    return found
