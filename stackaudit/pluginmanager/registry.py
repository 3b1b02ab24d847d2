"""Register plugins one by one, ask each alone, and remember who gave what and what went wrong."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from difflib import get_close_matches
from importlib.metadata import EntryPoint
from typing import Any, Literal, TypeVar

import pluggy
from msgspec import Struct

from stackaudit.hookspecs import HOOKS, PROJECT, HookSpecs
from stackaudit.model.plugins import Importer, Limits, PluginProblem, Rule, Theme
from stackaudit.model.vendor import VendorManifest
from stackaudit.pluginmanager.discovery import Entry, Pack
from stackaudit.pluginmanager.records import (
    PluginError,
    bounded,
    defect,
    guarded,
    name_of,
    watched,
    watched_importer,
)
from stackaudit.vendorindex import Source
from stackaudit.vendorindex.trust import wrong_api

Record = TypeVar("Record", Rule, Importer, Theme, VendorManifest)
Interests = Callable[[], Mapping[str | None, frozenset[str]]]
_SHOWN = 3
"""So many wrong records of one hook are named one by one."""


class Origin(Struct, frozen=True):
    """Where a registered plugin comes from; a trusted one is the program's own, or a pack that the user named."""

    distribution: str | None
    version: str | None
    trusted: bool
    kind: Literal["code", "vendor", "pack"] = "code"


class _Manager(pluggy.PluginManager):
    """Looks for hooks under their names alone, as nothing else is heard; by itself it inspects every attribute."""

    def parse_hookimpl_opts(self, plugin: Any, name: str) -> pluggy.HookimplOpts | None:
        """How a plugin implements the hook of that name, if it does."""
        return super().parse_hookimpl_opts(plugin, name) if name in HOOKS else None


