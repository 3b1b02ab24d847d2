"""The named tests that read on which side of a comparison a company stands; unknown input never takes a side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from stackaudit.analysis.ownership import OPERATIONS
from stackaudit.model.guidance import Side
from stackaudit.model.vocabulary import FUNDING_STAGES
from stackaudit.shape import stack_readings
from stackaudit.shape.ground import NOTHING, Ground, Read, Test, between, inner, listed, scored_side
from stackaudit.shape.org import reporting_line
from stackaudit.wording import spelled

if TYPE_CHECKING:
    from stackaudit.model.guidance import Reading


def combine(found: Iterable[tuple[Read, Reading]], needs: str) -> Side | None:
    """One side for a row: the one on which all tests agree, both where they differ, None where none decides."""
    found = list(found)
    deciding = [read.side for read, spec in found if spec.decisive]
    if not any(deciding) or (needs == "all" and None in deciding):
        return None
    sides = {read.side for read, _ in found if read.side}
    return sides.pop() if len(sides) == 1 else "both"


def read_all(ground: Ground, specs: Iterable[Reading]) -> list[tuple[Read, Reading]]:
    """Every test of a row, with its result."""
    return [(TESTS[spec.test](ground, spec), spec) for spec in specs]


def _scope(ground: Ground, _: Reading) -> Read:
    scope = sorted(set((ground.declared.scope if ground.declared else None) or ()))
    if not scope:
        return NOTHING
    text = f"Operations serves {listed(_word(s) for s in scope)}"
    if len(scope) == 1:
        return (
            Read("sales_ops", text)
            if scope == ["sales"]
            else Read(None, f"{text}, which neither source describes", neither=True)
        )
    return Read("revops" if len(scope) == 3 else "both", text)


def _serves(ground: Ground, spec: Reading) -> Read:
    scope = (ground.declared.scope if ground.declared else None) or ()
    if not scope:
        return NOTHING
    inside = set(spec.ids) <= set(scope)
    names = listed(_word(i) for i in spec.ids)
    return Read("revops" if inside else "sales_ops", f"Operations {'serves' if inside else 'does not serve'} {names}")


def _reporting_line(ground: Ground, _: Reading) -> Read:
    if ground.declared is None or not ground.declared.reports_to:
        return NOTHING
    scored, text = reporting_line(ground.analysis, ground.declared)
    return Read(scored_side(ground.analysis, scored.low, scored.high), text)


def _people(ground: Ground, spec: Reading) -> Read:
    """Employees, or the operations team."""
    company = ground.analysis.stack.inventory.company
    if spec.field == "employees":
        count, text = company.employees, "{:,} employees"
    else:
        team = ground.declared.team_size if ground.declared else None
        count, text = (team if team is not None else company.headcount.ops), "{:,} in operations"
        if count == 0:
            return Read(None, "Nobody does operations work", neither=True)
    if count is None or spec.sales_ops_upto is None or spec.revops_from is None:
        return NOTHING
    return Read(between(count, spec.sales_ops_upto, spec.revops_from), text.format(count))


def _metrics(ground: Ground, spec: Reading) -> Read:
    tracked = set((ground.declared.metrics_tracked if ground.declared else None) or ())
    sales, revops = tracked & set(spec.sales_ops), tracked & set(spec.revops)
    if not sales | revops or spec.sales_ops_upto is None or spec.revops_from is None:
        return NOTHING
    share = len(revops) / len(sales | revops)
    text = f"{len(sales)} Sales Ops and {len(revops)} RevOps metrics of this list are tracked"
    return Read(between(share, spec.sales_ops_upto, spec.revops_from), text)


def _pains(ground: Ground, spec: Reading) -> Read:
    felt = (ground.declared.pains if ground.declared else None) or ()
    sales, revops = set(felt) & set(spec.sales_ops), set(felt) & set(spec.revops)
    if not sales | revops:
        if ground.declared is None or ground.declared.pains is None:
            return NOTHING
        return Read(None, "None of these pains is felt", neither=True)
    text = f"{len(sales)} Sales Ops and {len(revops)} RevOps pains are felt"
    return Read("both" if sales and revops else "sales_ops" if sales else "revops", text)


def _remit(ground: Ground, spec: Reading) -> Read:
    """Whether operations owns more than the areas of sales."""
    areas = ground.analysis.ownership
    owners = {a: areas[a].owner for a in (*spec.sales_ops, *spec.revops)}
    if not any(owners.values()):
        return NOTHING
    held = [a for a, owner in owners.items() if owner in OPERATIONS]
    if not held:
        known = all(owners.values())
        return Read(None, "Operations owns none of these areas", neither=True) if known else NOTHING
    sure = sum(a in held for a in spec.revops)
    may = sure + sum(owners[a] is None for a in spec.revops)
    sides = {between(n, 0, len(spec.revops)) for n in (sure, may)}
    inside = bool(set(held) & set(spec.sales_ops))
    text = f"Operations owns {listed(inner(ground.analysis.catalog.ownership[a].name) for a in held)}"
    side = sides.pop() if len(sides) == 1 else None
    return Read(side if inside or side != "sales_ops" else None, text)


def _organisation(ground: Ground, _: Reading) -> Read:
    org = ground.org
    if org.label == "none":
        return Read(None, "Nobody does operations work", neither=True)
    if org.score is None or org.between:
        return NOTHING
    sides: dict[str, Side] = {"sales_ops": "sales_ops", "hybrid": "both", "revops": "revops"}
    return Read(sides[org.label], f"The organisation stands at {org.score:g} of 100")


def _practice(ground: Ground, spec: Reading) -> Read:
    """One declared practice, by its value."""
    value = getattr(ground.declared.practices, spec.field) if ground.declared else None
    if value is None:
        return NOTHING
    said = {True: "yes", False: "no"}.get(value, value)
    side: Side | None = "sales_ops" if said in spec.sales_ops else "revops" if said in spec.revops else None
    return Read(side, f"Declared: {spelled(spec.field)} {spelled(said)}")


def _covers(ground: Ground, spec: Reading) -> Read:
    """A declared list: the base alone reads as Sales Ops, base and all that is beyond it as RevOps."""
    said = set((getattr(ground.declared.practices, spec.field) if ground.declared else None) or ())
    if not said:
        return NOTHING
    base, beyond = said & set(spec.sales_ops), said & set(spec.revops)
    text = f"Declared: {spelled(spec.field)} {', '.join(map(spelled, sorted(said)))}"
    if base and not beyond:
        return Read("sales_ops", text)
    return Read("revops" if base and beyond == set(spec.revops) else "both", text)


def _owner(ground: Ground, spec: Reading) -> Read:
    area = ground.analysis.ownership[spec.ids[0]]
    if area.owner is None:
        return NOTHING
    name = inner(ground.analysis.catalog.ownership[area.id].name)
    text = f"{ground.analysis.catalog.owner_words[area.owner].name} owns {name}"
    side: Side | None = "revops" if area.owner == "revops" else "sales_ops" if area.owner == "sales_ops" else None
    if area.owner == "cs" and area.id == "cs_systems":
        side = "sales_ops"  # the source's Sales Ops column: customer success keeps its own operations
    return Read(side, text, neither=side is None)


def _tool_owners(ground: Ground, spec: Reading) -> Read:
    """The teams and owners that are named at the tools of an area."""
    area = ground.analysis.ownership[spec.ids[0]]
    sides = area.named_sides
    if not sides:
        return NOTHING
    names = listed(ground.analysis.catalog.owner_words[o].name for o in area.named)
    text = f"Named as team or owner of {ground.analysis.names(area.tools)}: {names}"
    if len(sides) > 1:
        return Read("both", text)
    return Read("revops" if "revops" in sides else "sales_ops", text)


def _stage(ground: Ground, _: Reading) -> Read:
    stage = ground.analysis.stack.inventory.company.funding_stage
    if stage is None:
        return NOTHING
    text = f"Stage: {FUNDING_STAGES[stage]}"
    found = ground.analysis.catalog.funding_stages.get(stage)
    if found is None or found.vote == "none":
        return Read(None, f"{text}, which stands in neither column", neither=True)
    return Read(found.vote, text)


def _title(ground: Ground, spec: Reading) -> Read:
    title = (ground.declared.title if ground.declared else None) or ""
    if not title:
        return NOTHING
    said, text = title.casefold(), f"Title: {title}"
    if any(word in said for word in spec.revops):
        return Read("revops", text)
    known = any(word in said for word in spec.sales_ops)
    return Read("sales_ops", text) if known else Read(None, f"{text}, which stands in neither column", neither=True)


def _word(function: str) -> str:
    return "customer success" if function == "cs" else function


def _wired(test: Test) -> Test:
    """Hold a test to what is sure: where connections are not all declared, what is absent reads as nothing."""

    def held(ground: Ground, spec: Reading) -> Read:
        read = test(ground, spec)
        if ground.analysis.stack.closed_world or read.side in (None, "revops"):
            return read
        return NOTHING

    return held


TESTS: Mapping[str, Test] = {
    "scope": _scope,
    "serves": _serves,
    "reporting_line": _reporting_line,
    "people": _people,
    "metrics": _metrics,
    "pains": _pains,
    "remit": _remit,
    "organisation": _organisation,
    "dimension": _wired(stack_readings.dimension),
    "links": _wired(stack_readings.links),
    "handoffs": _wired(stack_readings.handoffs),
    "together": _wired(stack_readings.together),
    "practice": _practice,
    "covers": _covers,
    "owner": _owner,
    "tool_owners": _tool_owners,
    "stage": _stage,
    "title": _title,
    "estate": stack_readings.estate,
    "execution": stack_readings.execution,
}
