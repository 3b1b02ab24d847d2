"""The plugins of one run: registered alone, asked alone, activated on demand."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, TypeVar

import pluggy

from stackaudit import __version__
from stackaudit.hookspecs import HOOKS, PROJECT, HookSpecs, hookimpl
from stackaudit.model.plugins import Importer, PluginProblem, Rule, Theme
from stackaudit.model.result import PluginInfo
from stackaudit.model.vendor import Vendor, VendorManifest, VendorTool
from stackaudit.pluginmanager.discovery import Entry, Pack, disabled, installed_entries
from stackaudit.pluginmanager.records import MAX_RECORDS, PluginError, bounded, defect, guarded, name_of, watched
from stackaudit.resources import vendors_dir
from stackaudit.vendorindex import (
    KnownName,
    Source,
    ToolRow,
    VendorIndex,
    VendorRow,
    Words,
    default_cache_dir,
    open_index,
)
from stackaudit.vendorindex.trust import wrong_api

__all__ = ["ActivatedTool", "Plugins", "Suggestion", "manifest_schema"]

Record = TypeVar("Record", Rule, Importer, Theme, VendorManifest)
_SHOWN = 3
"""So many wrong records of one hook are named one by one."""


@dataclass(frozen=True, slots=True)
class ActivatedTool:
    """A tool whose vendor's plugin is registered."""

    tool: VendorTool
    vendor: Vendor
    plugin: str
    distribution: str | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name close to one that nobody knows; ``score`` runs from 0 to 100. Never a match."""

    tool_id: str
    name: str
    score: float


class VendorPlugin:
    """A manifest as a plugin: it can be listed, blocked and replaced like any other."""

    def __init__(self, row: VendorRow, manifest: VendorManifest) -> None:
        self.row = row
        self.manifest = manifest

    @hookimpl
    def stackaudit_vendors(self) -> list[VendorManifest]:
        """The vendor's own facts."""
        return [self.manifest]


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a registered plugin comes from; a trusted one is the program's own, or a pack that the user named."""

    distribution: str | None
    version: str | None
    trusted: bool


