"""The one result of an audit: every output format is rendered from it alone (contract, section 2)."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Literal, Self

from pydantic import Field

from stackaudit.model.part import Override, Part, PluginInfo, ToolMatch
from stackaudit.model.vocabulary import (
    Confidence,
    EdgeStatus,
    Effort,
    Environment,
    Family,
    NeedLabel,
    OrgLabel,
    Outcome,
    Passage,
    Severity,
    StackLabel,
    ToolStatus,
    Tri,
)

SCHEMA_VERSION = "1"
Function = Literal["marketing", "sales", "cs", "shared"]
Expectation = Literal["required", "expected", "optional", "not_expected", "unknown"]


class Headcount(Part):
    """People by role, as declared."""

    quota_reps: int | None = None
    sdr: int | None = None
    marketing: int | None = None
    cs: int | None = None
    ops: int | None = None


class CompanyInfo(Part):
    """Who was audited, as declared; money in ``currency``."""

    name: str | None = None
    employees: int | None = None
    arr: float | None = None
    currency: str | None = None
    funding_stage: str | None = None
    motions: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    business_model: str | None = None
    headcount: Headcount = Headcount()


class Dimension(Part):
    """One scored part of a shape. Scores run from 0 to 1; ``low`` takes unknowns as 0, ``high`` as 1."""

    id: str
    name: str
    weight: float
    score: float
    low: float
    high: float
    reasons: tuple[str, ...] = ()


class Note(Part):
    """A gate that bit, or an overlay that applies."""

    id: str
    text: str


class StackShape(Part):
    """Shape of the stack. ``score`` (0-100) is before the gates, ``label`` after them.

    ``between`` holds the two labels an open interval reaches where they differ.
    """

    label: StackLabel
    score: float | None
    low: float
    high: float
    between: tuple[str, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    gates: tuple[Note, ...] = ()
    overlays: tuple[Note, ...] = ()


class OrgShape(Part):
    """Shape of the organisation; ``score`` is null where the label is none or unknown."""

    label: OrgLabel
    score: float | None
    low: float
    high: float
    between: tuple[str, ...] = ()
    parts: tuple[Dimension, ...] = ()


class Vote(Part):
    """What one source's threshold says the company needs; ``counts`` is False for votes that are shown only."""

    id: str
    vote: NeedLabel
    counts: bool
    source: str
    text: str


class NeedShape(Part):
    """What the company needs by both sources' thresholds, and how the decision fell."""

    label: NeedLabel
    contested: bool
    because: str = ""
    votes: tuple[Vote, ...] = ()


class Mismatch(Part):
    """One pattern between the three shapes."""

    pattern: str
    text: str
    severity: Severity


class TableRow(Part):
    """One row of a source's comparison table and the side the company stands on.

    ``question`` is what would answer a row that is not assessed.
    """

    id: str = ""
    source: str
    row: str
    sales_ops: str
    revops: str
    side: Literal["sales_ops", "revops", "both", "not_assessed"]
    because: str
    question: str | None = None


class Pillar(Part):
    """One of the four pillars of RevOps, in a line."""

    id: str
    name: str
    state: Literal["strong", "partial", "weak", "not_assessed"]
    text: str
    because: str


class Disagreement(Part):
    """A point on which the sources differ, and what the tool does about it."""

    id: str
    topic: str
    source_a: str
    source_b: str
    tool_does: str


class TriggerInfo(Part):
    """One sign that calls for a function, and whether it shows."""

    id: str
    function: Literal["sales_ops", "revops", "full_revops"]
    text: str
    state: Literal["met", "not_met", "unknown"]
    source: str


class MistakeInfo(Part):
    """One common mistake, and whether it shows."""

    id: str
    text: str
    state: Literal["seen", "not_seen", "unknown"]
    source: str


class SplitLine(Part):
    """What one function keeps where both work together."""

    owner: str
    owns: str
    source: str


class Advice(Part):
    """Which role to hire, restructure or leave for now.

    ``missing_roles`` are specialists that a full RevOps organisation has and the file does not name; ``areas`` are
    system areas (ids of ``ownership``) that are declared and not owned by operations, where the need is RevOps.
    """

    action: Literal["hire", "restructure", "extend", "keep", "wait", "leave"] | None = None
    role: str
    when: str
    why: str
    pay_band: str | None = None
    missing_roles: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    next_review: str = ""
    triggers: tuple[TriggerInfo, ...] = ()
    mistakes: tuple[MistakeInfo, ...] = ()
    split: tuple[SplitLine, ...] = ()
    sources: tuple[str, ...] = ()


