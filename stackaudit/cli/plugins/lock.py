"""``stackaudit plugins lock``: write down which plugins and packs an engagement rests on."""

from __future__ import annotations

from pathlib import Path

from stackaudit.cli.inputs import PluginChoice, named_plugins, used_entries
from stackaudit.cli.output import note, write_atomically
from stackaudit.wording import plural


def lock(choice: PluginChoice, output: Path | None) -> int:
    """Pin what a run would use now; none of it is run."""
    from stackaudit.catalog import load_catalog
    from stackaudit.lock import LOCK_FILE, make_lock
    from stackaudit.packs import open_packs

    open_packs(choice.packs, load_catalog())
    made = make_lock(used_entries(choice.installed, named_plugins(choice)), choice.packs)
    path = output or Path(LOCK_FILE)
    write_atomically(path, made.to_json())
    note(f"{path}: {plural(len(made.plugins), 'plugin')} and {plural(len(made.packs), 'pack')} pinned")
    return 0
