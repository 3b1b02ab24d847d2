"""``stackaudit plugins list``: what there is, from which distribution, with how many facts, resting on what."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from stackaudit.cli.inputs import PluginChoice, open_plugins
from stackaudit.cli.output import is_terminal, note, out
from stackaudit.errors import UsageError

if TYPE_CHECKING:
    from stackaudit.model.result import PluginInfo
    from stackaudit.pluginmanager import Plugins

_COLUMNS = (("name", 28), ("kind", 7), ("distribution", 20), ("version", 12), ("facts", 5), ("oldest", 10))
_BASES = ("sourced", "snapshot", "classified", "undated")


def listing(*, installed: bool, provenance: bool = False, form: str = "text", packs: tuple[Path, ...] = ()) -> int:
    """Print every plugin, one a line; in a pipe tab-separated and untruncated. 3 where one failed."""
    if form not in {"text", "json"}:
        raise UsageError(f"--format {form!r}: expected text or json")
    plugins, _, _ = open_plugins(PluginChoice(installed=installed, packs=packs))
    plugins.collect()
    counted = _bases(plugins) if provenance else {}
    rows = [_row(info, counted.get(info.name, Counter()), provenance) for info in plugins.all_plugins()]
    if form == "json":
        problems = [
            {"plugin": p.plugin, "distribution": p.distribution, "stage": p.stage, "message": p.message}
            for p in plugins.problems
        ]
        out(json.dumps({"plugins": rows, "problems": problems}, indent=2, ensure_ascii=False))
    else:
        _print(rows, provenance)
    for problem in plugins.problems:
        where = f" ({problem.distribution})" if problem.distribution else ""
        note(f"problem: plugin {problem.plugin}{where}: {problem.stage}: {problem.message}")
    return 3 if plugins.problems else 0


def _row(info: PluginInfo, bases: Counter[str], provenance: bool) -> dict[str, str | int | None]:
    row: dict[str, str | int | None] = {
        "name": info.name,
        "kind": info.kind,
        "distribution": info.distribution,
        "version": info.version,
        "facts": info.facts,
        "oldest": info.oldest.isoformat() if info.oldest else None,
    }
    return {**row, **{basis: bases[basis] for basis in _BASES}} if provenance else row


def _bases(plugins: Plugins) -> dict[str, Counter[str]]:
    """For each vendor, how many facts rest on what, and how many carry no day."""
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for fact in plugins.index.facts():
        if fact.basis:
            counted[fact.vendor][fact.basis] += 1
        if fact.checked is None:
            counted[fact.vendor]["undated"] += 1
    return counted


def _print(rows: list[dict[str, str | int | None]], provenance: bool) -> None:
    columns = [*_COLUMNS, *((basis, 10) for basis in _BASES if provenance)]
    wide = is_terminal(err=False)
    if wide:
        out("  ".join(f"{name.upper():<{width}}" for name, width in columns).rstrip())
    for row in rows:
        cells = ["" if row[name] is None else str(row[name]) for name, _ in columns]
        if wide:
            out("  ".join(f"{cell:<{width}}" for cell, (_, width) in zip(cells, columns, strict=True)).rstrip())
        else:
            out("\t".join(cells))
