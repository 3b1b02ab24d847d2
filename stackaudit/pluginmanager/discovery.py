"""What plugins there are and where they lie, found without running any of their code."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, EntryPoint, distributions
from pathlib import Path

from msgspec import Struct

from stackaudit.errors import InputError, InputProblem
from stackaudit.hookspecs import PROJECT
from stackaudit.model.plugins import PluginProblem
from stackaudit.yamlio import MAX_BYTES, read_bytes

DISABLE = "STACKAUDIT_DISABLE_PLUGINS"
MANIFEST_ENDINGS = (".yaml", ".yml")
_OFF = frozenset({"", "0", "false", "no"})
_LEFT_OUT = frozenset({"__pycache__", ".git", ".venv"})


class Entry(Struct, frozen=True):
    """One entry point of the group; ``folder`` is set for a project that is looked at without being installed."""

    name: str
    value: str
    distribution: str
    version: str
    folder: Path | None = None

    @property
    def is_manifest(self) -> bool:
        """Whether it names a YAML file rather than a module."""
        return self.value.endswith(MANIFEST_ENDINGS)

    @property
    def module(self) -> str:
        """The module or package that it names."""
        return self.value.partition(":")[0].strip()

    def answers_to(self, names: frozenset[str]) -> bool:
        """Whether one of the names means it: its own, its distribution's, or that without the common beginning."""
        made_by = normal(self.distribution)
        return bool({self.name, self.distribution, made_by, made_by.removeprefix("stackaudit_")} & names)

    def roots(self) -> tuple[Path, ...]:
        """The folders of the top-level package, or the file of the top-level module."""
        package = self.module.split(".")[0]
        if self.folder is not None:
            return tuple(p for p in (self.folder / package, self.folder / "src" / package) if p.is_dir())
        try:
            spec = importlib.util.find_spec(package)
        except (ImportError, ValueError, AttributeError):
            return ()
        if spec is None:
            return ()
        if spec.submodule_search_locations is not None:
            return tuple(Path(folder).resolve() for folder in spec.submodule_search_locations)
        return (Path(spec.origin).resolve(),) if spec.origin and Path(spec.origin).is_file() else ()

    def manifest_path(self) -> Path | None:
        """The manifest that ``package:file.yaml`` names; None where that is no file inside the package."""
        below = self.module.split(".")[1:]
        name = self.value.partition(":")[2].strip()
        for root in self.roots():
            path = root.resolve().joinpath(*below, name).resolve()
            if path.is_file() and path.is_relative_to(root.resolve()):
                return path
        return None

    def source_path(self) -> Path | None:
        """The file of the module that it names, found without importing it; None where there is none."""
        below = self.module.split(".")[1:]
        for root in self.roots():
            if root.is_file():
                return None if below else root
            for path in (root.joinpath(*below, "__init__.py"), root.joinpath(*below).with_suffix(".py")):
                if path.is_file():
                    return path
        return None

    def digest(self) -> str:
        """A hash over every file of the package, compiled ones aside."""
        return tree_digest(self.roots())


class Pack(Struct, frozen=True):
    """The plugin part of a private pack: a folder that the person who runs the audit named, and answers for.

    ``digest`` is the beginning of a hash over its files; it stands where a distribution has its version.
    """

    name: str
    code: Path | None
    manifests: tuple[Path, ...]
    digest: str


def normal(name: str) -> str:
    """A plugin's or distribution's name as ids are written: lower case, words joined by underscores."""
    return re.sub(r"[-_.]+", "_", name).casefold()


def disabled() -> bool:
    """Whether the environment turns installed plugins off."""
    return os.environ.get(DISABLE, "").strip().casefold() not in _OFF


def installed_entries() -> tuple[tuple[Entry, ...], tuple[PluginProblem, ...]]:
    """The entry points of all installed distributions, in the order in which they are heard, and unreadable ones.

    Of several distributions with one name for a plugin, the one called after the plugin comes first.
    """
    found: dict[tuple[str, str], Entry] = {}
    problems = []
    for dist in distributions():
        try:
            for point in _points(dist):
                entry = Entry(point.name, point.value, *_release(dist))
                found.setdefault((entry.name, normal(entry.distribution)), entry)
        except Exception as error:  # metadata on disk may be anything
            place = Path(str(getattr(dist, "_path", "unknown"))).name
            said = f"its metadata cannot be read: {type(error).__name__}: {error}"
            problems.append(PluginProblem(place, place, "metadata", said[:500]))
    return tuple(sorted(found.values(), key=_rank)), tuple(problems)


def project_entries(folder: Path) -> tuple[Entry, ...]:
    """The entry points that a project's ``pyproject.toml`` declares.

    Raises:
        InputError: There is no such file, or it cannot be read.
    """
    import tomllib

    path = folder / "pyproject.toml"
    try:
        content = tomllib.loads(read_bytes(path, str(path), MAX_BYTES).decode("utf-8"))
        project = content["project"]
        points = dict(project.get("entry-points", {}).get(PROJECT, {}))
        name, version = str(project["name"]), str(project.get("version", ""))
        entries = [Entry(str(k), str(v), name, version, folder) for k, v in points.items()]
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise InputError([InputProblem(str(path), 0, 0, f"cannot be read: {error}", "a [project] table")]) from error
    return tuple(sorted(entries, key=_rank))


def tree_digest(roots: Iterable[Path]) -> str:
    """A hash over names and contents of all files below some folders, or of single files."""
    whole = hashlib.sha256()
    for name, path in sorted(_files(roots)):
        with path.open("rb") as stream:
            whole.update(f"{name}\0{hashlib.file_digest(stream, 'sha256').hexdigest()}\n".encode())
    return whole.hexdigest()


def _files(roots: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    for root in roots:
        if root.is_file():
            yield root.name, root
        for folder, below, names in os.walk(root):
            below[:] = sorted(b for b in below if b not in _LEFT_OUT)
            for name in names:
                path = Path(folder) / name
                if path.is_file() and path.suffix != ".pyc":
                    yield f"{root.name}/{path.relative_to(root).as_posix()}", path


def _release(dist: Distribution) -> tuple[str, str]:
    """Name and version, which damaged metadata lacks."""
    name, version = dist.metadata["Name"], dist.metadata["Version"]
    if not name or not version:
        raise ValueError("it names no Name or Version")
    return name, version


def _points(dist: Distribution) -> Iterator[EntryPoint]:
    if f"[{PROJECT}]" not in (dist.read_text("entry_points.txt") or ""):
        return  # most distributions say nothing to us, and reading what they say to others takes its time
    for point in dist.entry_points:
        if point.group == PROJECT:
            yield point


def _rank(entry: Entry) -> tuple[str, bool, str]:
    named = normal(entry.distribution) == f"stackaudit_{normal(entry.name)}"
    return entry.name, not named, entry.distribution.casefold()