class Plugins:
    """The plugins of one run."""

    def __init__(self, manager: pluggy.PluginManager, blocked: frozenset[str]) -> None:
        self._manager = manager
        self._blocked = blocked
        self._origins: dict[str, _Origin] = {}
        self._vendors: dict[str, VendorPlugin] = {}
        self._problems: list[PluginProblem] = []
        self._records: dict[str, tuple[Any, ...]] = {}
        self._givers: dict[tuple[str, str], str] = {}
        self._index: VendorIndex | None = None
        self._sources: list[Source] = []
        self._cache_dir: Path | None = None
        self._words: Callable[[], Words] | None = None
        self._packs: list[Pack] = []

    @classmethod
    def load(
        cls,
        *,
        builtin: Iterable[tuple[str, object]] = (),
        installed: bool = True,
        only: frozenset[str] | None = None,
        blocked: frozenset[str] = frozenset(),
        entries: Iterable[Entry] = (),
        packs: Iterable[Pack] = (),
        manifest_dirs: Iterable[Path] | None = None,
        words: Callable[[], Words] | None = None,
        code: bool = True,
        cache_dir: Path | None = None,
        use_cache: bool = True,
    ) -> Plugins:
        """Register plugins; manifests are only listed, and read when a vendor is asked for.

        Args:
            builtin: Names and plugin objects that come with the program.
            installed: Whether installed distributions may contribute; also off with STACKAUDIT_DISABLE_PLUGINS.
            only: Names of the installed plugins to use; None for all.
            blocked: Names of plugins to leave out, vendors included.
            entries: Further plugins that are not installed, e.g. of a project under test; treated as if they were.
            packs: Private packs, which the person who runs the audit answers for.
            manifest_dirs: Folders of built-in manifests; by default the shipped one.
            words: The catalogue's ids, to hold manifests from outside against.
            code: Whether code of installed plugins and packs may run; manifests alone are heard without it.
            cache_dir: Folder for the compiled index; by default the user's.
            use_cache: Whether to keep the compiled index at all.
        """
        manager = pluggy.PluginManager(PROJECT)
        manager.add_hookspecs(HookSpecs)
        plugins = cls(manager, blocked)
        plugins._words = words
        plugins._cache_dir = (cache_dir or default_cache_dir()) if use_cache else None
        folders = [vendors_dir()] if manifest_dirs is None else list(manifest_dirs)
        plugins._sources = [
            Source(path, PROJECT, __version__, builtin=True)
            for folder in folders
            for path in sorted(folder.glob("*.yaml"))
        ]
        for name, plugin in builtin:
            plugins._register(name, plugin, _Origin(PROJECT, __version__, trusted=True))
        for pack in packs:
            plugins._load_pack(pack if code else replace(pack, code=None))
        heard = list(entries)
        if installed and not disabled():
            found, broken = installed_entries()
            plugins._problems.extend(broken)
            heard += [e for e in found if only is None or e.answers_to(only)]
        plugins._load_entries([e for e in heard if e.name not in blocked and (code or e.is_manifest)])
        plugins._take_vendors()
        return plugins

    @property
    def index(self) -> VendorIndex:
        """The compiled index, opened when first needed."""
        if self._index is None:
            self._index = open_index(self._sources, self._cache_dir, self._words)
        return self._index

    @property
    def problems(self) -> tuple[PluginProblem, ...]:
        """Everything that went wrong so far."""
        found = set(self._problems) | (set(self._index.problems()) if self._index else set())
        return tuple(sorted(found, key=lambda p: (p.plugin, p.stage, p.distribution or "", p.message)))

    def find(self, name: str) -> tuple[KnownName, ...]:
        """Exact matches of a name, alias, former name or id, after folding case, punctuation and legal suffixes."""
        return tuple(hit for hit in self.index.names(name) if hit.vendor_id not in self._blocked)

    def suggest(self, name: str, limit: int = 3) -> tuple[Suggestion, ...]:
        """The closest known names; a suggestion to a person, never a match."""
        from rapidfuzz import fuzz, process

        known = list(self.index.all_names())
        hits = process.extract(
            name[:100].casefold(),
            [text.casefold() for text, _ in known],
            scorer=fuzz.WRatio,
            limit=limit * 4,
            score_cutoff=80,
        )
        best: dict[str, Suggestion] = {}
        for _, score, position in hits:
            text, tool = known[position]
            best.setdefault(tool, Suggestion(tool, text, round(score, 1)))
        return tuple(sorted(best.values(), key=lambda s: (-s.score, s.tool_id))[:limit])

    def tool(self, tool_id: str) -> ActivatedTool | None:
        """A tool's facts; loads and registers its vendor's plugin if that has not happened yet."""
        vendor_id = self.index.vendor_of(tool_id)
        if vendor_id is None or vendor_id in self._blocked:
            return None
        plugin = self._activate(vendor_id)
        if plugin is None:
            return None
        tool = next((t for t in plugin.manifest.tools if t.id == tool_id), None)
        if tool is None:
            return None
        return ActivatedTool(tool, plugin.manifest.vendor, vendor_id, plugin.row.distribution)

    def manifest(self, vendor_id: str) -> VendorManifest | None:
        """All facts of a vendor."""
        plugin = self._activate(vendor_id)
        return plugin.manifest if plugin else None

    def tools_in_layer(self, layer: str) -> tuple[ToolRow, ...]:
        """Tools whose primary layer it is."""
        return self.index.tools(layer)

    def all_tool_rows(self) -> tuple[ToolRow, ...]:
        """Every tool of the catalogue, without loading its facts."""
        return self.index.tools()

    def rules(self) -> tuple[Rule, ...]:
        """Rules of all plugins, by id; of two with one id the first registered stands."""
        return self._collect("stackaudit_rules", Rule)

    def importers(self) -> tuple[Importer, ...]:
        """Importers of all plugins, by id."""
        return self._collect("stackaudit_importers", Importer)

    def themes(self) -> tuple[Theme, ...]:
        """Themes of all plugins, by name."""
        return self._collect("stackaudit_themes", Theme)

    def collect(self) -> None:
        """Ask every plugin for everything, so that all problems that loading can show are known."""
        self.rules()
        self.importers()
        self.themes()
        self.index.vendors()

    def giver(self, hook: str, record: str) -> tuple[str, str | None]:
        """The plugin that handed a record over, and its distribution.

        Args:
            hook: The hook that it came by.
            record: The record's id or name.
        """
        plugin = self._givers.get((hook, record), PROJECT)
        origin = self._origins.get(plugin)
        return plugin, origin.distribution if origin else None

    def listing(self) -> tuple[PluginInfo, ...]:
        """Plugins in use: registered ones, vendors only if an audit asked for them."""
        infos = [_vendor_info(plugin.row) for plugin in self._vendors.values()]
        infos += [PluginInfo(name=p.name, distribution=None, version=p.digest, kind="pack") for p in self._packs]
        for name, plugin in self._manager.list_name_plugin():
            origin = self._origins.get(name)
            if origin is not None and not name.startswith("pack ") and not isinstance(plugin, VendorPlugin):
                infos.append(
                    PluginInfo(name=name, distribution=origin.distribution, version=origin.version, kind="code")
                )
        return tuple(sorted(infos, key=lambda i: (i.kind, i.name)))

    def all_plugins(self) -> tuple[PluginInfo, ...]:
        """Every plugin that could be used, vendors that nobody asked for included."""
        used = [i for i in self.listing() if i.kind != "vendor"]
        vendors = [_vendor_info(row) for row in self.index.vendors() if row.id not in self._blocked]
        return tuple(sorted([*used, *vendors], key=lambda i: (i.kind, i.name)))

    def _activate(self, vendor_id: str) -> VendorPlugin | None:
        if vendor_id in self._vendors:
            return self._vendors[vendor_id]
        found = self.index.vendor(vendor_id)
        if found is None or vendor_id in self._blocked:
            return None
        plugin = self._vendors[vendor_id] = VendorPlugin(*found)
        name = f"{vendor_id}.vendor" if self._manager.has_plugin(vendor_id) else vendor_id
        self._register(name, plugin, _Origin(plugin.row.distribution, plugin.row.version, trusted=True))
        return plugin

    def _register(self, name: str, plugin: object, origin: _Origin) -> None:
        if name in self._blocked:
            return
        if self._manager.has_plugin(name):
            said = f"a plugin called {name!r} is already registered; this one is left out"
            self._problems.append(PluginProblem(name, origin.distribution, "conflict", said))
            return
        try:
            with guarded():
                _check_hooks(plugin)
                self._manager.register(plugin, name=name)
                self._manager.check_pending()
        except PluginError as error:
            if self._manager.has_plugin(name) and self._manager.get_plugin(name) is plugin:
                self._manager.unregister(plugin)
            self._say(name, origin.distribution, "hooks", error)
            return
        self._origins[name] = origin

    def _load_entries(self, entries: Iterable[Entry]) -> None:
        first: dict[str, Entry] = {}
        for entry in entries:
            taken = first.setdefault(entry.name, entry)
            if taken is not entry:
                said = f"a plugin called {entry.name!r} comes with {taken.distribution} already; this one is left out"
                self._problems.append(PluginProblem(entry.name, entry.distribution, "conflict", said))
            elif entry.is_manifest:
                self._list_manifest(entry)
            else:
                self._load_code(entry)

    def _list_manifest(self, entry: Entry) -> None:
        path = entry.manifest_path()
        if path is None:
            said = f"{entry.value} does not name a file inside an installed package"
            self._problems.append(PluginProblem(entry.name, entry.distribution, "manifest", said))
        else:
            self._sources.append(Source(path, entry.distribution, entry.version, builtin=False, name=entry.name))

    def _load_code(self, entry: Entry) -> None:
        try:
            with guarded():
                plugin = EntryPoint(entry.name, entry.value, PROJECT).load()
                version = getattr(plugin, "STACKAUDIT_API", 1)
        except PluginError as error:
            hint = ""
            if "stackaudit.api" in str(error):
                hint = "; it may be written for another version of the plugin interface"
            self._say(entry.name, entry.distribution, "import", PluginError(f"{error}{hint}"))
            return
        wrong = wrong_api(version)
        if wrong:
            self._say(entry.name, entry.distribution, "api", PluginError(wrong))
            return
        self._register(entry.name, plugin, _Origin(entry.distribution, entry.version, trusted=False))

    def _load_pack(self, pack: Pack) -> None:
        label = f"pack {pack.name}"
        self._packs.append(pack)
        self._sources += [Source(path, label, pack.digest, builtin=False) for path in pack.manifests]
        if pack.code is None:
            return
        try:
            with guarded():
                spec = importlib.util.spec_from_file_location(f"stackaudit_pack_{pack.name}", pack.code)
                if spec is None or spec.loader is None:
                    raise ImportError(f"{pack.code.name} is no Python file")
                module = importlib.util.module_from_spec(spec)
                sys.modules[spec.name] = module
                spec.loader.exec_module(module)
        except PluginError as error:
            self._say(label, None, "import", error)
            return
        self._register(label, module, _Origin(label, pack.digest, trusted=True))

    def _take_vendors(self) -> None:
        """Put the manifests that code hands over beside those that are files."""
        hook = "stackaudit_vendors"
        builtin = {s.path.stem for s in self._sources if s.builtin}
        for manifest in self._collect(hook, VendorManifest):
            giver = self._givers[(hook, manifest.vendor.id)]
            origin = self._origins[giver]
            # Only a plugin of the same name may stand in for a vendor of the catalogue.
            name = giver if manifest.vendor.id in builtin and not origin.trusted else None
            self._sources.append(
                Source(
                    path=Path(f"{manifest.vendor.id}.json"),
                    distribution=origin.distribution,
                    version=origin.version,
                    builtin=False,
                    name=name,
                    text=manifest.model_dump_json(exclude_defaults=True, by_alias=True),
                )
            )

    def _collect(self, hook: str, kind: type[Record]) -> tuple[Record, ...]:
        if hook in self._records:
            return self._records[hook]
        found: dict[str, Record] = {}
        for implementation in getattr(self._manager.hook, hook).get_hookimpls():
            plugin = implementation.plugin_name
            origin = self._origins[plugin]
            try:
                with guarded():
                    returned = implementation.function()
                records = bounded(returned, MAX_RECORDS)
            except PluginError as error:
                self._say(plugin, origin.distribution, f"hook {hook}", error)
                continue
            wrong = []
            for record in records:
                said = defect(record, kind)
                if said is None and name_of(record) in found:
                    said = f"{kind.__name__} {name_of(record)!r} exists already; this one is left out"
                if said is None:
                    found[name_of(record)] = record
                    self._givers[(hook, name_of(record))] = plugin
                else:
                    wrong.append(said)
            self._complain(plugin, origin, hook, wrong)
        self._records[hook] = tuple(self._safe(hook, found[i]) for i in sorted(found))
        return self._records[hook]

    def _complain(self, plugin: str, origin: _Origin, hook: str, wrong: list[str]) -> None:
        if len(wrong) > _SHOWN:
            wrong = [*wrong[:_SHOWN], f"{len(wrong) - _SHOWN} more records are wrong"]
        for said in wrong:
            self._problems.append(PluginProblem(plugin, origin.distribution, f"hook {hook}", said))

    def _safe(self, hook: str, record: Any) -> Any:
        """A record of a plugin that is not trusted, made harmless where it holds code."""
        origin = self._origins[self._givers[(hook, name_of(record))]]
        if origin.distribution == PROJECT or not isinstance(record, Rule):
            return record
        return watched(record, frozenset() if origin.trusted else self._interests()[origin.distribution])

    def _interests(self) -> dict[str | None, frozenset[str]]:
        """The vendors that each distribution describes: what it has an interest in."""
        found: defaultdict[str | None, frozenset[str]] = defaultdict(frozenset)
        if any(not s.builtin for s in self._sources):
            for row in self.index.vendors():
                found[row.distribution] |= {row.id}
        return found

    def _say(self, plugin: str, distribution: str | None, stage: str, error: BaseException) -> None:
        self._problems.append(PluginProblem(plugin, distribution, stage, str(error)[:600]))


