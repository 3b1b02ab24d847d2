"""INT and HND: connections that are missing, done by hand, or break the chain from first visit to expansion."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from stackaudit.analysis.handoffs import AFTER_THE_SALE, Handoff, absence
from stackaudit.model.plugins import Draft, RuleContext
from stackaudit.model.result import Evidence
from stackaudit.model.vocabulary import MANUAL_METHODS, NeedLabel, Severity, Tri
from stackaudit.rules.support import (
    LITTLE_NEED,
    NEED_UNKNOWN,
    bring,
    edge_line,
    not_assessed,
    open_world,
    path_lines,
    sentence,
    subscriptions_unknown,
    tool_line,
    undecided,
)
from stackaudit.wording import duration, join, late

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis

RENEWAL_SIDE = frozenset({"health", "renewal", "subscription", "invoice", "usage", "ticket", "expansion"})
IN_THE_WAREHOUSE = frozenset({"transformation", "semantic_model"})
"""Work that is done on the tables of the warehouse, where they lie: nobody declares a connection for it."""


def island(context: RuleContext) -> Iterable[Draft]:
    """INT-001: a tool that no existing connection touches; those that stand alone by purpose or are to go are left out.

    A tool at one end of a connection whose other end is declared nowhere is connected, with whatever that may be.
    """
    analysis = context.analysis
    touched = {end for e in analysis.graph.edges if e.exists for end in (e.source, e.target)}
    touched |= {c.entry.via for c in analysis.stack.connections if c.entry.via}
    touched |= {d.beside for d in analysis.stack.dangling if d.beside}
    layers = analysis.catalog.layers
    inside = IN_THE_WAREHOUSE if analysis.roles.warehouse.sure else frozenset()
    alone = [
        t
        for t in analysis.stack.active
        if t.id not in touched
        and not t.trial
        and not t.leaving
        and not (t.in_use and t.in_use <= inside)
        and t.layer is not None
        and not (t.layer in layers and layers[t.layer].standalone)
    ]
    lacking = open_world(context)
    if alone and lacking:
        yield not_assessed(lacking.message, (t.id for t in alone))
        return
    low = context.shapes.need.label in LITTLE_NEED
    for tool in sorted(alone, key=lambda t: t.id):
        name = analysis.label(tool.id)
        yield Draft(
            message=f"{name} is connected to nothing.",
            subjects=(tool.id,),
            severity=Severity.LOW if low else Severity.MEDIUM,
            evidence=(tool_line(analysis, tool.id, f"no live integration names {tool.id}"),),
        )


def by_hand(context: RuleContext) -> Iterable[Draft]:
    """INT-002: a connection made by a person; it weighs more on a handoff or with renewal and billing records.

    Where one of the tools moves or is to go, the way by hand ends with it.
    """
    analysis = context.analysis
    on_handoff = {e.index for h in analysis.handoffs if h.applies for p in h.paths for e in p.edges}
    for c in analysis.stack.connections:
        entry = c.entry
        if entry.method not in MANUAL_METHODS or entry.status in {"planned", "broken"}:
            continue
        ends = [analysis.tool(t) for t in (c.source, c.target)]
        if not all(t.counts for t in ends) or any(t.leaving or t.entry.status == "migrating" for t in ends):
            continue
        objects = set(entry.objects or ())
        heavy = c.index in on_handoff or bool(objects & RENEWAL_SIDE)
        how = "by CSV file" if entry.method == "csv" else "by hand"
        yield Draft(
            message=f"{analysis.label(c.source)} to {analysis.label(c.target)}: {analysis.data(objects)} travels {how}.",
            subjects=(c.source, c.target),
            severity=Severity.HIGH if heavy else Severity.MEDIUM,
            facet=f"{c.source}>{c.target}:{','.join(sorted(objects))}",
            evidence=(
                edge_line(analysis, c.index, f"method {entry.method}, latency {entry.latency or 'not declared'}"),
            ),
        )


def broken_handoff(context: RuleContext) -> Iterable[Draft]:
    """HND-001: one finding a handoff that does not work or works only in part.

    Handoffs after the sale are judged where it is known that the company sells subscriptions.
    """
    need, unsure, asked, retained = context.shapes.need.label, [], [], []
    open_model = context.analysis.subscription is Tri.UNKNOWN
    for handoff in context.analysis.handoffs:
        if not handoff.applies or not handoff.needed or handoff.scored.low == 1.0:
            continue
        if handoff.scored.high == 1.0 or (not handoff.scored.known and handoff.scored.low == 0):
            unsure.append(handoff.id)
            continue
        if need is NeedLabel.UNKNOWN:
            asked.append(handoff.id)
            continue
        if open_model and handoff.id in AFTER_THE_SALE:
            retained.append(handoff.id)
            continue
        yield _handoff(context, handoff)
    reasons = [f"{', '.join(unsure)}: {undecided(context)}"] if unsure else []
    reasons += [f"{', '.join(asked)}: {NEED_UNKNOWN}"] if asked else []
    reasons += [f"{', '.join(retained)}: {subscriptions_unknown(context).message}"] if retained else []
    if reasons:
        yield not_assessed(" ".join(reasons))


def _handoff(context: RuleContext, handoff: Handoff) -> Draft:
    analysis = context.analysis
    spec = analysis.catalog.handoffs[handoff.id]
    score = handoff.scored.low
    severity = Severity.HIGH if score == 0 else Severity.MEDIUM
    if spec.side == "revops" and context.shapes.need.label is NeedLabel.SALES_OPS:
        severity = Severity.LOW
    between = {t for p in handoff.paths for t in p.tools}
    subjects = sorted({*handoff.sources, *handoff.targets, *between})
    evidence = [Evidence(text=f"Needed: {spec.needs}"), *path_lines(analysis, handoff.paths)]
    if not (handoff.paths or handoff.missing) and handoff.targets:
        evidence += [tool_line(analysis, t, f"{analysis.label(t)}: no path found") for t in handoff.sources]
    return Draft(
        message=f"{spec.name}: {explain(context, handoff)}",
        subjects=tuple(subjects),
        severity=severity,
        facet=handoff.id,
        title=f"The handoff {spec.name} {'does not work' if score == 0 else 'works only in part'}",
        evidence=tuple(evidence),
        fix=_remedy(analysis, handoff),
    )


def _remedy(analysis: Analysis, handoff: Handoff) -> str:
    """What to do about a handoff, by why it falls short; empty where nothing more than the rule's own advice is known."""
    if handoff.sources and not handoff.targets:
        return f"Put in use what can receive it: {analysis.catalog.handoffs[handoff.id].to}."
    if handoff.missing:
        return f"Put in use what provides {join(analysis.work(handoff.missing), 'or')}."
    if handoff.scored.low == 0:
        if not handoff.sources:
            return f"Find a tool in use that provides it, so that {analysis.catalog.handoffs[handoff.id].needs}."
        return sentence(bring(analysis, analysis.data(handoff.carried, "or"), handoff.sources, handoff.targets))
    steps = join(step for _, step in _shortfalls(analysis, handoff))
    if steps:
        return sentence(steps)
    if handoff.id == "H06":
        return "Let quotes and contracts come to the CRM by a connector."
    return "Connect the CRMs that it leaves out."


