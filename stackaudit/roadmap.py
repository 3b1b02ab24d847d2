"""The 30/60/90 plan: findings and connections put in the order of their dependencies, with the shape after each step."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from stackaudit.analysis.records import homeless
from stackaudit.causes import by_subject, grouped_by_tools, standing, waiting_for
from stackaudit.counterfactual import Step, unlocked
from stackaudit.model.result import Finding, RoadmapStep
from stackaudit.model.vocabulary import Effort, Severity
from stackaudit.shape.stack import StackScore, stack_score
from stackaudit.wording import join, within

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.analysis.contracts import Contract
    from stackaudit.model.catalog import PlanStep
    from stackaudit.model.stack import Tool
    from stackaudit.shape import Shapes

    Judge = Callable[[Step, frozenset[str]], frozenset[str]]

CONNECTIONS = "connections"
RECORDS = "records"
NAMED = 4
"""How many names a title lists before it counts the rest."""
CHOICE, GAPS = "one_of_two", "gaps"
LET_GO = frozenset({"RED-001", "RED-003"})
WIRING = ("DEP-", "INT-001", "INT-002", "INT-005")
_DATED = frozenset({"COST-002"})
BY_HAND = "INT-002"
CONNECTOR_EFFORT = {"native": Effort.S, None: Effort.L}
"""A connector that the vendor sells is switched on, an unknown one has to be built; anything between is set up."""


class _Planned(Struct, frozen=True):
    """One step before it is dated and scored; ``step`` is the connection that it makes, if it makes one."""

    spec: PlanStep
    title: str
    subjects: tuple[str, ...]
    findings: tuple[Finding, ...]
    effort: Effort
    step: Step | None = None


def roadmap(
    analysis: Analysis, shapes: Shapes, findings: tuple[Finding, ...], steps: tuple[Step, ...], judge: Judge
) -> tuple[RoadmapStep, ...]:
    """Plan what to do first.

    Args:
        analysis: The stack as it is.
        shapes: Its shapes.
        findings: All findings; those that stand are planned, each in one step.
        steps: Connections that help, best first.
        judge: Ids of the findings of some rules that would stand with a connection and those before it.

    Returns:
        Steps by bucket and dependency, each with the score and label of the stack once it and all before it are done.
    """
    planned = list(_plan(analysis, standing(findings), steps, judge))
    made: list[RoadmapStep] = []
    wired, now, declared = analysis, shapes.scored, analysis.stack.tools
    tools = declared
    for number, item in enumerate(planned, 1):
        gains: tuple[str, ...] = ()
        if item.step is not None:
            gains, wired = unlocked(wired, item.step.analysis), item.step.analysis
            now = item.step.scored if tools is declared else stack_score(wired.holding(tools))
        elif item.spec.id == RECORDS:
            tools = _decided(analysis, tools, item.findings)
            now = stack_score(wired.holding(tools))
        made.append(_dated(analysis, item, number, now, gains))
    return tuple(made)


def _plan(
    analysis: Analysis, findings: tuple[Finding, ...], steps: tuple[Step, ...], judge: Judge
) -> Iterator[_Planned]:
    """Steps in the order of the catalogue; each finding is answered by the first step that can."""
    left = {f.id: f for f in findings if f.severity is not Severity.INFO}
    aside = [(CHOICE, f) for f in _of_those_let_go(analysis, left.values())]
    aside += [(GAPS, f) for f in _of_gaps(analysis, left.values())]
    for _, finding in aside:
        left.pop(finding.id, None)
    early = {r for spec in _before_connections(analysis) for r in spec.rules}
    for spec in analysis.catalog.roadmap.values():
        if spec.id == CONNECTIONS:
            made = _connections(analysis, tuple(f for f in left.values() if f.rule not in early), steps, judge)
        else:
            made = _of_kind(analysis, spec, tuple(left.values()))
        for item in made:
            for finding in item.findings:
                left.pop(finding.id, None)
            along = [f for id_, f in aside if id_ == spec.id and (id_ == GAPS or set(f.subjects) & set(item.subjects))]
            aside = [(id_, f) for id_, f in aside if f not in along]
            yield replace(item, findings=(*item.findings, *along))


def _of_gaps(analysis: Analysis, findings: Iterable[Finding]) -> list[Finding]:
    """What does not work for want of a gap that is planned to be filled: one repair, one step."""
    findings, spec = list(findings), analysis.catalog.roadmap[GAPS]
    planned = [f for f in findings if f.rule in spec.rules and f.severity.value in spec.severities]
    return [f for gap in planned for f in waiting_for(analysis, gap, findings)]


def _of_those_let_go(analysis: Analysis, findings: Iterable[Finding]) -> list[Finding]:
    """What is said of the wiring of tools that a double suggests to let go: a choice comes before a connection."""
    findings = list(findings)
    planned = analysis.catalog.roadmap[CHOICE].severities
    open_ = [set(f.subjects) for f in findings if f.rule in LET_GO and f.severity.value in planned]
    gone = frozenset(
        tool
        for double, choice in analysis.survivors.items()
        if choice.suggested and any(set(double.tools) <= tools for tools in open_)
        for tool in double.tools
        if tool != choice.suggested
    )
    return [f for f in findings if f.rule.startswith(WIRING) and _about_only(analysis, f, gone)]


def _of_kind(analysis: Analysis, spec: PlanStep, findings: tuple[Finding, ...]) -> Iterator[_Planned]:
    own = [f for f in findings if f.rule in spec.rules]
    if spec.severities:
        own = [f for f in own if f.severity.value in spec.severities]
    named = by_subject(findings) if spec.absorbs else {}
    groups = _groups(spec, own)
    if spec.late:
        groups = [part for group in groups for part in _by_notice(analysis, group)]
    if spec.by == "deadline":
        groups.sort(key=lambda group: _due(analysis, spec, {s for f in group for s in f.subjects}))
    for group in groups:
        subjects = tuple(sorted({s for f in group for s in f.subjects}))
        title = _title(analysis, spec, group, subjects)
        taken = {f.id for f in group}
        near = (findings[place] for place in sorted({place for t in subjects for place in named.get(t, ())}))
        along = [
            f for f in near if f.id not in taken and _absorbs(spec, f) and _about_only(analysis, f, frozenset(subjects))
        ]
        yield _Planned(spec, title, subjects, (*group, *along), Effort(spec.effort))


def _by_notice(analysis: Analysis, findings: list[Finding]) -> Iterator[list[Finding]]:
    """What can still be decided, and what needs the vendor's consent since notice was due: steps of their own."""
    late = [f for f in findings if _passed(analysis, f.subjects)]
    yield from filter(None, ([f for f in findings if f not in late], late))


