"""The plugins of one run: registered alone, asked alone, activated on demand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from stackaudit import __version__
from stackaudit.cache import default_cache_dir
from stackaudit.hookspecs import PROJECT, hookimpl
from stackaudit.model.part import PluginInfo
from stackaudit.model.plugins import Importer, Limits, PluginProblem, Rule, Theme
from stackaudit.model.vendor import Vendor, VendorManifest, VendorTool
from stackaudit.pluginmanager.closeness import Closeness, Suggestion
from stackaudit.pluginmanager.discovery import Entry, Pack, disabled, installed_entries
from stackaudit.pluginmanager.registry import Origin, Registry
from stackaudit.resources import vendors_dir
from stackaudit.vendorindex import (
    KnownName,
    Source,
    ToolRow,
    VendorIndex,
    VendorRow,
    Words,
    match,
    open_index,
)

__all__ = ["ActivatedTool", "Plugins", "Suggestion", "manifest_schema"]


class ActivatedTool(Struct, frozen=True):
    """A tool whose vendor's plugin is registered."""

    tool: VendorTool
    vendor: Vendor
    plugin: str
    distribution: str | None


class VendorPlugin:
    """A manifest as a plugin: it can be listed, blocked and replaced like any other."""

    def __init__(self, row: VendorRow, manifest: VendorManifest) -> None:
        self.row = row
        self.manifest = manifest

        @hookimpl
        def stackaudit_vendors() -> list[VendorManifest]:
            """The vendor's own facts."""
            return [manifest]

        # On the object itself, where pluggy finds it without a walk over the classes of each of many vendors.
        self.stackaudit_vendors = stackaudit_vendors

    def __dir__(self) -> tuple[str, ...]:
        """The only name that is a hook: the registry looks at each, for every vendor of a stack."""
        return ("stackaudit_vendors",)


