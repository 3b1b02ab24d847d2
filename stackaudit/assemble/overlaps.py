"""Overlaps as the result shows them: groups with the suggested survivor, pairs, and what is legitimate and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from math import fsum
from typing import TYPE_CHECKING, Literal, TypeVar

from stackaudit.analysis.doubles import Groups
from stackaudit.analysis.money import smaller
from stackaudit.model import result as r
from stackaudit.model.vocabulary import Outcome
from stackaudit.rules.choice import scores, suggestion

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.analysis.doubles import Double
    from stackaudit.analysis.legitimate import Legitimate
    from stackaudit.analysis.overlap import Overlap

_Told = TypeVar("_Told")
MOST_PAIRS = 4_000
"""How many pairs without a group, and how many legitimate doubles, the result lists; it says how many it leaves out."""
KINDS = ("direct", "adjacent", "minor", "migration", "same_family", "latent", "same_layer", "normal_pair")


def accepted(analysis: Analysis, findings: Iterable[r.Finding]) -> Mapping[Double, str]:
    """Groups that a waiver in force covers, and the reason it gives."""
    waived = {
        (f.rule, f.subjects, f.facet): f.waiver
        for f in findings
        if f.outcome is Outcome.FAIL and f.waiver and not f.waiver.expired
    }
    keys = {d: (d.rule, d.tools, d.facet) for d in analysis.doubles}
    return {d: _accepted(waived[key]) for d, key in keys.items() if key in waived}


def _accepted(waiver: r.WaiverInfo) -> str:
    until = f" until {waiver.expires.isoformat()}" if waiver.expires else ""
    return f"accepted{until}: {waiver.reason}"


def overlaps(analysis: Analysis, findings: Iterable[r.Finding]) -> tuple[r.OverlapGroup, ...]:
    """What is worth saying about doubles, the problems first."""
    findings = tuple(findings)
    waived = accepted(analysis, findings)
    pairs, _ = _told(_pairs(analysis, findings))
    fine, _ = _told(_fine(analysis))
    found = [
        *(_group(analysis, d, waived.get(d, "")) for d in analysis.doubles),
        *(_pair(pair, judged) for pair, judged in pairs),
        *_relations(analysis),
        *_latent(analysis),
        *_legitimate(analysis, fine),
    ]
    return tuple(sorted(found, key=lambda o: (o.legitimate, KINDS.index(o.kind), o.tools, o.shared)))


def untold_line(analysis: Analysis, findings: Iterable[r.Finding]) -> tuple[str, ...]:
    """The sentence for the reader where more pairs share work than are listed."""
    if len(analysis.overlaps) <= MOST_PAIRS:
        return ()
    left = _told(_pairs(analysis, findings))[1] + _told(_fine(analysis))[1]
    return (f"{left:,} further pairs of tools that share work are counted and not listed.",) if left else ()


def _group(analysis: Analysis, double: Double, reason: str) -> r.OverlapGroup:
    direct = any(p.kind == "direct" for p in double.pairs) or not double.pairs
    return r.OverlapGroup(
        tools=double.tools,
        kind="direct" if direct else "adjacent",
        shared=tuple(sorted({c for p in double.pairs for c in p.shared})),
        defining=tuple(sorted({c for p in double.pairs for c in p.defining})),
        coefficient=max((p.coefficient for p in double.pairs), default=0.0),
        state="in_use",
        legitimate=bool(reason),
        reason=reason,
        rule=double.rule,
        survivor=_survivor(analysis, double),
        in_scope=None if analysis.money.total is None else fsum(line.amount for line in smaller(analysis, double)),
    )


def _survivor(analysis: Analysis, double: Double) -> r.SurvivorInfo:
    choice = analysis.survivors[double]
    return r.SurvivorInfo(
        suggested=choice.suggested,
        scores=tuple(
            r.CandidateInfo(
                tool=c.tool,
                criteria={k: None if v is None else round(v, 4) for k, v in c.criteria.items()},
                best_in=c.best_in,
                exit=c.exit,
                text=f"{analysis.label(c.tool)}: {scores(analysis, c)}",
            )
            for c in choice.candidates
        ),
        compared=choice.compared,
        by_cost=choice.by_cost,
        forced=choice.forced,
        note=suggestion(analysis, double),
    )


def _pairs(analysis: Analysis, findings: Iterable[r.Finding]) -> list[tuple[Overlap, bool]]:
    """Pairs that share work and belong to no group, those first that a rule speaks of, then those that share most.

    A single side capability is told only where a rule speaks of it.
    """
    creeping = {f.subjects for f in findings if f.rule == "RED-004" and f.outcome is Outcome.FAIL}
    explained = [line.tools for line in analysis.legitimate if not line.offered]
    told = Groups((*(d.tools for d in analysis.doubles), *explained))
    found = [
        (pair, pair.tools in creeping)
        for pair in analysis.overlaps
        if not (pair.legitimate or told.hold(pair.tools))
        and (pair.tools in creeping or pair.kind != "minor" or pair.inferred)
    ]
    return sorted(found, key=lambda p: (not p[1], -p[0].coefficient, p[0].tools))


def _fine(analysis: Analysis) -> list[Legitimate]:
    """Legitimate doubles; where many are plain pairs, all others come before them."""
    return sorted(analysis.legitimate, key=lambda x: len(x.tools) == 2 and x.kind in {"direct", "adjacent"})


def _told(pairs: Sequence[_Told]) -> tuple[Sequence[_Told], int]:
    """What is listed of many pairs, and how many are left out."""
    return pairs[:MOST_PAIRS], max(0, len(pairs) - MOST_PAIRS)


def _pair(pair: Overlap, judged: bool) -> r.OverlapGroup:
    return r.OverlapGroup(
        tools=pair.tools,
        kind=pair.kind,
        shared=pair.shared,
        defining=pair.defining,
        coefficient=pair.coefficient,
        state="in_use",
        reason="assumed from what the products are for" if pair.inferred else "",
        rule="RED-004" if judged else None,
    )


def _relations(analysis: Analysis) -> Iterable[r.OverlapGroup]:
    for family in analysis.families:
        yield _plain(
            analysis,
            family.tools,
            "same_family",
            family.shared,
            reason=family.why,
            rule="RED-006",
            state="in_use",
            fine=False,
        )
    for move in analysis.migrations:
        tools = tuple(sorted((move.new, move.old)))
        fine = move.ends is not None and move.ends >= analysis.stack.as_of
        if not fine:
            why = f"was to end on {move.ends.isoformat()}" if move.ends else "has no end date"
            yield _plain(
                analysis,
                tools,
                "migration",
                (),
                reason=f"the migration {why}",
                rule="RED-008",
                state="in_use",
                fine=False,
            )


def _latent(analysis: Analysis) -> Iterable[r.OverlapGroup]:
    """Licences that lie idle; a tool that is used well is not replaced lightly."""
    for idle in analysis.idle:
        if idle.known:
            holder, other = analysis.label(idle.holder), analysis.label(idle.other)
            why = f"{other} is used too well to be replaced lightly" if idle.adopted else f"{holder} holds the licence"
            yield _plain(
                analysis,
                tuple(sorted((idle.holder, idle.other))),
                "latent",
                idle.shared,
                reason=why,
                rule=None if idle.adopted else "RED-005",
                state="licensed",
                fine=idle.adopted,
            )


def _legitimate(analysis: Analysis, lines: Iterable[Legitimate]) -> Iterable[r.OverlapGroup]:
    for line in lines:
        state: Literal["in_use", "offered"] = "offered" if line.offered else "in_use"
        yield _plain(
            analysis, line.tools, line.kind, line.shared, reason=line.reason, rule=None, state=state, fine=True
        )


def _plain(
    analysis: Analysis,
    tools: tuple[str, ...],
    kind: str,
    shared: tuple[str, ...],
    *,
    reason: str,
    rule: str | None,
    state: Literal["in_use", "licensed", "offered"],
    fine: bool,
) -> r.OverlapGroup:
    return r.OverlapGroup(
        tools=tools,
        kind=kind,
        shared=shared,
        coefficient=0.0 if state != "in_use" or not shared else _coefficient(analysis, tools),
        state=state,
        legitimate=fine,
        reason=reason,
        rule=rule,
    )


def _coefficient(analysis: Analysis, tools: tuple[str, ...]) -> float:
    pairs = (analysis.overlap_of.get(pair) for pair in combinations(sorted(tools), 2))
    return max((o.coefficient for o in pairs if o), default=0.0)
