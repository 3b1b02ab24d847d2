"""DEP: tools that lack what they live on."""

from __future__ import annotations

from collections.abc import Iterable

from stackaudit.analysis.roles import Role
from stackaudit.analysis.scoring import Scored, path_score
from stackaudit.model.plugins import Draft, RuleContext
from stackaudit.model.vocabulary import Severity
from stackaudit.rules.support import confidence, not_assessed, open_world, path_lines, tool_line

NEWSLETTER_ONLY = frozenset({"email_campaigns", "forms_landing"})


def forecast_of_nothing(context: RuleContext) -> Iterable[Draft]:
    """DEP-001: a forecasting tool that no CRM sends opportunities to."""
    analysis = context.analysis
    crm = analysis.roles.crm
    if not crm.may:
        return  # without a CRM there is one thing to say, and GAP-001 says it
    tools = [t for t in analysis.roles.forecast.sure if analysis.tool(t).layer == "sales_forecasting"]
    unsure = []
    for tool_id in tools:
        scored = path_score(analysis, crm, _one(tool_id), ("opportunity",), None)
        if scored.low > 0:
            continue
        if scored.high > 0:
            unsure.append(tool_id)
            continue
        name = analysis.label(tool_id)
        yield Draft(
            message=f"{name} receives no opportunities from the CRM, so it forecasts nothing.",
            subjects=(tool_id,),
            evidence=(tool_line(analysis, tool_id, f"no declared connection brings opportunities to {name}"),),
            confidence=confidence([analysis.tool(tool_id)]),
        )
    yield from _unsure(context, unsure)


def blind_outreach(context: RuleContext) -> Iterable[Draft]:
    """DEP-002: a tool that runs sequences without leads from the CRM or without activity back to it."""
    analysis = context.analysis
    crm = analysis.roles.crm
    if not crm.may:
        return
    unsure = []
    for tool_id in analysis.roles.engagement.sure:
        if tool_id in crm.sure:
            continue
        leads = path_score(analysis, crm, _one(tool_id), ("lead", "contact"), None)
        activity = path_score(analysis, _one(tool_id), crm, ("activity",), None)
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
            unsure.append(tool_id)
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
    yield from _unsure(context, unsure)


def starved_customer_success(context: RuleContext) -> Iterable[Draft]:
    """DEP-003: a customer success platform without feeds; a feed counts as lacking only where its source exists."""
    analysis, r = context.analysis, context.analysis.roles
    unsure = []
    for tool_id in r.csp.sure:
        target = _one(tool_id)
        feeds = {
            "the CRM": (r.crm, ("account", "opportunity")),
            "product usage": (r.usage, ("usage",)),
            "support tickets": (r.tickets, ("ticket",)),
        }
        scored = {
            name: path_score(analysis, source, target, objects, None)
            for name, (source, objects) in feeds.items()
            if source.may
        }
        lacking = {name: s for name, s in scored.items() if _lacks(s)}
        open_ = [name for name, s in scored.items() if not s.known]
        if not lacking or len(open_) == len(scored):
            unsure += [tool_id] if open_ else []
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
            confidence=confidence([analysis.tool(tool_id)]),
        )
    yield from _unsure(context, unsure)


def lost_leads(context: RuleContext) -> Iterable[Draft]:
    """DEP-008: marketing automation whose leads do not reach a CRM by a healthy automatic path."""
    analysis, r = context.analysis, context.analysis.roles
    if not r.crm.may:
        return
    unsure = []
    for tool_id in r.map.sure:
        if tool_id in r.crm.sure:
            continue
        scored = path_score(analysis, _one(tool_id), r.crm, ("lead", "contact"), None)
        if scored.low == 1.0:
            continue
        if scored.high == 1.0:
            unsure.append(tool_id)
            continue
        name, tool = analysis.label(tool_id), analysis.tool(tool_id)
        path = scored.paths[0] if scored.paths else None
        between = path.tools[1:-1] if path else ()
        if path is None:
            how = "do not reach a CRM"
        else:
            how = (
                f"reach {analysis.label(path.tools[-1])} only by {'a degraded connection' if path.degraded else 'hand'}"
            )
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
    yield from _unsure(context, unsure)


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _lacks(scored: Scored) -> bool:
    """Absent, or only by hand: nobody may rest a health score on it."""
    if scored.high == 0:
        return True
    return scored.known and bool(scored.paths) and not any(p.automated or p.degraded for p in scored.paths)


def _one(tool_id: str) -> Role:
    return Role((tool_id,), (tool_id,))


def _unsure(context: RuleContext, tools: list[str]) -> Iterable[Draft]:
    if not tools:
        return
    lacking = open_world(context)
    message = lacking.message if lacking else "Some connections do not say what they carry, or how."
    yield not_assessed(message, tools)


