"""The catalogue's own types: taxonomy, reference architecture, shape weights and thresholds, all data of ``catalogs/``."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from stackaudit.model import guidance as g
from stackaudit.model.inventory import Ident, Number, Text, YesNo
from stackaudit.model.scoring import Scoring
from stackaudit.model.vocabulary import Family, Motion

LayerFunction = Literal["marketing", "sales", "cs", "shared"]
Expect = Literal["required", "expected", "optional", "not_expected"]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Half(_Entry):
    """One half of a layer whose halves are tested apart, with the capabilities that make it up."""

    id: Ident
    name: Text
    definition: Text
    capabilities: tuple[Ident, ...]


class Layer(_Entry):
    """One layer.

    ``inclusion`` is the test that decides whether a tool belongs here; ``needs`` and ``feeds`` are the records that
    its tools take and give; ``may_cover`` are capabilities that a suite of this layer often brings along.
    ``assumes`` are the capabilities that a tool known by its layer alone is taken to use; ``relays`` marks layers
    whose tools pass records on; ``standalone`` marks layers whose tools may stand alone by purpose. ``aliases`` are
    other words for the layer, ``elsewhere`` what other public taxonomies file it under.
    """

    id: Ident
    name: Text
    family: Family
    function: LayerFunction
    core: YesNo = False
    integration: YesNo = False
    relays: YesNo = False
    standalone: YesNo = False
    used_by: Literal["sales_ops", "revops", "both"]
    definition: Text
    inclusion: Text
    halves: tuple[Half, ...] = ()
    assumes: tuple[Ident, ...] = ()
    needs: tuple[Ident, ...] = ()
    feeds: tuple[Ident, ...] = ()
    may_cover: tuple[Ident, ...] = ()
    aliases: tuple[Text, ...] = ()
    elsewhere: dict[str, Text] = Field(default_factory=dict)


class Capability(_Entry):
    """One thing a tool can do; it belongs to one layer. ``defining`` ones decide what a tool is."""

    id: Ident
    layer: Ident
    name: Text
    definition: Text
    defining: YesNo = False


class ObjectType(_Entry):
    """One record type and the other words for it; ``work`` is what a tool does that keeps its official value."""

    id: Ident
    name: Text
    work: Ident | None = None
    aliases: tuple[Ident, ...] = ()
    append_only: YesNo = False


class Function(_Entry):
    """Who works in a tool; ``counts`` marks the three functions that the shapes look at."""

    id: Ident
    name: Text
    definition: Text
    counts: YesNo


class Signal(_Entry):
    """One signal of section 6.1: where it arises, what carries it, by when somebody must act, what counts as acting."""

    id: Ident
    name: Text
    sources: tuple[Ident, ...]
    carriers: tuple[Ident, ...]
    deadline_minutes: Annotated[int, BeforeValidator(int)]
    deadline_basis: Text
    actions: tuple[Ident, ...]
    side: Literal["sales", "marketing", "cs", "both"]


class Handoff(_Entry):
    """One of the ten handoffs of section 5.5; ``to`` names what receives it."""

    id: Ident
    name: Text
    needs: Text
    to: Text = "CRM"
    max_minutes: Annotated[int, BeforeValidator(int)] | None = None
    side: Literal["sales_ops", "revops"]


class Link(_Entry):
    """One of the eight cross-functional links."""

    id: Ident
    name: Text
    objects: tuple[Ident, ...] = ()
    max_minutes: Annotated[int, BeforeValidator(int)]


class Weight(_Entry):
    """One weighted part of a shape."""

    id: Ident
    name: Text
    weight: Number
    basis: Text


class ReportingLine(_Entry):
    """Where an operations team that reports to one of ``titles`` (lower-case words) stands: 0 Sales Ops, 1 RevOps."""

    score: Number
    titles: tuple[Text, ...]
    reading: Text


class TeamBand(_Entry):
    """How a team of up to ``upto`` people is read: 0 Sales Ops, 1 RevOps; without ``upto``, any larger team."""

    upto: Annotated[int, BeforeValidator(int)] | None = None
    score: Number


class Threshold(_Entry):
    """One number that a rule or a shape compares with, its unit and where it comes from.

    ``grade`` is A (primary), B (named practitioner), C (vendor blog) or synthesis (argued, found in no source).
    """

    id: Ident
    value: Number
    unit: Text
    source: Text
    grade: Literal["A", "B", "C", "source_document", "synthesis"]


class BandCondition(_Entry):
    """The level in some bands (1 to 4) for companies that meet it: with a motion, or whose count reaches a number.

    ``acv`` is a contract's value in US dollars a year, the other counts are people.
    """

    bands: tuple[Annotated[int, BeforeValidator(int)], ...]
    level: Expect
    motions: tuple[Motion, ...] = ()
    counted: Literal["quota_reps", "sdr", "sellers", "cs", "acv"] | None = None
    reaches: Number = 0.0


class BandRow(_Entry):
    """What one layer, or one part of it, is expected to be in each of the four company bands, smallest first.

    Each of the ``conditions`` that a company meets raises the level to its own. Work in any layer of ``together``
    counts as well.
    """

    layer: Ident
    part: Text = ""
    bands: tuple[Expect, Expect, Expect, Expect]
    conditions: tuple[BandCondition, ...] = ()
    together: tuple[Ident, ...] = ()
    condition: Text = ""


class BandChange(_Entry):
    """Layers that a motion moves one step up or down."""

    motion: Motion
    layers: tuple[Ident, ...]
    move: Literal["up", "down"]


class MetricFact(_Entry):
    """One fact that a metric needs: from which part (``crm``, ``map``) or capabilities, carried by which records."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, populate_by_name=True)

    name: Text
    part: Literal["crm", "map"] | None = Field(default=None, alias="from")
    capabilities: tuple[Ident, ...] = ()
    objects: tuple[Ident, ...]


