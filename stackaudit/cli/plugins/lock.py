"""``stackaudit plugins lock``: write down which plugins and packs an engagement rests on."""

from __future__ import annotations

from pathlib import Path

from stackaudit.cli.inputs import PluginChoice, named_plugins, used_entries
from stackaudit.cli.output import note, write_atomically


def lock(*, installed: bool, only: str, packs: tuple[Path, ...], output: Path | None) -> int:
    """Pin what a run would use now; none of it is run."""
    from stackaudit.catalog import load_catalog
    from stackaudit.lock import LOCK_FILE, make_lock
    from stackaudit.packs import open_packs

    choice = PluginChoice(installed=installed, only=only, packs=packs)
    open_packs(packs, load_catalog())
    made = make_lock(used_entries(installed, named_plugins(choice)), packs)
    path = output or Path(LOCK_FILE)
    write_atomically(path, made.to_json())
    note(f"{path}: {len(made.plugins)} plugins and {len(made.packs)} packs pinned")
    return 0
