"""The company and every declared tool, as the result shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from stackaudit.analysis.disposition import Judged, assess
from stackaudit.analysis.seats import cost_per_active_seat, unused_seats, utilisation
from stackaudit.model import result as r
from stackaudit.model.vocabulary import Outcome, Severity

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.analysis.disposition import Assessment
    from stackaudit.model.stack import Tool
    from stackaudit.model.vocabulary import NeedLabel


def company(analysis: Analysis) -> r.CompanyInfo:
    """The company as declared."""
    c = analysis.stack.inventory.company
    return r.CompanyInfo(
        name=c.name,
        employees=c.employees,
        arr=c.arr,
        currency=c.currency,
        funding_stage=c.funding_stage,
        motions=c.motions or (),
        regions=c.regions or (),
        business_model=c.business_model,
        headcount=r.Headcount(**c.headcount.model_dump()),
    )


Connected = Literal["directly", "as_relay", "by_suite", "no"]
DOUBLES = ("RED-001", "RED-002", "RED-003", "RED-007", "RED-009")
SHARED_WORK = ("RED-004",)


def tools(analysis: Analysis, need: NeedLabel, findings: Iterable[r.Finding]) -> tuple[r.ToolInfo, ...]:
    """Every declared tool, by id; those that take part in the analysis with their scores."""
    judged = _judged(analysis, findings)
    scored = {t.id: assess(analysis, t, need, judged) for t in analysis.stack.active}
    connected = _connected(analysis)
    return tuple(
        _tool(analysis, t, scored.get(t.id), connected.get(t.id, "no"))
        for t in sorted(analysis.stack.tools, key=lambda t: t.id)
    )


def _connected(analysis: Analysis) -> dict[str, Connected]:
    """What connects each tool, the closest of it; a declared connection counts in whatever state it is."""
    declared = analysis.stack.connections
    suites: dict[str, Connected] = {e.source: "by_suite" for e in analysis.graph.edges if e.suite}
    relays: dict[str, Connected] = {c.entry.via: "as_relay" for c in declared if c.entry.via}
    ends: dict[str, Connected] = {end: "directly" for c in declared for end in (c.source, c.target)}
    return suites | relays | ends


def _judged(analysis: Analysis, findings: Iterable[r.Finding]) -> Judged:
    """What findings in force say about single tools."""
    told = [
        f
        for f in findings
        if f.outcome is Outcome.FAIL and f.severity is not Severity.INFO and (f.waiver is None or f.waiver.expired)
    ]
    return Judged(
        premature=frozenset(t for f in told if f.rule == "SHP-001" for t in f.subjects),
        doubled=frozenset(t for f in told if f.rule in DOUBLES for t in f.subjects),
        sharing=frozenset(t for f in told if f.rule in SHARED_WORK for t in f.subjects),
        kept=frozenset(t for d in analysis.doubles for t in d.tools) - _let_go(analysis),
    )


def _let_go(analysis: Analysis) -> frozenset[str]:
    """Tools that some group of theirs does not suggest keeping."""
    return frozenset(t for d in analysis.doubles for t in d.tools if analysis.survivors[d].suggested != t)


def _tool(analysis: Analysis, tool: Tool, scored: Assessment | None, connected: Connected) -> r.ToolInfo:
    entry = tool.entry
    layer = analysis.catalog.layers.get(tool.layer) if tool.layer else None
    contract = analysis.contract(tool.id)
    status = tool.known.status if tool.known else None
    return r.ToolInfo(
        id=tool.id,
        name=tool.name,
        declared_as=entry.tool,
        plugin=tool.plugin,
        match=tool.match,
        candidates=tool.candidates,
        layer=tool.layer,
        layers=tool.layers,
        family=layer.family if layer else None,
        lane=layer.function if layer else "shared",
        capabilities=r.Capabilities(
            offered=tuple(sorted(tool.offered)),
            licensed=tuple(sorted(tool.licensed)),
            in_use=tuple(sorted(tool.in_use)),
            unknown=tuple(sorted(tool.unknown)),
            inferred=tool.inferred,
        ),
        scope=entry.scope,
        environment=entry.environment,
        status=entry.status,
        in_scope=not entry.out_of_scope,
        connected=connected,
        team=entry.team,
        owner=entry.owner,
        technical_owner=entry.technical_owner,
        seats=entry.seats,
        active_seats=entry.active_seats,
        annual_cost=entry.annual_cost,
        currency=entry.currency or analysis.stack.inventory.company.currency,
        contract_end=entry.contract_end,
        notice_days=entry.notice_days,
        notice_deadline=contract.deadline if contract and contract.notice_known else None,
        auto_renew=entry.auto_renew,
        criticality=entry.criticality,
        sso=entry.sso,
        holds_pii=entry.holds_pii,
        system_of_record_for=tuple(sorted(entry.system_of_record_for or ())),
        product_status=r.ToolStatusInfo(**status.model_dump()) if status else None,
        disposition=scored.disposition if scored else None,
        disposition_because=scored.because if scored else "",
        quadrant=scored.quadrant if scored else None,
        value=scored.value if scored else None,
        health=scored.health if scored else None,
        factors=_factors(analysis, scored) if scored else (),
        utilisation=_rounded(utilisation(entry)),
        cost_per_active_seat=_rounded(cost_per_active_seat(analysis, tool.id), 2),
        peer_median=_rounded(analysis.peer_medians.get(tool.layer or ""), 2),
        unused_seat_value=_rounded(unused_seats(analysis, tool.id), 2),
        line=tool.line,
        sources=tuple(dict.fromkeys(s.url for s in tool.known.sources if s.url)) if tool.known else (),
    )


def _factors(analysis: Analysis, scored: Assessment) -> tuple[r.FactorInfo, ...]:
    known = {f.id: f for f in analysis.catalog.scoring.factors}
    return tuple(
        r.FactorInfo(
            id=f.id,
            name=known[f.id].name,
            axis=known[f.id].axis,
            weight=known[f.id].weight,
            score=f.score,
            text=f.text,
        )
        for f in scored.factors
    )


def _rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)
