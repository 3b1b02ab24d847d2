"""The ten handoffs H01-H10 from first visit to expansion (section 5.5; ``precise.md``, 12)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from stackaudit.analysis.roles import Role
from stackaudit.analysis.scoring import MET, NOTHING, Scored, path_score, weighted
from stackaudit.graph import Path
from stackaudit.model.vocabulary import Tri
from stackaudit.wording import join

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis


AFTER_THE_SALE = frozenset({"H08", "H09", "H10"})
"""Handoffs that a company without subscriptions does not have."""


class Handoff(Struct, frozen=True):
    """One handoff with its score.

    ``carried`` are the records that it takes. ``needed`` is False where the company has no such step to hand over;
    ``applies`` is False where its business model knows none. ``sources`` and ``targets`` are the tools it runs between;
    ``missing`` names capabilities without which it cannot work.
    """

    id: str
    scored: Scored
    needed: bool = True
    applies: bool = True
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        """The paths that carry it."""
        return self.scored.paths


def handoffs(analysis: Analysis) -> tuple[Handoff, ...]:
    """Score H01 to H10; what no changed connection can carry is handed over as in the analysis before."""
    older = analysis.before.handoffs if analysis.before is not None else (None,) * len(_SCORERS)
    return tuple(
        old if old is not None and not analysis.graph.changes(old.carried) else _scored(analysis, scorer)
        for old, scorer in zip(older, _SCORERS, strict=True)
    )


def _scored(analysis: Analysis, scorer: Callable[[Analysis], Handoff]) -> Handoff:
    handoff = scorer(analysis)
    applies = handoff.id not in AFTER_THE_SALE or analysis.subscription is not Tri.NO
    return handoff if applies else replace(handoff, applies=False)


def _limit(analysis: Analysis, handoff: str) -> int:
    limit = analysis.catalog.handoffs[handoff].max_minutes
    return limit if limit is not None else 1_000_000_000


def _visitor_to_lead(analysis: Analysis) -> Handoff:
    source, crm = analysis.using("forms_landing", "live_chat"), analysis.roles.crm
    carried = ("lead", "contact")
    scored = path_score(analysis, source, crm, carried, _limit(analysis, "H01"))
    missing = () if source.possible else ("forms_landing",)
    return Handoff("H01", scored, sources=source.sure, targets=crm.sure, missing=missing, carried=carried)


def _lead_to_mql(analysis: Analysis) -> Handoff:
    scoring = analysis.using("lead_scoring", "pql")
    missing = () if scoring.possible else ("lead_scoring",)
    return Handoff("H02", _presence(scoring), sources=scoring.sure, missing=missing)


def _mql_to_sal(analysis: Analysis) -> Handoff:
    r = analysis.roles
    routing, pql = analysis.using("lead_routing", "inbound_scheduling"), analysis.using("pql")
    limit = _limit(analysis, "H03")
    options = (
        path_score(analysis, r.map, r.crm, ("lead",), limit),
        path_score(analysis, pql, r.crm, ("pql",), limit),
    )
    best = max(options, key=lambda s: (s.low, s.high))
    high = max(s.high for s in options)
    sources = tuple(sorted({*r.map.sure, *pql.sure}))
    if not routing.possible:
        return Handoff("H03", NOTHING, sources=sources, targets=r.crm.sure, missing=("lead_routing",))
    low = best.low if routing.sure else 0.0
    scored = Scored(low, high, best.paths if low else ())
    return Handoff("H03", scored, sources=sources, targets=r.crm.sure, carried=("lead", "pql"))


def _sal_to_sql(analysis: Analysis) -> Handoff:
    r, limit = analysis.roles, _limit(analysis, "H04")
    out = path_score(analysis, r.crm, r.engagement, ("lead", "contact"), limit)
    back = path_score(analysis, r.engagement, r.crm, ("activity",), limit)
    scored = Scored((out.low + back.low) / 2, (out.high + back.high) / 2, out.paths + back.paths)
    missing = () if r.engagement.possible else ("sequencing",)
    carried = ("lead", "contact", "activity")
    return Handoff("H04", scored, sources=r.crm.sure, targets=r.engagement.sure, missing=missing, carried=carried)


def _sql_to_opportunity(analysis: Analysis) -> Handoff:
    crm = analysis.roles.crm
    sure = tuple(t for t in crm.sure if analysis.tool(t).uses("opportunity_mgmt") is Tri.YES)
    may = tuple(t for t in crm.may if analysis.tool(t).uses("opportunity_mgmt") is not Tri.NO)
    missing = () if may else ("opportunity_mgmt",)
    return Handoff("H05", _presence(Role(sure, may)), sources=sure, targets=sure, missing=missing)


def _opportunity_to_won(analysis: Analysis) -> Handoff:
    company = analysis.stack.inventory.company
    from_size = analysis.threshold("handoff_quoting_employees")
    small = company.employees is not None and company.employees < from_size
    if small or "plg" in (company.motions or ()):
        return Handoff("H06", MET, needed=False)
    source, crm = analysis.using("quoting", "esign_clm"), analysis.roles.crm
    carried = ("quote", "contract", "opportunity")
    path = path_score(analysis, source, crm, carried, _limit(analysis, "H06"))
    high = 1.0 if company.employees is None else max(0.5, path.high)
    missing = () if source.possible else ("quoting", "esign_clm")
    scored = Scored(max(0.5, path.low), high, path.paths)
    return Handoff("H06", scored, sources=source.sure, targets=crm.sure, missing=missing, carried=carried)


def _won_to_onboarding(analysis: Analysis) -> Handoff:
    r = analysis.roles
    projects = analysis.using("onboarding_mgmt")
    target = r.csp | Role(projects.sure, projects.sure, projects.hidden)
    carried = ("opportunity", "account")
    scored = weighted(analysis, target, carried, _limit(analysis, "H07"), to_crm=False)
    missing = () if target.possible else ("onboarding_mgmt",)
    return Handoff("H07", scored, sources=r.crm.sure, targets=target.sure, missing=missing, carried=carried)


def _onboarding_to_adoption(analysis: Analysis) -> Handoff:
    r = analysis.roles
    source = r.usage_sources
    scored = path_score(analysis, source, r.csp, ("usage",), _limit(analysis, "H08"))
    missing = () if source.possible else ("usage_events",)
    return Handoff("H08", scored, sources=source.sure, targets=r.csp.sure, missing=missing, carried=("usage",))


def _adoption_to_renewal(analysis: Analysis) -> Handoff:
    r = analysis.roles
    renewals = analysis.using("renewal_mgmt")
    source = r.csp | renewals
    if not renewals.possible:
        return Handoff("H09", NOTHING, sources=source.sure, targets=r.crm.sure, missing=("renewal_mgmt",))
    carried = ("health", "renewal")
    scored = weighted(analysis, source, carried, _limit(analysis, "H09"), to_crm=True)
    if not renewals.sure:
        scored = Scored(0.0, scored.high)
    return Handoff("H09", scored, sources=source.sure, targets=r.crm.sure, carried=carried)


def _renewal_to_expansion(analysis: Analysis) -> Handoff:
    source = analysis.using("usage_events", "event_collection", "pql", "expansion_signals")
    carried = ("usage", "pql", "expansion", "health", "opportunity")
    scored = weighted(analysis, source, carried, _limit(analysis, "H10"), to_crm=True)
    missing = () if source.possible else ("expansion_signals", "usage_events")
    crm = analysis.roles.crm
    return Handoff("H10", scored, sources=source.sure, targets=crm.sure, missing=missing, carried=carried)


_SCORERS: tuple[Callable[[Analysis], Handoff], ...] = (
    _visitor_to_lead,
    _lead_to_mql,
    _mql_to_sal,
    _sal_to_sql,
    _sql_to_opportunity,
    _opportunity_to_won,
    _won_to_onboarding,
    _onboarding_to_adoption,
    _adoption_to_renewal,
    _renewal_to_expansion,
)


def _presence(role: Role) -> Scored:
    return Scored(1.0 if role.sure else 0.0, 1.0 if role.possible else 0.0)


def absence(analysis: Analysis, handoff: Handoff) -> str:
    """Why nothing at all is handed over: no tool for it, nothing to receive it, or no path that carries it."""
    if handoff.sources and not handoff.targets:
        return f"no {analysis.catalog.handoffs[handoff.id].to} is known to be in use to receive it"
    if handoff.missing:
        return f"nothing in use provides {join(analysis.work(handoff.missing), 'or')}"
    if not handoff.sources:
        return "nothing that is connected is known to provide it"
    return no_path(analysis, handoff.sources, handoff.targets, handoff.carried)


def no_path(analysis: Analysis, sources: Iterable[str], targets: Iterable[str], objects: Iterable[str]) -> str:
    """That some records do not get from one end to the other, in words; an end that nothing stands at is said."""
    source, target = (join((analysis.label(t) for t in end), "or") for end in (sources, targets))
    what = analysis.data(objects, "or")
    if source and target:
        return f"no path carries {what} from {source} to {target}"
    if source:
        return f"no tool is known to receive {what} from {source}"
    if target:
        return f"no tool is known to send {what} to {target}"
    return f"no tool is known to send or to receive {what}"
