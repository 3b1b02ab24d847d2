"""SOR: which tool holds the official value of a record."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from stackaudit.analysis.records import homeless
from stackaudit.analysis.scope import newly_bought, scopes_meet
from stackaudit.model.plugins import Draft, RuleContext
from stackaudit.model.stack import one_database
from stackaudit.model.vocabulary import Severity
from stackaudit.rules.support import not_assessed, tool_line
from stackaudit.wording import join


def no_record(context: RuleContext) -> Iterable[Draft]:
    """SOR-001: core records without a system of record; mild where there is only one CRM that it could be."""
    analysis = context.analysis
    missing = homeless(analysis.records)
    if not missing:
        return
    if not analysis.records:
        yield not_assessed("No tool is declared as system of record for anything.")
        return
    crms = analysis.roles.crm.sure
    single = len(crms) == 1
    yield Draft(
        message=f"No tool is declared as system of record for {analysis.data(missing)}."
        + (f" {analysis.label(crms[0])} is the only CRM, so it is taken to be that." if single else ""),
        subjects=crms if single else (),
        severity=Severity.INFO if single else Severity.MEDIUM,
        evidence=tuple(
            tool_line(analysis, t, f"{analysis.label(t)}: system_of_record_for does not name {', '.join(missing)}")
            for t in crms
        ),
    )


def two_truths(context: RuleContext) -> Iterable[Draft]:
    """SOR-002: one finding an object that several tools claim in overlapping scope.

    One shared database is one truth, and a company just bought keeps its own for the months of grace.
    """
    analysis, stack = context.analysis, context.analysis.stack
    grace = context.thresholds["acquisition_grace_months"]
    for item, record in analysis.records.items():
        tools = [analysis.tool(t) for t in record.tools]
        clashing = sorted(
            {
                t.id
                for one, two in combinations(tools, 2)
                if scopes_meet(stack, one, two, same_layer=one.layer == two.layer, grace=grace)
                and not one_database(one, two)
                and not newly_bought(stack, one, two, grace)
                for t in (one, two)
            }
        )
        if not clashing:
            continue
        names, all_ = join(analysis.label(t) for t in clashing), "both" if len(clashing) == 2 else "all"
        yield Draft(
            message=f"{names} {all_} claim to hold the official {analysis.data([item])}.",
            subjects=tuple(clashing),
            facet=item,
            title=f"{names} {all_} claim {analysis.data([item])}",
            evidence=tuple(
                tool_line(analysis, t, f"{analysis.label(t)}: system_of_record_for names {item}") for t in clashing
            ),
        )


PLANNED = frozenset({"quota"})


def sheet_of_truth(context: RuleContext) -> Iterable[Draft]:
    """SOR-003: a spreadsheet as system of record; what is planned in sheets may stay there."""
    analysis = context.analysis
    employees = analysis.stack.inventory.company.employees
    small = employees is not None and employees < context.thresholds["sor_003_employees"]
    for tool_id in analysis.users("spreadsheet"):
        held = [o for o in analysis.tool(tool_id).entry.system_of_record_for or () if o not in PLANNED]
        if held:
            name = analysis.label(tool_id)
            yield Draft(
                message=f"{name} is the system of record for {analysis.data(held)}.",
                subjects=(tool_id,),
                severity=Severity.LOW if small else Severity.MEDIUM,
                evidence=(tool_line(analysis, tool_id, f"system_of_record_for: {', '.join(sorted(held))}"),),
            )


CHECKS = {"SOR-001": no_record, "SOR-002": two_truths, "SOR-003": sheet_of_truth}
