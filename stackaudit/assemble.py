"""Put what the analysis knows into the form of the result, sorted and without anything that was not said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.analysis.agents import agents as find_agents
from stackaudit.analysis.expectations import expectation, layer_present, missing_connections
from stackaudit.analysis.links import functions_in_bi
from stackaudit.analysis.scoring import Scored
from stackaudit.analysis.signals import shares
from stackaudit.model import result as r
from stackaudit.model.vocabulary import ASSUMED_LATENCY, LATENCY_MINUTES, MANUAL_METHODS, NeedLabel, Outcome, Tri

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.analysis.metrics import Readiness
    from stackaudit.graph import Path
    from stackaudit.model.catalog import Metric
    from stackaudit.model.stack import Tool

EXECUTION = "execution_layer"
REVOPS_NEEDS = {NeedLabel.REVOPS, NeedLabel.FULL_REVOPS}


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


def integrations(analysis: Analysis) -> tuple[r.IntegrationInfo, ...]:
    """Every declared connection between declared tools, by its ends."""
    infos = []
    for c in analysis.stack.connections:
        e = c.entry
        latency = e.latency or ASSUMED_LATENCY
        infos.append(
            r.IntegrationInfo(
                from_=c.source,
                to=c.target,
                two_way=e.direction == "two_way",
                objects=tuple(sorted(e.objects or ())),
                objects_known=bool(e.objects),
                method=e.method,
                via=e.via,
                latency=e.latency,
                latency_assumed=e.latency is None,
                minutes=LATENCY_MINUTES[latency],
                status=e.status,
                automated=e.status == "live" and e.method is not None and e.method not in MANUAL_METHODS,
                conflict_rule=e.conflict_rule,
                account=e.account,
                owner=e.owner,
                monitored=e.monitored,
                evidence="verified" if e.verified_on else "declared",
                line=c.line,
            )
        )
    return tuple(sorted(infos, key=lambda i: (i.from_, i.to, i.objects, i.method or "", i.line or 0)))


def layers(analysis: Analysis, need: NeedLabel) -> tuple[r.LayerInfo, ...]:
    """Every layer that is present, expected, or one of the ten core ones, in the catalogue's order."""
    infos = []
    for layer in analysis.catalog.layers.values():
        home = tuple(sorted(t.id for t in analysis.stack.active if t.layer == layer.id))
        role = analysis.roles.layer_use[layer.id]
        expected = expectation(analysis, layer.id, need)
        present = layer_present(analysis, layer.id)
        if layer.id == EXECUTION:
            expected, present = "optional", _acted_on(analysis, present)
        if not (layer.core or home or role.sure or expected in {"required", "expected"}):
            continue
        infos.append(
            r.LayerInfo(
                id=layer.id,
                name=layer.name,
                family=layer.family,
                core=layer.core,
                used_by=layer.used_by,
                definition=layer.definition,
                function=layer.function,
                present=present,
                expectation=expected,
                tools=home,
                providers=role.sure,
            )
        )
    return tuple(infos)


def _acted_on(analysis: Analysis, by_product: Tri) -> Tri:
    """The execution layer is there when half of the captured signals have an owner, whatever tool does it."""
    captured, _, owned, _ = shares(analysis.signals)
    return Tri.YES if captured and owned >= analysis.threshold("gap_008_coverage") else by_product


def expected(analysis: Analysis, known: tuple[r.LayerInfo, ...]) -> r.Expected:
    """What is missing: layers of this stage that nothing works in, and connections that nothing provides."""
    missing = tuple(
        r.ExpectedLayer(layer=x.id, name=x.name, expectation=x.expectation, present=x.present, function=x.function)
        for x in known
        if x.expectation in {"required", "expected"} and x.present is not Tri.YES
    )
    edges = tuple(
        r.ExpectedIntegration(
            from_=m.source,
            to=m.target,
            from_layer=m.source_layer,
            to_layer=m.target_layer,
            objects=m.objects,
            reason=m.reason,
            handoff=m.handoff,
            offered=m.offered,
        )
        for m in missing_connections(analysis)
    )
    return r.Expected(layers=missing, integrations=edges)


