"""What the templates show: the result in words, so that templates hold loops and conditions only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.model.vocabulary import FUNDING_STAGES
from stackaudit.report import facts as leading
from stackaudit.report.drawings.axis import gap
from stackaudit.report.guidance_view import GuidanceView, guidance
from stackaudit.report.plan_view import BucketView, StepView, buckets, first_steps
from stackaudit.report.words import (
    CONFIDENCES,
    EFFORTS,
    GLOSSARY,
    METHODS,
    NEEDS,
    SEVERITIES,
    SHAPES,
    SIZES,
    audience,
    date,
    join,
    money,
    plural,
    score,
    share,
    within,
)

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult, Evidence, Finding, ToolInfo

MAX_CAUSES = 7
OURS = "stackaudit"
"""The distribution that the built-in plugins come with."""
_BASES = {
    "id": "by id",
    "name": "by name",
    "alias": "by another name",
    "former_name": "by a former name",
    "domain": "by its web address",
    "setting": "by the file's settings",
    "declaration": "described in the file",
    "none": "not identified",
}


class EvidenceView(Struct, frozen=True):
    """One line of support and where it stands; lines of the audited file go without its name."""

    text: str
    place: str
    source: str


class FindingView(Struct, frozen=True):
    """One finding, ready to show."""

    id: str
    rule: str
    severity: str
    severity_word: str
    title: str
    message: str
    why: str
    fix: str
    effort: str
    confidence: str
    tools: tuple[tuple[str, str], ...]
    evidence: tuple[EvidenceView, ...]
    waiver: str


class CauseView(Struct, frozen=True):
    """One root cause, with its findings."""

    id: str
    number: int
    title: str
    summary: str
    severity: str
    severity_word: str
    effort: str
    blocks: str
    findings: tuple[FindingView, ...]


class ToolView(Struct, frozen=True):
    """One line of the inventory."""

    id: str
    name: str
    declared: str
    match: str
    layer: str
    owner: str
    seats: str
    cost: str
    contract_end: str
    deadline: str
    in_use: str
    note: str
    sources: tuple[str, ...]


class ReportView(Struct, frozen=True):
    """Everything the page shows."""

    title: str
    company: str
    profile: str
    as_of: str
    as_of_note: str
    audience: tuple[str, ...]
    sentence: str
    facts: tuple[str, ...]
    gap: str
    gates: tuple[str, ...]
    overlays: tuple[str, ...]
    figures: tuple[leading.Figure, ...]
    coverage: str
    asks: tuple[str, ...]
    causes: tuple[CauseView, ...]
    more_causes: int
    ungrouped: tuple[FindingView, ...]
    waived: tuple[FindingView, ...]
    errors: tuple[FindingView, ...]
    questions: tuple[tuple[str, str, str, str], ...]
    first_steps: tuple[StepView, ...]
    plan: tuple[BucketView, ...]
    connections: tuple[tuple[str, str, str, str, str], ...]
    waivers: tuple[tuple[str, str, str, str, str, str], ...]
    waiver_note: str
    survivors: tuple[tuple[str, str, str, str], ...]
    silent_rules: tuple[tuple[str, str], ...]
    rule_log: tuple[tuple[str, str, str, str, str, str], ...]
    soon: tuple[str, ...]
    guidance: GuidanceView
    count: int
    counts: tuple[tuple[str, str, int], ...]
    stack: str
    org: str
    org_parts: tuple[tuple[str, str, str, str], ...]
    need: str
    need_because: str
    contested: bool
    votes: tuple[tuple[str, str, str, str], ...]
    mismatches: tuple[tuple[str, str, str], ...]
    tools: tuple[ToolView, ...]
    currency_note: str
    problems: tuple[str, ...]
    input_notes: tuple[str, ...]
    overrides: tuple[tuple[str, str, str, str], ...]
    assumptions: tuple[str, ...]
    plugins: tuple[tuple[str, str, str, str, str], ...]
    facts_count: str
    method: tuple[str, ...]
    glossary: tuple[tuple[str, str], ...]
    version: str


def make_view(result: AuditResult) -> ReportView:
    """Put a result into words."""
    names = result.labels()
    views = {f.id: _finding(result, f, names) for f in result.findings}
    causes = tuple(
        CauseView(
            id=c.id,
            number=i,
            title=c.title,
            summary=c.summary,
            severity=c.severity,
            severity_word=SEVERITIES[c.severity],
            effort=SIZES[c.effort],
            blocks=leading.named(result, leading.blocked(c.blocks)),
            findings=tuple(views[f] for f in c.findings if f in views),
        )
        for i, c in enumerate(result.root_causes, 1)
    )
    standing = leading.standing(result)
    shape = result.shape
    company = result.company
    return ReportView(
        title=f"{company.name or 'Stack'} audit, {date(result.as_of)}",
        company=company.name or "Go-to-market stack",
        profile=_profile(result),
        as_of=date(result.as_of),
        as_of_note=_as_of_note(result),
        audience=audience(result.coverage.assumptions),
        sentence=shape.verdict.sentence,
        facts=shape.verdict.facts,
        gap=gap(result),
        gates=tuple(g.text for g in shape.stack.gates),
        overlays=tuple(o.text for o in shape.stack.overlays),
        figures=leading.figures(result),
        coverage=_coverage(result),
        asks=result.coverage.questions,
        causes=causes,
        more_causes=max(0, len(causes) - MAX_CAUSES),
        ungrouped=tuple(views[f.id] for f in standing if f.root_cause is None),
        waived=tuple(views[f.id] for f in leading.waived(result)),
        errors=tuple(views[f.id] for f in result.findings if f.outcome == "error"),
        questions=tuple((f.id, f.rule, f.title, f.message) for f in leading.open_questions(result)),
        first_steps=first_steps(result),
        plan=buckets(result),
        connections=_connections(result),
        waivers=_waivers(result, names),
        waiver_note=_waiver_note(result),
        survivors=_survivors(result, names),
        silent_rules=tuple(
            (rule, info.title)
            for rule, info in sorted(result.rules.items())
            if rule not in {f.rule for f in result.findings}
        ),
        rule_log=_rule_log(result),
        soon=leading.soon(result),
        guidance=guidance(result),
        count=len(standing),
        counts=tuple(
            (severity, word, n)
            for severity, word in SEVERITIES.items()
            if (n := sum(f.severity == severity for f in standing))
        ),
        stack=_shape_words(shape.stack.label, shape.stack.score, shape.stack.low, shape.stack.high),
        org=_shape_words(shape.org.label, shape.org.score, shape.org.low, shape.org.high),
        org_parts=tuple(
            (
                p.name,
                f"{p.weight:g}",
                score(p.score) if p.low == p.high else f"{p.low:g} to {p.high:g}",
                "; ".join(p.reasons),
            )
            for p in shape.org.parts
        ),
        need=NEEDS[shape.need.label],
        need_because=shape.need.because,
        contested=shape.need.contested,
        votes=tuple(
            (v.source, v.text, NEEDS[v.vote], "counts" if v.counts else "shown, no vote") for v in shape.need.votes
        ),
        mismatches=tuple((m.severity, SEVERITIES[m.severity], m.text) for m in shape.mismatch),
        tools=tuple(_tool(result, t, names[t.id]) for t in result.tools),
        currency_note=_currency(result),
        problems=tuple(
            f"{p.kind} {p.source}"
            + (f" ({p.distribution})" if _outside(p.distribution) else "")
            + f", {p.stage}: {p.message}"
            for p in result.problems
            if p.kind != "input"
        ),
        input_notes=tuple(f"{p.source}: {p.message}" for p in result.problems if p.kind == "input"),
        overrides=tuple((o.kind, o.name, o.default or "–", o.value) for o in result.settings_overrides),
        assumptions=result.coverage.assumptions,
        plugins=tuple(
            (
                p.name.removeprefix(f"{OURS}."),
                p.distribution if p.distribution and _outside(p.distribution) else "built in",
                p.version or "–",
                f"{p.facts:,}",
                p.oldest.isoformat() if p.oldest else "no date",
            )
            for p in result.plugins
        ),
        facts_count=f"{sum(p.facts for p in result.plugins):,}",
        method=_method(result),
        glossary=tuple(GLOSSARY.items()),
        version=result.stackaudit_version,
    )


def _outside(distribution: str | None) -> bool:
    """Whether a plugin came with a distribution of its own; a brand's report names ours in one place only."""
    return distribution not in {None, OURS}


