"""DEP: tools that lack what they live on."""

from __future__ import annotations

from collections.abc import Iterable

from stackaudit.analysis.roles import TOUCHED
from stackaudit.analysis.scoring import MET, Scored, path_score
from stackaudit.model.plugins import Draft, RuleContext
from stackaudit.model.stack import Tool
from stackaudit.model.vocabulary import Severity
from stackaudit.rules.needs import Needs, one, starved, unsure
from stackaudit.rules.support import confidence, path_lines, staying, tool_line

NEWSLETTER_ONLY = frozenset({"email_campaigns", "forms_landing"})


def forecast_of_nothing(context: RuleContext) -> Iterable[Draft]:
    """DEP-001: a forecasting tool that no CRM sends opportunities to."""
    analysis = context.analysis
    crm = analysis.roles.crm
    if not crm.may:
        return  # without a CRM there is one thing to say, and GAP-001 says it

    def needs(tool_id: str) -> Needs:
        return {"opportunities": path_score(analysis, crm, one(tool_id), ("opportunity",), None)}

    def said(name: str, _: list[str]) -> tuple[str, str]:
        return (
            f"{name} receives no opportunities from the CRM, so it forecasts nothing.",
            f"no declared connection brings opportunities to {name}",
        )

    tools = [t for t in analysis.roles.forecast.sure if analysis.tool(t).layer == "sales_forecasting"]
    yield from starved(context, tools, needs, said)


def blind_outreach(context: RuleContext) -> Iterable[Draft]:
    """DEP-002: a tool that runs sequences without leads from the CRM or without activity back to it."""
    analysis = context.analysis
    crm = analysis.roles.crm
    if not crm.may:
        return
    unclear = []
    for tool_id in staying(analysis, analysis.roles.engagement.sure):
        if tool_id in crm.sure:
            continue
        leads = path_score(analysis, crm, one(tool_id), ("lead", "contact"), None)
        activity = path_score(analysis, one(tool_id), crm, ("activity",), None)
        if leads.low > 0 and activity.low > 0:
            continue
        missing = [
            text
            for scored, text in (
                (leads, "gets no leads or contacts from the CRM"),
                (activity, "sends no activity to it"),
            )
            if scored.high == 0
        ]
        if not missing:
            unclear.append(tool_id)
            continue
        name = analysis.label(tool_id)
        yield Draft(
            message=f"{name} runs sequences but {' and '.join(missing)}.",
            subjects=(tool_id,),
            evidence=(
                tool_line(analysis, tool_id, f"{name} {'; '.join(missing)}"),
                *path_lines(analysis, leads.paths + activity.paths),
            ),
            confidence=confidence([analysis.tool(tool_id)]),
        )
    yield from unsure(context, unclear)


def _judges_customers(tool: Tool) -> bool:
    """Whether a tool keeps customer health; one of another kind that runs playbooks has no score to feed."""
    return tool.layer == "customer_success" or "health_scoring" in tool.in_use


def starved_customer_success(context: RuleContext) -> Iterable[Draft]:
    """DEP-003: a customer success platform without feeds; a feed counts as lacking only where its source exists."""
    analysis, r = context.analysis, context.analysis.roles
    unclear = []
    sent = any("usage" in (c.entry.objects or ()) for c in analysis.stack.connections)
    usage = r.usage_sources if sent else r.usage
    for tool_id in staying(analysis, (t for t in r.csp.sure if _judges_customers(analysis.tool(t)))):
        target = one(tool_id)
        feeds = {
            "CRM records": (r.crm, ("account", "opportunity")),
            "product usage": (usage, ("usage",)),
            "support tickets": (r.tickets, ("ticket",)),
        }
        scored = {
            name: path_score(analysis, source, target, objects, None)
            for name, (source, objects) in feeds.items()
            if source.may
        }
        lacking = {name: s for name, s in scored.items() if _lacks(s) and feeds[name][0].sure}
        open_ = [name for name, s in scored.items() if not s.known or (_lacks(s) and name not in lacking)]
        if not lacking or len(open_) == len(scored):
            unclear += [tool_id] if open_ else []
            continue
        name = analysis.label(tool_id)
        by_hand = [feed for feed, s in lacking.items() if s.paths]
        absent = [feed for feed, s in lacking.items() if not s.paths]
        words = [f"gets {_and(by_hand)} only by hand"] if by_hand else []
        words += [f"lacks {_and(absent)}"] if absent else []
        yield Draft(
            message=f"{name} {' and '.join(words)}.",
            subjects=(tool_id,),
            severity=Severity.HIGH if len(lacking) >= context.thresholds["dep_003_feeds_high"] else Severity.MEDIUM,
            evidence=(
                tool_line(
                    analysis,
                    tool_id,
                    f"{name} is fed by: {', '.join(n for n in scored if n not in lacking) or 'nothing automatic'}",
                ),
                *path_lines(analysis, [p for s in lacking.values() for p in s.paths]),
            ),
            fix=f"Bring {next(iter(lacking))} to {name} by a connector or a flow." if len(lacking) == 1 else "",
            confidence=confidence([analysis.tool(tool_id)]),
        )
    yield from unsure(context, unclear)


