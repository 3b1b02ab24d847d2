"""Whether several CRMs make one picture: a CRM that nobody's numbers include splits the company."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.analysis.overlap import migration_end
from stackaudit.analysis.roles import Role
from stackaudit.analysis.scope import apart, newly_bought
from stackaudit.analysis.scoring import reach
from stackaudit.model.stack import one_database
from stackaudit.model.vocabulary import Tri, either

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.model.stack import Tool

TOLD = ("opportunity", "account")


class CrmPair(Struct, frozen=True):
    """Two CRMs that both hold deals; ``joined`` says whether an account or a deal passes between them.

    ``legitimate`` says why two are right; empty where they may be one too many.
    """

    tools: tuple[str, str]
    joined: Tri
    legitimate: str


class Crms(Struct, frozen=True):
    """What is known of the CRMs: pairs that both hold deals for sure, and those of which it is not declared.

    ``bare`` are brands of which it is open which part is in use.
    """

    pairs: tuple[CrmPair, ...] = ()
    unsure: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()


def crms(analysis: Analysis) -> Crms:
    """All CRMs beside each other; hubs of one suite are one CRM, two instances of one product are two."""
    tools = [analysis.tool(t) for t in analysis.roles.crm.sure]
    beside = [(a, b) for a, b in combinations(tools, 2) if not one_database(a, b)]
    members = sorted({t.id for pair in beside for t in pair})
    bare = tuple(t for t in members if (k := analysis.tool(t).known) and k.platform and analysis.tool(t).inferred)
    open_ = {t for t in members if analysis.tool(t).inferred or "opportunity_mgmt" not in analysis.tool(t).in_use}
    if not analysis.stack.closed_world:
        open_ = set(members)
    pairs = tuple(_pair(analysis, a, b) for a, b in beside if not {a.id, b.id} & open_)
    judged = {t for pair in pairs for t in pair.tools}
    return Crms(pairs, tuple(m for m in members if open_ and m not in judged), bare)


def _pair(analysis: Analysis, one: Tool, two: Tool) -> CrmPair:
    here, there = (Role((t.id,), (t.id,)) for t in (one, two))
    joined = either(reach(analysis, here, there, TOLD), reach(analysis, there, here, TOLD))
    why = ""
    if newly_bought(analysis.stack, one, two, analysis.threshold("acquisition_grace_months")):
        why = "an acquisition in its first twelve months"
    elif apart(one, two) and (place := _meeting_place(analysis, here, there)):
        why = f"separate scopes ({one.entry.scope} and {two.entry.scope}) that meet in {analysis.label(place)}"
    elif joined is not Tri.NO and (ends := migration_end(one, two)) and ends >= analysis.stack.as_of:
        why = f"a migration that ends on {ends.isoformat()}"
    return CrmPair((one.id, two.id), joined, why)


def _meeting_place(analysis: Analysis, *ends: Role) -> str | None:
    """One forecast, BI tool or warehouse that both CRMs reach."""
    hubs = analysis.roles.forecast | analysis.roles.bi_or_warehouse
    for hub in hubs.sure:
        if not any(hub in end.sure for end in ends):
            place = Role((hub,), (hub,))
            if all(reach(analysis, end, place, TOLD) is Tri.YES for end in ends):
                return hub
    return None


def outside_crms(analysis: Analysis) -> tuple[str, ...]:
    """CRMs, where there are several, whose accounts and deals reach neither another CRM nor forecast, BI or warehouse.

    Empty where the inventory does not claim to know all connections.
    """
    r = analysis.roles
    if len(r.crm.sure) < 2 or not analysis.stack.closed_world:
        return ()
    ends = r.forecast | r.bi_or_warehouse | r.crm
    return tuple(
        crm for crm in r.crm.sure if reach(analysis, Role((crm,), (crm,)), _without(ends, crm), TOLD) is Tri.NO
    )


def _without(role: Role, tool: str) -> Role:
    """The others of those that play a part for sure, and of those that may; the tool is among both."""
    sure, may = role.sure.index(tool), role.may.index(tool)
    return Role(role.sure[:sure] + role.sure[sure + 1 :], role.may[:may] + role.may[may + 1 :])
