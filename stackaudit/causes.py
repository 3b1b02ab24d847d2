"""Group findings by the one repair that answers them (``precise.md``, 33)."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.model.result import Blocks, Finding, RootCause
from stackaudit.model.vocabulary import Effort, Severity, Tri
from stackaudit.wording import join, within

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.model.stack import Connection

VERDICTS = frozenset({"SHP-001", "SHP-002", "SHP-004", "SHP-005", "SHP-006"})
"""Rules that state the shape itself: consequences of the causes, not causes."""

OWNERLESS = frozenset({"SOR-001", "SOR-002", "SHP-003", "GAP-008", "INV-001"})
"""Rules whose findings, where no tool explains them, come from nobody owning what crosses teams."""

LONGEST_ID = 120

OF_THE_EDGE = frozenset({"INT-003", "INT-007"})
"""Rules that speak of one connection and of nothing else."""

WAIT_FOR = {
    "GAP-002": ("HND-001:H03",),
    "GAP-003": ("HND-001:H07", "HND-001:H09", "SIG-005:renewal_window"),
}
"""Gaps, and what does not work for want of the same."""

_WEIGHTY = (Severity.CRITICAL, Severity.HIGH)
"""How grave a finding is that is a cause by itself."""

SEEN_BY_NOBODY = frozenset({"INT-001", "GAP-006"})


class _Group(Struct, frozen=True):
    """Findings with one cause; ``lead`` is the one that names it and says what to do, the worst where none is given."""

    key: str
    title: str
    findings: tuple[Finding, ...]
    subjects: tuple[str, ...]
    lead: Finding | None = None


def root_causes(analysis: Analysis, findings: tuple[Finding, ...]) -> tuple[tuple[Finding, ...], tuple[RootCause, ...]]:
    """Group the findings that stand, worst group first.

    Returns:
        All findings, those in a group now naming it, and the groups.
    """
    open_ = [f for f in standing(findings) if f.rule not in VERDICTS]
    groups: list[_Group] = []
    for take in (_split_estate, _broken_edges, _gaps, _tools, _islands, _ownerless, _metrics, _alone):
        found = list(take(analysis, open_))
        taken = {f.id for group in found for f in group.findings}
        open_ = [f for f in open_ if f.id not in taken]
        groups += found
    causes = sorted((_cause(g) for g in groups), key=_order)
    home = {finding: cause.id for cause in causes for finding in cause.findings}
    named = tuple(f.model_copy(update={"root_cause": home.get(f.id)}) for f in findings)
    return named, tuple(causes)


def standing(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings that fired and that no waiver in force holds back."""
    return tuple(f for f in findings if f.stands)