def _absorbs(spec: PlanStep, finding: Finding) -> bool:
    return spec.absorbs is True or (spec.absorbs is not False and finding.rule in spec.absorbs)


def _about_only(analysis: Analysis, finding: Finding, tools: frozenset[str]) -> bool:
    """Whether a finding speaks of some of the tools and of nothing else but hubs; deadlines stay steps of their own."""
    apart = set(finding.subjects) - {*analysis.roles.crm.sure, *analysis.roles.warehouse.sure}
    return bool(apart) and apart <= tools and finding.rule not in _DATED


def _before_connections(analysis: Analysis) -> Iterator[PlanStep]:
    for spec in analysis.catalog.roadmap.values():
        if spec.id == CONNECTIONS:
            return
        yield spec


def _groups(spec: PlanStep, findings: list[Finding]) -> list[list[Finding]]:
    if not findings:
        return []
    if spec.each == "all":
        return [findings]
    if spec.each == "tool":
        by_tool: dict[tuple[str, ...], list[Finding]] = {}
        for finding in findings:
            by_tool.setdefault(finding.subjects, []).append(finding)
        return list(by_tool.values())
    return grouped_by_tools(findings)


def _connections(
    analysis: Analysis, findings: tuple[Finding, ...], steps: tuple[Step, ...], judge: Judge
) -> Iterator[_Planned]:
    spec = analysis.catalog.roadmap[CONNECTIONS]
    open_ = {f.id: f for f in findings}
    for step in steps:
        left = judge(step, frozenset(f.rule for f in open_.values()))
        repair = step.repair
        gone = tuple(f for f in open_.values() if f.id not in left or _superseded(f, step))
        for finding in gone:
            del open_[finding.id]
        ends = analysis.names((repair.source, repair.target), " and ")
        way = f"{ends}, both ways" if repair.back else analysis.names((repair.source, repair.target), " to ")
        title = f"Connect {way}, with {analysis.data(repair.objects)}"
        effort = CONNECTOR_EFFORT.get(repair.connector, Effort.M)
        yield _Planned(spec, title, (repair.source, repair.target), gone, effort, step)


def _superseded(finding: Finding, step: Step) -> bool:
    """A file that is carried by hand between two tools is needless once they are connected."""
    return finding.rule == BY_HAND and set(finding.subjects) == step.repair.pair


def _decided(analysis: Analysis, tools: tuple[Tool, ...], findings: Iterable[Finding]) -> tuple[Tool, ...]:
    """The tools with one system of record for each record in question, by the default homes of the catalogue."""
    keep: dict[str, str] = {}
    for finding in findings:
        item = finding.facet or ""
        homes = analysis.catalog.record_homes.get(item, ())
        holders = finding.subjects or tuple(t.id for t in analysis.stack.active)
        candidates = [t for t in holders if analysis.tool(t).layer in homes]
        if candidates:
            keep[item] = min(candidates, key=lambda t: (homes.index(analysis.tool(t).layer or ""), t))
    return tuple(
        replace(tool, entry=tool.entry.model_copy(update={"system_of_record_for": _records(tool.id, own, keep)}))
        for tool in tools
        for own in [tool.entry.system_of_record_for or ()]
    )


