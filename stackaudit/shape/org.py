"""Shape of the organisation: who does operations work, for whom (section 8.2; ``precise.md``, 13a)."""

from __future__ import annotations

import re
from math import fsum
from typing import TYPE_CHECKING

from stackaudit.model.inventory import Org
from stackaudit.model.result import OrgShape
from stackaudit.model.vocabulary import OrgLabel
from stackaudit.shape.interval import Interval, decide, dimension

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis

UNKNOWN = Interval(0, 1)
AREAS = ("crm_data_model", "map", "cs_systems", "bi", "routing", "forecasting")
SALES_METRICS = frozenset(
    {"quota_attainment", "sales_cycle", "pipeline_coverage", "win_rate", "ramp_time", "forecast_accuracy"}
)
REVOPS_METRICS = frozenset({"net_new_arr", "nrr", "grr", "cac_payback", "pipeline_velocity", "mql_conversion", "clv"})
COUNTED_SPECIALISTS = frozenset({"systems", "analytics", "marketing_ops", "cs_ops", "sales_ops"})


def org_shape(analysis: Analysis) -> OrgShape:
    """Score the seven parts; unknown without input, none where nobody does operations work."""
    inventory = analysis.stack.inventory
    org, ops = inventory.org, inventory.company.headcount.ops
    if (org is not None and org.team_size == 0) or ops == 0:
        return OrgShape(label=OrgLabel.NONE, score=None, low=0, high=0)
    if org is None and ops is None:
        return OrgShape(label=OrgLabel.UNKNOWN, score=None, low=0, high=100)
    org = org or Org()
    scored = {
        "reports_to": reporting_line(analysis, org),
        "scope": _scope(org),
        "ownership": _ownership(org),
        "metrics": _metrics(org),
        "team_size": _team_size(analysis, org.team_size if org.team_size is not None else ops),
        "specialists": _specialists(org),
        "title": _title(org),
    }
    weights = analysis.catalog.org_weights
    low = fsum(w.weight * scored[w.id][0].low for w in weights)
    high = fsum(w.weight * scored[w.id][0].high for w in weights)
    label, between = decide(
        _label(analysis, low), _label(analysis, high), high - low, analysis.threshold("shape_undecided_width")
    )
    return OrgShape(
        label=label or OrgLabel.UNKNOWN,
        score=round(low, 1) if label else None,
        low=round(low, 1),
        high=round(high, 1),
        between=between,
        parts=tuple(dimension(w, scored[w.id][0], (scored[w.id][1],)) for w in weights),
    )


def _label(analysis: Analysis, score: float) -> OrgLabel:
    if score < analysis.threshold("shape_hybrid_from"):
        return OrgLabel.SALES_OPS
    return OrgLabel.HYBRID if score < analysis.threshold("shape_revops_from") else OrgLabel.REVOPS


def reporting_line(analysis: Analysis, org: Org) -> tuple[Interval, str]:
    """How a reporting line is read, from 0 (Sales Ops) to 1 (RevOps), in words."""
    if not org.reports_to:
        return UNKNOWN, "Reporting line: not declared"
    said = re.sub(r"[^a-z ]+", " ", org.reports_to.casefold()).split()
    for line in analysis.catalog.reporting_lines:
        if any(set(title.split()) <= set(said) for title in line.titles):
            return Interval(line.score, line.score), f"Reports to {org.reports_to}: {line.reading}"
    return UNKNOWN, f"Reports to {org.reports_to}: not in either source's list, so not assessed"


def _scope(org: Org) -> tuple[Interval, str]:
    if not org.scope:
        return UNKNOWN, "Functions in scope: not declared"
    score = {1: 0.0, 2: 0.5, 3: 1.0}[len(set(org.scope))]
    return Interval(score, score), f"Functions in scope: {', '.join(sorted(set(org.scope)))}"


def _ownership(org: Org) -> tuple[Interval, str]:
    declared = {area: getattr(org.owns, area) for area in AREAS}
    known = {a: o.casefold() for a, o in declared.items() if o}
    owned = sum(o == "revops" for o in known.values())
    missing = len(AREAS) - len(known)
    if not known:
        return UNKNOWN, "System ownership: not declared"
    text = f"RevOps owns {owned} of {len(known)} declared system areas"
    return Interval(owned / len(AREAS), (owned + missing) / len(AREAS)), text


def _metrics(org: Org) -> tuple[Interval, str]:
    tracked = set(org.metrics_tracked or ())
    sales, revops = len(tracked & SALES_METRICS), len(tracked & REVOPS_METRICS)
    if not sales + revops:
        return UNKNOWN, "Metrics tracked: not declared"
    share = revops / (sales + revops)
    return Interval(share, share), f"{revops} RevOps and {sales} Sales Ops metrics are tracked"


def _team_size(analysis: Analysis, size: int | None) -> tuple[Interval, str]:
    if size is None:
        return UNKNOWN, "Team size: not declared"
    score = next(b.score for b in analysis.catalog.team_bands if b.upto is None or size <= b.upto)
    return Interval(score, score), f"Team of {size}"


def _specialists(org: Org) -> tuple[Interval, str]:
    if org.specialists is None:
        return UNKNOWN, "Specialists: not declared"
    counted = sorted(set(org.specialists) & COUNTED_SPECIALISTS)
    score = min(1.0, len(counted) / 4)
    return Interval(score, score), f"Specialists: {', '.join(counted).replace('_', ' ') or 'none'}"


def _title(org: Org) -> tuple[Interval, str]:
    if not org.title:
        return UNKNOWN, "Title: not declared"
    score = 1.0 if "rev" in org.title.casefold() else 0.0
    return Interval(score, score), f"Title: {org.title}"
