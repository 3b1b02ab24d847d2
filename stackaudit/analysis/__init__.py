"""Facts about a stack, each kind computed once and kept; rules and shapes read them, nothing writes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from stackaudit.analysis.money import Money, money
from stackaudit.analysis.needs import Wiring, wiring
from stackaudit.analysis.overlap import Overlap, overlaps
from stackaudit.analysis.ownership import AreaOwner, ownership
from stackaudit.analysis.roles import Role, Roles, hidden, roles
from stackaudit.graph import StackGraph, build, rebuilt
from stackaudit.model.catalog import BandRow, Catalog
from stackaudit.model.stack import Connection, Stack, Tool
from stackaudit.model.vocabulary import Tri
from stackaudit.stages import SILENT, Stages
from stackaudit.wording import data, within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stackaudit.analysis.contracts import Contract
    from stackaudit.analysis.doubles import Double
    from stackaudit.analysis.enrichment import Writers
    from stackaudit.analysis.estate import Crms
    from stackaudit.analysis.family import Family, Migration
    from stackaudit.analysis.handoffs import Handoff
    from stackaudit.analysis.latent import Idle
    from stackaudit.analysis.legitimate import Legitimate
    from stackaudit.analysis.links import Link
    from stackaudit.analysis.metrics import Arrivals, Readiness
    from stackaudit.analysis.records import SystemOfRecord
    from stackaudit.analysis.signals import SignalReach
    from stackaudit.analysis.survivor import Survivor

Known = TypeVar("Known")


def fact(compute: Callable[[Analysis], Known]) -> cached_property[Known]:
    """A fact that is computed when first asked for, kept, and timed under its name."""

    @wraps(compute)
    def timed(analysis: Analysis) -> Known:
        with analysis.stages.part(f"analysis {compute.__name__}"):
            return compute(analysis)

    return cached_property(timed)


OTHER_MODELS = (
    "advertising",
    "agency",
    "commerce",
    "events",
    "hardware",
    "marketplace",
    "one_time",
    "perpetual",
    "service",
    "transaction",
)
"""Words of a business model that knows no renewals, where it does not speak of subscriptions beside them."""

_OF_TOOLS = (
    "roles",
    "overlaps",
    "overlap_of",
    "families",
    "migrations",
    "idle",
    "peer_medians",
    "records",
    "money",
    "ownership",
    "subscription",
    "subscriptions_in",
    "bands",
    "_copies",
    "_contracts",
    "_asked",
)
"""Facts that do not depend on how the tools are connected."""


@dataclass(frozen=True)
class Analysis:
    """Everything the audit knows about a stack before it judges it.

    ``thresholds`` are the catalogue's numbers with the inventory's overrides; ``before`` is the analysis of the same
    tools with other connections that this one was made from.
    """

    stack: Stack
    catalog: Catalog
    thresholds: Mapping[str, float]
    before: Analysis | None = field(default=None, repr=False, compare=False)
    stages: Stages = field(default=SILENT, repr=False, compare=False)

    @fact
    def graph(self) -> StackGraph:
        """The frozen graph of existing connections."""
        if self.before is not None:
            return rebuilt(self.before.graph, self.before.stack, self.stack)
        return build(self.stack, self.catalog)

    @fact
    def roles(self) -> Roles:
        """Which tools are CRM, marketing automation, billing and so on."""
        return roles(self.stack, self.catalog)

    @fact
    def links(self) -> tuple[Link, ...]:
        """The eight cross-functional links X1-X8."""
        from stackaudit.analysis.links import links

        return links(self)

    @fact
    def functions_in_bi(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Which functions reach BI or the warehouse: for sure, and possibly."""
        from stackaudit.analysis.links import functions_in_bi

        return functions_in_bi(self)

    @fact
    def handoffs(self) -> tuple[Handoff, ...]:
        """The ten handoffs H01-H10."""
        from stackaudit.analysis.handoffs import handoffs

        return handoffs(self)

    @fact
    def signals(self) -> tuple[SignalReach, ...]:
        """How far each signal gets."""
        from stackaudit.analysis.signals import signals

        return signals(self)

    @cached_property
    def arrivals(self) -> Arrivals:
        """How well the facts of metrics arrive, as far as it was asked."""
        from stackaudit.analysis.metrics import Arrivals

        return Arrivals(self)

    @fact
    def metrics(self) -> tuple[Readiness, ...]:
        """Whether each metric can be computed."""
        from stackaudit.analysis.metrics import metrics

        return metrics(self)

    @fact
    def ownership(self) -> Mapping[str, AreaOwner]:
        """Who owns each system area, by area."""
        return ownership(self)

    def rewired(self, stack: Stack) -> Analysis:
        """The analysis of the same tools with other connections; what only depends on the tools is taken over."""
        other = Analysis(stack, self.catalog, self.thresholds, self)
        for fact in _OF_TOOLS:
            if fact in self.__dict__:
                other.__dict__[fact] = self.__dict__[fact]
        return other

    def holding(self, tools: tuple[Tool, ...]) -> Analysis:
        """The analysis of the same stack where tools differ in the records that they officially hold, and in nothing else.

        All facts that are known are taken over but the one that reads it: what is connected, handed over and computed
        does not depend on who holds what.
        """
        stack = replace(self.stack, tools=tools, by_id={t.id: t for t in tools})
        other = Analysis(stack, self.catalog, self.thresholds, self.before)
        for fact, known in self.__dict__.items():
            if fact not in other.__dict__ and fact != "records":
                other.__dict__[fact] = known
        return other

    def usd(self, amount: float | None, currency: str | None) -> float | None:
        """An amount in US dollars, in which the thresholds stand; None where it has no rate."""
        from stackaudit.analysis.money import usd

        return usd(self.stack, amount, currency)

    @fact
    def overlaps(self) -> tuple[Overlap, ...]:
        """Pairs of tools that share capabilities in use."""
        return overlaps(self.stack, self.catalog, self.thresholds)

    @cached_property
    def overlap_of(self) -> Mapping[tuple[str, str], Overlap]:
        """The overlap of each pair that has one, by its two tools in order."""
        return {o.tools: o for o in self.overlaps}

    @fact
    def crms(self) -> Crms:
        """CRMs beside each other, and whether they make one picture."""
        from stackaudit.analysis.estate import crms

        return crms(self)

    @fact
    def writers(self) -> Writers:
        """Vendors of bought data, and where they write."""
        from stackaudit.analysis.enrichment import writers

        return writers(self)

    @fact
    def doubles(self) -> tuple[Double, ...]:
        """Groups of tools of which one would do."""
        from stackaudit.analysis.doubles import doubles, grounds

        if self.before is not None and grounds(self) == grounds(self.before):
            return self.before.doubles
        return doubles(self)

    @fact
    def survivors(self) -> Mapping[Double, Survivor]:
        """For each group, which tool to keep."""
        from stackaudit.analysis.survivor import survivor

        return {double: survivor(self, double) for double in self.doubles}

    @fact
    def families(self) -> tuple[Family, ...]:
        """Products of one family under contracts of their own."""
        from stackaudit.analysis.family import families

        return families(self)

    @fact
    def migrations(self) -> tuple[Migration, ...]:
        """Replacements of which the old side is still there."""
        from stackaudit.analysis.family import migrations

        return migrations(self)

    @fact
    def idle(self) -> tuple[Idle, ...]:
        """Licences that lie idle beside a tool that is paid for the same work."""
        from stackaudit.analysis.latent import idle

        return idle(self)

    @fact
    def legitimate(self) -> tuple[Legitimate, ...]:
        """Doubles that look like a problem and are none."""
        from stackaudit.analysis.legitimate import legitimate

        return legitimate(self)

    @fact
    def peer_medians(self) -> Mapping[str, float]:
        """Median cost per active seat by layer."""
        from stackaudit.analysis.seats import peer_medians

        return peer_medians(self)

    @fact
    def records(self) -> Mapping[str, SystemOfRecord]:
        """Declared systems of record by object."""
        from stackaudit.analysis.records import records

        return records(self.stack)

    @fact
    def money(self) -> Money:
        """Declared spend and contract dates."""
        return money(self.stack)

    @cached_property
    def subscription(self) -> Tri:
        """Whether the company sells subscriptions, as its business model says; unknown where it says nothing clear.

        There, a tool that is declared to hold them shows that there are some; where no model is declared, one that bills
        them does, too.
        """
        said = self._model_says
        return Tri.YES if said is Tri.UNKNOWN and self.subscriptions_in else said

    @cached_property
    def subscriptions_in(self) -> tuple[str, ...]:
        """The tools from which it follows that there are subscriptions, where the business model says nothing clear."""
        if self._model_says is not Tri.UNKNOWN:
            return ()
        if "subscription" in self.records:
            return self.records["subscription"].tools
        return self.roles.billing.sure if self.stack.inventory.company.business_model is None else ()

    @property
    def _model_says(self) -> Tri:
        text = (self.stack.inventory.company.business_model or "").casefold()
        if "subscription" in text or "saas" in text:
            return Tri.YES
        return Tri.NO if any(word in text for word in OTHER_MODELS) else Tri.UNKNOWN

    def tool(self, tool_id: str) -> Tool:
        """A declared tool by its id."""
        return self.stack.by_id[tool_id]

    def names(self, tool_ids: Iterable[str], joiner: str = ", ") -> str:
        """Display names of tools, in the order given."""
        return joiner.join(self.label(t) for t in tool_ids)

    def label(self, tool_id: str) -> str:
        """Display name of a tool, with its id where the stack holds the product more than once."""
        tool = self.stack.by_id[tool_id]
        return tool.name if self._copies[tool.name] == 1 else f"{tool.name} ({tool.id})"

    @cached_property
    def _copies(self) -> Mapping[str, int]:
        """How often each display name stands in the stack."""
        return Counter(t.name for t in self.stack.tools)

    def data(self, objects: Iterable[str], last: str = "and") -> str:
        """Records by their names, as one thing that travels: account and contact data."""
        known = self.catalog.objects
        return data((known[o].name if o in known else o.replace("_", " ") for o in sorted(objects)), last)

    def work(self, capabilities: Iterable[str]) -> list[str]:
        """Names of capabilities as they stand in a sentence, in the order given."""
        known = self.catalog.capabilities
        return [within(known[c].name) if c in known else c.replace("_", " ") for c in capabilities]

    def wiring(self, tool_id: str) -> Wiring | None:
        """How many of the connections that a tool's layer needs are live; None where it needs none."""
        if tool_id not in self._wired:
            self._wired[tool_id] = wiring(self, self.tool(tool_id))
        return self._wired[tool_id]

    @cached_property
    def _wired(self) -> dict[str, Wiring | None]:
        """The wiring of tools, as far as it was asked for: doubles are compared by it, and every tool is scored by it."""
        return {}

    @cached_property
    def bands(self) -> Mapping[str, list[BandRow]]:
        """What the bands expect of layers, by layer."""
        found: dict[str, list[BandRow]] = {}
        for row in self.catalog.bands:
            found.setdefault(row.layer, []).append(row)
        return found

    def contract(self, tool_id: str) -> Contract | None:
        """The declared contract end of a tool."""
        return self._contracts.get(tool_id)

    @cached_property
    def _contracts(self) -> Mapping[str, Contract]:
        return {c.tool: c for c in self.money.contracts}

    def connection(self, index: int) -> Connection | None:
        """A declared connection by its rank."""
        return self._connections.get(index)

    def connections_within(self, tool_ids: Iterable[str]) -> tuple[Connection, ...]:
        """Declared connections between any two of some tools, by rank."""
        members = set(tool_ids)
        found = {
            c.index: c for t in members for c in self._connections_of.get(t, ()) if {c.source, c.target} <= members
        }
        return tuple(found[i] for i in sorted(found))

    @cached_property
    def _connections_of(self) -> Mapping[str, list[Connection]]:
        """Declared connections by the tool that they leave, those of a tool with itself left out."""
        found: dict[str, list[Connection]] = {}
        for c in self.stack.connections:
            if c.source != c.target:
                found.setdefault(c.source, []).append(c)
        return found

    @cached_property
    def _connections(self) -> Mapping[int, Connection]:
        return {c.index: c for c in self.stack.connections}

    def has(self, *capabilities: str, trial: bool = True) -> Tri:
        """Whether any tool that counts uses any of the capabilities; ``trial=False`` leaves tools on trial out."""
        using = self.using(*capabilities)
        sure, may = (u if trial else [t for t in u if not self.tool(t).trial] for u in (using.sure, using.may))
        return Tri.YES if sure else Tri.UNKNOWN if may or using.hidden else Tri.NO

    def users(self, *capabilities: str) -> tuple[str, ...]:
        """Ids of tools that use any of the capabilities for sure."""
        return self.using(*capabilities).sure

    def maybe_users(self, *capabilities: str) -> tuple[str, ...]:
        """Ids of tools that may use any of the capabilities, the sure ones included."""
        return self.using(*capabilities).may

    def using(self, *capabilities: str) -> Role:
        """The tools that use any of the capabilities."""
        if capabilities not in self._asked:
            states = [(t.id, t.uses_any(capabilities)) for t in self.stack.active]
            sure = tuple(i for i, s in states if s is Tri.YES)
            may = tuple(i for i, s in states if s is not Tri.NO)
            self._asked[capabilities] = Role(sure, may, hidden(self.stack, self.catalog, capabilities))
        return self._asked[capabilities]

    @cached_property
    def _asked(self) -> dict[tuple[str, ...], Role]:
        """Who uses what, as far as it was asked: many rules and analyses ask the same."""
        return {}

    def threshold(self, name: str) -> float:
        """A number of the catalogue, as overridden."""
        return self.thresholds[name]
