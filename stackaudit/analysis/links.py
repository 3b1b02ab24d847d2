"""The eight cross-functional links X1-X8 that wire the customer life together (``precise.md``, 10)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.analysis.roles import Role, Roles
from stackaudit.analysis.scoring import Scored, path_score, reach, weighted
from stackaudit.model.vocabulary import Tri

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis


class Link(Struct, frozen=True):
    """One link with its score; ``applies`` is False where the business model knows no such link."""

    id: str
    scored: Scored
    applies: bool = True
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


def links(analysis: Analysis) -> tuple[Link, ...]:
    """Score X1 to X8; what no changed connection can carry is linked as in the analysis before."""
    r, catalog = analysis.roles, analysis.catalog
    known = {x.id: x for x in _unchanged(analysis)}

    def direct(link: str, source: Role, target: Role, *, applies: bool = True) -> Link:
        if link in known:
            return known[link]
        spec = catalog.links[link]
        scored = path_score(analysis, source, target, spec.objects, spec.max_minutes)
        return Link(link, scored, applies, source.sure, target.sure)

    def per_crm(link: str, other: Role, *, to_crm: bool) -> Link:
        if link in known:
            return known[link]
        spec = catalog.links[link]
        scored = weighted(analysis, other, spec.objects, spec.max_minutes, to_crm=to_crm)
        ends = (other.sure, r.crm.sure) if to_crm else (r.crm.sure, other.sure)
        return Link(link, scored, True, *ends)

    return (
        per_crm("X1", r.map, to_crm=True),
        per_crm("X2", r.map, to_crm=False),
        per_crm("X3", r.csp, to_crm=False),
        per_crm("X4", r.csp, to_crm=True),
        direct("X5", r.usage_sources, r.csp | r.crm),
        direct("X6", r.tickets, r.csp | r.crm),
        direct("X7", r.billing, r.crm | r.bi_or_warehouse, applies=analysis.subscription is not Tri.NO),
        _seen_together(analysis),
    )


def _unchanged(analysis: Analysis) -> Iterable[Link]:
    """Links of the analysis before that are still as they were; X8 is asked for anew, as any record at all bears on it."""
    before = analysis.before.links if analysis.before is not None else ()
    return (x for x in before if not analysis.graph.changes(analysis.catalog.links[x.id].objects))


def functions(roles: Roles) -> dict[str, Role]:
    """The functions whose data a company wants to see together, by display name."""
    return {
        "CRM": roles.crm,
        "marketing": roles.map,
        "customer success": roles.csp,
        "support": roles.tickets,
        "billing": roles.billing,
        "product": roles.usage,
    }


def functions_in_bi(analysis: Analysis) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which functions reach BI or the warehouse: for sure, and possibly. Degraded and indirect paths count."""
    r = analysis.roles
    parts = functions(r)
    everything = tuple(analysis.catalog.objects)
    reached = {name: reach(analysis, role, r.bi_or_warehouse, everything) for name, role in parts.items()}
    return (
        tuple(name for name, state in reached.items() if state is Tri.YES),
        tuple(name for name, state in reached.items() if state is not Tri.NO),
    )


def _seen_together(analysis: Analysis) -> Link:
    sure, may = analysis.functions_in_bi

    def score(count: int) -> float:
        return 1.0 if count >= 3 else 0.5 if count == 2 else 0.0

    sources = tuple(sorted({t for name, role in functions(analysis.roles).items() if name in sure for t in role.sure}))
    return Link("X8", Scored(score(len(sure)), score(len(may))), True, sources, analysis.roles.bi_or_warehouse.sure)