def grouped_by_tools(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings that share a tool, directly or through others, together; in the order of their tools."""
    findings = list(findings)
    groups = _connected(set(f.subjects) for f in findings)
    home = {tool: i for i, tools in enumerate(groups) for tool in tools}
    found: list[list[Finding]] = [[] for _ in groups]
    for finding in findings:
        if finding.subjects:
            found[home[finding.subjects[0]]].append(finding)
    return found


def waiting_for(analysis: Analysis, gap: Finding, findings: Iterable[Finding]) -> list[Finding]:
    """Findings about what does not work for want of the same as a gap."""
    waiting = WAIT_FOR.get(gap.rule)
    if waiting is None:
        return []
    undone = {h.id for h in analysis.handoffs if h.missing or not h.targets}
    return [f for f in findings if f"{f.rule}:{f.facet}" in waiting and (f.rule != "HND-001" or f.facet in undone)]


def by_subject(findings: Iterable[Finding]) -> dict[str, list[int]]:
    """For each tool, the places of the findings that name it."""
    found: dict[str, list[int]] = {}
    for place, finding in enumerate(findings):
        for subject in finding.subjects:
            found.setdefault(subject, []).append(place)
    return found


def _hubs(analysis: Analysis) -> set[str]:
    r = analysis.roles
    return {*r.crm.sure, *r.bi_or_warehouse.sure, *r.chat.sure}


def _split_estate(analysis: Analysis, open_: list[Finding]) -> Iterable[_Group]:
    """Several CRMs: everything that is about nothing but them, and handoffs that work for some of the seats only."""
    split = [f for f in open_ if f.rule == "RED-002" and f.severity is not Severity.INFO]
    if not split:
        return
    crms = set(analysis.roles.crm.sure)
    partial = {
        h.id
        for h in analysis.handoffs
        if 0 < h.scored.low < 1 and len({p.tools[-1] for p in h.paths} & crms) < len(crms)
    }
    seats = {"H07", "H09", "H10"} & partial
    own = [
        f for f in open_ if (f.facet in seats if f.rule == "HND-001" else bool(f.subjects) and set(f.subjects) <= crms)
    ]
    names = analysis.names(sorted({s for f in split for s in f.subjects}), " and ")
    yield _Group("split_estate", f"{names}: two CRMs, one company", tuple(own), tuple(sorted(crms)))


def _broken_edges(analysis: Analysis, open_: list[Finding]) -> Iterable[_Group]:
    """Connections that are degraded, broken or held by one person, and all that hangs on them.

    Of a tool most of whose connections are sound, only what is said of the ailing ones belongs here.
    """
    hubs = _hubs(analysis)
    sick = [c for c in analysis.stack.connections if _ailments(c)]
    ends, ill = (
        Counter(end for c in connections for end in (c.source, c.target))
        for connections in (analysis.stack.connections, sick)
    )
    pairs = [frozenset((c.source, c.target)) for c in sick]
    ailing, sick_of = frozenset(pairs), _by_end(sick)
    used: set[str] = set()
    named = by_subject(open_)
    for tools in _connected(set(pair - hubs) for pair in pairs):
        places = sorted({place for tool in tools for place in named.get(tool, ())})
        own = [
            f
            for f in (open_[place] for place in places)
            if f.id not in used
            and not f.rule.startswith(("SOR-", "RED-", "COST-", "INV-"))
            and (
                any(t in tools and 2 * ill[t] >= ends[t] for t in f.subjects)
                or (f.rule in OF_THE_EDGE and frozenset(f.subjects) in ailing)
            )
        ]
        if own:
            used.update(f.id for f in own)
            here = {c.index: c for tool in tools for c in sick_of.get(tool, ())}
            title = _ailing(analysis, [here[i] for i in sorted(here)], tools)
            lead = next((f for f in own if f.rule in OF_THE_EDGE), None)
            yield _Group(f"edge:{'+'.join(sorted(tools))}", title, tuple(own), tuple(sorted(tools)), lead)


def _by_end(connections: Iterable[Connection]) -> dict[str, list[Connection]]:
    found: dict[str, list[Connection]] = {}
    for c in connections:
        for end in {c.source, c.target}:
            found.setdefault(end, []).append(c)
    return found


def _ailments(connection: Connection) -> tuple[str, ...]:
    """What is wrong with a connection, in words."""
    entry = connection.entry
    status = (entry.status,) if entry.status in {"degraded", "broken"} else ()
    return (*status, "held by one person") if entry.account == "personal" else status


def _ailing(analysis: Analysis, sick: list[Connection], tools: set[str]) -> str:
    """Name one ailing connection by its ends, several by the tool that they run through."""
    ailments = join(dict.fromkeys(a for c in sick for a in _ailments(c)))
    if len(sick) == 1:
        (one,) = sick
        return f"{analysis.label(one.source)} to {analysis.label(one.target)} is {ailments}"
    through = [t for t in sorted(tools) if analysis.tool(t).layer in _integration(analysis)] or sorted(tools)
    names = join(analysis.label(t) for t in through)
    verb = "is the weak link" if len(through) == 1 else "are the weak links"
    return f"{names} {verb}: connections that are {ailments}"


def _gaps(analysis: Analysis, open_: list[Finding]) -> Iterable[_Group]:
    """Work that nothing in use does, with the handoffs and signals that wait for it."""
    for gap in open_:
        own = waiting_for(analysis, gap, open_)
        if own:
            yield _Group(f"gap:{gap.rule}", gap.title, (gap, *own), _subjects(own), gap)


def _tools(analysis: Analysis, open_: list[Finding]) -> Iterable[_Group]:
    """Tools that several findings name, the most named first; hubs explain nothing.

    What is said of a hub without any connection comes from there, whatever else it names.
    """
    islands, hubs = {s for f in open_ if f.rule == "INT-001" for s in f.subjects}, _hubs(analysis)
    silent, lost = hubs | islands, islands & hubs
    open_ = [f for f in open_ if lost.isdisjoint(f.subjects)]
    named = {tool: places for tool, places in by_subject(open_).items() if tool not in silent}
    left = {tool: dict.fromkeys(places) for tool, places in named.items()}
    unwired = {h.id for h in analysis.handoffs if h.sources and h.targets and not h.missing}

    def place_of(tool: str) -> tuple[int, int, str]:
        own = [open_[place] for place in left[tool]]
        return (-_weight(own), -len(own), tool)

    waiting = [place_of(tool) for tool in left]
    heapify(waiting)
    while waiting:
        ranked = heappop(waiting)
        tool = ranked[2]
        if len(left[tool]) < 2 or ranked != place_of(tool):
            continue  # it was named more often before others took their findings; its place of today waits, too
        own = tuple(open_[place] for place in left[tool])
        lead, unjoined = _lead(own), [f for f in own if f.rule == "HND-001" and f.facet in unwired]
        several = len(unjoined) > 1
        if several and lead.rule == "HND-001":
            lead = _lead(unjoined)  # what is to be done about the connections that the title speaks of
        yield _Group(f"tool:{tool}", _title(analysis, tool, lead, several=several), own, (tool,), lead)
        touched = set()
        for place in tuple(left[tool]):
            for subject in open_[place].subjects:
                if subject in left:
                    left[subject].pop(place, None)
                    touched.add(subject)
        for subject in touched - {tool}:
            heappush(waiting, place_of(subject))


def _islands(analysis: Analysis, open_: list[Finding]) -> Iterable[_Group]:
    """Tools without any connection, with what nobody can see because of them."""
    islands = sorted({s for f in open_ if f.rule == "INT-001" for s in f.subjects})
    if not islands:
        return
    alone = frozenset(islands)
    own = tuple(f for f in open_ if f.rule in SEEN_BY_NOBODY or not alone.isdisjoint(f.subjects))
    names = join([analysis.label(t) for t in islands[:3]] + (["others"] if len(islands) > 3 else []))
    verb = "is connected to nothing" if len(islands) == 1 else "are connected to nothing"
    lead = _lead([f for f in own if f.rule == "INT-001"])
    yield _Group("islands", f"{names} {verb}", own, tuple(islands), lead)


def _ownerless(analysis: Analysis, open_: list[Finding]) -> Iterable[_Group]:
    own = tuple(
        f for f in open_ if f.rule in OWNERLESS and f.severity.rank <= Severity.MEDIUM.rank and f.facet != "ahead"
    )
    kinds = {f.rule[:3] for f in own}
    if not kinds - {"INV"}:
        return
    title = "Nobody owns the data and the plays that cross teams" if len(kinds) > 1 else _title(analysis, None, own[0])
    if "SHP" not in kinds:
        own = tuple(f for f in own if f.rule != "INV-001")
        records, plays = "which tool holds the official value of a record", "who acts on a signal"
        title = (
            f"It is not settled {join([*([records] if 'SOR' in kinds else []), *([plays] if 'GAP' in kinds else [])])}"
        )
    yield _Group("ownership", title, own, _subjects(own))


def _metrics(analysis: Analysis, open_: list[Finding]) -> Iterable[_Group]:
    """Metrics that lack the same thing: one repair gives all of them."""
    lacking: dict[str, list[Finding]] = {}
    for finding in open_:
        if finding.rule == "MET-001":
            lacking.setdefault(finding.fix, []).append(finding)
    for own in lacking.values():
        lead = _lead(own)
        if len(own) > 1 and lead.severity in _WEIGHTY:
            names = [analysis.catalog.metrics[f.facet or ""].name for f in (lead, *(f for f in own if f is not lead))]
            title = f"{join([names[0], *map(within, names[1:])])} lack the same: {lead.message.partition(': ')[2].rstrip('.')}"
            yield _Group(
                f"metrics:{'+'.join(sorted(f.facet or '' for f in own))}", title, tuple(own), _subjects(own), lead
            )


def _alone(analysis: Analysis, open_: list[Finding]) -> Iterable[_Group]:
    """Single findings that weigh enough to stand for themselves; that one thing does not reach a hub cuts no hub off."""
    hubs = _hubs(analysis)
    for finding in open_:
        if finding.severity in _WEIGHTY:
            (tool,) = finding.subjects if len(finding.subjects) == 1 else (None,)
            if tool in hubs and finding.rule.startswith(_CUT_OFF):
                tool = None
            yield _Group(f"finding:{finding.id}", _title(analysis, tool, finding), (finding,), finding.subjects)


_CUT_OFF = ("DEP-", "HND-", "INT-001", "INT-002", "INT-005", "SIG-005")


def _lead(findings: Iterable[Finding]) -> Finding:
    """The worst finding of a tool, what cuts it off before what doubles it."""
    return min(
        findings, key=lambda f: (f.severity.rank, not f.rule.startswith(_CUT_OFF), not f.rule.startswith("RED-"))
    )


def _title(analysis: Analysis, tool: str | None, lead: Finding, *, several: bool = False) -> str:
    """What is the matter, in a sentence: with a tool where the group is one's own, else as the finding says it.

    ``several`` says that more than one handoff waits for connections of the tool, and not for work that nothing does.
    """
    if lead.rule == "INT-002":
        return _by_hand(analysis, tool, lead)
    if lead.rule == "HND-001" and (tool is None or (not several and not _alone_there(analysis, tool))):
        return lead.title
    if tool is not None:
        name = analysis.label(tool)
        if lead.rule.startswith(_CUT_OFF) and _alone_there(analysis, tool):
            by_hand = any(e.status == "live" for e in analysis.graph.touching(tool))
            return f"{name} is connected by hand only" if by_hand else f"{name} is cut off from the tools around it"
        if lead.rule.startswith("DEP-") or lead.rule == "HND-001":
            return f"{name} lacks connections that it needs"
        if lead.rule in _OF_A_TOOL:
            return _OF_A_TOOL[lead.rule].format(name=name)
    end = r"[:.] " if lead.rule.startswith("RED-") else r"[.] "  # how much is shared is for the finding to say
    return re.split(end, lead.message)[0].rstrip(".")


_OF_A_TOOL = {
    "COST-001": "{name} is paid for and not adopted",
    "COST-002": "The contract of {name} needs a decision",
    "RISK-002": "{name} is on its way out",
    "SIG-001": "What {name} captures ends there",
    "SIG-002": "Nobody is named to act on what {name} captures",
    "SIG-003": "What {name} captures arrives too late",
}


def _by_hand(analysis: Analysis, tool: str | None, lead: Finding) -> str:
    source, _, target = (lead.facet or "").partition(":")[0].partition(">")
    if tool is not None and tool == target:
        return f"{analysis.label(tool)} is fed by hand"
    return f"{analysis.label(source)} feeds {analysis.label(target)} by hand"


def _alone_there(analysis: Analysis, tool: str) -> bool:
    """Whether it is known that nothing runs to or from a tool by itself; a shared database counts as running."""
    return analysis.stack.closed_world and not any(
        e.status == "live" and e.automated is not Tri.NO for e in analysis.graph.touching(tool)
    )


def _integration(analysis: Analysis) -> set[str]:
    return {layer.id for layer in analysis.catalog.layers.values() if layer.integration}


def _connected(sets: Iterable[set[str]]) -> list[set[str]]:
    """Merge sets that share a member."""
    home: dict[str, set[str]] = {}
    for one in sets:
        met = {id(home[t]): home[t] for t in one if t in home}.values()
        largest = max(met, key=len, default=set())
        for smaller in (one, *(m for m in met if m is not largest)):
            largest |= smaller
            home.update(dict.fromkeys(smaller, largest))
    return sorted({id(m): m for m in home.values()}.values(), key=sorted)


def _weight(findings: Iterable[Finding]) -> int:
    scale = {Severity.CRITICAL: 8, Severity.HIGH: 4, Severity.MEDIUM: 2, Severity.LOW: 1}
    return sum(scale.get(f.severity, 0) for f in findings)


def _subjects(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(sorted({s for f in findings for s in f.subjects}))


def _cause(group: _Group) -> RootCause:
    findings = group.findings
    worst = min((f.severity for f in findings), key=lambda s: s.rank)
    effort = max(
        (f.effort for f in findings if f.severity.rank <= Severity.HIGH.rank), key=list(Effort).index, default=Effort.S
    )
    lead = group.lead or min(findings, key=lambda f: (f.severity.rank, f.rule))
    return RootCause(
        id=_id(group.key),
        title=group.title,
        summary=lead.fix,
        subjects=group.subjects,
        findings=tuple(f.id for f in findings),
        severity=worst,
        effort=effort,
        blocks=Blocks(
            handoffs=_facets(findings, lambda f: f.rule == "HND-001"),
            metrics=_facets(findings, lambda f: f.rule == "MET-001"),
            signals=_facets(findings, lambda f: f.rule.startswith("SIG-")),
        ),
    )


def _id(key: str) -> str:
    """An id from the tools of a group; where they are many, their beginning and a digest of all."""
    slug = "rc-" + re.sub(r"[^a-z0-9]+", "-", key.casefold()).strip("-")
    if len(slug) <= LONGEST_ID:
        return slug
    return f"{slug[: LONGEST_ID - 13].rstrip('-')}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def _facets(findings: Iterable[Finding], which: Callable[[Finding], bool]) -> tuple[str, ...]:
    return tuple(sorted({f.facet for f in findings if which(f) and f.facet}))


def _order(cause: RootCause) -> tuple[int, int, int, str]:
    blocked = sum(map(len, (cause.blocks.handoffs, cause.blocks.metrics, cause.blocks.signals)))
    return (cause.severity.rank, -blocked, -len(cause.findings), cause.id)