def overlaps(analysis: Analysis) -> tuple[r.OverlapGroup, ...]:
    """Pairs that share work in use; legitimate ones with the reason."""
    return tuple(
        r.OverlapGroup(
            tools=o.tools,
            kind=o.kind,
            shared=o.shared,
            defining=o.defining,
            coefficient=o.coefficient,
            state="in_use",
            legitimate=bool(o.legitimate),
            reason=o.legitimate,
        )
        for o in analysis.overlaps
    )


def path_info(path: Path) -> r.PathInfo:
    """A path of the graph as the result shows it."""
    return r.PathInfo(
        tools=path.tools,
        object=path.object,
        minutes=path.minutes,
        automated=path.automated,
        degraded=path.degraded,
        assumed_latency=path.assumed_latency,
    )


def links(analysis: Analysis) -> tuple[r.LinkInfo, ...]:
    """X1 to X8."""
    infos = []
    for link in analysis.links:
        name = analysis.catalog.links[link.id].name
        status = _status(link.scored) if link.applies else "not_applicable"
        infos.append(
            r.LinkInfo(
                id=link.id,
                name=name,
                score=link.scored.low if link.applies else None,
                low=link.scored.low,
                high=link.scored.high,
                status=status,
                text=_route(analysis, link.scored, link.sources, link.targets, status, link.id == "X8"),
                paths=tuple(path_info(p) for p in link.scored.paths),
            )
        )
    return tuple(infos)


def handoffs(analysis: Analysis, need: NeedLabel) -> tuple[r.HandoffInfo, ...]:
    """H01 to H10, each with whether this stage of the company asks for it."""
    infos = []
    for h in analysis.handoffs:
        spec = analysis.catalog.handoffs[h.id]
        relevant = need in REVOPS_NEEDS or (spec.side == "sales_ops" and need is not NeedLabel.NONE)
        status = "not_applicable" if not h.applies else "not_needed" if not h.needed else _status(h.scored)
        if h.missing and status == "broken":
            names = [analysis.catalog.capabilities[c].name for c in h.missing if c in analysis.catalog.capabilities]
            text = f"Nothing in use provides {' or '.join(n.lower() for n in names)}."
        else:
            text = _route(analysis, h.scored, h.sources, h.targets, status, False)
        tools_ = dict.fromkeys((*(t for p in h.paths for t in p.tools), *(() if h.paths else h.sources)))
        infos.append(
            r.HandoffInfo(
                id=h.id,
                name=spec.name,
                score=h.scored.low if h.applies else None,
                low=h.scored.low,
                high=h.scored.high,
                status=status,
                relevant=relevant and h.applies and h.needed,
                text=text,
                max_minutes=spec.max_minutes,
                minutes=max((p.minutes for p in h.paths), default=None),
                tools=tuple(tools_),
                paths=tuple(path_info(p) for p in h.paths),
            )
        )
    return tuple(infos)


def signals(analysis: Analysis) -> tuple[r.SignalInfo, ...]:
    """How far each signal gets."""
    infos = []
    for s in analysis.signals:
        play = s.plays[0] if s.plays else None
        infos.append(
            r.SignalInfo(
                id=s.id,
                name=analysis.catalog.signals[s.id].name,
                level=int(s.level),
                low=int(s.level),
                high=int(s.high),
                sources=s.sources,
                targets=s.targets,
                path=path_info(s.path) if s.path else None,
                deadline_minutes=s.deadline,
                play_tool=play.tool if play else None,
                play_owner=play.owner if play else None,
                play_sla_minutes=play.sla_minutes if play else None,
                text=f"Captured in {analysis.names(s.sources)}." if s.sources else "Not captured by any tool.",
            )
        )
    return tuple(infos)


