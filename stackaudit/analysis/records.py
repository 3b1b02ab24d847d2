"""Which tools are declared systems of record for which objects."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from stackaudit.model.stack import Stack

CORE = ("account", "contact", "lead", "opportunity")
"""Records without which no company sells: each needs one home."""


class SystemOfRecord(Struct, frozen=True):
    """One object and every tool that declares itself its system of record."""

    object: str
    tools: tuple[str, ...]


def records(stack: Stack) -> Mapping[str, SystemOfRecord]:
    """Declared systems of record by object, over all tools that count; a declaration is counted whatever its scope."""
    found: dict[str, set[str]] = {}
    for tool in stack.active:
        for item in tool.entry.system_of_record_for or ():
            found.setdefault(item, set()).add(tool.id)
    return {item: SystemOfRecord(item, tuple(sorted(tools))) for item, tools in sorted(found.items())}


def homeless(declared: Mapping[str, SystemOfRecord]) -> list[str]:
    """Core records of which no tool is declared to be the system of record."""
    return [item for item in CORE if item not in declared]
