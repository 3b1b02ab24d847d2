"""What commands read: stack files, standard input, days."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from stackaudit.cli.output import note
from stackaudit.cli.streams import read_stdin
from stackaudit.errors import UsageError

if TYPE_CHECKING:
    from stackaudit.inventory import LoadedInventory
    from stackaudit.model.catalog import Catalog
    from stackaudit.model.part import Override
    from stackaudit.model.result import Problem
    from stackaudit.packs import PrivatePack
    from stackaudit.pluginmanager import Entry, Plugins

STDIN = "-"


class PluginChoice(NamedTuple):
    """Which plugins and packs a command uses, and how strictly.

    Attributes:
        installed: Whether installed distributions may contribute.
        only: Names of the installed plugins to use, separated by commas; empty for all.
        packs: Folders of private packs.
        locked: Refuse whatever differs from the lock file.
        strict: Stop where a plugin has a problem.
    """

    installed: bool = True
    only: str = ""
    packs: tuple[Path, ...] = ()
    locked: bool = False
    strict: bool = False


EVERYTHING = PluginChoice()
"""What is used where nobody chose: all that is installed."""


class Opened(NamedTuple):
    """A stack file with what gives it meaning; ``changes`` are those that packs made to the catalogue."""

    loaded: LoadedInventory
    plugins: Plugins
    catalog: Catalog
    changes: tuple[Override, ...]


def open_stack(
    file: str, choice: PluginChoice = EVERYTHING, *, root: Path | None = None
) -> tuple[LoadedInventory, Plugins, Catalog]:
    """Load a stack file together with the plugins and the catalogue that give it meaning.

    Raises:
        InputError: With everything that is wrong with the file.
    """
    opened = open_with(file, choice, root=root)
    return opened.loaded, opened.plugins, opened.catalog


def open_with(file: str, choice: PluginChoice, *, root: Path | None = None) -> Opened:
    """Load a stack file with the plugins and packs that a command chose.

    Raises:
        InputError: With everything that is wrong with the file, a pack or the lock.
        UsageError: A plugin that was asked for is not installed, the lock is broken, or a plugin has a problem.
    """
    from stackaudit import audit
    from stackaudit.inventory import load_inventory
    from stackaudit.yamlio import MAX_BYTES

    path = path_of(file)
    plugins, catalog, changes = open_plugins(choice, beside=path.parent if path else None)
    vocabulary = audit.vocabulary(catalog, plugins)
    data = read_stdin(MAX_BYTES) if file == STDIN else None
    loaded = load_inventory(path, vocabulary=vocabulary, root=root or Path.cwd(), data=data)
    return Opened(loaded, plugins, catalog, changes)


def open_plugins(
    choice: PluginChoice,
    *,
    beside: Path | None = None,
    builtin: Iterable[tuple[str, object]] = (),
    rules: bool = True,
) -> tuple[Plugins, Catalog, tuple[Override, ...]]:
    """The plugins and the catalogue that a command chose, and what packs changed.

    Args:
        choice: What was asked for.
        beside: The stack file's folder, where a lock may lie as well as in the working folder.
        builtin: Further plugins that come with the program, with their names.
        rules: Whether the built-in rules are needed, which a question about the catalogue does without.

    Raises:
        UsageError: A plugin that was asked for is not installed, the lock is broken, or a plugin has a problem.
    """
    from stackaudit.catalog import load_catalog

    only = named_plugins(choice)
    if choice.locked:
        _hold(choice, only, beside)
    catalog = load_catalog()
    packs: tuple[PrivatePack, ...] = ()
    if choice.packs:
        from stackaudit.packs import open_packs

        catalog, packs = open_packs(choice.packs, catalog)
    plugins = _opener(rules, builtin)(
        installed=choice.installed,
        only=only,
        packs=[p.plugin for p in packs],
        catalog=catalog if packs else None,
    )
    if choice.strict:
        plugins.collect()
        refuse([f"{_who(p.plugin, p.distribution)}: {p.stage}: {p.message}" for p in plugins.problems])
    return plugins, catalog, tuple(change for pack in packs for change in pack.changes)


def _opener(rules: bool, builtin: Iterable[tuple[str, object]]) -> Callable[..., Plugins]:
    """What opens plugins; a question about the catalogue must not pay for loading the rules."""
    if not rules:
        from stackaudit.lookup import words

        return words.open_plugins
    from stackaudit import audit

    return partial(audit.open_plugins, builtin=builtin)


def path_of(file: str) -> Path | None:
    """The file that a command was given; None is standard input."""
    return None if file == STDIN else Path(file)


def refuse_broken(problems: Iterable[Problem]) -> None:
    """Stop over what a plugin or a rule broke, where a command is strict.

    Raises:
        UsageError: Anything did.
    """
    refuse(f"{p.source}: {p.stage}: {p.message}" for p in problems if p.kind != "input")


def tell(problems: Iterable[Problem]) -> None:
    """Name what went wrong in an audit, one line each."""
    for problem in problems:
        note(f"problem: {problem.source}: {problem.stage}: {problem.message}")


def refuse(problems: Iterable[str]) -> None:
    """Stop over problems that are not tolerated.

    Raises:
        UsageError: There are any.
    """
    found = list(problems)
    if found:
        raise UsageError("\n".join(["stopped by --strict-plugins:", *found]))


def _who(plugin: str, distribution: str | None) -> str:
    return f"plugin {plugin}{f' ({distribution})' if distribution else ''}"


def named_plugins(choice: PluginChoice) -> frozenset[str] | None:
    """The plugins that were asked for by name; each must be there, or the audit would silently lack it."""
    names = frozenset(n.strip() for n in choice.only.split(",") if n.strip())
    if not names:
        return None
    from stackaudit.pluginmanager import installed_entries

    entries, _ = installed_entries()
    known = sorted({e.name for e in entries})
    for name in sorted(names):
        if not any(e.answers_to(frozenset({name})) for e in entries):
            close = get_close_matches(name, known, n=1)
            hint = f"; did you mean {close[0]}?" if close else f"; installed: {', '.join(known) or 'none'}"
            raise UsageError(f"--only-plugins: no installed plugin is called {name!r}{hint}")
    return names


def _hold(choice: PluginChoice, only: frozenset[str] | None, beside: Path | None) -> None:
    """Compare what would be used with the lock, before any of it is run."""
    from stackaudit.lock import LOCK_FILE, differences, make_lock, read_lock

    places = [Path(LOCK_FILE)] + ([beside / LOCK_FILE] if beside is not None else [])
    path = next((p for p in places if p.is_file()), None)
    if path is None:
        raise UsageError(
            f"--locked: there is no {LOCK_FILE} here or beside the file; stackaudit plugins lock writes it"
        )
    found = differences(read_lock(path), make_lock(used_entries(choice.installed, only), choice.packs))
    if found:
        raise UsageError("\n".join([f"--locked: not what {path} holds:", *found]))


def used_entries(installed: bool, only: frozenset[str] | None) -> tuple[Entry, ...]:
    """The installed plugins that a run would hear, without running them."""
    from stackaudit.pluginmanager import disabled, installed_entries

    if not installed or disabled():
        return ()
    entries, _ = installed_entries()
    return tuple(e for e in entries if only is None or e.answers_to(only))


def day_of(option: str, declared: dt.date | None) -> tuple[dt.date, str]:
    """The day of the audit and where it comes from: the option, the file, SOURCE_DATE_EPOCH or today.

    Raises:
        UsageError: The option or the variable is no date.
    """
    from stackaudit.model.inventory import FIRST_YEAR, LAST_YEAR

    if option:
        try:
            day = dt.date.fromisoformat(option)
        except ValueError:
            raise UsageError(f"--as-of: {option!r} is no ISO date such as 2026-09-01") from None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise UsageError(f"--as-of: {option}; expected a year from {FIRST_YEAR} to {LAST_YEAR}")
        return day, "option"
    if declared is not None:
        return declared, "inventory"
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        try:
            day = dt.datetime.fromtimestamp(int(epoch), tz=dt.UTC).date()
        except (ValueError, OverflowError, OSError):
            raise UsageError(f"SOURCE_DATE_EPOCH: {epoch[:40]!r} is no number of seconds") from None
        if not 1970 <= day.year <= LAST_YEAR:
            raise UsageError(
                f"SOURCE_DATE_EPOCH: {epoch[:40]} is in the year {day.year}; expected one up to {LAST_YEAR}"
            )
        return day, "default"
    return dt.datetime.now(tz=dt.UTC).astimezone().date(), "default"
