"""Whether each metric can be computed from the stack as it is wired, and which connection is missing (section 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from stackaudit.analysis.roles import Role
from stackaudit.analysis.scoring import Scored, arrival, reach
from stackaudit.model.vocabulary import Tri
from stackaudit.wording import join

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.model.catalog import Metric, MetricFact

    _Option = tuple["Status", list[tuple[MetricFact, Scored]], str]

MOST_CRMS = 12
"""In how many CRMs a metric is looked for."""

Status = Literal["computable", "partial", "not_computable", "not_assessed", "not_applicable"]
_RANK: tuple[Status, ...] = ("computable", "partial", "not_assessed", "not_computable")


class Gap(Struct, frozen=True):
    """A fact that does not reach the compute node in full; ``sources`` is empty where nothing provides it.

    ``text`` says so; it is empty where the absence of another fact says all.
    """

    fact: str
    sources: tuple[str, ...]
    text: str
    state: Literal["partial", "missing", "unknown"] = "missing"


class Readiness(Struct, frozen=True):
    """One metric: its state at the best compute node, and what is missing there."""

    id: str
    status: Status
    node: str | None = None
    gaps: tuple[Gap, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """What is missing, in words."""
        return tuple(g.text for g in self.gaps if g.text)


def metrics(analysis: Analysis) -> tuple[Readiness, ...]:
    """The readiness of every metric of the catalogue, in its order."""
    return tuple(_ready(analysis, metric) for metric in analysis.catalog.metrics.values())


class Arrivals:
    """How well facts arrive where they are computed with; metrics have facts in common, and each is looked at once.

    What no changed connection can carry arrives as it did in the analysis before.
    """

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._known: dict[tuple[object, ...], Scored] = {}

    def at(self, fact: MetricFact, node: str) -> Scored:
        """How well a fact arrives at a node."""
        key = (fact.part, fact.capabilities, fact.objects, node)
        if key not in self._known:
            before = self._analysis.before
            if before is not None and not self._analysis.graph.changes(fact.objects):
                self._known[key] = before.arrivals.at(fact, node)
            else:
                self._known[key] = _fact(self._analysis, fact, node)
        return self._known[key]


def _ready(analysis: Analysis, metric: Metric) -> Readiness:
    if metric.retention and analysis.subscription is Tri.NO:
        return Readiness(metric.id, "not_applicable")
    options = [_at(analysis.arrivals, metric, node) for node in _nodes(analysis, metric)]
    if options:
        status, lacking, node = _best(analysis, options)
        return Readiness(
            metric.id, status, node, tuple(replace(_gap(analysis, f, node, s), state=_state(s)) for f, s in lacking)
        )
    open_ = not analysis.stack.closed_world or any(analysis.tool(t).opaque for t in analysis.graph.tools)
    return Readiness(metric.id, "not_assessed" if open_ else "not_computable", None, _nowhere(analysis, metric))


def _nodes(analysis: Analysis, metric: Metric) -> tuple[str, ...]:
    r = analysis.roles
    found = {
        "bi": r.bi_or_warehouse.sure,
        "crm": _largest(analysis, [t for t in r.crm.sure if "crm_reporting" in analysis.tool(t).in_use]),
        "forecast": tuple(t for t in r.forecast.sure if t not in r.crm.sure),
        "billing": analysis.users("arr_reporting"),
    }
    return tuple(dict.fromkeys(t for node in metric.nodes for t in found[node]))


def _largest(analysis: Analysis, crms: list[str]) -> tuple[str, ...]:
    """The CRMs with the most seats, in their order: a metric of a company is computed in none of many small ones."""
    chosen = set(sorted(crms, key=lambda t: -_seats(analysis, t))[:MOST_CRMS])
    return tuple(t for t in crms if t in chosen)


def _seats(analysis: Analysis, tool_id: str) -> int:
    return analysis.tool(tool_id).entry.seats or 0


def _best(analysis: Analysis, options: list[_Option]) -> _Option:
    """The place that has most of what is needed; of those that do equally well the one with most connections.

    Of several CRMs it is the largest, and the first by id where nothing else decides.
    """

    def fit(option: _Option) -> tuple[int, int]:
        return _RANK.index(option[0]), len(option[1])

    most = min(map(fit, options))
    equal = [o for o in options if fit(o) == most]
    if len(equal) == 1:
        return equal[0]
    best, crms = min(equal, key=lambda o: (-len(analysis.graph.touching(o[2])), o[2])), analysis.roles.crm.sure
    if best[2] not in crms:
        return best
    return min((o for o in equal if o[2] in crms), key=lambda o: (-_seats(analysis, o[2]), o[2]))


def _at(arrivals: Arrivals, metric: Metric, node: str) -> _Option:
    """How far one node has what it needs, and which facts do not arrive in full."""
    scored = [(fact, arrivals.at(fact, node)) for fact in metric.facts]
    worst = min(s.low for _, s in scored)
    status: Status = "computable" if worst >= 1 else "partial" if worst > 0 else "not_computable"
    if status != "computable" and min(s.high for _, s in scored) >= 1:
        status = "not_assessed"
    return status, [(fact, s) for fact, s in scored if s.low < 1], node


def _fact(analysis: Analysis, fact: MetricFact, node: str) -> Scored:
    """Whether a fact arrives: 1 automatically and from everywhere, .5 by hand, degraded or from some CRMs only, 0 not."""
    target = Role((node,), (node,))
    source = _source(analysis, fact)
    if fact.part != "crm" or len(source.sure) < 2:
        return arrival(analysis, source, target, fact.objects)
    each = [arrival(analysis, Role((c,), (c,)), target, fact.objects) for c in source.sure]
    best = max(s.low for s in each)
    low = best if all(s.low >= 1 for s in each) else min(best, 0.5)
    high = 1.0 if all(s.high >= 1 for s in each) else max(low, min(max(s.high for s in each), 0.5))
    return Scored(low, high)


def _source(analysis: Analysis, fact: MetricFact) -> Role:
    if fact.part == "crm":
        return _with_deals(analysis)
    if fact.part == "map":
        return analysis.roles.map
    return analysis.using(*fact.capabilities)


def _with_deals(analysis: Analysis) -> Role:
    """The CRMs that hold deals, or may: one that keeps contacts alone has none to send. All where none holds any."""
    crm = analysis.roles.crm
    holding = {t for t in crm.may if analysis.tool(t).uses("opportunity_mgmt") is not Tri.NO}
    if holding.issuperset(crm.may) or holding.isdisjoint(crm.sure):
        return crm
    return Role(tuple(t for t in crm.sure if t in holding), tuple(t for t in crm.may if t in holding), crm.hidden)


def _gap(analysis: Analysis, fact: MetricFact, node: str, scored: Scored) -> Gap:
    sources = _source(analysis, fact).sure
    name = analysis.label(node)
    if not sources:
        return Gap(fact.name, (), _nobody(analysis, fact))
    crms = sources if fact.part == "crm" else ()
    arrives = {c: reach(analysis, Role((c,), (c,)), Role((node,), (node,)), fact.objects) for c in crms}
    outside = tuple(c for c in crms if arrives[c] is not Tri.YES)
    if outside and scored.low > 0:
        cut_off = tuple(c for c in outside if arrives[c] is Tri.NO)
        whose = f"{fact.name} of {join(analysis.label(t) for t in cut_off or outside)}"
        text = f"{whose} do not reach {name}" if cut_off else f"whether {whose} reach {name} is not declared"
        return Gap(fact.name, outside, text)
    whence = f"{fact.name} from {join((analysis.label(t) for t in sources[:3]), 'or')}"
    if scored.low > 0:
        text = f"{whence} reach {name} by hand or by a degraded connection only"
    elif scored.high > 0:
        text = f"whether {whence} reach {name} is not declared"
    else:
        text = f"{whence} do not reach {name}"
    return Gap(fact.name, sources, text)


def _state(scored: Scored) -> Literal["partial", "missing", "unknown"]:
    return "partial" if scored.low > 0 else "missing" if scored.high == 0 else "unknown"


def _nowhere(analysis: Analysis, metric: Metric) -> tuple[Gap, ...]:
    """Facts with no place to compute with them: said once for all, and not at all where one of them does not exist."""
    sources = {fact: _source(analysis, fact) for fact in metric.facts}
    there = [fact.name for fact, source in sources.items() if source.sure]
    told = f"no tool is known that computes it from {join(there)}" if all(s.possible for s in sources.values()) else ""
    return tuple(
        Gap(fact.name, s.sure, (told if fact.name == there[0] else "") if s.sure else _nobody(analysis, fact))
        for fact, s in sources.items()
    )


def _nobody(analysis: Analysis, fact: MetricFact) -> str:
    """That nothing provides a fact, or that it is not known whether something does."""
    if _source(analysis, fact).possible:
        return f"nothing is known to provide {fact.name}"
    return f"nothing in use provides {fact.name}"
