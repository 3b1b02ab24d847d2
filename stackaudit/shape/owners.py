"""Who owns each system area, against the sources' overlap map, with the split where both functions exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from stackaudit.analysis.ownership import AreaOwner, both_functions
from stackaudit.model.result import OwnershipInfo, Raci
from stackaudit.shape.ground import inner, listed

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.model.guidance import OwnershipArea

Held = Literal["sales_ops", "revops", "both", "other", "nobody", "unknown"]


def ownership(analysis: Analysis) -> tuple[OwnershipInfo, ...]:
    """Every area of the map, in its order; RACI only where a company has both functions."""
    both = both_functions(analysis)
    return tuple(_info(analysis, area, both) for area in analysis.catalog.ownership.values())


def _info(analysis: Analysis, area: OwnershipArea, both: bool) -> OwnershipInfo:
    fact, raci = analysis.ownership[area.id], analysis.catalog.raci
    side = _side(fact)
    return OwnershipInfo(
        area=area.id,
        name=area.name,
        owner=fact.owner,
        side=side,
        sales_ops=_first_up(area.sales_ops),
        revops=_first_up(area.revops),
        text=_text(analysis, area, fact, side),
        tools=fact.tools,
        named=fact.named,
        raci=Raci(**raci.model_dump()) if raci and both and area.raci else None,
        source=area.source,
    )


def _side(fact: AreaOwner) -> Held:
    if fact.declared:
        sides: dict[str | None, Held] = {
            None: "unknown",
            "none": "nobody",
            "revops": "revops",
            "sales_ops": "sales_ops",
        }
        return sides.get(fact.owner, "other")
    if len(fact.named_sides) > 1:
        return "both"
    if fact.named_sides:
        return "revops" if "revops" in fact.named_sides else "sales_ops"
    return "other" if fact.named else "unknown"


def _text(analysis: Analysis, area: OwnershipArea, fact: AreaOwner, side: Held) -> str:
    name, words = inner(area.name), analysis.catalog.owner_words
    if side == "unknown":
        what = f"org.owns.{area.field}" if area.field else "team and owner of its tools"
        absent = "" if fact.tools or area.field else " No tool for it is known to be in use."
        return f"Not declared who owns {name} ({what}).{absent}"
    if side == "nobody":
        return f"Nobody owns {name}. RevOps would own {area.revops}, Sales Ops {area.sales_ops}."
    who = listed(words[o].name for o in ((fact.owner,) if fact.owner else fact.named) if o)
    verb = "own" if fact.owner is None and len(fact.named) > 1 else "owns"
    basis = "" if fact.declared else ", as its tools' teams and owners say"
    if side == "both":
        return f"{who} share {name}{basis}. To split: {area.sales_ops} for Sales Ops, {area.revops} for RevOps."
    if side == "revops":
        return f"{who} {verb} {name}{basis}: {area.revops}."
    if side == "sales_ops":
        return f"{who} {verb} {name}{basis}: {area.sales_ops}. Nobody is named for {area.revops}."
    return f"{who} {verb} {name}{basis}. In RevOps, that function would own {area.revops}."


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
