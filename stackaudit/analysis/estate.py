"""Whether several CRMs make one picture: a CRM that nobody's numbers include splits the company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.analysis.roles import Role
from stackaudit.analysis.scoring import path_score

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis

TOLD = ("opportunity", "account")


def outside_crms(analysis: Analysis) -> tuple[str, ...]:
    """CRMs, where there are several, whose accounts and deals reach neither another CRM nor forecast, BI or warehouse.

    Empty where the inventory does not claim to know all connections.
    """
    r = analysis.roles
    if len(r.crm.sure) < 2 or not analysis.stack.closed_world:
        return ()
    ends = r.forecast | r.bi_or_warehouse | r.crm
    return tuple(
        crm
        for crm in r.crm.sure
        if path_score(analysis, Role((crm,), (crm,)), _without(ends, crm), TOLD, None).high == 0
    )


def _without(role: Role, tool: str) -> Role:
    return Role(tuple(t for t in role.sure if t != tool), tuple(t for t in role.may if t != tool))