def _shortfalls(analysis: Analysis, handoff: Handoff) -> list[tuple[str, str]]:
    """Why the ways of a handoff that works in part fall short, each with what to do about it."""
    limit = analysis.catalog.handoffs[handoff.id].max_minutes
    found = []
    if any(p.degraded for p in handoff.paths):
        found.append(("a connection on the way is degraded", "repair the degraded connection on the way"))
    if any(not p.automated and not p.degraded for p in handoff.paths):
        step = "replace what is done by hand by a connector or a flow"
        found.append(("part of the way is done by hand", step))
    if limit and any(p.automated and p.minutes > limit for p in handoff.paths):
        latest = max(handoff.paths, key=lambda p: p.minutes)
        reason, step = f"it arrives {late(latest.minutes, limit)}", f"let it arrive within {duration(limit)}"
        if latest.assumed_latency:
            reason += ", as a connection that does not say how often it runs is taken to run daily"
            step = f"say how often it runs, and {step}"
        found.append((reason, step))
    return found


def explain(context: RuleContext, handoff: Handoff) -> str:
    """Why a handoff falls short, in words."""
    analysis = context.analysis
    if handoff.missing or handoff.scored.low == 0:
        return f"{absence(analysis, handoff)}."
    reasons = [reason for reason, _ in _shortfalls(analysis, handoff)]
    if reasons:
        return "; ".join(reasons) + "."
    if handoff.id == "H06":
        return "quotes and contracts do not reach the CRM by themselves."
    return f"it works for {handoff.scored.low:.0%} of the CRM seats."


CHECKS = {"INT-001": island, "INT-002": by_hand, "HND-001": broken_handoff}