def _connections(result: AuditResult) -> tuple[tuple[str, str, str, str, str], ...]:
    """The connections that were tried out, one on top of the other."""
    return tuple(
        (
            c.add,
            METHODS.get(c.connector, c.connector) if c.connector else "none known to the catalogue",
            f"{c.score:g} (+{c.gain:g})",
            SHAPES.get(c.label, c.label) + (" (changes the shape)" if c.changes_label else ""),
            leading.named(result, c.unlocks) or "–",
        )
        for c in result.counterfactual
    )


def _waivers(result: AuditResult, names: dict[str, str]) -> tuple[tuple[str, str, str, str, str, str], ...]:
    states = {"in_force": "in force", "expired": "expired", "unused": "unused"}
    return tuple(
        (
            w.rule,
            join([names.get(t, t) for t in w.tools]) or "–",
            w.reason,
            w.owner or "–",
            date(w.expires) or "no end",
            f"{states[w.state]}, holds back {plural(len(w.findings), 'finding')}"
            if w.state == "in_force"
            else states[w.state],
        )
        for w in result.waivers
    )


def _waiver_note(result: AuditResult) -> str:
    with_, without = (sum(t.values()) for t in (result.tally.with_waivers, result.tally.without_waivers))
    return f"{plural(with_, 'finding')} with them, {without:,} without." if without != with_ else ""


