"""The survivor's choice in words: a suggestion with its scores, never a verdict without them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from stackaudit.rules.support import tool_line
from stackaudit.wording import join, money

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.analysis.doubles import Double
    from stackaudit.analysis.survivor import Candidate, Survivor
    from stackaudit.model.result import Evidence

_LET_GO = ("keeping", "Let {others} run out at the renewal.")
_ADVICE = {
    "RED-002": ("keeping", "Plan the merge with an end date, and freeze {others}."),
    "RED-003": ("keeping", "Move consent first, then let {others} run out at the renewal."),
    "RED-007": ("starting with", "Put {others} behind it in one order, or let them run out at the renewal."),
    "RED-009": ("keeping", "Let {others} read the same metrics, or run out at the renewal."),
}
NAMES = {"wiring": "wiring", "utilisation": "use", "scope": "scope", "exit": "contract"}


def together(analysis: Analysis, tools: Iterable[str]) -> str:
    """Names of tools as one speaks them: A and B; A, B and C."""
    return join(analysis.label(t) for t in tools)


def suggestion(analysis: Analysis, double: Double) -> str:
    """What to do about a group: merge first, keep one and why, or what is missing to say."""
    choice = analysis.survivors[double]
    if choice.forced:
        return choice.forced[0].upper() + choice.forced[1:]
    if choice.suggested is None:
        missing = [NAMES[c] for c in NAMES if c not in choice.compared]
        lacking = f"; not comparable: {', '.join(missing)}" if missing else ""
        return f"The scores do not separate them{lacking}. Choose one at the next renewal."
    advice, after = _ADVICE.get(double.rule, _LET_GO)
    others = "the other" if len(double.tools) == 2 else "the others"
    return f"The scores suggest {advice} {analysis.label(choice.suggested)} ({reason(choice)}). {after.format(others=others)}"


def reason(choice: Survivor) -> str:
    """In which criteria the suggested tool is best."""
    best = next(c.best_in for c in choice.candidates if c.tool == choice.suggested)
    parts = [f"best in {', '.join(NAMES[b] for b in best)}"] if best else []
    if choice.by_cost:
        parts.append("tied, and cheaper per active seat")
    return "; ".join(parts)


def scores(analysis: Analysis, candidate: Candidate) -> str:
    """One tool's scores in a line; what is not declared says n/a."""
    values = candidate.criteria
    cost = values["cost_per_active_seat"]
    currency = analysis.money.currency or "USD"
    return ", ".join(
        [
            f"wiring {_share(values['wiring'])}",
            f"use {_share(values['utilisation'])}",
            f"scope {analysis.tool(candidate.tool).entry.scope or 'whole company'}",
            f"paid until {candidate.exit.isoformat() if candidate.exit else 'n/a'}",
            f"{money(cost, currency)} an active seat" if cost is not None else "cost per active seat n/a",
        ]
    )


def score_lines(analysis: Analysis, double: Double) -> tuple[Evidence, ...]:
    """Every tool's scores, where it is declared."""
    return tuple(
        tool_line(analysis, c.tool, f"{analysis.label(c.tool)}: {scores(analysis, c)}")
        for c in analysis.survivors[double].candidates
    )


def _share(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.0%}"
