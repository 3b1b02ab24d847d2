"""GAP: what this stage of the company asks for and nothing provides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from stackaudit.analysis.expectations import carrying
from stackaudit.analysis.links import functions
from stackaudit.analysis.records import CORE
from stackaudit.analysis.roles import speaks_for
from stackaudit.analysis.signals import SignalReach, shares
from stackaudit.model.plugins import Draft, RuleContext
from stackaudit.model.result import Evidence
from stackaudit.model.vocabulary import Level, NeedLabel, Severity, Tri
from stackaudit.rules.support import (
    LITTLE_NEED,
    NEED_UNKNOWN,
    blind_spots,
    may_be_hidden,
    not_assessed,
    open_world,
    subscriptions_unknown,
    tool_line,
    undecided,
)
from stackaudit.wording import plural

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis

CRM_WORK = ("account_contact_mgmt", "lead_mgmt", "opportunity_mgmt")
CS_WORK = ("health_scoring", "cs_playbooks")


def no_crm(context: RuleContext) -> Iterable[Draft]:
    """GAP-001."""
    analysis = context.analysis
    present = analysis.has(*CRM_WORK, trial=False)
    if present is Tri.YES or not speaks_for(context.analysis.stack, "sales"):
        return
    if present is Tri.UNKNOWN:
        yield may_be_hidden(context, "a CRM", analysis.maybe_users(*CRM_WORK))
        return
    heads = analysis.stack.inventory.company.headcount
    people = sum(h or 0 for h in (heads.quota_reps, heads.sdr, heads.marketing, heads.cs))
    known = any(h is not None for h in (heads.quota_reps, heads.sdr, heads.marketing, heads.cs))
    tiny = known and people < context.thresholds["gap_001_gtm_employees"]
    severity = Severity.MEDIUM if tiny and context.shapes.need.label is NeedLabel.NONE else Severity.CRITICAL
    yield Draft(message=_kept_elsewhere(analysis), severity=severity, facet="crm")


def _kept_elsewhere(analysis: Analysis) -> str:
    """Where accounts and deals are kept without a CRM: a spreadsheet that is declared to hold them does."""
    kept = [item for item in CORE if item in analysis.records]
    if not kept:
        return "No tool keeps accounts, contacts and deals."
    keepers = sorted({tool for item in kept for tool in analysis.records[item].tools})
    return f"No CRM is in use; {analysis.data(kept)} is kept in {analysis.names(keepers, ' and ')}."


def no_cs_platform(context: RuleContext) -> Iterable[Draft]:
    """GAP-003."""
    analysis, at = context.analysis, context.thresholds
    company = analysis.stack.inventory.company
    if analysis.subscription is Tri.NO or analysis.roles.csp.sure or not speaks_for(context.analysis.stack, "cs"):
        return
    if _kept_in_crm(context):
        return
    csms, employees = company.headcount.cs, company.employees
    big = (employees or 0) >= at["gap_003_employees"] or (csms or 0) >= at["gap_003_csms"]
    some = (csms or 0) >= at["gap_003_csms_low"]
    if not big and not some:
        if employees is None and csms is None:
            yield not_assessed("Neither employees nor customer success headcount is declared.")
        return
    if analysis.subscription is Tri.UNKNOWN:
        yield subscriptions_unknown(context)
    elif analysis.roles.csp.may:
        yield may_be_hidden(context, "a customer success platform", analysis.roles.csp.may)
    else:
        by_staff = (employees or 0) < at["gap_003_employees"]
        size = (
            plural(csms or 0, "person", "people") + " in customer success" if by_staff else f"{employees:,} employees"
        )
        yield Draft(
            message=f"No tool keeps customer health and renewals, with {size}.",
            severity=Severity.HIGH if big else Severity.LOW,
            facet="customer_success",
        )


def _kept_in_crm(context: RuleContext) -> bool:
    """Guard: a CRM is the record for health and renewals; one that scores health is a platform for it by its work."""
    crms = [context.analysis.tool(t) for t in context.analysis.roles.crm.sure]
    return any({"renewal", "health"} <= set(t.entry.system_of_record_for or ()) for t in crms)


def no_forecast(context: RuleContext) -> Iterable[Draft]:
    """GAP-004."""
    analysis, at = context.analysis, context.thresholds
    reps = analysis.stack.inventory.company.headcount.quota_reps
    present = analysis.has("forecast_rollup", trial=False)
    if present is Tri.YES or not speaks_for(context.analysis.stack, "sales"):
        return
    if reps is None:
        yield not_assessed("The number of quota-carrying reps is not declared.")
    elif reps >= at["gap_004_reps"]:
        if present is Tri.UNKNOWN:
            yield may_be_hidden(context, "a forecast roll-up", analysis.maybe_users("forecast_rollup"))
            return
        yield Draft(
            message=f"{reps} reps carry a quota and no tool rolls up a forecast.",
            severity=Severity.HIGH if reps >= at["gap_004_reps_high"] else Severity.MEDIUM,
            facet="sales_forecasting",
        )


def no_one_number(context: RuleContext) -> Iterable[Draft]:
    """GAP-006: BI that sees fewer than three functions."""
    analysis, need = context.analysis, context.shapes.need.label
    if need in LITTLE_NEED:
        return
    if need is NeedLabel.UNKNOWN:
        yield not_assessed(NEED_UNKNOWN)
        return
    sure, may = analysis.functions_in_bi
    suite = _suite_reporting(context)
    enough = context.thresholds["gap_006_functions"]
    if len(set(sure) | suite) >= enough:
        return
    lacking = open_world(context)
    if lacking or len(set(may) | suite) >= enough:
        yield lacking or not_assessed(undecided(context))
        return
    bi = analysis.roles.bi_or_warehouse.sure
    where = analysis.names(bi, " and ") if bi else "No BI tool or warehouse is in use, so nothing"
    seen = (
        f"{where} sees {len(sure)} of 6 functions ({', '.join(sure)})."
        if bi
        else f"{where} shows the functions together."
    )
    yield Draft(
        message=seen,
        subjects=bi,
        severity=Severity.HIGH,
        facet="reporting_bi",
        evidence=tuple(
            tool_line(analysis, t, f"{analysis.label(t)} receives from: {', '.join(sure) or 'nothing'}") for t in bi
        ),
    )


def _suite_reporting(context: RuleContext) -> set[str]:
    """Guard: functions that one suite reports on over one database."""
    r = context.analysis.roles
    reporting = {
        context.analysis.tool(t).suite for t in r.crm.sure if context.analysis.tool(t).uses("crm_reporting") is Tri.YES
    } - {None}
    return {
        name
        for name, role in functions(r).items()
        if any(context.analysis.tool(t).suite in reporting for t in role.sure)
    }


def no_integration_layer(context: RuleContext) -> Iterable[Draft]:
    """GAP-007."""
    analysis, need = context.analysis, context.shapes.need.label
    tools = [t for t in analysis.stack.active if not t.trial]
    if need in LITTLE_NEED or len(tools) < context.thresholds["gap_007_tools"]:
        return
    layers = {layer.id for layer in analysis.catalog.layers.values() if layer.integration}
    if any(set(t.layers) & layers for t in tools):
        return
    if len({t.suite or t.id for t in tools}) == 1 or carrying(analysis):
        return
    if need is NeedLabel.UNKNOWN:
        yield not_assessed(NEED_UNKNOWN)
    elif blind_spots(analysis):
        yield may_be_hidden(context, "an integration platform", blind_spots(analysis))
    else:
        yield Draft(
            message=f"{len(tools)} tools and no integration platform, pipeline or customer data platform between them.",
            severity=Severity.MEDIUM,
            facet="integration",
        )


def signals_die(context: RuleContext) -> Iterable[Draft]:
    """GAP-008: signals that nobody and nothing acts on, judged by what they can reach and never by a brand."""
    analysis, at = context.analysis, context.thresholds
    captured, reach, coverage, _ = shares(analysis.signals)
    if captured < at["gap_008_captured"]:
        return
    might = sum(s.high >= Level.REACHABLE for s in analysis.signals if s.captured) / captured
    light = context.shapes.need.label in (NeedLabel.SALES_OPS, NeedLabel.NONE)
    lines = tuple(
        Evidence(text=f"{analysis.catalog.signals[s.id].name}: {_how_far(s)}") for s in analysis.signals if s.captured
    )
    figures = f"{captured} signals are captured; {reach:.0%} can reach an action in time, {coverage:.0%} have a play with owner and deadline as well."
    if reach < at["gap_008_reach"]:
        if might >= at["gap_008_reach"] or not analysis.stack.closed_world:
            yield not_assessed(undecided(context))
            return
        severity = Severity.MEDIUM if light else Severity.HIGH
    elif coverage < at["gap_008_coverage"]:
        severity = Severity.LOW if light else Severity.MEDIUM
    elif not any("execution_layer" in t.layers for t in analysis.stack.active):
        severity, figures = Severity.INFO, f"{figures} Workflow of the platforms in use covers it."
    else:
        return
    yield Draft(message=figures, severity=severity, facet="plays", evidence=lines)


def _how_far(signal: SignalReach) -> str:
    """How far a captured signal gets, as far as that is known."""
    if signal.level is Level.REACHABLE and any(p.owner for p in signal.plays):
        return "can reach an action in time, and its play names no deadline"
    text = (
        "not captured",
        "captured, then a dead end",
        "visible, but no timely way to act",
        "can reach an action in time, nobody named",
        "reaches a named owner",
        "acted on and written back",
    )[signal.level]
    return text if signal.high == signal.level else f"{text}, as far as is declared"


def no_routing(context: RuleContext) -> Iterable[Draft]:
    """GAP-002: inbound leads and several sellers without any routing in use."""
    analysis = context.analysis
    motions = set(analysis.stack.inventory.company.motions or ())
    sellers = _sellers(context)
    if "inbound" not in motions or not speaks_for(context.analysis.stack, "sales"):
        return
    present = analysis.has("lead_routing", "inbound_scheduling", trial=False)
    if present is Tri.YES:
        return
    if sellers is None:
        yield not_assessed("The number of sellers is not declared.")
    elif sellers >= context.thresholds["gap_002_sellers"]:
        if present is Tri.UNKNOWN:
            yield may_be_hidden(context, "lead routing", analysis.maybe_users("lead_routing", "inbound_scheduling"))
            return
        yield Draft(message=f"{sellers} sellers share inbound leads and nothing in use routes them.", facet="routing")


def _sellers(context: RuleContext) -> int | None:
    heads = context.analysis.stack.inventory.company.headcount
    if heads.quota_reps is None and heads.sdr is None:
        return None
    return (heads.quota_reps or 0) + (heads.sdr or 0)


def no_attribution(context: RuleContext) -> Iterable[Draft]:
    """GAP-005: RevOps is needed and no model credits touches."""
    analysis, need = context.analysis, context.shapes.need.label
    if need in LITTLE_NEED or not speaks_for(context.analysis.stack, "marketing"):
        return
    present = analysis.has("mta", trial=False)
    if present is Tri.YES:
        return
    if need is NeedLabel.UNKNOWN:
        yield not_assessed(NEED_UNKNOWN)
    elif present is Tri.UNKNOWN:
        yield may_be_hidden(context, "multi-touch attribution", analysis.maybe_users("mta"))
    else:
        motions = set(analysis.stack.inventory.company.motions or ())
        influence = analysis.has("campaign_influence")
        light = influence is not Tri.NO or "plg" in motions or ("enterprise" in motions and "inbound" not in motions)
        yield Draft(
            message=f"No multi-touch attribution is in use; {_INSTEAD_OF_IT[influence]}.",
            severity=Severity.LOW if light else Severity.MEDIUM,
            facet="attribution",
        )


_INSTEAD_OF_IT = {
    Tri.YES: "only campaign influence is in its place",
    Tri.UNKNOWN: "whether campaign influence is in its place is not declared",
    Tri.NO: "nothing is in its place",
}


def blind_product(context: RuleContext) -> Iterable[Draft]:
    """GAP-009: growth by the product, and nobody records its use."""
    analysis = context.analysis
    if "plg" not in set(analysis.stack.inventory.company.motions or ()):
        return
    present = analysis.has("usage_events", "event_collection", trial=False)
    kept = "usage" in analysis.records
    if present is Tri.YES or kept:
        return
    if present is Tri.UNKNOWN:
        yield may_be_hidden(
            context, "a record of product usage", analysis.maybe_users("usage_events", "event_collection")
        )
    else:
        yield Draft(
            message="The company grows by its product, and no tool in use records usage.", facet="product_analytics"
        )


def no_billing(context: RuleContext) -> Iterable[Draft]:
    """GAP-010: subscriptions without a billing source."""
    analysis = context.analysis
    employees = analysis.stack.inventory.company.employees
    if analysis.subscription is not Tri.YES or analysis.roles.billing.sure:
        return
    if employees is None:
        yield not_assessed("The number of employees is not declared.")
    elif employees >= context.thresholds["gap_010_employees"]:
        if analysis.roles.billing.may:
            yield may_be_hidden(context, "subscription billing", analysis.roles.billing.may)
            return
        yield Draft(message="Subscriptions are sold and no declared tool bills them.", facet="billing")


CHECKS = {
    "GAP-001": no_crm,
    "GAP-002": no_routing,
    "GAP-003": no_cs_platform,
    "GAP-004": no_forecast,
    "GAP-005": no_attribution,
    "GAP-006": no_one_number,
    "GAP-007": no_integration_layer,
    "GAP-008": signals_die,
    "GAP-009": blind_product,
    "GAP-010": no_billing,
}