class Metric(_Entry):
    """One metric: its formula, its facts, and the parts of the stack that may compute it.

    ``retention`` metrics exist for subscriptions only; ``finance`` ones need figures that finance adds.
    """

    id: Ident
    name: Text
    formula: Text
    variant: Text = ""
    retention: YesNo = False
    finance: YesNo = False
    facts: tuple[MetricFact, ...]
    nodes: tuple[Literal["bi", "crm", "forecast", "billing"], ...]


class Premature(_Entry):
    """A paid platform, by layer or capability, that a company under both sizes does not ask for yet."""

    id: Ident
    name: Text
    layer: Ident | None = None
    capability: Ident | None = None
    employees: Annotated[int, BeforeValidator(int)]
    heads: Annotated[int, BeforeValidator(int)]
    counted: Literal["quota_reps", "cs", "sellers"]
    source: Text


class Bucket(_Entry):
    """One stretch of the 30/60/90 plan; it ends ``days`` after the audit."""

    id: Ident
    name: Text
    days: Annotated[int, BeforeValidator(int)]


class PlanStep(_Entry):
    """One kind of step of the plan: the findings it answers, and whether it speaks of all, of each tool or each group.

    ``alone`` holds the titles of steps that answer findings of one rule only, ``late`` and ``undated`` those after a
    notice deadline has passed and where the notice period is not declared. ``absorbs`` says whether a step takes with
    it what else is said of its tools alone: all of it, or what some rules say.
    """

    id: Ident
    bucket: Ident
    rules: tuple[Ident, ...]
    severities: tuple[Literal["critical", "high", "medium", "low", "info", "opportunity"], ...] = ()
    each: Literal["all", "tool", "together"]
    effort: Literal["S", "M", "L"]
    by: Literal["bucket", "deadline"] = "bucket"
    absorbs: YesNo | tuple[Ident, ...] = False
    title: Text
    late: Text = ""
    undated: Text = ""
    alone: dict[Ident, Text] = Field(default_factory=dict)


class Reference(_Entry):
    """One source of the domain text, with its grade."""

    id: Ident
    grade: Literal["A", "B", "C", "source_document"]
    address: Text


class RuleText(_Entry):
    """Everything about a rule but its check."""

    id: Ident
    severity: Literal["critical", "high", "medium", "low", "info", "opportunity"]
    effort: Literal["S", "M", "L"]
    title: Text
    checks: Text
    why: Text
    fix: Text
    waive_when: Text
    threshold: Text
    source: Text


class Catalog(_Entry):
    """All of ``catalogs/``, by id."""

    layers: dict[str, Layer]
    capabilities: dict[str, Capability]
    objects: dict[str, ObjectType]
    functions: dict[str, Function]
    signals: dict[str, Signal]
    actions: dict[str, tuple[str, ...]]
    handoffs: dict[str, Handoff]
    links: dict[str, Link]
    stack_weights: tuple[Weight, ...]
    org_weights: tuple[Weight, ...]
    reporting_lines: tuple[ReportingLine, ...] = ()
    team_bands: tuple[TeamBand, ...] = ()
    funding_stages: dict[str, g.StageVote] = Field(default_factory=dict)
    thresholds: dict[str, Threshold]
    plugin_limits: dict[str, Threshold] = Field(default_factory=dict)
    bands: tuple[BandRow, ...]
    band_changes: tuple[BandChange, ...] = ()
    scoring: Scoring
    rules: dict[str, RuleText]
    metrics: dict[str, Metric] = Field(default_factory=dict)
    premature: dict[str, Premature] = Field(default_factory=dict)
    buckets: dict[str, Bucket] = Field(default_factory=dict)
    roadmap: dict[str, PlanStep] = Field(default_factory=dict)
    record_homes: dict[str, tuple[Ident, ...]] = Field(default_factory=dict)
    sources: dict[str, Reference] = Field(default_factory=dict)
    comparison_tables: dict[str, g.ComparisonTable] = Field(default_factory=dict)
    comparison: dict[str, g.ComparisonRow] = Field(default_factory=dict)
    pillars: dict[str, g.PillarText] = Field(default_factory=dict)
    disagreements: dict[str, g.Disagreement] = Field(default_factory=dict)
    ownership: dict[str, g.OwnershipArea] = Field(default_factory=dict)
    owner_words: dict[str, g.OwnerWords] = Field(default_factory=dict)
    raci: g.RaciText | None = None
    benchmarks: dict[str, g.Benchmark] = Field(default_factory=dict)
    advice: dict[str, g.AdviceRule] = Field(default_factory=dict)
    specialist_roles: dict[str, g.Named] = Field(default_factory=dict)
    pay_bands: dict[str, g.PayBand] = Field(default_factory=dict)
    pay_source: Text = ""
    triggers: dict[str, g.Trigger] = Field(default_factory=dict)
    mistakes: dict[str, g.MistakeText] = Field(default_factory=dict)
    split: dict[str, g.SplitText] = Field(default_factory=dict)

    def layer_name(self, layer: str) -> str:
        """Display name of a layer id; the id itself where a plugin declared a further one."""
        found = self.layers.get(layer)
        return found.name if found else layer
