"""Tools that act without a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.analysis.agents import agents as find_agents
from stackaudit.model import result as r

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis


def agents(analysis: Analysis) -> tuple[r.AgentInfo, ...]:
    """Tools that act without a person, and what they may write to."""
    infos = []
    for agent in find_agents(analysis):
        writes = tuple(r.AgentWrite(tool=tool, objects=objects) for tool, objects in agent.writes.items())
        names = analysis.names(agent.writes)
        text = f"Acts without a person and writes to {names}." if writes else "Acts without a person."
        more = "" if agent.complete else " Not all connections are declared; it may write to more."
        infos.append(
            r.AgentInfo(
                tool=agent.tool,
                owner=analysis.tool(agent.tool).entry.owner,
                writes=writes,
                complete=agent.complete,
                text=text + more,
            )
        )
    return tuple(infos)
