"""Where shipped data lives: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_SHIPPED = _PACKAGE / "_data"


def data_dir(name: str) -> Path:
    """The folder of shipped data called ``catalogs`` or ``reports``."""
    shipped = _SHIPPED / name
    return shipped if shipped.is_dir() else _PACKAGE.parent / name


def vendors_dir() -> Path:
    """The folder of built-in vendor manifests: beside the package when installed, under ``plugins/`` in a checkout."""
    installed = _PACKAGE.parent / "stackaudit_vendors"
    return installed if installed.is_dir() else _PACKAGE.parent / "plugins" / "stackaudit_vendors"