def _records(tool: str, own: tuple[str, ...], keep: dict[str, str]) -> tuple[str, ...]:
    kept = {o for o in own if keep.get(o, tool) == tool}
    return tuple(sorted(kept | {o for o, holder in keep.items() if holder == tool}))


def _dated(analysis: Analysis, item: _Planned, number: int, now: StackScore, gains: tuple[str, ...]) -> RoadmapStep:
    bucket = analysis.catalog.buckets[item.spec.bucket]
    return RoadmapStep(
        id=f"step-{number:02}",
        kind=item.spec.id,
        bucket=bucket.id,
        bucket_name=bucket.name,
        title=item.title,
        subjects=item.subjects,
        effort=item.effort,
        owner=_owner(analysis, item),
        due=_due(analysis, item.spec, item.subjects),
        connector=item.step.repair.connector if item.step else None,
        score_after=now.score,
        label_after=now.label,
        unlocks=gains,
        findings=tuple(f.id for f in item.findings),
    )


def _due(analysis: Analysis, spec: PlanStep, tools: Iterable[str]) -> dt.date:
    """The end of the bucket; of a decision the first notice deadline still ahead.

    Where no deadline is ahead, or none is known, a decision is due by the end of the bucket, or an earlier renewal.
    """
    tools = tuple(tools)
    end = analysis.stack.as_of + dt.timedelta(days=analysis.catalog.buckets[spec.bucket].days)
    if spec.by != "deadline":
        return end
    ahead = (_known_days if spec.undated else _days)(analysis, tools)
    renewals = [c.end for c in filter(None, map(analysis.contract, tools)) if c.end >= analysis.stack.as_of]
    return min(ahead) if ahead else min([end, *renewals])


def _days(analysis: Analysis, tools: Iterable[str]) -> list[dt.date]:
    """Notice deadlines of tools that are still ahead; without a notice period the end, the latest that it can be."""
    return [c.deadline for c in _ahead(analysis, tools)]


def _known_days(analysis: Analysis, tools: Iterable[str]) -> list[dt.date]:
    """Notice deadlines that are still ahead and follow from a declared notice period."""
    return [c.deadline for c in _ahead(analysis, tools) if c.notice_known]


def _ahead(analysis: Analysis, tools: Iterable[str]) -> list[Contract]:
    contracts = filter(None, map(analysis.contract, tools))
    return [c for c in contracts if c.days_left >= 0 and c.end >= analysis.stack.as_of]


def _owner(analysis: Analysis, item: _Planned) -> str | None:
    """Who most often owns the tools of a step. Hubs, which everybody shares, are asked last, but first about records."""
    hubs = {*analysis.roles.crm.sure, *analysis.roles.warehouse.sure}
    shared = [t for t in item.subjects if t in hubs]
    own = [t for t in item.subjects if t not in hubs]
    for tools in (shared, own) if item.spec.id == RECORDS else (own, shared):
        owners = Counter(owner for t in tools if (owner := analysis.tool(t).entry.owner))
        if owners:
            return min(owners, key=lambda name: (-owners[name], name))
    return None


def _title(analysis: Analysis, spec: PlanStep, findings: list[Finding], subjects: tuple[str, ...]) -> str:
    catalog = analysis.catalog
    rules = sorted({f.rule for f in findings})
    without_home = homeless(analysis.records) if "SOR-001" in rules else ()
    facets = sorted({f.facet for f in findings if f.facet} | set(without_home))
    tools = _listed([analysis.label(t) for t in subjects])
    words = {
        "tools": tools,
        "what_runs": f"what runs between {tools}" if len(subjects) > 1 else f"what {tools} does by itself",
        "them": "it" if len(subjects) == 1 else "them",
        "ways": "way" if len(findings) == 1 else "ways",
        "they_are": "it is" if len(subjects) == 1 else "they are",
        "objects": _listed([within(catalog.objects[o].name) for o in facets if o in catalog.objects]),
        "signals": _listed([within(catalog.signals[s].name) for s in facets if s in catalog.signals]) or "all of them",
        "handoffs": _listed([within(catalog.handoffs[h].name) for h in facets if h in catalog.handoffs]),
        "gaps": "; ".join(within(catalog.rules[r].title) for r in rules),
    }
    title = spec.title
    if spec.late and _passed(analysis, subjects):
        title = spec.late
    elif spec.undated and not _known_days(analysis, subjects):
        title = spec.undated
    if len(rules) == 1:
        title = spec.alone.get(rules[0], title)
    for name, value in words.items():
        title = title.replace(f"{{{name}}}", value)
    return title


def _passed(analysis: Analysis, subjects: tuple[str, ...]) -> bool:
    return any(c.renewing for c in filter(None, map(analysis.contract, subjects)))


def _listed(names: list[str]) -> str:
    shown = names[:NAMED] if len(names) > NAMED + 1 else names
    rest = len(names) - len(shown)
    return join([*shown, f"{rest} more"] if rest else shown)
