"""Which role to hire, restructure or leave for now, by both sources' decision rules, with triggers and mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from stackaudit.analysis.ownership import OPERATIONS, both_functions
from stackaudit.model.result import Advice, MistakeInfo, NeedShape, OrgShape, SplitLine, TriggerInfo
from stackaudit.model.vocabulary import Level, NeedLabel, OrgLabel, Tri
from stackaudit.shape.ground import inner, listed
from stackaudit.shape.need import arr_usd

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.analysis.signals import SignalReach
    from stackaudit.model.guidance import AdviceRule, Trigger

_GROWN = (NeedLabel.REVOPS, NeedLabel.FULL_REVOPS)
_TOP_TITLES = ("director", "vp", "svp", "evp", "vice president", "chief", "cro")


def advice(analysis: Analysis, org: OrgShape, need: NeedShape) -> Advice | None:
    """The advice of the first rule that fits; None where the need is unknown."""
    for rule in analysis.catalog.advice.values():
        if need.label in rule.need and org.label in rule.org and rule.senior in (None, _senior(analysis) is Tri.YES):
            return _advice(analysis, rule, org, need)
    return None


def _advice(analysis: Analysis, rule: AdviceRule, org: OrgShape, need: NeedShape) -> Advice:
    catalog = analysis.catalog
    band = catalog.pay_bands.get(rule.pay or "")
    pay = f"{band.name}: {band.base} base, {band.total} in total ({catalog.pay_source})" if band else None
    areas = _areas(analysis, need)
    why = f"{rule.why} The sources disagree about the need." if need.contested else rule.why
    if rule.senior is not None and _senior(analysis) is Tri.UNKNOWN:
        employees, arr = analysis.threshold("need_revops_employees"), analysis.threshold("need_revops_arr_a")
        why += (
            f" Employees and ARR are not declared: from {employees:.0f} employees or ${arr / 1e6:g}M a director is due."
        )
    if areas:
        why += f" Not owned by operations: {listed(inner(catalog.ownership[a].name) for a in areas)}."
    split = need.label in _GROWN or both_functions(analysis)
    return Advice(
        action=rule.action,
        role=rule.role,
        when=rule.when,
        why=why,
        pay_band=pay,
        missing_roles=_missing_roles(analysis, need),
        areas=areas,
        next_review=rule.next_review,
        triggers=tuple(
            TriggerInfo(id=t.id, function=t.function, text=t.text, state=_STATES[_met(analysis, t)], source=t.source)
            for t in catalog.triggers.values()
        ),
        mistakes=tuple(
            MistakeInfo(id=m.id, text=m.text, state=_SEEN[MISTAKES[m.test](analysis, org, need)], source=m.source)
            for m in catalog.mistakes.values()
        ),
        split=tuple(SplitLine(owner=s.owner, owns=s.owns, source=s.source) for s in catalog.split.values())
        if split
        else (),
        sources=rule.sources,
    )


def _senior(analysis: Analysis) -> Tri:
    """Whether the company has the size from which source A gives a director of RevOps something to own."""
    employees, arr = analysis.stack.inventory.company.employees, arr_usd(analysis)
    if employees is None and arr is None:
        return Tri.UNKNOWN
    grown = (employees or 0) >= analysis.threshold("need_revops_employees")
    rich = (arr or 0) >= analysis.threshold("need_revops_arr_a")
    return Tri.YES if grown or rich else Tri.NO


def _missing_roles(analysis: Analysis, need: NeedShape) -> tuple[str, ...]:
    """Specialists that source A's full organisation has and the file leaves out; none where it names none at all."""
    org = analysis.stack.inventory.org
    if need.label is not NeedLabel.FULL_REVOPS or org is None or org.specialists is None:
        return ()
    return tuple(r.name for r in analysis.catalog.specialist_roles.values() if r.id not in org.specialists)


def _areas(analysis: Analysis, need: NeedShape) -> tuple[str, ...]:
    if need.label not in _GROWN:
        return ()
    return tuple(a.id for a in analysis.ownership.values() if a.declared and a.owner and a.owner not in OPERATIONS)


