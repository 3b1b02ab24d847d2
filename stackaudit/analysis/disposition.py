"""Business value and technical health of a tool, the quadrant they give, and what to do with the tool."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from math import fsum
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.analysis.expectations import expectation
from stackaudit.analysis.money import ends
from stackaudit.analysis.seats import cost_per_active_seat, utilisation
from stackaudit.model.vocabulary import NeedLabel

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.model.scoring import Band
    from stackaudit.model.stack import Tool

Reading = tuple[float | None, str]
QUADRANTS = {
    (True, True): "invest",
    (True, False): "migrate",
    (False, True): "tolerate",
    (False, False): "eliminate",
}


class FactorScore(Struct, frozen=True):
    """One factor from 1 to 5; None where its input is not declared."""

    id: str
    score: float | None
    text: str


class Assessment(Struct, frozen=True):
    """The two axes (None: too little known), the quadrant, what to do, and why."""

    value: float | None
    health: float | None
    factors: tuple[FactorScore, ...]
    quadrant: str | None
    disposition: str | None
    because: str


class Judged(Struct, frozen=True):
    """What stands above a score.

    Tools bought too early; tools of a group of doubles, and those of them that are suggested to be kept; tools that
    share a part of their work with another.
    """

    premature: Container[str] = ()
    doubled: Container[str] = ()
    kept: Container[str] = ()
    sharing: Container[str] = ()


def assess(analysis: Analysis, tool: Tool, need: NeedLabel, judged: Judged) -> Assessment:
    """Score one tool.

    Args:
        analysis: Facts.
        tool: A tool that takes part in the analysis.
        need: What the company needs; its band decides how well the tool's layer fits.
        judged: Tools that rules spoke about, and suggested survivors.
    """
    readings: Mapping[str, Reading] = {
        "capability_fit": _fit(analysis, tool, need, tool.id in judged.premature),
        "utilisation": _use(analysis, tool),
        "criticality": _criticality(analysis, tool),
        "satisfaction": _satisfaction(tool),
        "integration": _integration(analysis, tool),
        "security": _security(analysis, tool),
        "cost_efficiency": _cost(analysis, tool),
    }
    value, health = (_axis(analysis, axis, readings) for axis in ("value", "health"))
    cut = analysis.catalog.scoring.cut
    quadrant = None if value is None or health is None else QUADRANTS[(value >= cut, health >= cut)]
    disposition, because = _disposition(analysis, tool, quadrant, judged)
    factors = tuple(FactorScore(f.id, *readings[f.id]) for f in analysis.catalog.scoring.factors)
    return Assessment(value, health, factors, quadrant, disposition, because)


def _axis(analysis: Analysis, axis: str, readings: Mapping[str, Reading]) -> float | None:
    """Weighted mean of what is known; None where that is less than the least share of the weight."""
    known = [
        (factor.weight, score)
        for factor in analysis.catalog.scoring.factors
        if factor.axis == axis and (score := readings[factor.id][0]) is not None
    ]
    weight = fsum(w for w, _ in known)
    if weight < analysis.threshold("score_least_weight") * 100 or not weight:
        return None
    return round(fsum(w * s for w, s in known) / weight, 2)


def _banded(bands: Iterable[Band], value: float) -> float:
    return next(b.score for b in bands if value >= b.least)


def _fit(analysis: Analysis, tool: Tool, need: NeedLabel, premature: bool) -> Reading:
    """The best expectation among the layers that the tool works in."""
    table = analysis.catalog.scoring.capability_fit
    if premature:
        return table["not_expected"], "bought ahead of the company's stage"
    known = analysis.catalog.capabilities
    at_work = {tool.layer, *(known[c].layer for c in tool.in_use if c in known and known[c].defining)}
    banded = sorted(layer for layer in at_work if layer and layer in analysis.bands)
    readings = [(table[e], e, layer) for layer in banded if (e := expectation(analysis, layer, need)) in table]
    if not readings:
        return None, "no band speaks of its layer" if not banded else "what the company needs is not known"
    score, word, layer = max(readings)
    return score, f"{analysis.catalog.layer_name(layer)} is {word.replace('_', ' ')} at this stage"


def _use(analysis: Analysis, tool: Tool) -> Reading:
    used = utilisation(tool.entry)
    if used is None:
        return None, "seats or active seats not declared"
    return (
        _banded(analysis.catalog.scoring.utilisation, used),
        f"{tool.entry.active_seats} of {tool.entry.seats} seats active ({used:.0%})",
    )


def _criticality(analysis: Analysis, tool: Tool) -> Reading:
    tier = tool.entry.criticality
    if tier is None:
        return None, "criticality not declared"
    return analysis.catalog.scoring.criticality[str(tier)], f"tier {tier} of 4"


def _satisfaction(tool: Tool) -> Reading:
    score = tool.entry.satisfaction
    return (None, "satisfaction not declared") if score is None else (score, f"{score:g} of 5 in the survey")


def _integration(analysis: Analysis, tool: Tool) -> Reading:
    wired = analysis.wiring(tool.id)
    if wired is None:
        return None, "its layer needs no connection in this stack"
    bands = analysis.catalog.scoring.integration
    low, high = _banded(bands, wired.low), _banded(bands, wired.high)
    if low != high:
        return None, "what its connections carry is not declared"
    lacking = f"; missing: {', '.join(wired.missing).replace('_', ' ')}" if wired.missing else ""
    return low, f"{wired.low:.0%} of {wired.required} required connections live{lacking}"


def _security(analysis: Analysis, tool: Tool) -> Reading:
    """Single sign-on, owner, clear systems of record and vendor status; at least half of them must be known."""
    whole, one, more = analysis.catalog.scoring.security
    if why := ends(tool):
        return more, why
    status = tool.known.status if tool.known else None
    own = tool.entry.system_of_record_for or ()
    owners_known = any(t.entry.owner for t in analysis.stack.active)
    parts: dict[str, bool | None] = {
        "single sign-on": tool.entry.sso,
        "owner": bool(tool.entry.owner) if owners_known else None,
        "one system of record": all(len(analysis.records[o].tools) == 1 for o in own) if own else None,
        "vendor status": None if tool.known is None else status is None or status.state in {"active", "renamed"},
    }
    known = {name: met for name, met in parts.items() if met is not None}
    if len(known) * 2 < len(parts):
        return None, "single sign-on, owner and systems of record not declared"
    lacking = [name for name, met in known.items() if not met]
    score = (whole, one, more)[min(len(lacking), 2)]
    return score, f"missing: {', '.join(lacking)}" if lacking else f"in order: {', '.join(known)}"


def _cost(analysis: Analysis, tool: Tool) -> Reading:
    ratio = _cost_ratio(analysis, tool)
    if ratio is None:
        return None, "no cost per active seat to compare within its layer"
    return _banded(analysis.catalog.scoring.cost_efficiency, ratio), f"{ratio:.2f} times the median of its layer"


def _disposition(analysis: Analysis, tool: Tool, quadrant: str | None, judged: Judged) -> tuple[str | None, str]:
    """The verb for a quadrant. A tool in an overlap is never retired by its own score: the pair decides."""
    if tool.id in judged.doubled and tool.id not in judged.kept:
        return "consolidate", "it is part of an overlap, and the comparison decides"
    if why := ends(tool):
        return "retire", why
    if quadrant is None:
        return None, "too little is declared to score it"
    if quadrant == "invest":
        used = utilisation(tool.entry)
        spare = used is not None and used < analysis.threshold("cost_001_medium")
        return "keep", f"high value, good technology{'; right-size the seats' if spare else ''}"
    if quadrant == "migrate":
        return "fix", "high value, poor technology: wire it or replace it"
    if quadrant == "tolerate":
        return _tolerated(analysis, tool)
    if tool.id in judged.doubled or tool.id in judged.sharing:
        return "consolidate", "it is part of an overlap, and the comparison decides"
    return "retire", "low value, poor technology"


def _tolerated(analysis: Analysis, tool: Tool) -> tuple[str, str]:
    used, cost = utilisation(tool.entry), _cost_ratio(analysis, tool)
    if used is not None and used < analysis.threshold("score_renegotiate_use"):
        return "renegotiate", "low value, good technology, and seats to spare"
    if cost is not None and cost > analysis.threshold("score_renegotiate_cost"):
        return "renegotiate", "low value, good technology, and dearer than its peers"
    return "keep", "low value, good technology: leave it as it is"


def _cost_ratio(analysis: Analysis, tool: Tool) -> float | None:
    cost, median = cost_per_active_seat(analysis, tool.id), analysis.peer_medians.get(tool.layer or "")
    return None if cost is None or not median else cost / median
