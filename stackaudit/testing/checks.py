"""The checks of ``stackaudit plugins check``, for tests."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from stackaudit.conformance import Report, check_target


def check_manifest(path: Path, *, as_of: dt.date | None = None) -> Report:
    """Check a manifest.

    Args:
        path: The file.
        as_of: The day on which ages are counted; by default today, since facts age.
    """
    return check_target(str(path), as_of=as_of or _today())


def check_project(folder: Path, *, as_of: dt.date | None = None, run: bool = False) -> Report:
    """Check everything that a project's ``pyproject.toml`` declares; ``run`` also imports its code, apart."""
    return check_target(str(folder), as_of=as_of or _today(), run=run)


def _today() -> dt.date:
    return dt.datetime.now(tz=dt.UTC).date()
