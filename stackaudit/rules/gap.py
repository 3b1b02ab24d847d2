"""GAP: what this stage of the company asks for and nothing provides."""

from __future__ import annotations

from collections.abc import Iterable

from stackaudit.analysis.links import functions, functions_in_bi
from stackaudit.analysis.signals import shares
from stackaudit.model.plugins import Draft, RuleContext
from stackaudit.model.result import Evidence
from stackaudit.model.vocabulary import Level, NeedLabel, Severity, Tri
from stackaudit.rules.support import (
    LITTLE_NEED,
    blind_spots,
    may_be_hidden,
    not_assessed,
    open_world,
    speaks_for,
    tool_line,
)

CRM_WORK = ("account_contact_mgmt", "lead_mgmt", "opportunity_mgmt")
CS_WORK = ("health_scoring", "cs_playbooks")


def no_crm(context: RuleContext) -> Iterable[Draft]:
    """GAP-001."""
    analysis = context.analysis
    present = analysis.has(*CRM_WORK, trial=False)
    if present is Tri.YES or not speaks_for(context, "sales"):
        return
    if present is Tri.UNKNOWN:
        yield may_be_hidden(context, "a CRM", analysis.maybe_users(*CRM_WORK))
        return
    heads = analysis.stack.inventory.company.headcount
    people = sum(h or 0 for h in (heads.quota_reps, heads.sdr, heads.marketing, heads.cs))
    known = any(h is not None for h in (heads.quota_reps, heads.sdr, heads.marketing, heads.cs))
    tiny = known and people < context.thresholds["gap_001_gtm_employees"]
    severity = Severity.MEDIUM if tiny and context.shape.need.label is NeedLabel.NONE else Severity.CRITICAL
    yield Draft(message="No tool keeps accounts, contacts and deals.", severity=severity, facet="crm")


def no_cs_platform(context: RuleContext) -> Iterable[Draft]:
    """GAP-003."""
    analysis, at = context.analysis, context.thresholds
    company = analysis.stack.inventory.company
    if analysis.subscription is Tri.NO or analysis.roles.csp.sure or not speaks_for(context, "cs"):
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
        yield not_assessed("Whether the company sells subscriptions is not declared (company.business_model).")
    elif analysis.roles.csp.may:
        yield may_be_hidden(context, "a customer success platform", analysis.roles.csp.may)
    else:
        size = f"{employees:,} employees" if employees is not None else f"{csms} people in customer success"
        yield Draft(
            message=f"No tool keeps customer health and renewals, at {size}.",
            severity=Severity.HIGH if big else Severity.LOW,
            facet="customer_success",
        )


def _kept_in_crm(context: RuleContext) -> bool:
    """Guard: health and renewals are worked in the CRM."""
    crms = [context.analysis.tool(t) for t in context.analysis.roles.crm.sure]
    by_capability = any(t.uses("renewal_mgmt") is Tri.YES and t.uses("health_scoring") is Tri.YES for t in crms)
    by_record = any({"renewal", "health"} <= set(t.entry.system_of_record_for or ()) for t in crms)
    return by_capability or by_record


def no_forecast(context: RuleContext) -> Iterable[Draft]:
    """GAP-004."""
    analysis, at = context.analysis, context.thresholds
    reps = analysis.stack.inventory.company.headcount.quota_reps
    present = analysis.has("forecast_rollup", trial=False)
    if present is Tri.YES or not speaks_for(context, "sales"):
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
    analysis, need = context.analysis, context.shape.need.label
    if need in LITTLE_NEED:
        return
    if need is NeedLabel.UNKNOWN:
        yield not_assessed("What the company needs is unknown without employees, ARR or stage.")
        return
    sure, may = functions_in_bi(analysis)
    suite = _suite_reporting(context)
    enough = context.thresholds["gap_006_functions"]
    if len(set(sure) | suite) >= enough:
        return
    lacking = open_world(context)
    if lacking or len(set(may) | suite) >= enough:
        yield lacking or not_assessed("Some connections to BI do not say what they carry.")
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
    analysis, need = context.analysis, context.shape.need.label
    tools = [t for t in analysis.stack.active if not t.trial]
    if need in LITTLE_NEED or len(tools) < context.thresholds["gap_007_tools"]:
        return
    layers = {layer.id for layer in analysis.catalog.layers.values() if layer.integration}
    if any(set(t.layers) & layers for t in tools):
        return
    if len({t.suite or t.id for t in tools}) == 1:
        return
    if need is NeedLabel.UNKNOWN:
        yield not_assessed("What the company needs is unknown without employees, ARR or stage.")
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
    light = context.shape.need.label in (NeedLabel.SALES_OPS, NeedLabel.NONE)
    lines = tuple(
        Evidence(text=f"{analysis.catalog.signals[s.id].name}: {_level(s.level)}")
        for s in analysis.signals
        if s.captured
    )
    figures = f"{captured} signals are captured; {reach:.0%} can reach an action in time, {coverage:.0%} have a play with an owner."
    if reach < at["gap_008_reach"]:
        if might >= at["gap_008_reach"]:
            yield open_world(context) or not_assessed("Some connections do not say what they carry.")
            return
        severity = Severity.MEDIUM if light else Severity.HIGH
    elif coverage < at["gap_008_coverage"]:
        severity = Severity.LOW if light else Severity.MEDIUM
    elif not any("execution_layer" in t.layers for t in analysis.stack.active):
        severity, figures = Severity.INFO, f"{figures} Workflow of the platforms in use covers it."
    else:
        return
    yield Draft(message=figures, severity=severity, facet="plays", evidence=lines)


def _level(level: Level) -> str:
    return (
        "not captured",
        "captured, then a dead end",
        "visible, but no timely way to act",
        "can reach an action in time, nobody named",
        "reaches a named owner",
        "acted on and written back",
    )[level]


CHECKS = {
    "GAP-001": no_crm,
    "GAP-003": no_cs_platform,
    "GAP-004": no_forecast,
    "GAP-006": no_one_number,
    "GAP-007": no_integration_layer,
    "GAP-008": signals_die,
}