def _check_hooks(plugin: object) -> None:
    """What pluggy lets pass: hooks that nobody asks for, and functions that were meant to be hooks.

    Raises:
        PluginError: With the nearest hook.
    """
    marked = f"{PROJECT}_impl"
    found = 0
    for name in dir(plugin):
        member = None
        with suppress(AttributeError):
            member = getattr(plugin, name)
        is_hook = hasattr(member, marked) if callable(member) else False
        if not is_hook and not (name.startswith(f"{PROJECT}_") and callable(member)):
            continue
        if name not in HOOKS and is_hook:
            close = get_close_matches(name, HOOKS, n=1)
            raise PluginError(f"unknown hook {name!r}{f'; did you mean {close[0]}?' if close else ''}")
        if name in HOOKS and not is_hook:
            raise PluginError(f"{name} is not marked with @hookimpl, so nobody would call it")
        found += is_hook
    if not found:
        raise PluginError(f"contributes nothing; expected one of the hooks {', '.join(HOOKS)}")


def manifest_schema() -> dict[str, Any]:
    """JSON Schema of a vendor manifest."""
    return VendorManifest.model_json_schema(by_alias=True)


def _vendor_info(row: VendorRow) -> PluginInfo:
    return PluginInfo(
        name=row.id,
        distribution=row.distribution,
        version=row.version,
        kind="vendor",
        facts=row.facts,
        oldest=date.fromisoformat(row.oldest) if row.oldest else None,
    )