def metrics(analysis: Analysis) -> tuple[r.MetricInfo, ...]:
    """Every metric of the catalogue: the tracked ones and the others, with what is missing by name."""
    org = analysis.stack.inventory.org
    tracked = set((org.metrics_tracked if org else None) or ())
    infos = []
    for ready in analysis.metrics:
        spec = analysis.catalog.metrics[ready.id]
        missing = tuple(g.text for g in ready.gaps)
        where = f"in {analysis.label(ready.node)}" if ready.node else ""
        if ready.status == "computable":
            text = f"Computable {where}{', with figures from finance' if spec.finance else ''}."
        elif ready.status == "not_applicable":
            text = "Does not apply without subscriptions."
        else:
            text = "; ".join(missing)
            text = f"{text[:1].upper()}{text[1:]}." if text else ""
        infos.append(
            r.MetricInfo(
                id=ready.id,
                name=spec.name,
                tracked=ready.id in tracked,
                status=ready.status,
                formula=spec.formula,
                variant=spec.variant,
                finance=spec.finance,
                node=ready.node,
                facts=_metric_facts(ready, spec),
                missing=missing,
                text=text,
            )
        )
    return tuple(infos)


def _metric_facts(ready: Readiness, spec: Metric) -> tuple[r.MetricFactInfo, ...]:
    if ready.status == "not_applicable":
        return ()
    gaps = {g.fact: g for g in ready.gaps}
    unknown = ready.node is None and ready.status == "not_assessed"
    return tuple(
        r.MetricFactInfo(
            name=fact.name,
            state=("unknown" if unknown else gaps[fact.name].state) if fact.name in gaps else "arrives",
        )
        for fact in spec.facts
    )


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


def benchmarks(analysis: Analysis) -> tuple[r.BenchmarkInfo, ...]:
    """Published figures, the sources' beside others'; an address where the source list has one."""
    known = analysis.catalog.sources
    return tuple(
        r.BenchmarkInfo(**b.model_dump(), address=known[b.source].address if b.source in known else None)
        for b in analysis.catalog.benchmarks.values()
    )


def spend(analysis: Analysis) -> r.Spend:
    """Declared money and contract dates."""
    money = analysis.money
    active = analysis.stack.active
    by_layer: dict[str, list[str]] = {}
    for tool in active:
        if tool.id in money.converted:
            by_layer.setdefault(tool.layer or "unknown", []).append(tool.id)
    rows = [
        r.LayerSpend(layer=layer, amount=sum(money.converted[t] for t in ids), tools=tuple(sorted(ids)))
        for layer, ids in by_layer.items()
    ]
    home = analysis.stack.inventory.company.currency
    return r.Spend(
        totals=money.totals,
        currency=money.currency,
        total=money.total,
        priced_tools=sum(t.entry.annual_cost is not None for t in active),
        tools=len(active),
        by_layer=tuple(sorted(rows, key=lambda x: (-x.amount, x.layer))) if money.total is not None else (),
        renewals=tuple(
            r.Renewal(
                tool=c.tool,
                contract_end=c.end,
                deadline=c.deadline,
                days_left=c.days_left,
                amount=(entry := analysis.tool(c.tool).entry).annual_cost,
                currency=entry.currency or home,
                auto_renew=entry.auto_renew,
            )
            for c in money.contracts
        ),
    )


def coverage(analysis: Analysis, findings: tuple[r.Finding, ...]) -> r.Coverage:
    """What the audit knew. ``share`` is the mean of tools identified, use declared, wiring, company and organisation."""
    stack = analysis.stack
    active = stack.active
    inventory = stack.inventory

    def share(field: str) -> float:
        return round(sum(getattr(t.entry, field) is not None for t in active) / len(active), 4) if active else 0.0

    known = [t for t in active if not t.opaque]
    fields = {f: share(f) for f in ("in_use", "owner", "seats", "active_seats", "annual_cost", "contract_end", "sso")}
    wiring = {"complete": 1.0, "partial": 0.5, "unknown": 0.0}[stack.integrations_known]
    size = [inventory.company.employees, inventory.company.arr, inventory.company.funding_stage]
    parts = (
        len(known) / len(active) if active else 0.0,
        fields["in_use"],
        wiring,
        sum(x is not None for x in size) / len(size),
        1.0 if inventory.org is not None else 0.0,
    )
    return r.Coverage(
        tools=len(active),
        resolved=len(known),
        unresolved=tuple(sorted(t.id for t in active if t.opaque)),
        integrations=stack.integrations_known,
        share=round(sum(parts) / len(parts), 4),
        fields=fields,
        teams=tuple(sorted(inventory.coverage.teams or ())),
        assumptions=_assumptions(analysis),
        questions=_questions(analysis, fields),
        not_assessed=tuple(sorted({f.rule for f in findings if f.outcome is Outcome.NOT_ASSESSED})),
    )


