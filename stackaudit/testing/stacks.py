"""Build small stacks, choose the plugins that see them, and audit them."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult
    from stackaudit.pluginmanager import Plugins

DAY = dt.date(2026, 9, 1)
"""The day of an audit where the stack does not say, so that a test means the same on every day."""


def small_stack(
    *tools: str | Mapping[str, Any],
    integrations: Iterable[Mapping[str, Any] | tuple[str, str, Iterable[str]]] | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """A stack as plain data.

    Args:
        tools: Names, or maps with ``tool`` and whatever else is declared.
        integrations: Maps as in a stack file, or ``(from, to, objects)`` for a native, near-real-time one; None where
            the stack does not say how it is wired.
        fields: Further keys of a stack file, e.g. ``company``.
    """
    stack: dict[str, Any] = {"version": 1, **fields, "tools": [t if isinstance(t, str) else dict(t) for t in tools]}
    if integrations is not None:
        stack["integrations"] = [_integration(i) for i in integrations]
    return stack


def named_plugins(*names: str) -> Plugins:
    """The built-in catalogue and the named installed plugins, and nothing else that happens to be installed."""
    from stackaudit.audit import open_plugins

    return open_plugins(installed=bool(names), only=frozenset(names))


def project_plugins(folder: Path) -> Plugins:
    """The built-in catalogue and the plugins of a project that need not be installed.

    Args:
        folder: Where its ``pyproject.toml`` lies; put on the import path, so that its code is found.
    """
    from stackaudit.audit import open_plugins
    from stackaudit.pluginmanager import project_entries

    for path in (str(folder), str(folder / "src")):
        if path not in sys.path:
            sys.path.insert(0, path)
    return open_plugins(installed=False, entries=project_entries(folder))


def audit_stack(stack: Any, plugins: Plugins | None = None, *, as_of: dt.date | None = None) -> AuditResult:
    """Audit a stack given as plain data.

    Args:
        stack: What a stack file would hold: a list of names, or a map.
        plugins: Who gives it meaning; by default the built-in catalogue alone.
        as_of: The day; by default the stack's own, else a fixed one.
    """
    from stackaudit import audit
    from stackaudit.catalog import load_catalog
    from stackaudit.inventory import load_inventory

    plugins = plugins or named_plugins()
    catalog = load_catalog()
    data = yaml.safe_dump(stack, allow_unicode=True, sort_keys=False).encode("utf-8")
    words = audit.vocabulary(catalog, plugins)
    loaded = load_inventory(None, vocabulary=words, root=Path.cwd(), data=data)
    day = as_of or loaded.inventory.as_of or DAY
    return audit.run(loaded, plugins, catalog, as_of=day, as_of_source="option" if as_of else "inventory")


def _integration(given: Mapping[str, Any] | tuple[str, str, Iterable[str]]) -> dict[str, Any]:
    if isinstance(given, Mapping):
        return dict(given)
    source, target, objects = given
    wiring = {"method": "native", "latency": "near_real_time"}
    return {"from": source, "to": target, "objects": list(objects), **wiring}
