"""Which tool of a group of doubles to keep: each criterion on its own, a suggestion only where they separate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.analysis.seats import cost_per_active_seat, utilisation

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.analysis.doubles import Double

CRITERIA = ("wiring", "utilisation", "scope", "exit")
TIE_BREAK = "cost_per_active_seat"


class Candidate(Struct, frozen=True):
    """One tool's scores by criterion (None: not declared) and the criteria in which it alone is best.

    Wiring is the share of its required connections that are live; scope is 1 for the whole company, else 0; exit is
    the number of days for which it is paid in any case; cost is a year's cost per active seat.
    """

    tool: str
    criteria: Mapping[str, float | None]
    best_in: tuple[str, ...]
    exit: dt.date | None


class Survivor(Struct, frozen=True):
    """A suggestion with its scores. ``suggested`` is None where nothing separates the tools.

    ``compared`` are the criteria known for every tool; ``forced`` names a limit that must fall first.
    """

    suggested: str | None
    candidates: tuple[Candidate, ...]
    compared: tuple[str, ...]
    by_cost: bool
    forced: str = ""


def survivor(analysis: Analysis, double: Double) -> Survivor:
    """Compare the tools of a group. A criterion counts only where it is known for all of them."""
    values = {t: _values(analysis, t) for t in double.tools}
    compared = tuple(c for c in CRITERIA if all(v[c] is not None for v in values.values()))
    wins: dict[str, list[str]] = {t: [] for t in double.tools}
    for criterion in compared:
        best = max(v[criterion] or 0 for v in values.values())
        leaders = [t for t, v in values.items() if v[criterion] == best]
        if len(leaders) == 1:
            wins[leaders[0]].append(criterion)
    most = max(len(w) for w in wins.values())
    leaders = [t for t, w in wins.items() if len(w) == most]
    cheapest = _cheapest({t: values[t][TIE_BREAK] for t in leaders}) if len(leaders) > 1 else None
    suggested = leaders[0] if len(leaders) == 1 else cheapest
    return Survivor(
        suggested=suggested,
        candidates=tuple(Candidate(t, values[t], tuple(wins[t]), _exit(analysis, t)) for t in double.tools),
        compared=compared,
        by_cost=cheapest is not None,
        forced=_forced(analysis, double, suggested),
    )


def _values(analysis: Analysis, tool_id: str) -> dict[str, float | None]:
    tool = analysis.tool(tool_id)
    wired = analysis.wiring(tool_id)
    leaves = _exit(analysis, tool_id)
    used = utilisation(tool.entry)
    return {
        "wiring": round(wired.low, 4) if wired and wired.low == wired.high else None,
        "utilisation": None if used is None else round(used, 4),
        "scope": 0.0 if tool.scopes else 1.0,
        "exit": None if leaves is None else float((leaves - analysis.stack.as_of).days),
        TIE_BREAK: cost_per_active_seat(analysis, tool_id),
    }


def _exit(analysis: Analysis, tool_id: str) -> dt.date | None:
    """Until when a tool is paid for in any case; None where no contract in force is declared."""
    contract = analysis.contract(tool_id)
    if contract is None:
        return None
    day = contract.exit(int(analysis.threshold("money_renewal_term")))
    return day if day >= analysis.stack.as_of else None


def _cheapest(costs: Mapping[str, float | None]) -> str | None:
    """The one tool with the lowest cost; None where a cost is unknown or two are equal."""
    known = [c for c in costs.values() if c is not None]
    if len(known) < len(costs):
        return None
    lowest = [t for t, c in costs.items() if c == min(known)]
    return lowest[0] if len(lowest) == 1 else None


def _forced(analysis: Analysis, double: Double, suggested: str | None) -> str:
    """A product that connects to few CRMs cannot take over from a tool that serves another one."""
    served = sorted({crm for t in double.tools for crm in crms_of(analysis, t)} - set(double.tools))
    for tool_id in (suggested,) if suggested else double.tools:
        known = analysis.tool(tool_id).known
        most = known.limits.get("max_crm") if known else None
        if most is not None and len(_databases(analysis, served)) > most:
            one = "one CRM" if most == 1 else f"{most} CRMs"
            names = analysis.names(served, " and ")
            return (
                f"{analysis.label(tool_id)} connects to {one} at a time, and these tools serve {names}: "
                "merge the CRMs first; until then the double is forced."
            )
    return ""


def crms_of(analysis: Analysis, tool_id: str) -> set[str]:
    """CRMs that a tool is connected with, in either direction."""
    crms = set(analysis.roles.crm.sure)
    return {end for e in analysis.graph.touching(tool_id) for end in (e.source, e.target)} & crms


def _databases(analysis: Analysis, crms: list[str]) -> set[str]:
    """CRMs of one suite are one database."""
    return {analysis.tool(c).suite or c for c in crms}