def _survivors(result: AuditResult, names: dict[str, str]) -> tuple[tuple[str, str, str, str], ...]:
    """For tools that do the same work: which the scores suggest keeping, the scores, and what is in scope."""
    return tuple(
        (
            join([names.get(t, t) for t in o.tools]),
            names.get(o.survivor.suggested, o.survivor.suggested) if o.survivor.suggested else "the scores do not tell",
            f"{'; '.join(s.text for s in o.survivor.scores)}. {o.survivor.note or o.survivor.forced}",
            money(o.in_scope, result.spend.currency) or "–",
        )
        for o in result.overlaps
        if o.survivor is not None and not o.legitimate
    )


def _rule_log(result: AuditResult) -> tuple[tuple[str, str, str, str, str, str], ...]:
    """Every rule that spoke, with what came of it: how often it fired, that it lacked input, or that it broke."""
    rows = []
    for rule, info in sorted(result.rules.items()):
        own = [f for f in result.findings if f.rule == rule]
        fired = sum(f.outcome == "fail" for f in own)
        said = [plural(fired, "finding")] if fired else []
        said += ["not assessed"] if any(f.outcome == "not_assessed" for f in own) else []
        said += ["broke"] if any(f.outcome == "error" for f in own) else []
        if said:
            rows.append((rule, info.title, " and ".join(said), info.threshold, info.waive_when, info.source))
    return tuple(rows)


def _finding(result: AuditResult, finding: Finding, names: dict[str, str]) -> FindingView:
    tools = tuple((t, names.get(t, t)) for t in finding.subjects)
    return FindingView(
        id=finding.id,
        rule=finding.rule,
        severity=finding.severity,
        severity_word=SEVERITIES[finding.severity],
        title=finding.title,
        message=finding.message,
        why=finding.why,
        fix=finding.fix,
        effort=EFFORTS[finding.effort],
        confidence="" if finding.confidence == "declared" else CONFIDENCES[finding.confidence],
        tools=tools,
        evidence=tuple(EvidenceView(e.text, _place(result, e), e.source or "") for e in finding.evidence),
        waiver=leading.waiver_words(finding),
    )


def _place(result: AuditResult, evidence: Evidence) -> str:
    if evidence.file and evidence.file != result.input:
        return f"{evidence.file}:{evidence.line}" if evidence.line else evidence.file
    return f"line {evidence.line}" if evidence.line else ""


