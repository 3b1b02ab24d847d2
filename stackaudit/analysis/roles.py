"""Which tools play which part in the chain, for sure and possibly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache

from msgspec import Struct

from stackaudit.model.catalog import Catalog
from stackaudit.model.stack import Stack, Tool
from stackaudit.model.vocabulary import Tri, either

CRM_WORK = ("account_contact_mgmt", "lead_mgmt", "opportunity_mgmt")
MAP_WORK = ("email_campaigns", "nurture", "lead_scoring", "lead_lifecycle")
TOUCHED = ("campaign_engagement", "visitor", "lead", "contact", "ad_cost")
"""Records in which a touch of marketing travels."""
CS_WORK = ("health_scoring", "cs_playbooks", "renewal_mgmt", "customer_360")


class Role(Struct, frozen=True):
    """Tools that play a part: ``sure`` ones, and all that ``may`` (the sure ones included).

    ``hidden`` says that the file does not claim to know the tools of the team whose part it is, so that there may be
    one that it does not name.
    """

    sure: tuple[str, ...]
    may: tuple[str, ...]
    hidden: bool = False

    def __or__(self, other: Role) -> Role:
        return _either(self, other)

    @property
    def possible(self) -> bool:
        """Whether something may play the part, named or not."""
        return bool(self.may) or self.hidden

    @property
    def present(self) -> Tri:
        """Whether anything plays the part."""
        return Tri.YES if self.sure else Tri.UNKNOWN if self.possible else Tri.NO


@lru_cache(maxsize=128)
def _either(one: Role, two: Role) -> Role:
    """The tools that play one part or the other; the same few are asked for at every connection that is tried out."""
    sure, may = ({*one.sure, *two.sure}, {*one.may, *two.may})
    return Role(tuple(sorted(sure)), tuple(sorted(may)), one.hidden or two.hidden)


class Roles(Struct, frozen=True, dict=True):
    """The parts of the chain. ``layer_use`` says for each layer which tools work in it."""

    crm: Role
    map: Role
    csp: Role
    engagement: Role
    usage: Role
    events: Role
    tickets: Role
    billing: Role
    bi: Role
    warehouse: Role
    forecast: Role
    chat: Role
    touches: Role
    layer_use: dict[str, Role]

    @cached_property
    def usage_sources(self) -> Role:
        """Where product usage may set out: analytics, and tools that collect events and are declared to send usage."""
        return self.usage | self.events

    @cached_property
    def bi_or_warehouse(self) -> Role:
        """Where data of several functions can be seen together."""
        return self.bi | self.warehouse


_TEAM_WORDS = {
    "sales": {"sales", "revops", "gtm"},
    "marketing": {"marketing", "demand_gen", "growth", "gtm"},
    "cs": {"cs", "customer_success", "customer success", "success", "gtm"},
}
TEAMS = tuple(_TEAM_WORDS)


def speaks_for(stack: Stack, *teams: str) -> bool:
    """Whether the file claims to know these teams' tools; without a claim it speaks for all."""
    claimed = stack.inventory.coverage.teams
    if claimed is None:
        return True
    said = {t.strip().casefold() for t in claimed}
    return all(_TEAM_WORDS[team] & said for team in teams if team in _TEAM_WORDS)


def hidden(stack: Stack, catalog: Catalog, capabilities: Iterable[str]) -> bool:
    """Whether a tool for some work may stand in a team for which the file does not speak."""
    if stack.inventory.coverage.teams is None:
        return False
    layers = {catalog.capabilities[c].layer for c in capabilities if c in catalog.capabilities}
    return any(_unseen(stack, catalog, layer) for layer in sorted(layers))


def _unseen(stack: Stack, catalog: Catalog, layer: str) -> bool:
    """Whether a layer may hold tools that the file leaves out: its team's, or anybody's where all teams share it."""
    if layer not in catalog.layers:
        return False
    function = "sales" if layer == "crm" else catalog.layers[layer].function
    return not speaks_for(stack, *(TEAMS if function == "shared" else (function,)))


def roles(stack: Stack, catalog: Catalog) -> Roles:
    """Assign the parts, by capability in use and by layer."""
    active = sorted(stack.active, key=lambda t: t.id)
    in_layer: dict[str, set[str]] = {}
    for capability in catalog.capabilities.values():
        in_layer.setdefault(capability.layer, set()).add(capability.id)

    def by_work(layer: str, work: Iterable[str], *, anywhere: Iterable[str] = ()) -> Role:
        """Tools of a layer that do its work, and tools elsewhere that do the work that decides."""
        own, deciding = tuple(sorted(set(work) | in_layer.get(layer, set()))), tuple(anywhere)

        def state(tool: Tool) -> Tri:
            here = tool.uses_any(own) if tool.layer == layer else Tri.NO
            return either(here, tool.uses_any(deciding))

        return _role(active, state, hidden=hidden(stack, catalog, work))

    def by_capability(*capabilities: str) -> Role:
        unseen = hidden(stack, catalog, capabilities)
        return _role(active, lambda tool: tool.uses_any(capabilities), hidden=unseen)

    marketing = by_work("marketing_automation", MAP_WORK, anywhere=MAP_WORK)
    return Roles(
        crm=by_work("crm", CRM_WORK, anywhere=("opportunity_mgmt",)),
        map=marketing,
        csp=by_work("customer_success", CS_WORK, anywhere=("health_scoring", "cs_playbooks")),
        engagement=by_capability("sequencing"),
        usage=by_capability("usage_events"),
        events=by_capability("event_collection"),
        tickets=by_capability("ticketing"),
        billing=by_capability("subscription_billing"),
        bi=by_capability("dashboards", "semantic_model"),
        warehouse=by_capability("warehouse"),
        forecast=by_capability("forecast_rollup"),
        chat=by_capability("team_chat"),
        touches=marketing | by_capability("web_tracking", "forms_landing", "web_analytics", "event_collection", "ads"),
        layer_use=_layer_use(active, stack, catalog, in_layer),
    )


def _layer_use(
    tools: Iterable[Tool], stack: Stack, catalog: Catalog, in_layer: Mapping[str, set[str]]
) -> dict[str, Role]:
    """Who works in each layer: its own tools with anything in use, and others that have a capability of it in use."""
    sure: dict[str, list[str]] = {layer: [] for layer in catalog.layers}
    may: dict[str, list[str]] = {layer: [] for layer in catalog.layers}
    for tool in tools:
        works, could = (_homes(catalog, used) for used in (tool.in_use, tool.unknown))
        if tool.layer and (tool.in_use or tool.layer not in in_layer):
            works.add(tool.layer)
        if tool.opaque:
            could = set(in_layer)
        for layer in works & sure.keys():
            sure[layer].append(tool.id)
        for layer in (works | could) & may.keys():
            may[layer].append(tool.id)
    return {x: Role(tuple(sure[x]), tuple(may[x]), _unseen(stack, catalog, x)) for x in catalog.layers}


def _homes(catalog: Catalog, capabilities: Iterable[str]) -> set[str]:
    """The layers to which some capabilities belong."""
    known = catalog.capabilities
    return {known[c].layer for c in capabilities if c in known}


def _role(tools: Iterable[Tool], state: Callable[[Tool], Tri], *, hidden: bool) -> Role:
    states = [(t.id, state(t)) for t in tools]
    return Role(
        sure=tuple(i for i, s in states if s is Tri.YES),
        may=tuple(i for i, s in states if s is not Tri.NO),
        hidden=hidden,
    )
