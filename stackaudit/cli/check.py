"""``stackaudit check``: every problem of a stack file at once."""

from __future__ import annotations

from pathlib import Path

from stackaudit.cli.inputs import open_stack
from stackaudit.cli.output import note, out
from stackaudit.errors import InputError


def check(file: str, *, installed: bool, root: Path | None) -> int:
    """Print the problems; 0 where the file is valid, warnings included, 2 where it is not."""
    from stackaudit import audit as engine

    try:
        loaded, plugins, catalog = open_stack(file, installed=installed, root=root)
    except InputError as error:
        for problem in error.problems:
            out(str(problem))
        bad = sum(not p.warning for p in error.problems)
        note(f"{bad} {'problem' if bad == 1 else 'problems'}")
        return 2
    warnings = sorted({*loaded.problems, *engine.check(loaded, plugins, catalog)})
    for problem in warnings:
        out(str(problem))
    for broken in plugins.problems:
        note(f"plugin {broken.plugin}: {broken.stage}: {broken.message}")
    count = len(loaded.inventory.tools)
    note(f"{loaded.file} is valid: {count} tools, {len(warnings)} {'warning' if len(warnings) == 1 else 'warnings'}")
    return 0