def _tool(result: AuditResult, tool: ToolInfo, name: str) -> ToolView:
    seats = "–"
    if tool.seats is not None:
        seats = f"{tool.active_seats:,} of {tool.seats:,}" if tool.active_seats is not None else f"{tool.seats:,}"
        if tool.active_seats is not None and tool.seats:
            seats += f" ({share(tool.active_seats / tool.seats)})"
    notes = []
    if tool.product_status and tool.product_status.state != "active":
        status = tool.product_status
        notes.append(
            f"product {status.state}"
            + (f" {status.as_of}" if status.as_of else "")
            + (f": {status.note}" if status.note else "")
        )
    if tool.candidates and tool.match.tool is None:
        notes.append(f"closest known: {', '.join(tool.candidates)}")
    if tool.environment != "production" or not tool.in_scope:
        notes.append("left out of the analysis")
    if tool.status != "active":
        notes.append(tool.status)
    if tool.scope:
        notes.append(f"scope {tool.scope}")
    known = tool.capabilities
    used = ", ".join(within(leading.capability_name(result, c)) for c in known.in_use) or "not declared"
    return ToolView(
        id=tool.id,
        name=name,
        declared=leading.declared_as(tool),
        match=_BASES.get(tool.match.by, tool.match.by),
        layer=leading.layer_name(result, tool.layer) if tool.layer else "not known",
        owner=tool.owner or "–",
        seats=seats,
        cost=money(tool.annual_cost, tool.currency) or "–",
        contract_end=date(tool.contract_end) or "–",
        deadline=date(tool.notice_deadline) or "–",
        in_use=used + (" (assumed)" if known.inferred and known.in_use else ""),
        note="; ".join(notes),
        sources=tuple(s for s in tool.sources if s.startswith("https://"))[:2],
    )


def _profile(result: AuditResult) -> str:
    company = result.company
    parts = []
    if company.employees is not None:
        parts.append(plural(company.employees, "employee"))
    if company.arr is not None:
        parts.append(f"{money(company.arr, company.currency)} recurring revenue")
    if company.funding_stage:
        parts.append(FUNDING_STAGES.get(company.funding_stage, company.funding_stage))
    if company.motions:
        parts.append(f"sells {join([m.upper() if m in {'plg', 'abm'} else m for m in company.motions])}")
    parts.append(plural(len(result.tools), "tool"))
    return " · ".join(parts)


def _shape_words(label: str, value: float | None, low: float, high: float) -> str:
    if value is None:
        return SHAPES[label] + (
            f" (anything from {low:g} to {high:g} of 100)" if label == "unknown" and high > low else ""
        )
    interval = "" if low == high else f", up to {high:g} if all that is unknown is in favour"
    return f"{SHAPES[label]}, {value:g} of 100{interval}"


def _coverage(result: AuditResult) -> str:
    known = result.coverage
    wiring = {
        "complete": "all integrations are declared",
        "partial": "integrations are declared in part",
        "unknown": "no integrations are declared",
    }[known.integrations]
    used = known.fields.get("in_use", 0.0)
    return (
        f"{known.resolved} of {plural(known.tools, 'tool')} identified; {wiring}; "
        f"what is in use is declared for {share(used)} of the tools."
    )


def _as_of_note(result: AuditResult) -> str:
    return {"inventory": "the day named in the file", "option": "the day asked for", "default": "the day of the run"}[
        result.as_of_source
    ]


def _currency(result: AuditResult) -> str:
    spend = result.spend
    if len(spend.totals) > 1 and spend.total is None:
        return "Several currencies and no exchange rate: totals are given per currency."
    return ""


def _method(result: AuditResult) -> tuple[str, ...]:
    return (
        f"No live system was queried. Integration health is as declared on {date(result.as_of)}.",
        "A record counts as travelling only along connections that carry it, through tools that pass it on. Latency adds up along the way.",
        "What the file does not say is not assessed: it neither passes nor fails, and widens the interval of a shape.",
        "What a vendor says its product connects to is a possibility, never a connection of this stack.",
        "Weights, thresholds and bands are a synthesis of two published articles and of practitioners' material, graded in the catalogue; many have no better source than argument, and say so.",
        f"Rule set {result.ruleset_hash}, result schema {result.schema_version}.",
    )
