"""Group findings by the one repair that answers them (``precise.md``, 33)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stackaudit.model.result import Blocks, Finding, RootCause
from stackaudit.model.vocabulary import Effort, Severity

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis

VERDICTS = frozenset({"SHP-001", "SHP-002", "SHP-004", "SHP-005", "SHP-006"})
"""Rules that state the shape itself: consequences of the causes, not causes."""

OWNERLESS = frozenset({"SOR-001", "SOR-002", "SHP-003", "GAP-008", "INV-001"})
"""Rules whose findings, where no tool explains them, come from nobody owning what crosses teams."""

SEEN_BY_NOBODY = frozenset({"INT-001", "GAP-006"})


@dataclass(frozen=True, slots=True)
class _Group:
    key: str
    title: str
    findings: tuple[Finding, ...]
    subjects: tuple[str, ...]


def root_causes(analysis: Analysis, findings: tuple[Finding, ...]) -> tuple[tuple[Finding, ...], tuple[RootCause, ...]]:
    """Group the findings that stand, worst group first.

    Returns:
        All findings, those in a group now naming it, and the groups.
    """
    open_ = [f for f in standing(findings) if f.rule not in VERDICTS]
    groups: list[_Group] = []
    for take in (_split_estate, _broken_edges, _tools, _islands, _ownerless, _alone):
        for group in take(analysis, open_):
            groups.append(group)
            taken = {f.id for f in group.findings}
            open_ = [f for f in open_ if f.id not in taken]
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
    return [[f for f in findings if set(f.subjects) & tools] for tools in _connected(set(f.subjects) for f in findings)]


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
    """A connection that is degraded, broken or held by one person, and all that runs over it."""
    hubs = _hubs(analysis)
    sick = [
        c
        for c in analysis.stack.connections
        if c.entry.status in {"degraded", "broken"} or c.entry.account == "personal"
    ]
    used: set[str] = set()
    for tools in _connected([{c.source, c.target} - hubs for c in sick]):
        own = [
            f
            for f in open_
            if f.id not in used and set(f.subjects) & tools and not f.rule.startswith(("SOR-", "RED-", "COST-", "INV-"))
        ]
        if own:
            used.update(f.id for f in own)
            through = [t for t in sorted(tools) if analysis.tool(t).layer in _integration(analysis)] or sorted(tools)
            title = f"{analysis.names(through, ' and ')} is the weak link: a connection that is degraded or held by one person"
            yield _Group(f"edge:{'+'.join(sorted(tools))}", title, tuple(own), tuple(sorted(tools)))


def _tools(analysis: Analysis, open_: list[Finding]) -> Iterable[_Group]:
    """Tools that several findings name, the most named first; hubs explain nothing."""
    hubs, left = _hubs(analysis), list(open_)
    islands = {s for f in open_ if f.rule == "INT-001" for s in f.subjects}
    while True:
        named: dict[str, list[Finding]] = {}
        for finding in left:
            for subject in set(finding.subjects) - hubs - islands:
                named.setdefault(subject, []).append(finding)
        ready = {t: fs for t, fs in named.items() if len(fs) >= 2}
        if not ready:
            return
        tool = min(ready, key=lambda t: (-_weight(ready[t]), -len(ready[t]), t))
        own = tuple(ready[tool])
        yield _Group(f"tool:{tool}", _tool_title(analysis, tool, own), own, (tool,))
        taken = {f.id for f in own}
        left = [f for f in left if f.id not in taken]


def _islands(analysis: Analysis, open_: list[Finding]) -> Iterable[_Group]:
    """Tools without any connection, with what nobody can see because of them."""
    islands = sorted({s for f in open_ if f.rule == "INT-001" for s in f.subjects})
    if not islands:
        return
    own = tuple(f for f in open_ if f.rule in SEEN_BY_NOBODY or (f.subjects and set(f.subjects) & set(islands)))
    names = analysis.names(islands[:3]) + (" and others" if len(islands) > 3 else "")
    verb = "is connected to nothing" if len(islands) == 1 else "are connected to nothing"
    yield _Group("islands", f"{names} {verb}", own, tuple(islands))


def _ownerless(analysis: Analysis, open_: list[Finding]) -> Iterable[_Group]:
    own = tuple(f for f in open_ if f.rule in OWNERLESS and f.severity.rank <= Severity.MEDIUM.rank)
    if any(f.rule != "INV-001" for f in own):
        yield _Group("ownership", "Nobody owns the data and the plays that cross teams", own, _subjects(own))


def _alone(analysis: Analysis, open_: list[Finding]) -> Iterable[_Group]:
    """Single findings that weigh enough to stand for themselves."""
    for finding in open_:
        if finding.severity in (Severity.CRITICAL, Severity.HIGH):
            name = analysis.label(finding.subjects[0]) if len(finding.subjects) == 1 else ""
            title = finding.title if finding.rule == "HND-001" or not name else _lead_title(name, finding)
            title = _headline(finding) if not name and finding.rule != "HND-001" else title
            yield _Group(f"finding:{finding.id}", title, (finding,), finding.subjects)


_CUT_OFF = ("DEP-", "HND-", "INT-001", "INT-002", "INT-005", "SIG-005")


def _tool_title(analysis: Analysis, tool: str, findings: tuple[Finding, ...]) -> str:
    """Name a group after its worst finding: cut off, doing another's work, on its way out, or not adopted."""
    lead = min(
        findings, key=lambda f: (f.severity.rank, not f.rule.startswith(_CUT_OFF), not f.rule.startswith("RED-"))
    )
    return _lead_title(analysis.label(tool), lead)


def _lead_title(name: str, lead: Finding) -> str:
    if lead.rule == "INT-002":
        return f"{name} is fed by hand"
    if lead.rule.startswith(_CUT_OFF):
        return f"{name} is cut off from the tools around it"
    if lead.rule == "COST-001":
        return f"{name} is paid for and not adopted"
    if lead.rule == "RISK-002":
        return f"{name} is on its way out"
    return _headline(lead)


def _headline(finding: Finding) -> str:
    return re.split(r"[:.] ", finding.message)[0].rstrip(".")


def _integration(analysis: Analysis) -> set[str]:
    return {layer.id for layer in analysis.catalog.layers.values() if layer.integration}


def _connected(sets: Iterable[set[str]]) -> list[set[str]]:
    """Merge sets that share a member."""
    merged: list[set[str]] = []
    for one in sets:
        touching = [m for m in merged if m & one]
        merged = [m for m in merged if not m & one]
        merged.append(one.union(*touching))
    return sorted((m for m in merged if m), key=sorted)


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
    lead = min(findings, key=lambda f: (f.severity.rank, f.rule))
    return RootCause(
        id="rc-" + re.sub(r"[^a-z0-9]+", "-", group.key.casefold()).strip("-"),
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


def _facets(findings: Iterable[Finding], which: Callable[[Finding], bool]) -> tuple[str, ...]:
    return tuple(sorted({f.facet for f in findings if which(f) and f.facet}))


def _order(cause: RootCause) -> tuple[int, int, int, str]:
    blocked = sum(map(len, (cause.blocks.handoffs, cause.blocks.metrics, cause.blocks.signals)))
    return (cause.severity.rank, -blocked, -len(cause.findings), cause.id)
