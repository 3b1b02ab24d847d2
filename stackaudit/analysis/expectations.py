"""Which layers this stage of the company asks for (section 4.3), and which connections are missing between tools."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from stackaudit.analysis.estate import TOLD, outside_crms
from stackaudit.model.result import Expectation
from stackaudit.model.vocabulary import NeedLabel, Tri, either

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.analysis.handoffs import Handoff
    from stackaudit.analysis.roles import Role
    from stackaudit.model.catalog import BandCondition, BandRow

BANDS = (NeedLabel.NONE, NeedLabel.SALES_OPS, NeedLabel.REVOPS, NeedLabel.FULL_REVOPS)
_LEVELS: tuple[Expectation, ...] = ("not_expected", "optional", "expected", "required")


class MissingConnection(Struct, frozen=True):
    """A connection that a link or handoff needs and that nothing provides; an end is None where no tool exists."""

    source: str | None
    target: str | None
    source_layer: str
    target_layer: str
    objects: tuple[str, ...]
    reason: str
    handoff: str | None
    offered: str | None


def expectation(analysis: Analysis, layer: str, need: NeedLabel) -> Expectation:
    """What the company's band expects of a layer, moved by its motions by one step at most (section 4.3)."""
    rows = analysis.bands.get(layer, [])
    if need is NeedLabel.UNKNOWN:
        return "unknown" if rows else "optional"
    return _moved(analysis, layer, rows, need)


def _moved(analysis: Analysis, layer: str, rows: list[BandRow], need: NeedLabel) -> Expectation:
    """The highest that some rows of a layer expect, moved by the motions."""
    levels = [_level(analysis, row, BANDS.index(need)) for row in rows]
    base = max(levels, key=_LEVELS.index, default="optional")
    place = _LEVELS.index(base) + (_step(analysis, layer) if rows else 0)
    return _LEVELS[min(max(place, 0), len(_LEVELS) - 1)]


def missing_half(analysis: Analysis, layer: str, need: NeedLabel) -> str | None:
    """The name of a half of a layer that this stage asks for and nothing does, where the other half is there."""
    if need is NeedLabel.UNKNOWN or layer_present(analysis, layer) is not Tri.YES:
        return None
    for half in analysis.catalog.layers[layer].halves:
        rows = [r for r in analysis.bands.get(layer, ()) if r.part == half.id]
        asked = rows and _moved(analysis, layer, rows, need) in {"expected", "required"}
        if asked and analysis.has(*half.capabilities) is Tri.NO:
            return half.name
    return None


def _level(analysis: Analysis, row: BandRow, band: int) -> Expectation:
    raised = [c.level for c in row.conditions if band + 1 in c.bands and _meets(analysis, c)]
    levels: list[Expectation] = [row.bands[band], *raised]
    return max(levels, key=_LEVELS.index)


def _meets(analysis: Analysis, condition: BandCondition) -> bool:
    """Whether the company declares the motion and the number that a condition asks for."""
    company = analysis.stack.inventory.company
    if condition.motions and not set(condition.motions) & set(company.motions or ()):
        return False
    if condition.counted is None:
        return True
    if condition.counted == "acv":
        value = analysis.usd(company.acv, company.currency)
    elif condition.counted == "sellers":
        value = (company.headcount.quota_reps or 0) + (company.headcount.sdr or 0)
    else:
        value = getattr(company.headcount, condition.counted)
    return value is not None and value >= condition.reaches


def _step(analysis: Analysis, layer: str) -> int:
    """All that the motions change, held to one step up or down."""
    motions = set(analysis.stack.inventory.company.motions or ())
    moves = [
        1 if change.move == "up" else -1
        for change in analysis.catalog.band_changes
        if change.motion in motions and layer in change.layers
    ]
    return max(-1, min(1, sum(moves)))


def missing_connections(analysis: Analysis) -> tuple[MissingConnection, ...]:
    """One connection for each link or handoff that is certainly absent, so that it can be drawn; never a claim twice."""
    if not analysis.stack.closed_world:
        return ()
    found: dict[tuple[str | None, str | None, str, str], MissingConnection] = {}
    for handoff in analysis.handoffs:
        ends = _ENDS.get(handoff.id)
        if ends and handoff.applies and handoff.needed and handoff.scored.high == 0:
            name = analysis.catalog.handoffs[handoff.id].name
            if not {"lead_routing", "renewal_mgmt"} & set(handoff.missing):
                _add(analysis, found, handoff.sources, handoff.targets, *ends, name, handoff)
    for link in analysis.links:
        if not link.applies or link.scored.high > 0:
            continue
        spec = analysis.catalog.links[link.id]
        source_layer, target_layer, objects = _LINKS[link.id]
        sources = link.sources if link.id != "X8" else analysis.roles.crm.sure
        _add(
            analysis,
            found,
            sources,
            link.targets,
            source_layer,
            target_layer,
            objects or spec.objects,
            spec.name,
            None,
        )
    for crm in outside_crms(analysis):
        others = tuple(t for t in analysis.roles.crm.sure if t != crm)
        reason = "One view of deals and accounts"
        _add(analysis, found, (crm,), others, "crm", "crm", TOLD, reason, None)
    return tuple(found[k] for k in sorted(found, key=str))


