"""Compare two results: what is new, fixed, changed or unchanged, and what only the method changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeVar

from stackaudit.catalog import load_catalog
from stackaudit.model.comparison import ChangeKind, Comparison, FindingChange, Money, Side, StateChange
from stackaudit.model.result import AuditResult, Finding, ToolInfo

T = TypeVar("T")

_KINDS: tuple[ChangeKind, ...] = ("new", "fixed", "changed", "method_changed", "unchanged")
_METRIC_RANK = {"not_applicable": 0, "not_computable": 1, "not_assessed": 1, "partial": 2, "computable": 3}
_STATE_RANK = {"not_applicable": 0, "not_needed": 0, "broken": 1, "unknown": 1, "weak": 2, "works": 3}
OPEN = frozenset({"unknown", "not_assessed", "not_applicable", "not_needed"})
"""States of a handoff, link or metric that are neither good nor bad."""
ONE_A_FACET = frozenset({"HND-001", "MET-001", "SIG-001", "SIG-002", "SIG-003", "SIG-004", "SIG-005"})
"""Rules with one finding a handoff, metric or signal, whose tools change with every repair."""
_VOLATILE = {"line", "sources"}


def compare(
    before: AuditResult,
    after: AuditResult,
    *,
    money: Money | None = None,
    assumptions: Iterable[str] = (),
    what_if: bool = False,
) -> Comparison:
    """Everything that differs between two audits.

    Args:
        before: The earlier audit, or the stack as it is.
        after: The later audit, or the stack as it would be.
        money: What the change frees and costs, where the two are one stack and a change of it.
        assumptions: What was taken for granted to get the second audit.
        what_if: Whether the second is the same stack as it would be.
    """
    tools = ({t.id: t for t in before.tools}, {t.id: t for t in after.tools})
    had, has = (_capabilities(r) for r in (before, after))
    return Comparison(
        before=_side(before),
        after=_side(after),
        method_changed=before.ruleset_hash != after.ruleset_hash,
        findings=tuple(_findings(before, after)),
        states=tuple(_states(before, after)),
        tools_added=tuple(sorted(tools[1][t].name for t in tools[1].keys() - tools[0].keys())),
        tools_removed=tuple(sorted(tools[0][t].name for t in tools[0].keys() - tools[1].keys())),
        capabilities_lost=tuple(sorted(had - has)),
        capabilities_won=tuple(sorted(has - had)),
        capability_names=_capability_names(had ^ has, before, after),
        money=money,
        assumptions=tuple(assumptions),
        what_if=what_if,
    )


def _side(result: AuditResult) -> Side:
    standing = [f for f in result.findings if f.stands]
    counts = Counter(f.severity.value for f in standing)
    return Side(
        company=result.company.name,
        as_of=result.as_of,
        input=result.input,
        stack=result.shape.stack.label,
        stack_score=result.shape.stack.score,
        cuts=result.shape.cuts,
        org=result.shape.org.label,
        need=result.shape.need.label,
        findings=dict(sorted(counts.items())),
        spend=result.spend.total,
        currency=result.spend.currency,
        tools=len(result.tools),
        integrations=len(result.integrations),
    )


def _capabilities(result: AuditResult) -> set[str]:
    return {c for t in result.tools if t.in_scope and t.environment == "production" for c in t.capabilities.in_use}


def _capability_names(ids: set[str], before: AuditResult, after: AuditResult) -> dict[str, str]:
    """What capabilities are called where they were audited; the catalogue answers for results of before there were names."""
    told = {**before.names.capabilities, **after.names.capabilities}
    known = load_catalog().capabilities if ids - told.keys() else {}
    return {c: told[c] if c in told else known[c].name for c in sorted(ids) if c in told or c in known}


def _findings(before: AuditResult, after: AuditResult) -> Iterator[FindingChange]:
    old, new = ({f.id: f for f in r.findings if f.stands} for r in (before, after))
    same = _unmoved(before, after)
    method = before.ruleset_hash != after.ruleset_hash
    changes = []
    moved = _moved(old, new)
    for key in old.keys() | new.keys():
        if key in moved.values():
            continue  # told under the finding that it became
        one, two = old.get(moved.get(key, key)), new.get(key)
        kind = _kind(one, two)
        shown = two or one
        if shown is None:
            continue
        if kind != "unchanged" and method and shown.subjects and set(shown.subjects) <= same:
            kind = "method_changed"
        changes.append(
            FindingChange(
                id=key,
                rule=shown.rule,
                kind=kind,
                title=shown.title,
                message=shown.message,
                subjects=shown.subjects,
                severity_before=one.severity if one else None,
                severity_after=two.severity if two else None,
            )
        )
    yield from sorted(changes, key=_order)


def _moved(old: dict[str, Finding], new: dict[str, Finding]) -> dict[str, str]:
    """Findings that are new by their tools only, with what they were: the same rule about the same handoff, metric or signal."""

    def by_facet(here: dict[str, Finding], there: dict[str, Finding]) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for key in sorted(here.keys() - there.keys()):
            if here[key].rule in ONE_A_FACET and here[key].facet:
                found.setdefault((here[key].rule, here[key].facet or ""), []).append(key)
        return found

    gone, came = by_facet(old, new), by_facet(new, old)
    return {came[what][0]: gone[what][0] for what in came.keys() & gone.keys()}


def _kind(one: Finding | None, two: Finding | None) -> ChangeKind:
    if one is None:
        return "new"
    if two is None:
        return "fixed"
    return "unchanged" if (one.severity, one.message) == (two.severity, two.message) else "changed"


def _order(change: FindingChange) -> tuple[int, int, str, tuple[str, ...], str]:
    severity = change.severity_after or change.severity_before
    return (_KINDS.index(change.kind), severity.rank if severity else 9, change.rule, change.subjects, change.id)


def _unmoved(before: AuditResult, after: AuditResult) -> set[str]:
    """Tools that were declared the same way, with the same connections, in both audits."""
    old, new = ({t.id: (_plain(t), _edges(r, t.id)) for t in r.tools} for r in (before, after))
    return {t for t in old.keys() & new.keys() if old[t] == new[t]}


def _plain(tool: ToolInfo) -> str:
    return tool.model_dump_json(exclude=_VOLATILE)


def _edges(result: AuditResult, tool: str) -> list[str]:
    return sorted(i.model_dump_json(exclude={"line"}) for i in result.integrations if tool in (i.from_, i.to))


def _states(before: AuditResult, after: AuditResult) -> Iterator[StateChange]:
    handoffs = ({h.id: h for h in r.handoffs} for r in (before, after))
    links = ({x.id: x for x in r.links} for r in (before, after))
    metrics = ({m.id: m for m in r.metrics} for r in (before, after))
    signals = ({s.id: s for s in r.signals} for r in (before, after))
    for old, new in _pairs(*handoffs):
        if old.status != new.status or old.low != new.low:
            better = (_STATE_RANK[new.status], new.low) > (_STATE_RANK[old.status], old.low)
            way = _way(old.status, new.status, better=better)
            yield _state("handoff", new.id, new.name, _score(old.status, old.low), _score(new.status, new.low), way)
    for a, b in _pairs(*links):
        if a.status != b.status or a.low != b.low:
            better = (_STATE_RANK[b.status], b.low) > (_STATE_RANK[a.status], a.low)
            way = _way(a.status, b.status, better=better)
            yield _state("link", b.id, b.name, _score(a.status, a.low), _score(b.status, b.low), way)
    for m, n in _pairs(*metrics):
        if m.status != n.status:
            better = _METRIC_RANK[n.status] > _METRIC_RANK[m.status]
            yield _state("metric", n.id, n.name, m.status, n.status, _way(m.status, n.status, better=better))
    for s, t in _pairs(*signals):
        if s.level != t.level:
            yield _state("signal", t.id, t.name, f"L{s.level}", f"L{t.level}", t.level > s.level)


def _way(before: str, after: str, *, better: bool) -> bool | None:
    """Which way a state went; nobody can tell where one of the two is not assessed or does not apply."""
    return None if OPEN & {before, after} else better


def _pairs(old: dict[str, T], new: dict[str, T]) -> Iterator[tuple[T, T]]:
    for key in sorted(old.keys() & new.keys()):
        yield old[key], new[key]


def _score(status: str, low: float) -> str:
    return f"weak ({low:.2f})" if status == "weak" else status


def _state(kind: str, key: str, name: str, before: str, after: str, better: bool | None) -> StateChange:
    return StateChange.model_validate(
        {"kind": kind, "id": key, "name": name, "before": before, "after": after, "better": better}
    )