class Registry:
    """The plugins that are registered, where each comes from, and the manifests that they bring as files."""

    def __init__(self, blocked: frozenset[str], interests: Interests, limits: Callable[[], Limits]) -> None:
        """Begin empty.

        Args:
            blocked: Names of plugins to leave out.
            interests: The vendors that each distribution describes, asked for when rules are collected.
            limits: How long plugins' code may run and how much it may hand over, asked for before any of it runs.
        """
        self._limits = limits
        self._manager = _Manager(PROJECT)
        self._manager.add_hookspecs(HookSpecs)
        self._blocked = blocked
        self._interests = interests
        self._records: dict[str, tuple[Any, ...]] = {}
        self._givers: dict[tuple[str, str], str] = {}
        self.origins: dict[str, Origin] = {}
        self.problems: list[PluginProblem] = []
        self.sources: list[Source] = []
        self.packs: list[Pack] = []

    def has(self, name: str) -> bool:
        """Whether a plugin of that name is registered."""
        return bool(self._manager.has_plugin(name))

    def giver(self, hook: str, record: str) -> str | None:
        """The plugin that handed a record over by a hook."""
        return self._givers.get((hook, record))

    def register(self, name: str, plugin: object, origin: Origin) -> None:
        """Register a plugin; one that is broken, or whose name is taken, is a problem and left out."""
        if name in self._blocked:
            return
        if self._manager.has_plugin(name):
            said = f"a plugin called {name!r} is already registered; this one is left out"
            self.problems.append(PluginProblem(name, origin.distribution, "conflict", said))
            return
        if origin.kind == "vendor":  # our own wrapper of a manifest
            self._manager.register(plugin, name=name)
            self.origins[name] = origin
            return
        try:
            with self._guarded(origin.distribution, name, "hook_seconds"):
                _check_hooks(plugin)
                self._manager.register(plugin, name=name)
                self._manager.check_pending()
        except PluginError as error:
            if self._manager.has_plugin(name) and self._manager.get_plugin(name) is plugin:
                self._manager.unregister(plugin)
            self._say(name, origin.distribution, "hooks", error)
            return
        self.origins[name] = origin

    def speakers(self, hook: str) -> tuple[str, ...]:
        """The plugins that implement a hook, by name."""
        return tuple(sorted(i.plugin_name for i in getattr(self._manager.hook, hook).get_hookimpls()))

    def repeat(self, other: Registry) -> None:
        """Take in what another registry has heard, but nothing of what it was asked since; vendors come when needed."""
        self.sources, self.packs, self.problems = [*other.sources], [*other.packs], [*other.problems]
        for name, origin in other.origins.items():
            if origin.kind != "vendor":
                self.register(name, other._manager.get_plugin(name), origin)

    def hear(self, entries: Iterable[Entry]) -> None:
        """Take in entry points: list manifests, import code; of several with one name the first is heard."""
        first: dict[str, Entry] = {}
        for entry in entries:
            taken = first.setdefault(entry.name, entry)
            if taken is not entry:
                said = f"a plugin called {entry.name!r} comes with {taken.distribution} already; this one is left out"
                self.problems.append(PluginProblem(entry.name, entry.distribution, "conflict", said))
            elif entry.is_manifest:
                self._list_manifest(entry)
            else:
                self._load_code(entry)

    def _list_manifest(self, entry: Entry) -> None:
        path = entry.manifest_path()
        if path is None:
            said = f"{entry.value} does not name a file inside an installed package"
            self.problems.append(PluginProblem(entry.name, entry.distribution, "manifest", said))
        else:
            self.sources.append(Source(path, entry.distribution, entry.version, builtin=False, name=entry.name))

    def _load_code(self, entry: Entry) -> None:
        try:
            with self._guarded(entry.distribution, entry.name, "import_seconds"):
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
        self.register(entry.name, plugin, Origin(entry.distribution, entry.version, trusted=False))

    def add_pack(self, pack: Pack) -> None:
        """Take in a private pack."""
        label = f"pack {pack.name}"
        self.packs.append(pack)
        self.sources += [Source(path, label, pack.digest, builtin=False) for path in pack.manifests]
        if pack.code is None:
            return
        try:
            with self._guarded(label, pack.name, "import_seconds"):
                spec = importlib.util.spec_from_file_location(f"stackaudit_pack_{pack.name}", pack.code)
                if spec is None or spec.loader is None:
                    raise ImportError(f"{pack.code.name} is no Python file")
                module = importlib.util.module_from_spec(spec)
                sys.modules[spec.name] = module
                spec.loader.exec_module(module)
        except PluginError as error:
            self._say(label, None, "import", error)
            return
        self.register(label, module, Origin(label, pack.digest, trusted=True, kind="pack"))

    def collect(self, hook: str, kind: type[Record]) -> tuple[Record, ...]:
        """The sound records of all plugins, by name; asked for once."""
        if hook in self._records:
            return self._records[hook]
        found: dict[str, Record] = {}
        for implementation in getattr(self._manager.hook, hook).get_hookimpls():
            plugin = implementation.plugin_name
            origin = self.origins[plugin]
            try:
                with self._guarded(origin.distribution, plugin, "hook_seconds"):
                    records = bounded(implementation.function(), self._most(origin).records)
                    ours = origin.distribution == PROJECT  # those are looked at by the tests
                    checked = [(record, None if ours else defect(record, kind)) for record in records]
            except PluginError as error:
                self._say(plugin, origin.distribution, f"hook {hook}", error)
                continue
            wrong = []
            for record, said in checked:
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

    def _complain(self, plugin: str, origin: Origin, hook: str, wrong: list[str]) -> None:
        if len(wrong) > _SHOWN:
            wrong = [*wrong[:_SHOWN], f"{len(wrong) - _SHOWN} more records are wrong"]
        for said in wrong:
            self.problems.append(PluginProblem(plugin, origin.distribution, f"hook {hook}", said))

    def _safe(self, hook: str, record: Any) -> Any:
        """A record of a plugin from outside, made harmless where it holds code."""
        plugin = self._givers[(hook, name_of(record))]
        origin = self.origins[plugin]
        if origin.distribution == PROJECT:
            return record
        what = _who(plugin, origin.distribution)
        if isinstance(record, Rule):
            vendors = frozenset[str]() if origin.trusted else self._interests()[origin.distribution]
            return watched(record, vendors, self._limits(), what)
        return watched_importer(record, self._limits(), what) if isinstance(record, Importer) else record

    def _most(self, origin: Origin) -> Limits:
        """The limits of a plugin; the program's own has none."""
        return Limits() if origin.distribution == PROJECT else self._limits()

    def _guarded(self, distribution: str | None, plugin: str, bound: str) -> AbstractContextManager[None]:
        """Runs a plugin's code within one of its limits."""
        if distribution == PROJECT:
            return guarded()
        limits = self._limits()
        return guarded(getattr(limits, bound), limits.grace_seconds, _who(plugin, distribution))

    def _say(self, plugin: str, distribution: str | None, stage: str, error: BaseException) -> None:
        self.problems.append(PluginProblem(plugin, distribution, stage, str(error)[:600]))


def _who(plugin: str, distribution: str | None) -> str:
    return f"plugin {plugin} ({distribution})"


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