class Verdict(Part):
    """The audit in a sentence a CRO can repeat, and the facts that decided it."""

    sentence: str
    facts: tuple[str, ...]


class Shape(Part):
    """The triangle of stack, organisation and need; ``cuts`` are the scores from which hybrid and RevOps begin."""

    verdict: Verdict
    cuts: tuple[float, float] = (40.0, 65.0)
    stack: StackShape
    org: OrgShape
    need: NeedShape
    mismatch: tuple[Mismatch, ...] = ()
    table: tuple[TableRow, ...] = ()
    pillars: tuple[Pillar, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    advice: Advice | None = None


class Evidence(Part):
    """One line of support. ``file`` is relative to the root; ``source`` is an address or a document."""

    text: str
    file: str | None = None
    line: int | None = None
    source: str | None = None


class WaiverInfo(Part):
    """An accepted exception that matches a finding."""

    reason: str
    owner: str | None = None
    expires: dt.date | None = None
    expired: bool = False


class WaiverState(Part):
    """One waiver of the file and the findings it bears on: ``in_force``, ``expired``, or ``unused``.

    A waiver in force may hold nothing back because its rule looked and found nothing. ``findings`` are ids.
    """

    rule: str
    tools: tuple[str, ...]
    reason: str
    owner: str | None = None
    expires: dt.date | None = None
    state: Literal["in_force", "expired", "unused"]
    findings: tuple[str, ...] = ()


class Tally(Part):
    """Findings that fired, by severity: as they stand, and as they would without any waiver."""

    with_waivers: dict[str, int] = Field(default_factory=dict)
    without_waivers: dict[str, int] = Field(default_factory=dict)


class Finding(Part):
    """One conclusion of one rule. ``id`` is a fingerprint of rule, sorted subjects and facet."""

    id: str
    rule: str
    severity: Severity
    outcome: Outcome
    subjects: tuple[str, ...]
    facet: str | None
    title: str
    message: str
    why: str
    fix: str
    effort: Effort
    evidence: tuple[Evidence, ...]
    confidence: Confidence
    waiver: WaiverInfo | None = None
    root_cause: str | None = None

    @property
    def stands(self) -> bool:
        """Whether it fired and no waiver in force holds it back."""
        return self.outcome is Outcome.FAIL and not (self.waiver and not self.waiver.expired)


class RuleInfo(Part):
    """What a rule checks, for the reader of the report."""

    title: str
    why: str
    fix: str
    waive_when: str
    threshold: str
    source: str


class Blocks(Part):
    """What a root cause holds up, by id."""

    handoffs: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()


class RootCause(Part):
    """Findings that one repair answers. ``findings`` holds finding ids."""

    id: str
    title: str
    summary: str = ""
    subjects: tuple[str, ...]
    findings: tuple[str, ...]
    severity: Severity
    effort: Effort
    blocks: Blocks


class Capabilities(Part):
    """Capability ids: offered by the product, licensed, in use. ``inferred`` marks defaults of the catalogue."""

    offered: tuple[str, ...] = ()
    licensed: tuple[str, ...] = ()
    in_use: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    inferred: bool = False


class ToolStatusInfo(Part):
    """What became of the product, where a source says so."""

    state: str
    successor: str | None = None
    as_of: str | None = None
    source: str | None = None
    note: str | None = None


class FactorInfo(Part):
    """One factor of a tool's business value or technical health, 1 to 5; null where its input is not declared."""

    id: str
    name: str
    axis: Literal["value", "health"]
    weight: float
    score: float | None
    text: str


class ToolInfo(Part):
    """One declared tool. ``layer`` is the primary layer id; money is per year in ``currency``.

    ``connected`` says whether declared connections end at the tool or only run through it, or whether only one database
    with another tool connects it; null in a result of before this was told.
    ``value`` and ``health`` run from 1 to 5 and are null, like ``quadrant``, where less than half of their weight is
    known. Cost per active seat, the median of the layer and the value of unused seats are in the company's currency.
    """

    id: str
    name: str
    declared_as: str
    plugin: str | None
    match: ToolMatch
    candidates: tuple[str, ...] = ()
    layer: str | None = None
    layers: tuple[str, ...] = ()
    family: str | None = None
    lane: Function = "shared"
    capabilities: Capabilities = Capabilities()
    scope: str | None = None
    environment: Environment = "production"
    status: ToolStatus = "active"
    in_scope: bool = True
    connected: Literal["directly", "as_relay", "by_suite", "no"] | None = None
    team: str | None = None
    owner: str | None = None
    technical_owner: str | None = None
    seats: int | None = None
    active_seats: int | None = None
    annual_cost: float | None = None
    currency: str | None = None
    contract_end: dt.date | None = None
    notice_days: int | None = None
    notice_deadline: dt.date | None = None
    auto_renew: bool | None = None
    criticality: int | None = None
    sso: bool | None = None
    holds_pii: bool | None = None
    system_of_record_for: tuple[str, ...] = ()
    product_status: ToolStatusInfo | None = None
    disposition: str | None = None
    quadrant: str | None = None
    disposition_because: str = ""
    value: float | None = None
    health: float | None = None
    factors: tuple[FactorInfo, ...] = ()
    utilisation: float | None = None
    cost_per_active_seat: float | None = None
    peer_median: float | None = None
    unused_seat_value: float | None = None
    line: int | None = None
    sources: tuple[str, ...] = ()


class IntegrationInfo(Part):
    """One declared connection between declared tools; ``minutes`` is the latency of this hop."""

    from_: str = Field(alias="from")
    to: str
    two_way: bool = False
    objects: tuple[str, ...] = ()
    objects_known: bool = True
    method: str | None = None
    via: str | None = None
    latency: str | None = None
    latency_assumed: bool = False
    minutes: int
    status: EdgeStatus
    automated: bool
    conflict_rule: str | None = None
    account: str | None = None
    owner: str | None = None
    monitored: bool | None = None
    evidence: Literal["claimed", "mutual", "declared", "verified"] = "declared"
    source: str | None = None
    line: int | None = None


class ExpectedLayer(Part):
    """A layer that the company's stage and motions ask for."""

    layer: str
    name: str
    expectation: Expectation
    present: Tri
    function: Function = "shared"


class ExpectedIntegration(Part):
    """A connection that a handoff needs and nobody declared: drawn as missing.

    ``from`` or ``to`` is a tool id, or None where the tool itself is missing; then the layer says what is.
    ``offered`` is the connector that vendors name, ``evidence`` whether one side does (claimed) or both (mutual).
    """

    from_: str | None = Field(alias="from")
    to: str | None
    from_layer: str
    to_layer: str
    objects: tuple[str, ...]
    reason: str
    handoff: str | None = None
    offered: str | None = None
    evidence: Literal["claimed", "mutual"] | None = None


class Expected(Part):
    """What is missing, so that it can be drawn."""

    layers: tuple[ExpectedLayer, ...] = ()
    integrations: tuple[ExpectedIntegration, ...] = ()


class LayerInfo(Part):
    """One layer of the taxonomy and the tools in it. ``core`` marks the ten layers of the source's table.

    ``providers`` do its work; where nobody does, they are those of a layer that counts for it at this stage.
    """

    id: str
    name: str
    family: Family
    core: bool
    used_by: str
    definition: str
    function: Function
    present: Tri
    expectation: Expectation
    tools: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()


class CandidateInfo(Part):
    """One tool of a group and its scores; null is not declared.

    Criteria: wiring and utilisation from 0 to 1, scope 1 for the whole company, exit in days for which it is paid in
    any case, cost_per_active_seat in the company's currency. ``best_in`` are the criteria that it alone wins.
    """

    tool: str
    criteria: dict[str, float | None]
    best_in: tuple[str, ...] = ()
    exit: dt.date | None = None
    text: str


class SurvivorInfo(Part):
    """Which tool the scores suggest keeping; null where they do not separate the tools.

    ``compared`` are the criteria known for every tool; ``by_cost`` says that cost broke a tie; ``forced`` names a
    limit that must fall before any of them can go.
    """

    suggested: str | None
    scores: tuple[CandidateInfo, ...]
    compared: tuple[str, ...] = ()
    by_cost: bool = False
    forced: str = ""
    note: str = ""


class OverlapGroup(Part):
    """Tools that share capabilities in use (0-1 coefficient), or one that could take over the other's.

    ``kind``: direct, adjacent, minor, latent, same_family, migration, same_layer or normal_pair. ``rule`` judges the
    group; ``in_scope`` is what its smaller contracts cost a year; legitimate groups say why in ``reason``.
    """

    tools: tuple[str, ...]
    kind: str
    shared: tuple[str, ...]
    defining: tuple[str, ...] = ()
    coefficient: float
    state: Literal["in_use", "licensed", "offered"]
    legitimate: bool = False
    reason: str = ""
    rule: str | None = None
    survivor: SurvivorInfo | None = None
    in_scope: float | None = None


class PathInfo(Part):
    """The best way one record travels. ``minutes`` adds up over the hops; ``object`` is the record at the start."""

    tools: tuple[str, ...]
    object: str
    minutes: int
    automated: bool
    degraded: bool = False
    assumed_latency: bool = False


class LinkInfo(Part):
    """One of the eight cross-functional links X1-X8. ``score`` 0-1, None where it does not apply."""

    id: str
    name: str
    score: float | None
    low: float
    high: float
    status: Passage
    text: str
    paths: tuple[PathInfo, ...] = ()


class HandoffInfo(Part):
    """One of the ten handoffs H01-H10. ``status``: works, weak, broken, not_needed, not_applicable or unknown."""

    id: str
    name: str
    score: float | None
    low: float
    high: float
    status: Passage
    relevant: bool
    text: str
    max_minutes: int | None = None
    minutes: int | None = None
    tools: tuple[str, ...] = ()
    paths: tuple[PathInfo, ...] = ()


class SignalInfo(Part):
    """How far one signal climbs: levels 0 (not captured) to 5 (closed loop). ``high`` counts unknowns as kept."""

    id: str
    name: str
    level: int
    low: int
    high: int
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    path: PathInfo | None = None
    deadline_minutes: int
    play_tool: str | None = None
    play_owner: str | None = None
    play_sla_minutes: int | None = None
    text: str = ""


class MetricFactInfo(Part):
    """One fact that a metric needs, and whether it gets to where the metric is computed."""

    name: str
    state: Literal["arrives", "partial", "missing", "unknown"]


class MetricInfo(Part):
    """Whether one metric can be computed from the stack as wired, and where.

    ``variant`` is how a source's own definition differs from ``formula``, which is the standard one.
    """

    id: str
    name: str
    tracked: bool
    status: Literal["computable", "partial", "not_computable", "not_assessed", "not_applicable"]
    formula: str
    variant: str = ""
    finance: bool = False
    node: str | None = None
    facts: tuple[MetricFactInfo, ...] = ()
    missing: tuple[str, ...] = ()
    text: str = ""


class Raci(Part):
    """Who is what for an area in a company with both functions."""

    responsible: str
    accountable: str
    consulted: str
    informed: str
    source: str


class OwnershipInfo(Part):
    """Who owns one system area, against the overlap map.

    ``side``: revops or sales_ops, another team, nobody, or unknown. ``named`` are owners that the area's tools name.
    """

    area: str
    name: str = ""
    owner: str | None
    side: Literal["sales_ops", "revops", "both", "other", "nobody", "unknown"] = "unknown"
    sales_ops: str
    revops: str
    text: str
    tools: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    raci: Raci | None = None
    source: str = ""


class AgentWrite(Part):
    """One tool that an agent writes to; ``objects`` is empty where the file does not say which records."""

    tool: str
    objects: tuple[str, ...] = ()


class AgentInfo(Part):
    """A tool that acts without a person, and what it may write to; ``complete`` is False where more is possible."""

    tool: str
    owner: str | None = None
    writes: tuple[AgentWrite, ...] = ()
    complete: bool
    text: str


class BenchmarkInfo(Part):
    """One published figure; ``by`` tells the two source documents from others."""

    id: str
    metric: str
    value: str
    source: str
    grade: str
    by: Literal["source_document", "others"]
    address: str | None = None


class LayerSpend(Part):
    """Spend per year of one layer."""

    layer: str
    amount: float
    tools: tuple[str, ...]


class FamilySpend(Part):
    """Spend per year of one layer family."""

    family: str
    amount: float
    tools: tuple[str, ...]


class ScopeLine(Part):
    """One contract in consolidation scope, in the company's currency, and why."""

    tool: str
    amount: float
    because: str


class SpendBenchmark(Part):
    """One spend figure (US dollars, or a share) against a published range.

    ``side`` is below, inside or above; ``without_finance_data`` is the figure without finance and data-platform tools.
    """

    id: Literal["fte", "arr"]
    value: float
    low: float
    high: float
    side: Literal["below", "inside", "above"]
    extreme: bool
    without_finance_data: float | None
    text: str
    source: str
    grade: str


class Mark(Part):
    """A day on which a renewal is planned, negotiated or decided: so many days before the contract ends."""

    days: int
    on: dt.date


class Renewal(Part):
    """One contract's end and notice deadline; ``days_left`` counts from as_of and is negative once passed.

    Without a declared notice period (``notice_known``) the deadline is the end itself, the latest it can be.
    """

    tool: str
    contract_end: dt.date
    deadline: dt.date
    days_left: int
    amount: float | None
    currency: str | None
    auto_renew: bool | None
    notice_known: bool = True
    decision: str | None = None
    marks: tuple[Mark, ...] = ()


class Spend(Part):
    """Declared spend per year. ``totals`` is one figure a currency; nothing is converted without a dated rate.

    ``in_scope`` is the contract value in consolidation scope: no saving, because a change costs money, too.
    ``next_deadlines`` are tools whose notice deadline is near whatever the severity of any finding.
    """

    totals: dict[str, float] = Field(default_factory=dict)
    currency: str | None = None
    total: float | None = None
    without_finance_data: float | None = None
    priced_tools: int = 0
    tools: int = 0
    in_scope: float | None = None
    in_scope_tools: tuple[str, ...] = ()
    in_scope_share: float | None = None
    scope: tuple[ScopeLine, ...] = ()
    unpriced: tuple[str, ...] = ()
    finance_data_tools: tuple[str, ...] = ()
    unused_seat_value: float | None = None
    by_layer: tuple[LayerSpend, ...] = ()
    by_family: tuple[FamilySpend, ...] = ()
    benchmarks: tuple[SpendBenchmark, ...] = ()
    next_deadlines: tuple[str, ...] = ()
    renewals: tuple[Renewal, ...] = ()


class RoadmapStep(Part):
    """One step of the 30/60/90 plan. ``score_after`` and ``label_after`` are the stack's once it and all before are done.

    ``connector`` is how the catalogue says that the two tools can be joined, where the step joins two. ``unlocks``
    holds ids of handoffs and metrics that then work and of signals that then reach an action; ``findings`` the ids of
    the findings it answers.
    """

    id: str
    kind: str
    bucket: str
    bucket_name: str
    title: str
    subjects: tuple[str, ...] = ()
    effort: Effort
    owner: str | None = None
    due: dt.date | None = None
    connector: str | None = None
    score_after: float | None = None
    label_after: StackLabel | None = None
    unlocks: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()


class Counterfactual(Part):
    """The stack scored again with one more connection, each on top of the ones before, best first.

    ``serves`` are the links and handoffs it is for, ``replaces`` the connections it makes needless, as ``from>to``;
    ``connector`` is the catalogue's offer, never a fact of the stack. ``changes_label`` marks a step to a better shape.
    """

    add: str
    from_: str = Field(alias="from")
    to: str
    two_way: bool
    objects: tuple[str, ...]
    connector: str | None = None
    serves: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    score: float
    label: str
    gain: float
    changes_label: bool = False
    unlocks: tuple[str, ...] = ()


class Coverage(Part):
    """What the audit knew: shares run from 0 to 1. ``questions`` are the answers that would sharpen it most."""

    tools: int
    resolved: int
    unresolved: tuple[str, ...] = ()
    integrations: Literal["complete", "partial", "unknown"]
    share: float
    fields: dict[str, float] = Field(default_factory=dict)
    teams: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    not_assessed: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


class Problem(Part):
    """Something that went wrong without stopping the audit."""

    kind: Literal["plugin", "rule", "input"]
    source: str
    distribution: str | None = None
    stage: str
    message: str


class Names(Part):
    """What the catalogue calls the capabilities, layers and records that the result speaks of, by their ids.

    An id that the catalogue does not know is not here, and none is in a result of before there were names.
    """

    capabilities: dict[str, str] = Field(default_factory=dict)
    layers: dict[str, str] = Field(default_factory=dict)
    objects: dict[str, str] = Field(default_factory=dict)


class AuditResult(Part):
    """Everything one audit concluded; sorted, without clock and machine paths."""

    schema_version: Literal["1"] = "1"
    stackaudit_version: str
    ruleset_hash: str
    as_of: dt.date
    as_of_source: Literal["inventory", "default", "option"]
    input: str | None = None
    privacy: Literal["full", "client", "vendor", "public"] = "full"
    company: CompanyInfo
    settings_overrides: tuple[Override, ...] = ()
    shape: Shape
    findings: tuple[Finding, ...] = ()
    waivers: tuple[WaiverState, ...] = ()
    tally: Tally = Tally()
    rules: dict[str, RuleInfo] = Field(default_factory=dict)
    root_causes: tuple[RootCause, ...] = ()
    tools: tuple[ToolInfo, ...] = ()
    integrations: tuple[IntegrationInfo, ...] = ()
    expected: Expected = Expected()
    layers: tuple[LayerInfo, ...] = ()
    overlaps: tuple[OverlapGroup, ...] = ()
    links: tuple[LinkInfo, ...] = ()
    handoffs: tuple[HandoffInfo, ...] = ()
    signals: tuple[SignalInfo, ...] = ()
    metrics: tuple[MetricInfo, ...] = ()
    ownership: tuple[OwnershipInfo, ...] = ()
    agents: tuple[AgentInfo, ...] = ()
    benchmarks: tuple[BenchmarkInfo, ...] = ()
    spend: Spend = Spend()
    roadmap: tuple[RoadmapStep, ...] = ()
    counterfactual: tuple[Counterfactual, ...] = ()
    coverage: Coverage
    plugins: tuple[PluginInfo, ...] = ()
    problems: tuple[Problem, ...] = ()
    names: Names = Names()

    def named(self, known: Names) -> Self:
        """The result with those of the known names that it speaks of, and no others: they would tell what is left out."""
        return self.model_copy(
            update={
                "names": Names(
                    capabilities=_among(known.capabilities, self._capabilities()),
                    layers=_among(known.layers, self._layers()),
                    objects=_among(known.objects, self._objects()),
                )
            }
        )

    def labels(self) -> dict[str, str]:
        """What tools are called, by id; with the id where several bear the name."""
        count = Counter(t.name for t in self.tools)
        return {t.id: t.name if count[t.name] == 1 else f"{t.name} ({t.id})" for t in self.tools}

    def _capabilities(self) -> Iterator[str]:
        """Ids of all capabilities that tools have or groups of tools share."""
        for tool in self.tools:
            had = tool.capabilities
            yield from (*had.offered, *had.licensed, *had.in_use, *had.unknown)
        for group in self.overlaps:
            yield from (*group.shared, *group.defining)

    def _layers(self) -> Iterator[str]:
        """Ids of all layers that tools stand in or missing connections lead to."""
        for tool in self.tools:
            yield from (*tool.layers, *filter(None, (tool.layer,)))
        for gap in self.expected.integrations:
            yield from (gap.from_layer, gap.to_layer)

    def _objects(self) -> Iterator[str]:
        """Ids of all records that connections carry or that missing ones would."""
        for connection in self.integrations:
            yield from connection.objects
        for gap in self.expected.integrations:
            yield from gap.objects

    def to_json(self) -> str:
        """The result as JSON text, two spaces of indent, keys in the order of the contract, ending in a newline."""
        return self.model_dump_json(indent=2, by_alias=True) + "\n"


def schema() -> dict[str, Any]:
    """JSON Schema of a result."""
    return AuditResult.model_json_schema(by_alias=True, mode="serialization")


def _among(known: dict[str, str], ids: Iterable[str]) -> dict[str, str]:
    return {i: known[i] for i in sorted(set(ids)) if i in known}
