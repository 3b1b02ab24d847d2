"""What commands read: stack files, standard input, days."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from stackaudit.errors import UsageError

if TYPE_CHECKING:
    from stackaudit.inventory import LoadedInventory
    from stackaudit.model.catalog import Catalog
    from stackaudit.pluginmanager import Plugins

STDIN = "-"


def open_stack(
    file: str, *, installed: bool, only: str = "", root: Path | None = None
) -> tuple[LoadedInventory, Plugins, Catalog]:
    """Load a stack file together with the plugins and the catalogue that give it meaning.

    Raises:
        InputError: With everything that is wrong with the file.
    """
    from stackaudit import audit
    from stackaudit.catalog import load_catalog
    from stackaudit.inventory import load_inventory
    from stackaudit.yamlio import MAX_BYTES

    catalog = load_catalog()
    names = frozenset(n.strip() for n in only.split(",") if n.strip()) or None
    plugins = audit.open_plugins(installed=installed, only=names)
    vocabulary = audit.vocabulary(catalog, plugins)
    data = sys.stdin.buffer.read(MAX_BYTES + 1) if file == STDIN else None
    path = None if file == STDIN else Path(file)
    loaded = load_inventory(path, vocabulary=vocabulary, root=root or Path.cwd(), data=data)
    return loaded, plugins, catalog


def day_of(option: str, declared: dt.date | None) -> tuple[dt.date, str]:
    """The day of the audit and where it comes from: the option, the file, SOURCE_DATE_EPOCH or today.

    Raises:
        UsageError: The option or the variable is no date.
    """
    if option:
        try:
            return dt.date.fromisoformat(option), "option"
        except ValueError:
            raise UsageError(f"--as-of: {option!r} is no ISO date such as 2026-09-01") from None
    if declared is not None:
        return declared, "inventory"
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        try:
            return dt.datetime.fromtimestamp(int(epoch), tz=dt.UTC).date(), "default"
        except (ValueError, OverflowError, OSError):
            raise UsageError(f"SOURCE_DATE_EPOCH: {epoch[:40]!r} is no number of seconds") from None
    return dt.datetime.now(tz=dt.UTC).astimezone().date(), "default"
