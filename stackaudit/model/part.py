"""Parts of the result that are needed before there is one: without them, a check would have to load all others."""

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """Base of all parts of the result: frozen and closed."""

    model_config = ConfigDict(frozen=True, defer_build=True, extra="forbid", populate_by_name=True)


class ToolMatch(Part):
    """How a declared name became a known tool: by id, name, alias, former_name, domain, setting or declaration."""

    tool: str | None
    by: str
    text: str


class PluginInfo(Part):
    """One plugin that the audit drew on, or one that failed. ``oldest`` is its oldest fact's date."""

    name: str
    distribution: str | None
    version: str | None
    kind: str = "vendor"
    facts: int = 0
    oldest: dt.date | None = None


class Override(Part):
    """One threshold, severity or alias that the inventory changed, or a part of the catalogue that a pack did."""

    kind: Literal["severity", "enabled", "threshold", "alias", "fx", "reference"]
    name: str
    default: str | None = None
    value: str
