"""What the company needs, by both sources' thresholds, with every vote shown (section 8.3; ``precise.md``, 13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from stackaudit.model.result import NeedShape, Vote
from stackaudit.model.vocabulary import FUNDING_STAGES, NeedLabel

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis

_ORDER = (NeedLabel.NONE, NeedLabel.SALES_OPS, NeedLabel.REVOPS, NeedLabel.FULL_REVOPS)
REVOPS_PAINS = {
    "silos": "teams in silos with different data",
    "lead_conversion_blame": "blame over lead quality",
    "nrr_dropping": "falling net revenue retention",
    "cac_payback_over_18": "CAC payback over 18 months",
}
SALES_OPS_PAINS = {
    "crm_graveyard": "a CRM full of dead data",
    "quota_below_50": "quota attainment under 50%",
    "admin_over_30": "over 30% of reps' time on administration",
    "comp_change": "changing prices or pay plans",
}
_WORDS = {
    NeedLabel.NONE: "neither function",
    NeedLabel.SALES_OPS: "Sales Ops",
    NeedLabel.REVOPS: "RevOps",
    NeedLabel.FULL_REVOPS: "a full RevOps organisation",
}


def need_shape(analysis: Analysis) -> NeedShape:
    """Decide by the lower median of the votes that count; pains break a contested vote."""
    votes = _votes(analysis)
    counting = sorted((NeedLabel(v.vote) for v in votes if v.counts), key=_ORDER.index)
    if not counting:
        text = "Neither employees nor ARR nor funding stage is declared."
        return NeedShape(label=NeedLabel.UNKNOWN, contested=False, because=text, votes=votes)
    company = analysis.stack.inventory.company
    median = counting[(len(counting) - 1) // 2]
    contested = len(set(counting)) > 1 and _ORDER.index(counting[0]) < _ORDER.index(NeedLabel.REVOPS)
    label, because = _decide(analysis, median, contested)
    if not contested and median is NeedLabel.NONE and _reps_ask(analysis):
        contested, because = True, _reps_against_size(analysis)
    full = analysis.threshold("need_full_employees")
    if company.employees is not None and company.employees >= full:
        label, because = (
            NeedLabel.FULL_REVOPS,
            f"{company.employees:,} employees, and source A asks for it from {full:.0f}.",
        )
    return NeedShape(label=label, contested=contested, because=because, votes=votes)


def pains(analysis: Analysis) -> tuple[str, ...]:
    """Declared pains that source B reads as calling for RevOps, in words."""
    return _felt(analysis, REVOPS_PAINS)


def _felt(analysis: Analysis, known: Mapping[str, str]) -> tuple[str, ...]:
    org = analysis.stack.inventory.org
    return tuple(known[p] for p in dict.fromkeys((org.pains or ()) if org else ()) if p in known)


def _reps_ask(analysis: Analysis) -> bool:
    """Whether source B asks for Sales Ops by the number of reps where source A asks for nothing by size."""
    company = analysis.stack.inventory.company
    reps, employees = company.headcount.quota_reps, company.employees
    small = employees is not None and employees < analysis.threshold("need_sales_ops_employees")
    return small and reps is not None and reps >= analysis.threshold("need_sales_ops_reps_b")


def _reps_against_size(analysis: Analysis) -> str:
    size, reps = analysis.threshold("need_sales_ops_employees"), analysis.threshold("need_sales_ops_reps_b")
    return f"The sources disagree: source A asks for neither function under {size:.0f} employees, source B for Sales Ops from {reps:.0f} reps."


def _decide(analysis: Analysis, median: NeedLabel, contested: bool) -> tuple[NeedLabel, str]:
    if not contested:
        return median, f"All votes that count allow {_WORDS[median]}."
    found, enough = pains(analysis), analysis.threshold("need_pains_to_break_tie")
    if len(found) >= enough:
        text = f"The sources disagree; {len(found)} RevOps pains decide for RevOps: {', '.join(found)}."
        return NeedLabel.REVOPS, text
    company = analysis.stack.inventory.company
    employees, arr = company.employees, arr_usd(analysis)
    small = employees is not None and employees < analysis.threshold("need_revops_employees")
    if small and (arr is None or arr < analysis.threshold("need_revops_arr_a")):
        label = min(median, NeedLabel.SALES_OPS, key=_ORDER.index)
        text = (
            f"The sources disagree, and fewer than {enough:.0f} RevOps pains are declared, so the lower answer counts: "
        )
        return label, f"{text}{_WORDS[label]}."
    return median, f"The sources disagree; the lower middle of the votes is {_WORDS[median]}."


def _votes(analysis: Analysis) -> tuple[Vote, ...]:
    company, at = analysis.stack.inventory.company, analysis.threshold
    votes: list[Vote] = []

    def cast(vote_id: str, vote: NeedLabel, source: str, text: str, *, counts: bool = True) -> None:
        votes.append(Vote(id=vote_id, vote=vote, counts=counts, source=source, text=text))

    if (n := company.employees) is not None:
        low, mid, top = at("need_sales_ops_employees"), at("need_revops_employees"), at("need_full_employees")
        vote = _band(n, (low, mid, top))
        bands = f"under {low:.0f} neither, {low:.0f}-{mid - 1:.0f} Sales Ops, {mid:.0f}-{top - 1:.0f} RevOps, more full RevOps"
        cast("a_headcount", vote, "source document A, decision tree", f"{n:,} employees; {bands}")
        table = NeedLabel.REVOPS if n >= top else NeedLabel.SALES_OPS
        text = f"{n:,} employees; the same source's table puts RevOps at {top:.0f} and more, against its own tree"
        cast("a_table", table, "source document A, comparison table", text, counts=False)
    arr = arr_usd(analysis)
    if arr is not None:
        if arr >= at("need_revops_arr_a"):
            text = f"{_millions(arr)} ARR; RevOps from {_millions(at('need_revops_arr_a'))}"
            cast("a_arr", NeedLabel.REVOPS, "source document A, decision tree", text)
        low, mid = at("need_sales_ops_arr_b"), at("need_revops_arr_b")
        text = f"{_millions(arr)} ARR; Sales Ops from {_millions(low)}, RevOps from {_millions(mid)}"
        cast("b_arr", _band(arr, (low, mid)), "source document B, typical revenue", text)
    stage = company.funding_stage
    if stage is not None and stage in analysis.catalog.funding_stages:
        text = f"Stage {FUNDING_STAGES[stage]}; Sales Ops at Series A, RevOps from Series B"
        vote = NeedLabel(analysis.catalog.funding_stages[stage].vote)
        cast("b_stage", vote, "source document B, typical stage", text)
    if (reps := company.headcount.quota_reps) is not None:
        enough = at("need_sales_ops_reps_b")
        vote = NeedLabel.SALES_OPS if reps >= enough else NeedLabel.NONE
        text = f"{reps} quota-carrying reps; Sales Ops from {enough:.0f}"
        cast("b_reps", vote, "source document B, trigger", text, counts=False)
    for vote, known in ((NeedLabel.SALES_OPS, SALES_OPS_PAINS), (NeedLabel.REVOPS, REVOPS_PAINS)):
        if felt := _felt(analysis, known):
            cast(f"b_pains_{vote.value}", vote, "source document B, trigger", f"Felt: {', '.join(felt)}", counts=False)
    if arr is not None and arr >= at("need_market_generalist"):
        cast("market", NeedLabel.REVOPS, "S51 and S52, practitioners", _market(analysis, arr), counts=False)
    return tuple(votes)


def _market(analysis: Analysis, arr: float) -> str:
    """What practitioners staff at this revenue."""
    cuts = ("need_market_generalist", "need_market_team", "need_market_specialists")
    one, few, many = (_millions(analysis.threshold(cut)) for cut in cuts)
    return f"{_millions(arr)} ARR; one RevOps generalist from {one}, two or three people from {few}, five to eight from {many}"


def _band(value: float, cuts: tuple[float, ...]) -> NeedLabel:
    return _ORDER[sum(value >= cut for cut in cuts)]


def arr_usd(analysis: Analysis) -> float | None:
    """Recurring revenue in US dollars; None where it is not declared or has no rate."""
    company = analysis.stack.inventory.company
    return analysis.usd(company.arr, company.currency)


def _millions(value: float) -> str:
    return f"${value / 1e6:,.4g}M"
