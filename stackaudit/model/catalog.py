"""The catalogue's own types: taxonomy, reference architecture, shape weights and thresholds, all data of ``catalogs/``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from stackaudit.model.inventory import Ident, Number, Text, YesNo
from stackaudit.model.scoring import Scoring

Family = Literal["record", "engage", "signal", "measure", "integrate", "govern"]
LayerFunction = Literal["marketing", "sales", "cs", "shared"]
Expect = Literal["required", "expected", "optional", "not_expected"]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Layer(_Entry):
    """One layer.

    ``assumes`` are the capabilities that a tool known by its layer alone is taken to use; ``relays`` marks layers
    whose tools pass records on; ``standalone`` marks layers whose tools may stand alone by purpose.
    """

    id: Ident
    name: Text
    family: Family
    function: LayerFunction
    core: YesNo = False
    integration: YesNo = False
    relays: YesNo = False
    standalone: YesNo = False
    used_by: Literal["sales_ops", "revops", "both", "other"]
    definition: Text
    assumes: tuple[Ident, ...] = ()
    aliases: tuple[Text, ...] = ()


class Capability(_Entry):
    """One thing a tool can do; it belongs to one layer. ``defining`` ones decide what a tool is."""

    id: Ident
    layer: Ident
    name: Text
    definition: Text
    defining: YesNo = False


class ObjectType(_Entry):
    """One record type and the other words for it."""

    id: Ident
    name: Text
    aliases: tuple[Ident, ...] = ()
    append_only: YesNo = False


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
    """One of the ten handoffs of section 5.5."""

    id: Ident
    name: Text
    needs: Text
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


class BandRow(_Entry):
    """What one layer or capability is expected to be in each of the four company bands, smallest first.

    With ``motions``, the row holds for companies with one of them; for others it is optional at most.
    """

    layer: Ident
    bands: tuple[Expect, Expect, Expect, Expect]
    capabilities: tuple[Ident, ...] = ()
    motions: tuple[Ident, ...] = ()
    condition: Text = ""


class MetricFact(_Entry):
    """One fact that a metric needs: from which part (``crm``, ``map``) or capabilities, carried by which records."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

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
    signals: dict[str, Signal]
    actions: dict[str, tuple[str, ...]]
    handoffs: dict[str, Handoff]
    links: dict[str, Link]
    stack_weights: tuple[Weight, ...]
    org_weights: tuple[Weight, ...]
    reporting_lines: tuple[ReportingLine, ...] = ()
    team_bands: tuple[TeamBand, ...] = ()
    thresholds: dict[str, Threshold]
    bands: tuple[BandRow, ...]
    scoring: Scoring
    rules: dict[str, RuleText]
    metrics: dict[str, Metric] = Field(default_factory=dict)
    premature: dict[str, Premature] = Field(default_factory=dict)
    sources: dict[str, Reference] = Field(default_factory=dict)

    def layer_name(self, layer: str) -> str:
        """Display name of a layer id; the id itself where a plugin declared a further one."""
        found = self.layers.get(layer)
        return found.name if found else layer