def lost_leads(context: RuleContext) -> Iterable[Draft]:
    """DEP-008: marketing automation whose leads do not reach a CRM by a healthy automatic path."""
    analysis, r = context.analysis, context.analysis.roles
    if not r.crm.may:
        return
    unclear = []
    for tool_id in staying(analysis, r.map.sure):
        if tool_id in r.crm.sure:
            continue
        scored = path_score(analysis, one(tool_id), r.crm, ("lead", "contact"), None)
        if scored.low == 1.0:
            continue
        if scored.high == 1.0:
            unclear.append(tool_id)
            continue
        name, tool = analysis.label(tool_id), analysis.tool(tool_id)
        path = scored.paths[0] if scored.paths else None
        between = path.tools[1:-1] if path else ()
        if path is None:
            how = "do not reach a CRM"
        else:
            as_leads = path_score(analysis, one(tool_id), r.crm, ("lead",), None)
            shape = "as contacts and " if as_leads.high == 0 else ""
            way = "a degraded connection" if path.degraded else "hand"
            how = f"reach {analysis.label(path.tools[-1])} only {shape}by {way}"
            how += f" through {analysis.names(between)}" if between else ""
        newsletter = tool.in_use <= NEWSLETTER_ONLY and not tool.inferred
        yield Draft(
            message=f"Leads in {name} {how}.",
            subjects=(tool_id, *between),
            severity=Severity.LOW if newsletter else Severity.HIGH,
            evidence=(
                tool_line(analysis, tool_id, f"no healthy automatic path carries leads from {name} to a CRM"),
                *path_lines(analysis, scored.paths),
            ),
            confidence=confidence([tool]),
        )
    yield from unsure(context, unclear)


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _lacks(scored: Scored) -> bool:
    """Absent, or only by hand: nobody may rest a health score on it."""
    if scored.high == 0:
        return True
    return scored.known and bool(scored.paths) and not any(p.automated or p.degraded for p in scored.paths)


def credit_to_nobody(context: RuleContext) -> Iterable[Draft]:
    """DEP-004: attribution without deals or without touches; a tool that captures touches itself has them."""
    analysis, r = context.analysis, context.analysis.roles

    def needs(tool_id: str) -> Needs:
        target, found = one(tool_id), {}
        if r.crm.may:
            found["deals"] = path_score(analysis, r.crm, target, ("opportunity", "account"), None)
        if "touch_capture" not in analysis.tool(tool_id).in_use and r.touches.may:
            found["touches"] = path_score(analysis, r.touches, target, TOUCHED, None)
        return found

    def said(name: str, missing: list[str]) -> tuple[str, str]:
        return (
            f"{name} attributes revenue and receives no {' and no '.join(missing)}.",
            f"no declared connection brings {' or '.join(missing)} to {name}",
        )

    yield from starved(context, analysis.users("mta"), needs, said)


def routing_without_leads(context: RuleContext) -> Iterable[Draft]:
    """DEP-005: a routing tool outside the CRM that gets no inbound leads or does not reach a CRM."""
    analysis, r = context.analysis, context.analysis.roles
    capturing = ("forms_landing", "live_chat")
    inbound = r.map | analysis.using(*capturing)

    def needs(tool_id: str) -> Needs:
        tool, found = one(tool_id), {}
        if inbound.may:
            found["receives no inbound leads"] = path_score(analysis, inbound, tool, ("lead", "contact"), None)
        if r.crm.may:
            records = ("lead", "contact", "account")
            found["does not reach a CRM"] = path_score(analysis, tool, r.crm, records, None)
        return found

    def said(name: str, missing: list[str]) -> tuple[str, str]:
        return f"{name} routes leads and {' and '.join(missing)}.", f"{name} {'; '.join(missing)}"

    tools = [t for t in analysis.users("lead_routing") if t not in r.crm.sure]
    yield from starved(context, tools, needs, said)


def calls_unheard(context: RuleContext) -> Iterable[Draft]:
    """DEP-006: a conversation tool that writes nothing to a CRM, where there are sellers enough to care."""
    analysis, r = context.analysis, context.analysis.roles
    heads = analysis.stack.inventory.company.headcount
    sellers = None if heads.quota_reps is None and heads.sdr is None else (heads.quota_reps or 0) + (heads.sdr or 0)
    if not r.crm.may or (sellers is not None and sellers < context.thresholds["dep_006_sellers"]):
        return

    def needs(tool_id: str) -> Needs:
        records = ("activity", "opportunity", "contact")
        return {"calls": path_score(analysis, one(tool_id), r.crm, records, None)}

    def said(name: str, _: list[str]) -> tuple[str, str]:
        return (
            f"{name} records calls and writes nothing to a CRM.",
            f"no declared connection brings {name}'s calls to a CRM",
        )

    tools = [t for t in analysis.users("call_recording") if analysis.tool(t).layer == "conversation_intelligence"]
    yield from starved(context, tools, needs, said)


def bought_and_copied(context: RuleContext) -> Iterable[Draft]:
    """DEP-007: bought data that reaches neither CRM nor marketing automation by itself."""
    analysis, r = context.analysis, context.analysis.roles
    target = r.crm | r.map
    if not r.crm.may:
        return

    def needs(tool_id: str) -> Needs:
        found = path_score(analysis, one(tool_id), target, ("contact", "account", "lead"), None)
        how = "only by hand" if found.paths else "by no connection"
        if any(p.automated or p.degraded for p in found.paths):
            return {how: MET}
        # Copying by hand meets no need here; only an open connection leaves hope.
        return {how: Scored(0.0, 1.0 if found.high == 1.0 else 0.0, found.paths)}

    def said(name: str, missing: list[str]) -> tuple[str, str]:
        return (
            f"Data bought from {name} reaches the CRM {missing[0]}.",
            "no automatic path to a CRM or marketing automation",
        )

    tools = [t for t in analysis.users("contact_data", "firmographics") if t not in target.sure]
    yield from starved(context, tools, needs, said)


CHECKS = {
    "DEP-001": forecast_of_nothing,
    "DEP-002": blind_outreach,
    "DEP-003": starved_customer_success,
    "DEP-004": credit_to_nobody,
    "DEP-005": routing_without_leads,
    "DEP-006": calls_unheard,
    "DEP-007": bought_and_copied,
    "DEP-008": lost_leads,
}
