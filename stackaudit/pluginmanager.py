"""Find, load and isolate plugins: a broken one is a problem to report, never the end of an audit."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import EntryPoint, distributions
from pathlib import Path
from typing import Any, TypeVar

import pluggy

from stackaudit import __version__
from stackaudit.hookspecs import PROJECT, HookSpecs, hookimpl
from stackaudit.model.plugins import Importer, PluginProblem, Rule, Theme
from stackaudit.model.result import PluginInfo
from stackaudit.model.vendor import Vendor, VendorManifest, VendorTool
from stackaudit.resources import vendors_dir
from stackaudit.vendorindex import (
    KnownName,
    Source,
    ToolRow,
    VendorIndex,
    VendorRow,
    default_cache_dir,
    fold,
    match,
    open_index,
)

__all__ = ["ActivatedTool", "KnownName", "Plugins", "Suggestion", "fold", "manifest_schema"]

DISABLE = "STACKAUDIT_DISABLE_PLUGINS"
_MANIFEST_ENDINGS = (".yaml", ".yml")
Record = TypeVar("Record", Rule, Importer, Theme)


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


class Plugins:
    """The plugins of one run."""

    def __init__(self, manager: pluggy.PluginManager, blocked: frozenset[str]) -> None:
        self._manager = manager
        self._blocked = blocked
        self._origins: dict[str, tuple[str | None, str | None]] = {}
        self._problems: list[PluginProblem] = []
        self._records: dict[str, tuple[Any, ...]] = {}
        self._index: VendorIndex | None = None
        self._sources: list[Source] = []
        self._cache_dir: Path | None = None

    @classmethod
    def load(
        cls,
        *,
        builtin: Iterable[tuple[str, object]] = (),
        installed: bool = True,
        only: frozenset[str] | None = None,
        blocked: frozenset[str] = frozenset(),
        manifest_dirs: Iterable[Path] | None = None,
        cache_dir: Path | None = None,
        use_cache: bool = True,
    ) -> Plugins:
        """Register plugins; manifests are only listed, and read when a vendor is asked for.

        Args:
            builtin: Names and plugin objects that come with the program.
            installed: Whether installed distributions may contribute; also off with STACKAUDIT_DISABLE_PLUGINS.
            only: Names of the installed plugins to use; None for all.
            blocked: Names of plugins to leave out, vendors included.
            manifest_dirs: Folders of built-in manifests; by default the shipped one.
            cache_dir: Folder for the compiled index; by default the user's.
            use_cache: Whether to keep the compiled index at all.
        """
        manager = pluggy.PluginManager(PROJECT)
        manager.add_hookspecs(HookSpecs)
        plugins = cls(manager, blocked)
        plugins._cache_dir = (cache_dir or default_cache_dir()) if use_cache else None
        folders = [vendors_dir()] if manifest_dirs is None else list(manifest_dirs)
        plugins._sources = [
            Source(path, PROJECT, __version__, builtin=True)
            for folder in folders
            for path in sorted(folder.glob("*.yaml"))
        ]
        for name, plugin in builtin:
            plugins._register(name, plugin, PROJECT, __version__)
        if installed and not os.environ.get(DISABLE):
            plugins._load_installed(only)
        return plugins

    @property
    def index(self) -> VendorIndex:
        """The compiled index, opened when first needed."""
        if self._index is None:
            self._index = open_index(self._sources, self._cache_dir)
        return self._index

    @property
    def problems(self) -> tuple[PluginProblem, ...]:
        """Everything that went wrong so far."""
        found = set(self._problems) | (set(self._index.problems()) if self._index else set())
        return tuple(sorted(found, key=lambda p: (p.plugin, p.stage, p.distribution or "", p.message)))

    def find(self, name: str) -> tuple[KnownName, ...]:
        """The tools that a name means: exact but for case, punctuation, legal suffixes and remarks on plan or place."""
        return tuple(hit for hit in match(self.index, name) if hit.vendor_id not in self._blocked)

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
        """Themes of all plugins, by id."""
        return self._collect("stackaudit_themes", Theme)

    def listing(self) -> tuple[PluginInfo, ...]:
        """Plugins in use: registered ones, vendors only if an audit asked for them."""
        infos = []
        for name, plugin in self._manager.list_name_plugin():
            if isinstance(plugin, VendorPlugin):
                infos.append(_vendor_info(plugin.row))
            elif plugin is not None:
                distribution, version = self._origins.get(name, (None, None))
                infos.append(PluginInfo(name=name, distribution=distribution, version=version, kind="code"))
        return tuple(sorted(infos, key=lambda i: (i.kind, i.name)))

    def all_plugins(self) -> tuple[PluginInfo, ...]:
        """Every plugin that could be used, vendors that nobody asked for included."""
        used = [i for i in self.listing() if i.kind != "vendor"]
        vendors = [_vendor_info(row) for row in self.index.vendors() if row.id not in self._blocked]
        return tuple(sorted([*used, *vendors], key=lambda i: (i.kind, i.name)))

    def _activate(self, vendor_id: str) -> VendorPlugin | None:
        registered = self._manager.get_plugin(vendor_id)
        if isinstance(registered, VendorPlugin):
            return registered
        found = self.index.vendor(vendor_id)
        if found is None or vendor_id in self._blocked:
            return None
        plugin = VendorPlugin(*found)
        self._register(vendor_id, plugin, plugin.row.distribution, plugin.row.version)
        return plugin

    def _register(self, name: str, plugin: object, distribution: str | None, version: str | None) -> None:
        if name in self._blocked:
            return
        try:
            self._manager.register(plugin, name=name)
            self._manager.check_pending()
        except Exception as error:  # any plugin may be broken in any way
            stage = "hooks" if isinstance(error, pluggy.PluginValidationError) else "register"
            if self._manager.has_plugin(name) and self._manager.get_plugin(name) is plugin:
                self._manager.unregister(plugin)
            self._say(name, distribution, stage, error)
            return
        self._origins[name] = (distribution, version)

    def _load_installed(self, only: frozenset[str] | None) -> None:
        seen: set[tuple[str, str]] = set()
        for dist in sorted(distributions(), key=lambda d: (d.name or "").casefold()):
            for entry in dist.entry_points:
                if entry.group != PROJECT or (entry.name, dist.name) in seen:
                    continue
                seen.add((entry.name, dist.name))
                if (only is None or entry.name in only) and entry.name not in self._blocked:
                    self._load_entry(entry, dist.name, dist.version)

    def _load_entry(self, entry: EntryPoint, distribution: str, version: str) -> None:
        if entry.value.endswith(_MANIFEST_ENDINGS):
            path = _manifest_path(entry.value)
            if path is None:
                message = f"{entry.value} does not name a file inside an installed package"
                self._problems.append(PluginProblem(entry.name, distribution, "manifest", message))
            else:
                self._sources.append(Source(path, distribution, version, builtin=False))
            return
        try:
            plugin = entry.load()
        except (Exception, SystemExit) as error:  # a plugin's import may do anything
            self._say(entry.name, distribution, "import", error)
            return
        if self._manager.has_plugin(entry.name):
            message = f"a plugin called {entry.name!r} is already registered; this one is left out"
            self._problems.append(PluginProblem(entry.name, distribution, "conflict", message))
            return
        self._register(entry.name, plugin, distribution, version)

    def _collect(self, hook: str, kind: type[Record]) -> tuple[Record, ...]:
        if hook in self._records:
            return self._records[hook]
        found: dict[str, Record] = {}
        for implementation in getattr(self._manager.hook, hook).get_hookimpls():
            distribution = self._origins.get(implementation.plugin_name, (None, None))[0]
            try:
                records = tuple(implementation.function() or ())
            except (Exception, SystemExit) as error:  # one plugin's hook must not stop another's
                self._say(implementation.plugin_name, distribution, f"hook {hook}", error)
                continue
            for record in records:
                if not isinstance(record, kind):
                    message = f"returned {type(record).__name__}, expected {kind.__name__}"
                elif record.id in found:
                    message = f"{kind.__name__.lower()} {record.id!r} exists already; this one is left out"
                else:
                    found[record.id] = record
                    continue
                self._problems.append(PluginProblem(implementation.plugin_name, distribution, f"hook {hook}", message))
        self._records[hook] = tuple(found[i] for i in sorted(found))
        return self._records[hook]

    def _say(self, plugin: str, distribution: str | None, stage: str, error: BaseException) -> None:
        message = f"{type(error).__name__}: {error}"[:500]
        self._problems.append(PluginProblem(plugin, distribution, stage, message))


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


def _manifest_path(value: str) -> Path | None:
    """The manifest that an entry point ``package:file.yaml`` names, found without running the package's code."""
    module, _, name = value.partition(":")
    package, *below = module.strip().split(".")
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None
    for folder in spec.submodule_search_locations or () if spec else ():
        root = Path(folder).resolve()
        path = root.joinpath(*below, name.strip()).resolve()
        if path.is_file() and path.is_relative_to(root):
            return path
    return None
