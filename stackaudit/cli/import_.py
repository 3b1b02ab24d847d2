"""``stackaudit import``: an export into an inventory; a preview where no target is named."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from stackaudit.cli.import_preview import counts, list_sources, preview
from stackaudit.cli.inputs import PluginChoice, day_of, open_plugins
from stackaudit.cli.output import note, out, write_atomically
from stackaudit.cli.streams import write_data
from stackaudit.cli.targets import keep_inputs
from stackaudit.errors import InputError, StackauditError, UsageError
from stackaudit.wording import plural

if TYPE_CHECKING:
    from stackaudit.inventory import LoadedInventory
    from stackaudit.inventory_writer import Identify, Written
    from stackaudit.model.importing import Draft, Importer
    from stackaudit.pluginmanager import Plugins

CHOICES = "stackaudit-import.yaml"


class Request(Struct, frozen=True):
    """What the command line asks for."""

    file: Path
    output: str = ""
    into: Path | None = None
    force: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    sheet: str = ""
    encoding: str = ""
    everything: bool = False
    choice: PluginChoice = field(default_factory=PluginChoice)
    currency: str = ""


def import_file(request: Request) -> int:
    """Preview an export, write it as a new inventory, or merge it into one."""
    from stackaudit import inventory_writer

    _check_target(request)
    _check_currency(request.currency)
    plugins = _plugins(request.choice)
    choices = _Choices.load(_beside(request) / CHOICES)
    aliases = {**choices.aliases, **request.aliases}
    for name, tool in request.aliases.items():
        if plugins.tool(tool) is None:
            close = ", ".join(s.tool_id for s in plugins.suggest(tool))
            raise UsageError(f"--alias {name}={tool}: no such tool{f'; did you mean {close}?' if close else ''}")
    old = _open(request.into, plugins) if request.into else None
    if old is not None:
        aliases = {**old.inventory.settings.aliases, **aliases}
    day, _ = day_of("", None)
    identify = _identify(plugins, old.inventory.settings.aliases if old else {})
    declared = frozenset(filter(None, (identify(t.tool) for t in old.inventory.tools))) if old else frozenset()
    importer, draft = _draft(request, plugins, choices, aliases, day, declared)
    preview(draft, importer, note if request.output == "-" else out)
    if not request.output and request.into is None:
        note(f"nothing was written; add -o stack.yaml, or --into an inventory ({counts(draft)})")
        return 0
    text = request.into.read_bytes().decode("utf-8") if request.into else inventory_writer.HEADER
    written = inventory_writer.write_draft(text, draft, identify, day)
    if old is None and not written.added:
        raise UsageError(f"{request.file.name}: nothing in it can be written as a tool; see the reasons above")
    _validate(written.text, request.into or Path(request.output), plugins)
    _write(request, text, written)
    choices.keep(importer.id, request)
    return 0


def sources(choice: PluginChoice) -> int:
    """List the sources that the built-in and installed importers read."""
    return list_sources(_plugins(choice).importers())


def pairs(option: str, given: Sequence[str]) -> dict[str, str]:
    """``NAME=VALUE`` options as a map.

    Raises:
        UsageError: One is not of that form.
    """
    made = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not (name.strip() and sign and value.strip()):
            raise UsageError(f"{option} {text!r}: expected NAME=VALUE")
        made[name.strip()] = value.strip()
    return made


def _check_target(request: Request) -> None:
    written = [Path(request.output)] if request.output not in ("", "-") else []
    keep_inputs([request.file], [*written, *([_backup(request.into)] if request.into else [])])
    if request.output and request.into:
        raise UsageError("-o writes a new inventory, --into changes one: give one of the two")
    if request.output and request.output != "-":
        path = Path(request.output)
        if path.suffix.casefold() not in (".yaml", ".yml"):
            raise UsageError(f"-o {request.output}: an inventory ends in .yaml or .yml")
        if path.exists() and not request.force:
            raise UsageError(f"{path}: exists already; --into {path} merges, --force overwrites")
        if not path.parent.is_dir():
            raise UsageError(f"-o {request.output}: the folder {path.parent} does not exist")


def _check_currency(currency: str) -> None:
    if currency and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise UsageError(f"--currency {currency!r}: expected a code of three letters, e.g. USD")


def _backup(path: Path) -> Path:
    return path.with_name(f"{path.name}.bak")


def _beside(request: Request) -> Path:
    if request.into:
        return request.into.parent
    return Path(request.output).parent if request.output not in ("", "-") else Path()


def _plugins(choice: PluginChoice) -> Plugins:
    from stackaudit.importers import BuiltinImporters

    plugins, _, _ = open_plugins(choice, builtin=[("stackaudit.importers", BuiltinImporters())])
    return plugins


def _draft(
    request: Request,
    plugins: Plugins,
    choices: _Choices,
    aliases: Mapping[str, str],
    day: dt.date,
    declared: frozenset[str],
) -> tuple[Importer, Draft]:
    from stackaudit.importers import run as pipeline
    from stackaudit.importers.reading import read_export

    importers = plugins.importers()
    chosen = [*request.columns.values(), *(h for c in choices.columns.values() for h in c.values())]
    export = read_export(
        request.file,
        request.file.name,
        pipeline.known_headings(importers),
        encoding=request.encoding,
        sheet=request.sheet,
        heads=frozenset(chosen),
    )
    importer = pipeline.recognise(export, importers, source=request.source, saved=choices.columns)
    kept = pipeline.present(export, choices.columns.get(importer.id, {}))
    export = pipeline.with_columns(export, {**kept, **request.columns})
    export = replace(export, day=day, currency=request.currency.upper())
    try:
        draft = pipeline.draft(
            export, importer, plugins, aliases=aliases, everything=request.everything, declared=declared
        )
        return importer, draft
    except StackauditError:
        raise
    except Exception as error:
        origin = f"the importer {importer.id!r} failed on {request.file.name}"
        raise UsageError(f"{origin}: {type(error).__name__}: {error}"[:500]) from error


def _identify(plugins: Plugins, aliases: Mapping[str, str]) -> Identify:
    from stackaudit.pluginmanager import fold

    chosen = {fold(name): tool for name, tool in aliases.items()}

    def identify(name: str) -> str | None:
        if fold(name) in chosen:
            return chosen[fold(name)]
        ids = {hit.tool_id for hit in plugins.find(name)}
        return next(iter(ids)) if len(ids) == 1 else None

    return identify


def _open(path: Path, plugins: Plugins, data: bytes | None = None) -> LoadedInventory:
    from stackaudit import audit
    from stackaudit.catalog import load_catalog
    from stackaudit.inventory import load_inventory

    vocabulary = audit.vocabulary(load_catalog(), plugins)
    return load_inventory(path if data is None else None, vocabulary=vocabulary, root=Path.cwd(), data=data)


def _validate(text: str, path: Path, plugins: Plugins) -> None:
    """What would be written must be an inventory itself; otherwise nothing is written."""
    try:
        _open(path, plugins, text.encode("utf-8"))
    except InputError as error:
        first = str(error.problems[0]) if error.problems else ""
        raise UsageError(f"{path}: the import would make it invalid, so nothing was written: {first}") from error


def _write(request: Request, old: str, written: Written) -> None:
    for remark in written.remarks:
        note(remark)
    if request.output == "-":
        write_data(written.text)
        return
    if request.into is None:
        path = Path(request.output)
        write_atomically(path, written.text)
        note(f"{path} written with {plural(written.added, 'entry', 'entries')}; next: stackaudit audit {path}")
        return
    path = request.into
    if written.text == old:
        note(f"{path}: nothing to change")
        return
    for line in difflib.unified_diff(
        old.splitlines(), written.text.splitlines(), path.name, path.name, "old", "new", 1
    ):
        out(line.rstrip("\n"))
    backup = _backup(path)
    write_atomically(backup, path.read_bytes())
    write_atomically(path, written.text)
    note(f"{path}: {written.added} added, {written.changed} updated; the old one is {backup.name}")


class _Choices(Struct, frozen=True):
    """What a person has decided at earlier imports: headings by source, and tools for names."""

    path: Path
    columns: Mapping[str, Mapping[str, str]]
    aliases: Mapping[str, str]

    @classmethod
    def load(cls, path: Path) -> _Choices:
        """Read the file, if there is one; parts that are no choices are passed over."""
        from stackaudit import yamlio

        data = yamlio.load_path(path, path.name).data if path.is_file() else {}
        data = data if isinstance(data, dict) else {}
        columns = {k: _texts(v) for k, v in _items(data.get("columns"))}
        return cls(path, columns, _texts(data.get("aliases")))

    def keep(self, source: str, request: Request) -> None:
        """Write the file anew where this import brought choices."""
        if not (request.columns or request.aliases) or request.output == "-":
            return
        import yaml

        columns = {**self.columns, source: {**self.columns.get(source, {}), **request.columns}}
        data = {
            "columns": {k: dict(v) for k, v in columns.items() if v},
            "aliases": {**self.aliases, **request.aliases},
        }
        text = yaml.safe_dump({k: v for k, v in data.items() if v}, allow_unicode=True)
        write_atomically(self.path, f"# What stackaudit import was told; it is used again next time.\n{text}")
        note(f"{self.path} keeps your choices for next time")


def _items(value: object) -> Iterable[tuple[str, object]]:
    return value.items() if isinstance(value, dict) else ()


def _texts(value: object) -> dict[str, str]:
    return {k: v for k, v in _items(value) if isinstance(v, str)}
