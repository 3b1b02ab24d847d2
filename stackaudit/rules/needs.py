"""Judge tools by what they need from others, and say in one line of which nobody can tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from stackaudit.analysis.roles import Role
from stackaudit.analysis.scoring import Scored
from stackaudit.model.plugins import Draft, RuleContext
from stackaudit.rules.support import confidence, not_assessed, path_lines, staying, tool_line, undecided

Needs = Mapping[str, Scored]
"""How well each need of a tool is met, by what would be said where it is not."""


def one(tool_id: str) -> Role:
    """One tool as a role."""
    return Role((tool_id,), (tool_id,))


def unsure(context: RuleContext, tools: list[str]) -> Iterable[Draft]:
    """One line about tools of which nobody can tell."""
    if not tools:
        return
    yield not_assessed(undecided(context), tools)


def starved(
    context: RuleContext,
    tools: Iterable[str],
    needs: Callable[[str], Needs],
    said: Callable[[str, list[str]], tuple[str, str]],
) -> Iterable[Draft]:
    """Tools that certainly lack what they need, one draft each; then in one line those of which nobody can tell.

    Args:
        context: What the rule reads.
        tools: Ids of the tools in question.
        needs: What a tool needs, and how well each need is met.
        said: The message and the evidence, from the tool's name and what it lacks.
    """
    analysis, unclear = context.analysis, []
    for tool_id in staying(analysis, tools):
        scored = needs(tool_id)
        missing = [name for name, s in scored.items() if s.high == 0]
        if missing:
            message, proof = said(analysis.label(tool_id), missing)
            paths = [p for name in missing for p in scored[name].paths]
            yield Draft(
                message=message,
                subjects=(tool_id,),
                evidence=(tool_line(analysis, tool_id, proof), *path_lines(analysis, paths)),
                confidence=confidence([analysis.tool(tool_id)]),
            )
        elif any(s.low == 0 for s in scored.values()):
            unclear.append(tool_id)
    yield from unsure(context, unclear)