class Plugins:
    """The plugins of one run."""

    def __init__(self, blocked: frozenset[str], words: Callable[[], Words] | None, cache_dir: Path | None) -> None:
        self._blocked = blocked
        self._words = words
        self._cache_dir = cache_dir
        self._registry = Registry(blocked, self._interests, lambda: words().limits if words else Limits())
        self._vendors: dict[str, VendorPlugin] = {}
        self._folders: tuple[Path, ...] = ()
        self._index: VendorIndex | None = None

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
            words: The catalogue's ids and limits, to hold plugins from outside against.
            code: Whether code of installed plugins and packs may run; manifests alone are heard without it.
            cache_dir: Folder for the compiled index; by default the user's.
            use_cache: Whether to keep the compiled index at all.
        """
        plugins = cls(blocked, words, (cache_dir or default_cache_dir()) if use_cache else None)
        registry = plugins._registry
        folders = [vendors_dir()] if manifest_dirs is None else manifest_dirs
        plugins._folders = tuple(folders)
        for name, plugin in builtin:
            registry.register(name, plugin, Origin(PROJECT, __version__, trusted=True))
        for pack in packs:
            registry.add_pack(pack if code else replace(pack, code=None))
        heard = list(entries)
        if installed and not disabled():
            found, broken = installed_entries()
            registry.problems.extend(broken)
            heard += [e for e in found if only is None or e.answers_to(only)]
        registry.hear([e for e in heard if e.name not in blocked and (code or e.is_manifest)])
        plugins._take_vendors()
        return plugins

    def again(self) -> Plugins:
        """The same plugins for another run: found and compiled once, and asked anew, so that no run shapes another."""
        other = Plugins(self._blocked, self._words, self._cache_dir)
        other._folders, other._index = self._folders, self.index
        other._registry.repeat(self._registry)
        return other

    @property
    def index(self) -> VendorIndex:
        """The compiled index, opened when first needed."""
        if self._index is None:
            self._index = open_index(self._folders, self._registry.sources, self._cache_dir, self._words)
        return self._index

    @property
    def problems(self) -> tuple[PluginProblem, ...]:
        """Everything that went wrong so far."""
        found = set(self._registry.problems) | (set(self._index.problems()) if self._index else set())
        return tuple(sorted(found, key=lambda p: (p.plugin, p.stage, p.distribution or "", p.message)))

    def named(self, name: str) -> tuple[KnownName, ...]:
        """The tools that have exactly this name, after folding case, punctuation and legal suffixes."""
        return tuple(hit for hit in self.index.names(name) if hit.vendor_id not in self._blocked)

    def find(self, name: str) -> tuple[KnownName, ...]:
        """The tools that a name means: exact but for case, punctuation, legal suffixes and remarks on plan or place."""
        return tuple(hit for hit in match(self.index, name) if hit.vendor_id not in self._blocked)

    @cached_property
    def _names(self) -> Closeness:
        """Every known name, to be asked for those close to another."""
        return Closeness(self.index.all_names())

    def suggest(self, name: str, limit: int = 3) -> tuple[Suggestion, ...]:
        """The closest known names; a suggestion to a person, never a match."""
        return self._names.near(name, limit)

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

    def all_tool_rows(self) -> tuple[ToolRow, ...]:
        """Every tool of the catalogue, without loading its facts."""
        return self.index.tools()

    def rules(self) -> tuple[Rule, ...]:
        """Rules of all plugins, by id; of two with one id the first registered stands."""
        return self._registry.collect("stackaudit_rules", Rule)

    def speakers(self, hook: str) -> tuple[str, ...]:
        """The plugins that implement a hook, by name; none of them is asked."""
        return self._registry.speakers(hook)

    def importers(self) -> tuple[Importer, ...]:
        """Importers of all plugins, by id."""
        return self._registry.collect("stackaudit_importers", Importer)

    def themes(self) -> tuple[Theme, ...]:
        """Themes of all plugins, by name."""
        return self._registry.collect("stackaudit_themes", Theme)

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
        plugin = self._registry.giver(hook, record) or PROJECT
        origin = self._registry.origins.get(plugin)
        return plugin, origin.distribution if origin else None

    def listing(self) -> tuple[PluginInfo, ...]:
        """Plugins in use: registered ones, vendors only if an audit asked for them."""
        infos = [_vendor_info(plugin.row) for plugin in self._vendors.values()]
        infos += [
            PluginInfo(name=p.name, distribution=None, version=p.digest, kind="pack") for p in self._registry.packs
        ]
        for name, origin in self._registry.origins.items():
            if origin.kind == "code":
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
        name = f"{vendor_id}.vendor" if self._registry.has(vendor_id) else vendor_id
        self._registry.register(
            name, plugin, Origin(plugin.row.distribution, plugin.row.version, trusted=True, kind="vendor")
        )
        return plugin

    def _take_vendors(self) -> None:
        """Put the manifests that code hands over beside those that are files."""
        hook = "stackaudit_vendors"
        for manifest in self._registry.collect(hook, VendorManifest):
            giver = self._registry.giver(hook, manifest.vendor.id) or PROJECT
            origin = self._registry.origins[giver]
            # Only a plugin of the same name may stand in for a vendor of the catalogue.
            ours = any((folder / f"{manifest.vendor.id}.yaml").is_file() for folder in self._folders)
            name = giver if ours and not origin.trusted else None
            self._registry.sources.append(
                Source(
                    path=Path(f"{manifest.vendor.id}.json"),
                    distribution=origin.distribution,
                    version=origin.version,
                    builtin=False,
                    name=name,
                    text=manifest.model_dump_json(exclude_defaults=True, by_alias=True),
                )
            )

    def _interests(self) -> dict[str | None, frozenset[str]]:
        """The vendors that each distribution describes: what it has an interest in."""
        found: defaultdict[str | None, frozenset[str]] = defaultdict(frozenset)
        if self._registry.sources:
            for row in self.index.vendors():
                found[row.distribution] |= {row.id}
        return found


def manifest_schema() -> dict[str, Any]:
    """JSON Schema of a vendor manifest."""
    return VendorManifest.model_json_schema(by_alias=True)


@lru_cache(maxsize=1024)
def _vendor_info(row: VendorRow) -> PluginInfo:
    return PluginInfo(
        name=row.id,
        distribution=row.distribution,
        version=row.version,
        kind="vendor",
        facts=row.facts,
        oldest=date.fromisoformat(row.oldest) if row.oldest else None,
    )
