"""What a check is about: a manifest, a folder of them, a project, a pack, or an installed distribution."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from stackaudit.conformance.manifest import manifest_items, problem_item
from stackaudit.conformance.probe import probe
from stackaudit.conformance.report import Item, Report, make_report
from stackaudit.conformance.source import source_items
from stackaudit.errors import InputError, UsageError
from stackaudit.lookup.words import known_words
from stackaudit.pluginmanager.discovery import MANIFEST_ENDINGS, Entry, installed_entries, normal, project_entries

if TYPE_CHECKING:
    from stackaudit.model.catalog import Catalog
    from stackaudit.packs import PrivatePack


def check_target(target: str, *, as_of: dt.date, run: bool = False) -> Report:
    """Check a plugin.

    Args:
        target: A path, or the name of an installed plugin or distribution.
        as_of: The day on which ages are counted.
        run: Also import its code, in a process apart.

    Raises:
        UsageError: There is nothing of that name to check.
    """
    from stackaudit.catalog import load_catalog

    check = _Check(load_catalog(), as_of, run)
    path = Path(target)
    if path.is_file():
        return make_report(target, "manifest", check.manifest(path, None))
    if path.is_dir():
        kind, items = check.folder(path)
        return make_report(target, kind, items, ran=run)
    entries, _ = installed_entries()
    wanted = [e for e in entries if e.answers_to(frozenset({target, normal(target)}))]
    if not wanted:
        close = get_close_matches(target, sorted({x for e in entries for x in (e.name, e.distribution)}), n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise UsageError(f"{target!r} is no file, no folder and no installed plugin{hint}")
    return make_report(target, "distribution", [i for e in wanted for i in check.entry(e, e.distribution)], ran=run)


class _Check:
    """One check: what it compares with, and on which day."""

    def __init__(self, catalog: Catalog, as_of: dt.date, run: bool) -> None:
        from stackaudit import audit

        self._catalog = catalog
        self._as_of = as_of
        self._run = run
        self._plugins = audit.open_plugins(code=False)
        self._words = known_words(catalog)

    def manifest(self, path: Path, name: str | None, shown: str | None = None) -> Iterator[Item]:
        yield from manifest_items(
            path,
            shown=shown or str(path),
            name=name,
            plugins=self._plugins,
            catalog=self._catalog,
            words=self._words,
            as_of=self._as_of,
        )

    def folder(self, path: Path) -> tuple[str, Iterator[Item]]:
        from stackaudit.packs import KNOWN

        if (path / "pyproject.toml").is_file():
            return "project", self._project(path)
        if any((path / name).exists() for name in KNOWN):
            return "pack", self._pack(path)
        manifests = sorted(p for p in path.iterdir() if p.suffix in MANIFEST_ENDINGS)
        if not manifests:
            raise UsageError(f"{path}: holds no pyproject.toml, no manifest and nothing of a pack")
        return "manifests", (item for p in manifests for item in self.manifest(p, p.stem))

    def entry(self, entry: Entry, shown: str) -> Iterator[Item]:
        if entry.is_manifest:
            path = entry.manifest_path()
            if path is None:
                said = f"entry point {entry.name}: {entry.value} does not name a file inside the package"
                yield Item("error", "manifest", said, shown)
            else:
                yield from self.manifest(path, entry.name, f"{shown}/{path.name}")
            return
        source = entry.source_path()
        if source is None:
            yield Item("error", "import", f"entry point {entry.name}: no module {entry.module} is there", shown)
            return
        yield from source_items(source, f"{shown}/{source.name}")
        yield from self._probe(shown, entry=entry)

    def _project(self, folder: Path) -> Iterator[Item]:
        shown = str(folder)
        try:
            entries = project_entries(folder)
        except InputError as error:
            yield from map(problem_item, error.problems)
            return
        if not entries:
            said = 'declares no plugin; expected [project.entry-points.stackaudit] with NAME = "package:vendor.yaml"'
            yield Item("error", "entry points", said, f"{shown}/pyproject.toml")
        for entry in entries:
            if not normal(entry.distribution).startswith("stackaudit_"):
                said = f"distribution {entry.distribution!r} is easier to find as stackaudit-{entry.name}"
                yield Item("note", "entry points", said, f"{shown}/pyproject.toml")
            yield from self.entry(entry, shown)

    def _pack(self, folder: Path) -> Iterator[Item]:
        from stackaudit.packs import open_packs, unknown_files

        yield from map(problem_item, unknown_files(folder))
        try:
            self._catalog, (pack,) = open_packs([folder], self._catalog)
        except InputError as error:
            yield from map(problem_item, error.problems)
            return
        self._words = known_words(self._catalog)
        yield from self._pack_parts(pack)

    def _pack_parts(self, pack: PrivatePack) -> Iterator[Item]:
        for change in pack.changes:
            said = f"{change.name}: {change.value}" + (f", was {change.default}" if change.default else "")
            yield Item("note", "changes", said, str(pack.folder))
        yield from _brand(pack.folder)
        for path in pack.plugin.manifests:
            yield from self.manifest(path, path.stem)
        if pack.plugin.code is not None:
            yield from source_items(pack.plugin.code, str(pack.plugin.code))
            yield from self._probe(str(pack.folder), pack=pack)

    def _probe(self, shown: str, *, entry: Entry | None = None, pack: PrivatePack | None = None) -> Iterator[Item]:
        if not self._run:
            yield Item("note", "import", "its code was read, not run; --import runs it", shown)
            return
        for item in probe(self._words.limits, entry, pack.plugin if pack else None):
            yield Item(item.level, item.check, item.message, shown)


def _brand(folder: Path) -> Iterator[Item]:
    """What is wrong with a pack's brand, or was corrected in it."""
    from stackaudit.brand import load_brand
    from stackaudit.packs import BRAND

    if (folder / BRAND).is_file():
        try:
            _, warnings = load_brand(folder / BRAND)
        except InputError as error:
            warnings = error.problems
        yield from map(problem_item, warnings)
