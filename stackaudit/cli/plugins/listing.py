"""``stackaudit plugins list``: what there is, from which distribution, with how many facts, resting on what."""

from __future__ import annotations

import json
import shutil
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from stackaudit.cli.inputs import PluginChoice, open_plugins
from stackaudit.cli.output import is_terminal, note, out
from stackaudit.errors import UsageError

if TYPE_CHECKING:
    from stackaudit.model.part import PluginInfo
    from stackaudit.pluginmanager import Plugins

Row = dict[str, str | int | None]
_COLUMNS = ("name", "kind", "distribution", "version", "facts", "oldest")
_BASES = ("sourced", "snapshot", "classified", "undated")
_WIDEST, _NARROWEST = 28, 12
_SPARED = ("version", "distribution", "kind", "format")
"""What a narrow terminal can do without, in this order."""


def listing(choice: PluginChoice, *, provenance: bool = False, form: str = "text") -> int:
    """Print every plugin, one a line; in a pipe tab-separated and untruncated. 3 where one failed."""
    from stackaudit.importers import BuiltinImporters

    if form not in {"text", "json"}:
        raise UsageError(f"--format {form!r}: expected text or json")
    plugins, _, _ = open_plugins(choice, builtin=[("stackaudit.importers", BuiltinImporters())])
    plugins.collect()
    counted = _bases(plugins) if provenance else {}
    infos = plugins.all_plugins()
    rows = [_row(info, counted.get(info.name, Counter()), provenance) for info in infos]
    rows += _importers(plugins, {info.name: info for info in infos}, provenance)
    rows.sort(key=lambda row: (str(row["kind"]), str(row["name"])))
    if form == "json":
        problems = [
            {"plugin": p.plugin, "distribution": p.distribution, "stage": p.stage, "message": p.message}
            for p in plugins.problems
        ]
        out(json.dumps({"plugins": rows, "problems": problems}, indent=2, ensure_ascii=False))
    else:
        _print(rows, (*_COLUMNS, *((*_BASES, "format") if provenance else ())))
    for problem in plugins.problems:
        where = f" ({problem.distribution})" if problem.distribution else ""
        note(f"problem: plugin {problem.plugin}{where}: {problem.stage}: {problem.message}")
    return 3 if plugins.problems else 0


def _row(info: PluginInfo, bases: Counter[str], provenance: bool) -> Row:
    row: Row = {
        "name": info.name,
        "kind": info.kind,
        "distribution": info.distribution,
        "version": info.version,
        "facts": info.facts,
        "oldest": info.oldest.isoformat() if info.oldest else None,
    }
    return {**row, **{basis: bases[basis] for basis in _BASES}} if provenance else row


def _importers(plugins: Plugins, infos: dict[str, PluginInfo], provenance: bool) -> list[Row]:
    """One row a kind of export that can be read; what it rests on is how far its format is confirmed."""
    rows: list[Row] = []
    for importer in plugins.importers():
        plugin, distribution = plugins.giver("stackaudit_importers", importer.id)
        version = infos[plugin].version if plugin in infos else None
        row: Row = {"name": importer.id, "kind": "importer", "distribution": distribution, "version": version}
        rows.append({**row, "format": importer.format} if provenance else row)
    return rows


def _bases(plugins: Plugins) -> dict[str, Counter[str]]:
    """For each vendor, how many facts rest on what, and how many carry no day."""
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for fact in plugins.index.facts():
        if fact.basis:
            counted[fact.vendor][fact.basis] += 1
        if fact.checked is None:
            counted[fact.vendor]["undated"] += 1
    return counted


def _print(rows: list[Row], columns: tuple[str, ...]) -> None:
    cells = [{name: _text(row.get(name)) for name in columns} for row in rows]
    if not is_terminal(err=False):
        for row in cells:
            out("\t".join(row.values()))
        return
    room = shutil.get_terminal_size().columns
    widths = {name: min(_WIDEST, max(len(row[name]) for row in (*cells, {name: name}))) for name in columns}
    left_out = []
    for name in _SPARED:
        spare = widths["name"] - _NARROWEST
        if name in widths and _total(widths) - spare > room:
            del widths[name]
            left_out.append(name)
    widths["name"] -= max(0, _total(widths) - room)
    for row in ({name: name.upper() for name in columns}, *cells):
        out("  ".join(_fit(row[name], width) for name, width in widths.items()).rstrip())
    if left_out:
        note(f"too narrow here for {', '.join(left_out)}; a pipe and --format json have everything")


def _total(widths: dict[str, int]) -> int:
    return sum(widths.values()) + 2 * (len(widths) - 1)


def _fit(text: str, width: int) -> str:
    return f"{text:<{width}}" if len(text) <= width else f"{text[: width - 1]}…"


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)
