"""The words of spreadsheets and exports, from the catalogue."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import yaml

from stackaudit.resources import data_dir

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@cache
def words() -> dict[str, Any]:
    """What ``catalogs/imports.yaml`` holds, read once a process."""
    path = data_dir("catalogs") / "imports.yaml"
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a base loader makes text only
    return dict(content)


def plain(heading: str) -> str:
    """A heading without case, punctuation and spaces."""
    return re.sub(r"[\W_]+", "", heading.casefold())
