"""The levels of privacy and what each does to every field of the result, as ``reports/privacy.yaml`` decides."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal, cast

from msgspec import Struct

from stackaudit.resources import data_dir

Action = Literal["keep", "scrub", "drop", "alias"]


class Level(StrEnum):
    """Who reads: everybody involved, the client at large, a vendor, anybody."""

    FULL = "full"
    CLIENT = "client"
    VENDOR = "vendor"
    PUBLIC = "public"


class Policy(Struct, frozen=True):
    """The decisions: a kind for each field, an action for each kind at one level."""

    kinds: dict[str, str]
    actions: dict[str, Action]

    def kind(self, owner: str, name: str, parent: str) -> str | None:
        """The kind of a field, looked up with the field that holds it first; None where nobody has decided."""
        return self.kinds.get(f"{parent}/{owner}.{name}", self.kinds.get(f"{owner}.{name}"))

    def action(self, kind: str | None) -> Action:
        """What happens to a kind; what is not decided is dropped."""
        return self.actions.get(kind, "drop") if kind is not None else "drop"


def load_policy(level: Level) -> Policy:
    """The policy of one level below full."""
    content = read()
    place = [Level.CLIENT, Level.VENDOR, Level.PUBLIC].index(level)
    kinds = {f"{owner}.{name}": kind for owner, fields in content["fields"].items() for name, kind in fields.items()}
    return Policy(kinds, {kind: cast("Action", row[place]) for kind, row in content["levels"].items()})


def read() -> dict[str, Any]:
    """The file as it is."""
    from stackaudit.yamlio import load

    path = data_dir("reports") / "privacy.yaml"
    return cast("dict[str, Any]", load(path.read_bytes(), path.name).data)
