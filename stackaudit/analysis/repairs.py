"""Connections that would mend a link or a handoff, one a pair of tools, to be tried out on a copy of the stack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import fsum
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from stackaudit.analysis.estate import TOLD, outside_crms
from stackaudit.analysis.expectations import offered
from stackaudit.analysis.links import functions
from stackaudit.analysis.money import ends
from stackaudit.analysis.scoring import crm_weights
from stackaudit.model.inventory import Integration
from stackaudit.model.stack import Connection, Stack
from stackaudit.model.vocabulary import NeedLabel

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis

FUNCTION_OBJECTS = {
    "CRM": ("account", "opportunity"),
    "marketing": ("campaign_engagement", "lead"),
    "customer success": ("health", "renewal"),
    "support": ("ticket",),
    "billing": ("invoice", "subscription"),
    "product": ("usage",),
}
"""What each function sends where several are looked at together (X8)."""


WEIGHED = frozenset({"X1", "X2", "X3", "X4", "H07", "H09", "H10"})
"""Links and handoffs that are scored for each CRM by its seats."""


class Repair(Struct, frozen=True):
    """One connection between two tools that are there, for all that it would carry.

    ``back`` says that records must travel both ways. ``serves`` are ids of links and handoffs, ``replaces`` the ranks
    of degraded or broken connections that it makes needless. ``connector`` is how the catalogue says the two can be
    joined: an offer, never a fact of the stack.
    """

    source: str
    target: str
    back: bool
    objects: tuple[str, ...]
    serves: tuple[str, ...]
    connector: str | None
    replaces: tuple[int, ...] = ()

    @property
    def pair(self) -> frozenset[str]:
        """The two tools."""
        return frozenset((self.source, self.target))


class Flow(Struct, frozen=True):
    """Records that should travel from one tool to another, and what that would serve."""

    source: str
    target: str
    objects: tuple[str, ...]
    serves: str


def repairs(analysis: Analysis, need: NeedLabel, most: int) -> tuple[Repair, ...]:
    """What could be connected, for links and handoffs that this stage of the company asks for and that do not work.

    Args:
        analysis: The stack as it is.
        need: What the company needs.
        most: How many to name; where there are more, those that promise most.
    """
    found = list(wanted(analysis, need).values())
    if len(found) > most:
        room = {x.id: 1 - x.scored.low for x in analysis.links} | {h.id: 1 - h.scored.low for h in analysis.handoffs}
        seats = crm_weights(analysis)
        found = sorted(found, key=lambda flows: _promise(analysis, flows, room, seats))[:most]
    return tuple(sorted((_repair(analysis, flows) for flows in found), key=lambda x: (x.source, x.target)))


def wanted(analysis: Analysis, need: NeedLabel) -> dict[frozenset[str], list[Flow]]:
    """What should travel and does not, by pair of tools.

    Empty where the inventory does not claim to know all connections, and where the company needs nothing. What ends, by
    the company's plan or its vendor's, is connected to nothing any more.
    """
    if not analysis.stack.closed_world or need in (NeedLabel.NONE, NeedLabel.UNKNOWN):
        return {}
    merged: dict[frozenset[str], list[Flow]] = {}
    leaving = {t.id for t in analysis.stack.active if ends(t)}
    for flow in _flows(analysis, only_sales=need is NeedLabel.SALES_OPS):
        if flow.source != flow.target and leaving.isdisjoint((flow.source, flow.target)) and not _works(analysis, flow):
            merged.setdefault(frozenset((flow.source, flow.target)), []).append(flow)
    return merged


def _promise(
    analysis: Analysis, flows: list[Flow], room: Mapping[str, float], seats: Mapping[str, float]
) -> tuple[bool, float, bool, str, str]:
    """A split estate first, then what may still be gained, then what a vendor offers ready-made."""
    serves, first = {f.serves for f in flows}, flows[0]
    native = offered(analysis, first.source, first.target) == "native"
    share = next((seats[end] for end in (first.source, first.target) if end in seats), 1.0)
    gain = fsum(room.get(served, 0.0) * (share if served in WEIGHED else 1.0) for served in sorted(serves))
    return ("split_estate" not in serves, -gain, not native, first.source, first.target)


def connected(stack: Stack, repair: Repair) -> Stack:
    """A copy of the stack with the connection in place: automated, hourly, with a rule for who wins."""
    entry = Integration(
        source=repair.source,
        target=repair.target,
        direction="two_way" if repair.back else "one_way",
        objects=repair.objects,
        method="native",
        latency="hourly",
        conflict_rule="field_level",
        account="service",
        monitored=True,
    )
    kept = stack.connections
    if repair.replaces:
        kept = tuple(c for c in kept if c.index not in repair.replaces)
    rank = stack.connections[-1].index + 1 if stack.connections else 0
    return replace(stack, connections=(*kept, Connection(rank, entry, repair.source, repair.target, None)))


def _flows(analysis: Analysis, *, only_sales: bool) -> Iterator[Flow]:
    """What should travel for every link and handoff short of full marks, by the ends that play its parts."""
    links = {x.id: x for x in analysis.links if x.applies and x.scored.high < 1}
    handoffs = {h.id: h for h in analysis.handoffs if h.applies and h.needed and h.scored.high < 1}
    r = analysis.roles
    crm, csp = r.crm.sure, r.csp.sure
    after = csp or crm
    table: tuple[tuple[str, Iterable[str], Iterable[str], tuple[str, ...], bool], ...] = (
        ("X1", r.map.sure, crm, ("contact", "lead"), True),
        ("X2", crm, r.map.sure, ("lead", "opportunity"), True),
        ("X3", crm, csp, ("account", "opportunity"), False),
        ("X4", csp, crm, ("health", "opportunity", "renewal"), False),
        ("X5", r.usage.sure, after, ("usage",), False),
        ("X6", r.tickets.sure, after, ("ticket",), False),
        ("X7", r.billing.sure, crm or r.bi_or_warehouse.sure, ("invoice", "subscription"), False),
        ("H01", analysis.users("forms_landing", "live_chat"), crm, ("contact", "lead"), True),
        ("H03", r.map.sure, crm, ("lead",), True),
        ("H04", crm, r.engagement.sure, ("contact", "lead"), True),
        ("H04", r.engagement.sure, crm, ("activity",), True),
        ("H06", analysis.users("quoting", "esign_clm"), crm, ("contract", "opportunity", "quote"), True),
        ("H07", crm, csp, ("account", "opportunity"), False),
        ("H08", r.usage.sure, csp, ("usage",), False),
        ("H09", csp, crm, ("health", "renewal"), False),
        ("H10", r.usage.sure, crm, ("usage",), False),
    )
    for served, sources, targets, objects, sales in table:
        if (served in links or served in handoffs) and (sales or not only_sales):
            yield from _between(sources, targets, objects, served)
    if not only_sales:
        yield from _seen_together(analysis, "X8" in links)
    for outsider in outside_crms(analysis):
        others = r.warehouse.sure or r.bi.sure or tuple(t for t in crm if t != outsider)
        yield from _between((outsider,), others[:1], TOLD, "split_estate")


def _between(sources: Iterable[str], targets: Iterable[str], objects: tuple[str, ...], serves: str) -> Iterator[Flow]:
    targets = tuple(targets)
    for source in sources:
        if source not in targets:
            for target in targets:
                yield Flow(source, target, objects, serves)


def _seen_together(analysis: Analysis, wanted: bool) -> Iterator[Flow]:
    """Every function that does not reach the place where they are looked at together, the warehouse first."""
    r = analysis.roles
    place = r.warehouse.sure or r.bi.sure
    if not wanted or not place:
        return
    for name, role in functions(r).items():
        yield from _between(role.sure, place[:1], FUNCTION_OBJECTS[name], "X8")


def _works(analysis: Analysis, flow: Flow) -> bool:
    """Whether all that should travel does so already: live, automated, directly, within the day."""
    carried: set[str] = set()
    for edge in analysis.graph.between(flow.source, flow.target):
        if edge.status == "live" and edge.automated == "yes":
            carried |= edge.objects or set()
    return set(flow.objects) <= carried


def _repair(analysis: Analysis, flows: list[Flow]) -> Repair:
    ways = sorted({(f.source, f.target) for f in flows})
    hubs = {*analysis.roles.crm.sure, *analysis.roles.bi_or_warehouse.sure}
    source, target = min(ways, key=lambda way: (way[0] in hubs, way))
    return Repair(
        source=source,
        target=target,
        back=len(ways) == 2,
        objects=tuple(sorted({o for f in flows for o in f.objects})),
        serves=tuple(sorted({f.serves for f in flows})),
        connector=offered(analysis, source, target),
        replaces=_needless(analysis, flows),
    )


def _needless(analysis: Analysis, flows: list[Flow]) -> tuple[int, ...]:
    """Sick connections on the way that the records take today: the new one carries what they carried."""
    found = set()
    for flow in flows:
        path = analysis.graph.best_path((flow.source,), (flow.target,), flow.objects)
        if path:
            found |= {e.index for e in path.edges if e.status == "degraded" and e.index >= 0}
    return tuple(sorted(found))