def _met(analysis: Analysis, trigger: Trigger) -> Tri:
    company, org = analysis.stack.inventory.company, analysis.stack.inventory.org
    if trigger.kind == "pain":
        pains = org.pains if org else None
        return Tri.UNKNOWN if pains is None else _tri(bool(set(trigger.value) & set(pains)))
    if trigger.kind == "stage":
        found = analysis.catalog.funding_stages.get(company.funding_stage or "")
        return Tri.UNKNOWN if found is None else _tri(found.vote in trigger.value)
    numbers = {
        "employees": company.employees,
        "arr": arr_usd(analysis),
        "quota_reps": company.headcount.quota_reps,
    }
    value = numbers[trigger.kind]
    if value is None or trigger.threshold is None:
        return Tri.UNKNOWN
    return _tri(value >= analysis.threshold(trigger.threshold))


def _title(analysis: Analysis) -> str:
    org = analysis.stack.inventory.org
    return ((org.title if org else None) or "").casefold()


def _director_early(analysis: Analysis, org: OrgShape, need: NeedShape) -> Tri:
    title = _title(analysis)
    if not title:
        return Tri.NO if org.label is OrgLabel.NONE else Tri.UNKNOWN
    words = f" {title.replace(',', ' ').replace('-', ' ')} "
    if "rev" not in title or not any(f" {t} " in words for t in _TOP_TITLES):
        return Tri.NO
    return {Tri.YES: Tri.NO, Tri.NO: Tri.YES, Tri.UNKNOWN: Tri.UNKNOWN}[_senior(analysis)]


def _title_only(analysis: Analysis, org: OrgShape, need: NeedShape) -> Tri:
    if org.label is OrgLabel.NONE or (_title(analysis) and "rev" not in _title(analysis)):
        return Tri.NO
    if org.label is OrgLabel.UNKNOWN or not _title(analysis):
        return Tri.UNKNOWN
    return _tri(org.label is OrgLabel.SALES_OPS)


def _understaffed(analysis: Analysis, org: OrgShape, need: NeedShape) -> Tri:
    inventory = analysis.stack.inventory
    declared = inventory.org.team_size if inventory.org else None
    size = declared if declared is not None else inventory.company.headcount.ops
    if size is None or need.label is NeedLabel.UNKNOWN:
        return Tri.UNKNOWN
    return _tri(need.label in _GROWN and 0 < size <= analysis.threshold("advice_understaffed"))


def _nobody_executes(analysis: Analysis, org: OrgShape, need: NeedShape) -> Tri:
    """Whether most captured signals have no owner, whatever the unknown connections carry."""
    if need.label is NeedLabel.NONE:
        return Tri.NO
    kept = [s for s in analysis.signals if s.captured]
    if len(kept) < analysis.threshold("gap_008_captured"):
        return Tri.UNKNOWN
    enough = analysis.threshold("gap_008_coverage")
    sure, may = (sum(level >= Level.OWNED for level in levels) / len(kept) for levels in _levels(kept))
    return Tri.NO if sure >= enough else Tri.UNKNOWN if may >= enough else Tri.YES


def _levels(reached: list[SignalReach]) -> tuple[list[Level], list[Level]]:
    return [s.level for s in reached], [s.high for s in reached]


def _finance_line(analysis: Analysis, org: OrgShape, need: NeedShape) -> Tri:
    declared = analysis.stack.inventory.org
    line = (declared.reports_to if declared else None) or ""
    if not line:
        return Tri.NO if org.label is OrgLabel.NONE else Tri.UNKNOWN
    return _tri("cfo" in line.casefold() or "chief financial" in line.casefold())


def _blurred_lines(analysis: Analysis, org: OrgShape, need: NeedShape) -> Tri:
    owners = [a.owner for a in analysis.ownership.values() if a.declared]
    if not both_functions(analysis):
        return Tri.UNKNOWN if None in owners and org.label is not OrgLabel.NONE else Tri.NO
    return Tri.YES if "none" in owners else Tri.UNKNOWN if None in owners else Tri.NO


def _tri(holds: bool) -> Tri:
    return Tri.YES if holds else Tri.NO


_STATES: Mapping[Tri, str] = {Tri.YES: "met", Tri.NO: "not_met", Tri.UNKNOWN: "unknown"}
_SEEN: Mapping[Tri, str] = {Tri.YES: "seen", Tri.NO: "not_seen", Tri.UNKNOWN: "unknown"}
MISTAKES: Mapping[str, Callable[[Analysis, OrgShape, NeedShape], Tri]] = {
    "director_early": _director_early,
    "title_only": _title_only,
    "understaffed": _understaffed,
    "nobody_executes": _nobody_executes,
    "finance_line": _finance_line,
    "blurred_lines": _blurred_lines,
}
