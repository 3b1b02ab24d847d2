"""The company and every declared tool, as the result shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.model import result as r

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.model.stack import Tool


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


def tools(analysis: Analysis) -> tuple[r.ToolInfo, ...]:
    """Every declared tool, by id."""
    return tuple(_tool(analysis, t) for t in sorted(analysis.stack.tools, key=lambda t: t.id))


def _tool(analysis: Analysis, tool: Tool) -> r.ToolInfo:
    entry = tool.entry
    layer = analysis.catalog.layers.get(tool.layer) if tool.layer else None
    contract = next((c for c in analysis.money.contracts if c.tool == tool.id), None)
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
        team=entry.team,
        owner=entry.owner,
        technical_owner=entry.technical_owner,
        seats=entry.seats,
        active_seats=entry.active_seats,
        annual_cost=entry.annual_cost,
        currency=entry.currency or analysis.stack.inventory.company.currency,
        contract_end=entry.contract_end,
        notice_days=entry.notice_days,
        notice_deadline=contract.deadline if contract else None,
        auto_renew=entry.auto_renew,
        criticality=entry.criticality,
        sso=entry.sso,
        holds_pii=entry.holds_pii,
        system_of_record_for=tuple(sorted(entry.system_of_record_for or ())),
        product_status=r.ToolStatusInfo(**status.model_dump()) if status else None,
        line=tool.line,
        sources=tuple(dict.fromkeys(s.url for s in tool.known.sources if s.url)) if tool.known else (),
    )