def credit_to_nobody(context: RuleContext) -> Iterable[Draft]:
    """DEP-004: attribution without deals or without touches; a tool that captures touches itself has them."""
    analysis, r = context.analysis, context.analysis.roles
    touching = ("web_tracking", "forms_landing", "web_analytics", "event_collection", "ads")
    touches = r.map | Role(analysis.users(*touching), analysis.maybe_users(*touching))
    unsure = []
    for tool_id in analysis.users("mta"):
        target, tool = _one(tool_id), analysis.tool(tool_id)
        needs = {}
        if r.crm.may:
            needs["deals"] = path_score(analysis, r.crm, target, ("opportunity", "account"), None)
        if "touch_capture" not in tool.in_use and touches.may:
            needs["touches"] = path_score(
                analysis, touches, target, ("campaign_engagement", "visitor", "lead", "contact", "ad_cost"), None
            )
        missing = [name for name, s in needs.items() if s.high == 0]
        if not missing:
            unsure += [tool_id] if any(s.low == 0 for s in needs.values()) else []
            continue
        name = analysis.label(tool_id)
        yield Draft(
            message=f"{name} attributes revenue and receives no {' and no '.join(missing)}.",
            subjects=(tool_id,),
            evidence=(tool_line(analysis, tool_id, f"no declared connection brings {' or '.join(missing)} to {name}"),),
            confidence=confidence([tool]),
        )
    yield from _unsure(context, unsure)


def routing_without_leads(context: RuleContext) -> Iterable[Draft]:
    """DEP-005: a routing tool outside the CRM that gets no inbound leads or does not reach a CRM."""
    analysis, r = context.analysis, context.analysis.roles
    inbound = r.map | Role(
        analysis.users("forms_landing", "live_chat"), analysis.maybe_users("forms_landing", "live_chat")
    )
    unsure = []
    for tool_id in analysis.users("lead_routing"):
        if tool_id in r.crm.sure:
            continue
        needs = {}
        if inbound.may:
            needs["receives no inbound leads"] = path_score(analysis, inbound, _one(tool_id), ("lead", "contact"), None)
        if r.crm.may:
            records = ("lead", "contact", "account")
            needs["does not reach a CRM"] = path_score(analysis, _one(tool_id), r.crm, records, None)
        missing = [name for name, s in needs.items() if s.high == 0]
        if not missing:
            unsure += [tool_id] if any(s.low == 0 for s in needs.values()) else []
            continue
        name = analysis.label(tool_id)
        yield Draft(
            message=f"{name} routes leads and {' and '.join(missing)}.",
            subjects=(tool_id,),
            evidence=(tool_line(analysis, tool_id, f"{name} {'; '.join(missing)}"),),
            confidence=confidence([analysis.tool(tool_id)]),
        )
    yield from _unsure(context, unsure)


def calls_unheard(context: RuleContext) -> Iterable[Draft]:
    """DEP-006: a conversation tool that writes nothing to a CRM, where there are sellers enough to care."""
    analysis, r = context.analysis, context.analysis.roles
    heads = analysis.stack.inventory.company.headcount
    sellers = None if heads.quota_reps is None and heads.sdr is None else (heads.quota_reps or 0) + (heads.sdr or 0)
    if not r.crm.may or (sellers is not None and sellers < context.thresholds["dep_006_sellers"]):
        return
    unsure = []
    for tool_id in analysis.users("call_recording"):
        tool = analysis.tool(tool_id)
        if tool.layer != "conversation_intelligence":
            continue
        scored = path_score(analysis, _one(tool_id), r.crm, ("activity", "opportunity", "contact"), None)
        if scored.low > 0:
            continue
        if scored.high > 0:
            unsure.append(tool_id)
            continue
        name = analysis.label(tool_id)
        yield Draft(
            message=f"{name} records calls and writes nothing to a CRM.",
            subjects=(tool_id,),
            evidence=(tool_line(analysis, tool_id, f"no declared connection brings {name}'s calls to a CRM"),),
            confidence=confidence([tool]),
        )
    yield from _unsure(context, unsure)


def bought_and_copied(context: RuleContext) -> Iterable[Draft]:
    """DEP-007: bought data that reaches neither CRM nor marketing automation by itself."""
    analysis, r = context.analysis, context.analysis.roles
    target = r.crm | r.map
    if not r.crm.may:
        return
    unsure = []
    for tool_id in analysis.users("contact_data", "firmographics"):
        if tool_id in target.sure:
            continue
        scored = path_score(analysis, _one(tool_id), target, ("contact", "account", "lead"), None)
        if any(p.automated or p.degraded for p in scored.paths):
            continue
        if scored.high == 1.0:
            unsure.append(tool_id)
            continue
        name = analysis.label(tool_id)
        how = "only by hand" if scored.paths else "by no connection"
        yield Draft(
            message=f"Data bought from {name} reaches the CRM {how}.",
            subjects=(tool_id,),
            evidence=(
                tool_line(analysis, tool_id, "no automatic path to a CRM or marketing automation"),
                *path_lines(analysis, scored.paths),
            ),
            confidence=confidence([analysis.tool(tool_id)]),
        )
    yield from _unsure(context, unsure)


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