def _questions(analysis: Analysis, fields: dict[str, float]) -> tuple[str, ...]:
    """What to declare next, the answers that open most first."""
    stack, company = analysis.stack, analysis.stack.inventory.company
    asked = []
    if stack.integrations_known == "unknown":
        asked.append(
            "Which tools are connected, and what travels? (integrations) It decides the wiring and the handoffs."
        )
    elif any(not c.entry.objects or not c.entry.method for c in stack.connections):
        asked.append("What travels over each connection, and how? (objects, method)")
    if company.employees is None and company.arr is None and company.funding_stage is None:
        asked.append("How large is the company? (company: employees, arr, funding_stage) It decides what is needed.")
    if fields["in_use"] < 0.5:
        asked.append("What do people use in each tool? (in_use) It decides overlaps and gaps.")
    if stack.inventory.org is None:
        asked.append("Who does operations work, and for whom? (org) It decides the shape of the organisation.")
    if fields["annual_cost"] < 0.5 or fields["contract_end"] < 0.5:
        asked.append(
            "What does each tool cost, and when does its contract end? (annual_cost, contract_end, notice_days)"
        )
    if any(t.opaque for t in stack.active):
        asked.append("What are the tools that nobody knows? (layer or capabilities, or out_of_scope: yes)")
    return tuple(asked[:4])


def _assumptions(analysis: Analysis) -> tuple[str, ...]:
    stack = analysis.stack
    lines = []
    inferred = [t for t in stack.active if t.inferred and not t.opaque]
    if inferred:
        lines.append(
            f"{len(inferred)} of {len(stack.active)} tools do not say what is in use; their core capabilities are assumed."
        )
    latency = sum(c.entry.latency is None for c in stack.connections)
    if latency:
        lines.append(f"{latency} integrations do not say how often they run; daily is assumed.")
    if analysis.subscription is Tri.UNKNOWN:
        lines.append("The business model is not declared; subscriptions are assumed where shapes are scored.")
    if any(t.entry.annual_cost is not None and not t.entry.currency for t in stack.active) and not (
        stack.inventory.company.currency
    ):
        lines.append("No currency is declared; US dollars are assumed.")
    aside = [t for t in stack.tools if not t.counts]
    if aside:
        lines.append(f"{len(aside)} sandbox or out-of-scope tools are listed and left out of the analysis.")
    return tuple(lines)


def _status(scored: Scored) -> str:
    if not scored.known:
        return "unknown"
    return "works" if scored.low >= 1 else "broken" if scored.low == 0 else "weak"


def _route(
    analysis: Analysis, scored: Scored, sources: tuple[str, ...], targets: tuple[str, ...], status: str, set_: bool
) -> str:
    if status == "not_applicable":
        return "Does not apply to this business model."
    if status == "not_needed":
        return "Not needed at this size or with this motion."
    if set_:
        seen, _ = functions_in_bi(analysis)
        where = analysis.names(targets) or "BI"
        return f"{', '.join(seen) or 'No function'} {'reaches' if len(seen) < 2 else 'reach'} {where}."
    if scored.paths:
        return "; ".join(analysis.names(p.tools, " → ") + _how(p) for p in scored.paths) + "."
    if status == "unknown":
        return "Not assessed: what decides it is not declared."
    if status == "works":
        return f"Provided by {analysis.names(sources)}." if sources else "Provided."
    ends = (analysis.names(sources, " or "), analysis.names(targets, " or "))
    return f"No path from {ends[0] or 'any tool'} to {ends[1] or 'any tool'}."


def _how(path: Path) -> str:
    if len(path.tools) == 1:
        return " (in one tool)"
    words = "degraded" if path.degraded else "automatic" if path.automated else "by hand"
    return f" ({words})"
