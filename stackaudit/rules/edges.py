"""INT-003 to INT-009: connections that fail, circle, answer nobody, hang on one person or bypass the hub."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from stackaudit.analysis.roles import Role
from stackaudit.analysis.scoring import reach
from stackaudit.model.plugins import Draft, RuleContext
from stackaudit.model.stack import Connection
from stackaudit.model.vocabulary import Severity, Tri
from stackaudit.rules.support import edge_line, not_assessed, open_world, staying, tool_line, undecided
from stackaudit.wording import join, yes_no

if TYPE_CHECKING:
    import networkx as nx

    from stackaudit.analysis import Analysis

HUB_METHODS = frozenset({"etl", "reverse_etl", "cdp", "ipaas"})


def _ends(context: RuleContext, c: Connection) -> str:
    analysis = context.analysis
    return f"{analysis.label(c.source)} to {analysis.label(c.target)}"


_CARRYING = frozenset({"live", "degraded"})
"""States of connections that carry something; planned and broken ones do not."""


def _counting(context: RuleContext) -> list[Connection]:
    tools = context.analysis.graph.tools
    return [c for c in context.analysis.stack.connections if c.source in tools and c.target in tools]


def _mutable(context: RuleContext, objects: Iterable[str]) -> set[str]:
    known = context.analysis.catalog.objects
    return {o for o in objects if not (o in known and known[o].append_only)}


def failing(context: RuleContext) -> Iterable[Draft]:
    """INT-003: connections that should be live and are not; planned ones are no failure."""
    for c in _counting(context):
        if c.entry.status in {"degraded", "broken"}:
            what = context.analysis.data(c.entry.objects or ())
            yield Draft(
                message=f"{_ends(context, c)} is {c.entry.status}: {what} is lost or late.",
                subjects=(c.source, c.target),
                facet=f"{c.source}>{c.target}",
                evidence=(edge_line(context.analysis, c.index, f"status {c.entry.status}"),),
            )


def circles(context: RuleContext) -> Iterable[Draft]:
    """INT-004: three or more tools that pass the same changeable record round; one finding a circle, not one a record."""
    analysis = context.analysis
    found: dict[tuple[str, ...], set[str]] = {}
    fields, least = _fields(context), context.thresholds["int_004_tools"]
    for item, legs in sorted(_ungoverned(context).items()):
        for cycle in _cycles(legs, fields, least):
            found.setdefault(cycle, set()).add(item)
    warehouses = set(analysis.roles.warehouse.sure)
    for tools, items in sorted(found.items()):
        by_design = bool(warehouses & set(tools))
        yield Draft(
            message=f"{analysis.names((*tools, tools[0]), ' → ')}: {analysis.data(items)} travels in a circle.",
            subjects=tools,
            severity=Severity.INFO if by_design else Severity.MEDIUM,
            facet=">".join(tools),
            evidence=tuple(
                tool_line(analysis, t, f"{analysis.label(t)} passes {analysis.data(items)} on") for t in tools
            ),
        )


Leg = tuple[str, str]
Fields = tuple[tuple[frozenset[str], frozenset[str]], ...]
"""Pairs of tools, each with the fields that the connections between them declare."""


def _ungoverned(context: RuleContext) -> dict[str, tuple[Leg, ...]]:
    """For each changeable record, the legs that it travels; one on which somebody decided who wins ends a circle."""
    analysis = context.analysis
    mutable = _mutable(context, analysis.catalog.objects)
    decided = {c.index for c in analysis.stack.connections if c.entry.conflict_rule in {"field_level", "source_wins"}}
    ended = {(e.source, e.target) for e in analysis.graph.edges if e.index in decided}
    found: dict[str, dict[Leg, None]] = {}
    for e in analysis.graph.edges:
        if e.exists and not e.suite and e.objects and (e.source, e.target) not in ended:
            for item in e.objects & mutable:
                found.setdefault(item, {})[e.source, e.target] = None
    return {item: tuple(legs) for item, legs in found.items()}


def _fields(context: RuleContext) -> Fields:
    """The fields that the connections of each two tools declare."""
    found: dict[frozenset[str], set[str]] = {}
    for c in context.analysis.stack.connections:
        if c.entry.fields:
            found.setdefault(frozenset((c.source, c.target)), set()).update(c.entry.fields)
    return tuple((pair, frozenset(fields)) for pair, fields in found.items())


@lru_cache(256)  # the plan asks about the stack again and again, each time with one more connection
def _cycles(legs: tuple[Leg, ...], fields: Fields, least: float) -> tuple[tuple[str, ...], ...]:
    """One circle for each part of the stack in which a record can travel round, smallest tool id first.

    Three tools or more lie on one exactly where they are strongly connected and stay connected without any one of
    them, so no circles need to be counted out.
    """
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph(legs)
    part = {tool: i for i, strong in enumerate(nx.strongly_connected_components(graph)) for tool in strong}
    inside: nx.Graph[str] = nx.Graph((a, b) for a, b in legs if part[a] == part[b])
    found = []
    for block in cast("Iterable[set[str]]", nx.biconnected_components(inside)):
        if len(block) < least:
            continue
        within = [(a, b) for a in sorted(block) for b in sorted(graph.succ[a]) if b in block]
        cycle = _cycle(within, dict(fields), least)
        if cycle:
            start = cycle.index(min(cycle))
            found.append((*cycle[start:], *cycle[:start]))
    return tuple(sorted(found))


def _cycle(within: list[Leg], fields: dict[frozenset[str], frozenset[str]], least: float) -> list[str]:
    """A shortest circle over the first connection that lies on one, but for those whose fields never travel all the way."""
    import networkx as nx

    legs: nx.DiGraph[str] = nx.DiGraph(within)
    for source, target in within:
        back = legs.has_edge(target, source)
        if back:
            legs.remove_edge(target, source)
        try:
            cycle = nx.shortest_path(legs, target, source)
        except nx.NetworkXNoPath:
            cycle = []
        if back:
            legs.add_edge(target, source)
        if len(cycle) >= least and not _disjoint(cycle, fields):
            return list(cycle)
    return []


def _disjoint(cycle: list[str], fields: dict[frozenset[str], frozenset[str]]) -> bool:
    """Guard: every leg declares its fields, and none travels the whole way."""
    legs = zip(cycle, [*cycle[1:], cycle[0]], strict=True)
    carried = [fields.get(frozenset(leg), frozenset()) for leg in legs]
    return all(carried) and not frozenset.intersection(*carried)


def no_way_back(context: RuleContext) -> Iterable[Draft]:
    """INT-005: marketing automation and customer success that send and never hear, or hear and never send."""
    analysis, r = context.analysis, context.analysis.roles
    links = {x.id: x for x in analysis.links}
    pairs = (
        ("X1", "X2", r.map, ("gets", "get"), "no leads or opportunities back from the CRM"),
        ("X3", "X4", r.csp, ("sends", "send"), "no health, renewals or opportunities back to the CRM"),
    )
    for there, back, role, (one, many), what in pairs:
        sure = staying(analysis, role.sure)
        if links[there].scored.low == 0 or links[back].scored.low > 0 or not sure:
            continue
        if links[back].scored.high > 0:
            lacking = open_world(context)
            yield lacking or not_assessed(undecided(context), sure)
            return
        spec = analysis.catalog.links[there]
        tools = [t for t in sure if t not in r.crm.sure and _one_way(analysis, t, there, spec.objects)]
        if tools:
            yield Draft(
                message=f"{join(analysis.label(t) for t in tools)} {one if len(tools) == 1 else many} {what}.",
                subjects=tuple(tools),
                facet=back,
                evidence=tuple(tool_line(analysis, t, f"{analysis.label(t)}: one direction only") for t in tools),
            )


def _one_way(analysis: Analysis, tool_id: str, link: str, objects: Iterable[str]) -> bool:
    """Whether a tool is connected in the direction of a link, so that there is a way to come back on."""
    here, crm = Role((tool_id,), (tool_id,)), analysis.roles.crm
    ends = (here, crm) if link == "X1" else (crm, here)
    return reach(analysis, *ends, objects) is Tri.YES


def single_points(context: RuleContext) -> Iterable[Draft]:
    """INT-006: integration tools and warehouses without which the rest falls apart."""
    import networkx as nx

    analysis = context.analysis
    layers = {x.id for x in analysis.catalog.layers.values() if x.integration} | {"warehouse"}
    graph: nx.Graph[str] = nx.Graph()
    for e in analysis.graph.edges:
        if e.exists and not {analysis.graph.tools[e.source].layer, analysis.graph.tools[e.target].layer} & {
            "collaboration"
        }:
            graph.add_edge(e.source, e.target)
    for tool_id in sorted(nx.articulation_points(graph)):
        if analysis.graph.tools[tool_id].layer not in layers:
            continue
        own = [c for c in _counting(context) if c.entry.status in _CARRYING and tool_id in (c.source, c.target)]
        risky = [c for c in own if c.entry.monitored is False or c.entry.account == "personal"]
        name = analysis.label(tool_id)
        yield Draft(
            message=f"Without {name} part of the stack is cut off"
            + (
                ", and it is unmonitored or runs on a personal account." if risky else "; a warehouse or hub by design."
            ),
            subjects=(tool_id,),
            severity=Severity.HIGH if risky else Severity.INFO,
            evidence=tuple(edge_line(analysis, c.index, _ends(context, c)) for c in (risky or own)[:6]),
        )


def one_person(context: RuleContext) -> Iterable[Draft]:
    """INT-007: personal accounts, flows that are known to be unmonitored, and agents that write without an owner."""
    analysis = context.analysis
    for c in _counting(context):
        entry = c.entry
        personal = entry.account == "personal"
        unwatched = entry.method == "ipaas" and entry.monitored is False
        sandbox = "sandbox" in {analysis.tool(t).entry.environment for t in (c.source, c.target)}
        if sandbox or not (personal or unwatched):
            continue
        why = " and ".join(
            w for w, yes in (("runs on a personal account", personal), ("is not monitored", unwatched)) if yes
        )
        yield Draft(
            message=f"{_ends(context, c)} {why}.",
            subjects=(c.source, c.target),
            facet=f"{c.source}>{c.target}",
            evidence=(
                edge_line(
                    analysis,
                    c.index,
                    f"account {entry.account or 'not declared'}, monitored {yes_no(entry.monitored)}",
                ),
            ),
        )
    for tool in analysis.stack.active:
        if tool.layer == "ai_agents" and not tool.entry.owner:
            written = [e.target for e in analysis.graph.out(tool.id)]
            if written:
                yield Draft(
                    message=f"{analysis.label(tool.id)} acts without a person, writes to {analysis.names(sorted(set(written)))}, and has no owner.",
                    subjects=(tool.id,),
                    facet="agent",
                    evidence=(tool_line(analysis, tool.id, "layer ai_agents, no owner"),),
                )


def last_write_wins(context: RuleContext) -> Iterable[Draft]:
    """INT-008: two-way connections on changeable records without a rule for who wins."""
    analysis = context.analysis
    open_ = [
        c
        for c in _counting(context)
        if c.entry.direction == "two_way"
        and c.entry.conflict_rule in (None, "none")
        and c.entry.status in {"live", "degraded"}
    ]
    unsure = [c for c in open_ if not c.entry.objects]
    writers: dict[tuple[str, str], int] = {}
    for c in open_:
        for item in _mutable(context, c.entry.objects or ()):
            for end in (c.source, c.target):
                writers[end, item] = writers.get((end, item), 0) + 1
    for c in open_:
        items = _mutable(context, c.entry.objects or ())
        if not items:
            continue
        crowded = any(
            writers[end, item] >= context.thresholds["int_008_writers"]
            for end in (c.source, c.target)
            for item in items
        )
        yield Draft(
            message=f"{analysis.label(c.source)} and {analysis.label(c.target)} both write {analysis.data(items)}, and no rule says who wins.",
            subjects=(c.source, c.target),
            severity=Severity.HIGH if crowded else Severity.MEDIUM,
            facet=",".join(sorted(items)),
            evidence=(
                edge_line(analysis, c.index, f"two_way, conflict_rule {c.entry.conflict_rule or 'not declared'}"),
            ),
        )
    if unsure:
        yield not_assessed(
            "Two-way connections that do not say what they carry may clash.",
            {t for c in unsure for t in (c.source, c.target)},
        )


def bypasses(context: RuleContext) -> Iterable[Draft]:
    """INT-009: too many connections past CRM, warehouse and integration tools; event paths of a product are meant to be."""
    analysis, r = context.analysis, context.analysis.roles
    if "plg" in set(analysis.stack.inventory.company.motions or ()):
        return
    layers = {x.id for x in analysis.catalog.layers.values() if x.integration}
    hubs = {*r.crm.sure, *r.warehouse.sure, *(t.id for t in analysis.stack.active if t.layer in layers)}
    edges = [c for c in _counting(context) if c.entry.status in {"live", "degraded"}]
    past = [c for c in edges if not {c.source, c.target} & hubs and c.entry.method not in HUB_METHODS]
    if len(analysis.stack.active) < context.thresholds["int_009_tools"] or not edges:
        return
    share = len(past) / len(edges)
    if share <= context.thresholds["int_009_share"]:
        return
    if not analysis.stack.closed_world:
        yield not_assessed("The file does not claim to know all connections.")
        return
    yield Draft(
        message=f"{len(past)} of {len(edges)} connections ({share:.0%}) touch neither CRM nor warehouse nor an integration tool.",
        subjects=tuple({t for c in past for t in (c.source, c.target)}),
        evidence=tuple(edge_line(analysis, c.index, _ends(context, c)) for c in past[:12]),
    )


CHECKS = {
    "INT-003": failing,
    "INT-004": circles,
    "INT-005": no_way_back,
    "INT-006": single_points,
    "INT-007": one_person,
    "INT-008": last_write_wins,
    "INT-009": bypasses,
}