_ENDS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "H01": ("forms_landing", "crm", ("lead", "contact")),
    "H03": ("marketing_automation", "crm", ("lead",)),
    "H07": ("crm", "customer_success", ("opportunity", "account")),
    "H08": ("product_analytics", "customer_success", ("usage",)),
    "H09": ("customer_success", "crm", ("health", "renewal")),
    "H10": ("product_analytics", "crm", ("usage", "pql")),
}
_LINKS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "X1": ("marketing_automation", "crm", ()),
    "X2": ("crm", "marketing_automation", ()),
    "X3": ("crm", "customer_success", ()),
    "X4": ("customer_success", "crm", ()),
    "X5": ("product_analytics", "customer_success", ()),
    "X6": ("support", "customer_success", ()),
    "X7": ("billing", "crm", ()),
    "X8": ("crm", "reporting_bi", ("opportunity", "account")),
}


def _add(
    analysis: Analysis,
    found: dict[tuple[str | None, str | None, str, str], MissingConnection],
    sources: Iterable[str],
    targets: Iterable[str],
    source_layer: str,
    target_layer: str,
    objects: tuple[str, ...],
    reason: str,
    handoff: Handoff | None,
) -> None:
    source = _pick(analysis, sources, source_layer) or _at_home(analysis, source_layer)
    target = _pick(analysis, (t for t in targets if t != source), target_layer)
    ends = [analysis.tool(t) for t in (source, target) if t]
    if not ends or any(t.leaving for t in ends):
        return
    key = (source, target, source_layer if source is None else "", target_layer if target is None else "")
    found.setdefault(
        key,
        MissingConnection(
            source,
            target,
            source_layer,
            target_layer,
            objects,
            reason,
            handoff.id if handoff else None,
            offered(analysis, source, target) if source and target else None,
        ),
    )


def _at_home(analysis: Analysis, layer: str) -> str | None:
    """The first tool of a layer, where none is known to do the work in question: it is not the tool that is missing."""
    return _pick(analysis, (t.id for t in analysis.stack.active if t.layer == layer), layer)


def _pick(analysis: Analysis, tools: Iterable[str], layer: str) -> str | None:
    """The tool to draw the missing connection at: one that stays and is of the layer in question if there is one."""
    ordered = sorted(tools, key=lambda t: (analysis.tool(t).leaving, analysis.tool(t).layer != layer, t))
    return ordered[0] if ordered else None


def offered(analysis: Analysis, one: str, two: str) -> str | None:
    """How the catalogue says that two tools can be connected, or None; a possibility, never a fact of the stack."""
    a, b = analysis.tool(one).known, analysis.tool(two).known
    if a is None or b is None:
        return None
    methods = [i.method or "native" for i in a.integrations if i.to == b.id]
    methods += [i.method or "native" for i in b.integrations if i.to == a.id]
    return min(methods, key=lambda m: (m != "native", m), default=None)


def offer_grade(analysis: Analysis, one: str, two: str) -> Literal["claimed", "mutual"] | None:
    """How well an offered connection is known: claimed by one side, or mutual where both sides name it."""
    a, b = analysis.tool(one).known, analysis.tool(two).known
    if a is None or b is None:
        return None
    sides = any(i.to == b.id for i in a.integrations) + any(i.to == a.id for i in b.integrations)
    return "mutual" if sides > 1 else "claimed" if sides else None


CARRYING = frozenset({"ipaas", "etl", "reverse_etl", "cdp"})
"""Methods that no two tools have by themselves, each called as its layer: a third tool carries the records."""


def layer_present(analysis: Analysis, layer: str) -> Tri:
    """Whether anything works in a layer, or in one that does the same job for this purpose."""
    role = {
        "crm": analysis.roles.crm,
        "marketing_automation": analysis.roles.map,
        "customer_success": analysis.roles.csp,
    }.get(layer)
    if role is not None and role.present is Tri.NO and not analysis.roles.layer_use[layer].sure:
        return Tri.NO  # a module that may be on is no platform
    found = either(*(role.present for role in _counting(analysis, layer)))
    return Tri.UNKNOWN if found is Tri.NO and layer in CARRYING and layer in carrying(analysis) else found


def carrying(analysis: Analysis) -> frozenset[str]:
    """The layers through which existing connections are declared to run, whether or not the file names the tool."""
    flows = (c.entry for c in analysis.stack.connections)
    methods = (f.method or ("ipaas" if f.via else "") for f in flows if f.status in {"live", "degraded"})
    return CARRYING.intersection(methods)


def providers(analysis: Analysis, layer: str) -> tuple[str, ...]:
    """The tools that work in a layer; where none does, those in a layer that does the same job for this purpose."""
    return next((role.sure for role in _counting(analysis, layer) if role.sure), ())


def _counting(analysis: Analysis, layer: str) -> list[Role]:
    """Who works in a layer, and then in each that counts for it."""
    layers = [layer, *(other for row in analysis.bands.get(layer, ()) for other in row.together)]
    return [analysis.roles.layer_use[x] for x in layers if x in analysis.roles.layer_use]
