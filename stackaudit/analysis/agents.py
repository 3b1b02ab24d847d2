"""Tools that act without a person, and the tools and records that they write to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.model.vocabulary import Tri

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis

LAYER = "ai_agents"
ACTING = "ai_agent_outreach"


class Agent(Struct, frozen=True):
    """One tool that acts by itself. ``writes`` maps each target to the records, empty where they are not declared.

    ``complete`` is False where the inventory does not claim to know all connections.
    """

    tool: str
    writes: dict[str, tuple[str, ...]]
    complete: bool


def agents(analysis: Analysis) -> tuple[Agent, ...]:
    """By tool id."""
    acting = [t for t in analysis.stack.active if t.layer == LAYER or t.uses(ACTING) is Tri.YES]
    return tuple(
        Agent(t.id, _writes(analysis, t.id), analysis.stack.closed_world) for t in sorted(acting, key=lambda t: t.id)
    )


def _writes(analysis: Analysis, tool: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for edge in analysis.graph.out(tool):
        if not edge.suite:  # a shared database is no permission to write everything
            found.setdefault(edge.target, set()).update(edge.objects or ())
    return {target: tuple(sorted(objects)) for target, objects in sorted(found.items())}
