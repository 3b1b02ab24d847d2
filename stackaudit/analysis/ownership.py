"""Who owns each system area, as declared or as the tools' teams and owners say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.model.vocabulary import OPEN_LISTS, Tri

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.model.guidance import OwnershipArea

OPERATIONS = ("sales_ops", "revops")


class AreaOwner(Struct, frozen=True):
    """One system area. ``owner`` is the declared owner, or the only one that its tools' teams and owners name.

    ``named`` are all owners that the tools name; it counts only where the inventory has no field for the area.
    """

    id: str
    owner: str | None
    declared: bool
    tools: tuple[str, ...]
    named: tuple[str, ...]

    @property
    def named_sides(self) -> frozenset[str]:
        """Which operations functions the tools name; the sales team itself stands on the side of Sales Ops."""
        side = {"revops": "revops", "sales_ops": "sales_ops", "sales": "sales_ops"}
        return frozenset(side[o] for o in self.named if o in side)


def ownership(analysis: Analysis) -> dict[str, AreaOwner]:
    """Every area of the catalogue, in its order."""
    return {area.id: _owner(analysis, area) for area in analysis.catalog.ownership.values()}


def both_functions(analysis: Analysis) -> bool:
    """Whether the file names both a Sales Ops and a RevOps function: as owners, specialists or in the title."""
    org = analysis.stack.inventory.org
    said = {o for area in analysis.ownership.values() for o in (area.owner, *area.named) if o}
    if org is not None:
        said |= {"sales_ops"} & set(org.specialists or ())
        title = owner_in(analysis, org.title or "")
        said |= {title} if title else set()
    return set(OPERATIONS) <= said


def owner_in(analysis: Analysis, text: str) -> str | None:
    """The owner that a team's or person's title names; None where it names none that is known."""
    said = f" {_plain(text)} "
    for entry in analysis.catalog.owner_words.values():
        if any(f" {_plain(word)} " in said for word in entry.words):
            return entry.id
    return None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.casefold()).split())


def _owner(analysis: Analysis, area: OwnershipArea) -> AreaOwner:
    org = analysis.stack.inventory.org
    tools = tuple(t.id for t in sorted(analysis.stack.active, key=lambda t: t.id) if _works(analysis, t.id, area))
    entries = [analysis.tool(t).entry for t in tools]
    words = [owner_in(analysis, text) for e in entries for text in (e.team, e.owner) if text]
    named = tuple(sorted({w for w in words if w}))
    if area.field is None:
        return AreaOwner(area.id, named[0] if len(named) == 1 else None, False, tools, named)
    said = (getattr(org.owns, area.field) or "").strip().casefold() if org else ""
    return AreaOwner(area.id, said if said in OPEN_LISTS["owns"] else None, True, tools, named)


def _works(analysis: Analysis, tool: str, area: OwnershipArea) -> bool:
    return analysis.tool(tool).uses_any(area.capabilities) is Tri.YES
