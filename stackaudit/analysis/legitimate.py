"""Doubles that look like a problem and are none, each with the reason; only those that a reader would stumble over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from stackaudit.analysis.doubles import NEVER, Groups, components, governed
from stackaudit.analysis.latent import on_paper
from stackaudit.analysis.scope import apart
from stackaudit.wording import join, within

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.model.catalog import Capability
    from stackaudit.model.stack import Tool

LegitimateKind = Literal["direct", "adjacent", "latent", "migration", "same_layer", "normal_pair"]


class Legitimate(Struct, frozen=True):
    """Tools that stand beside each other for a reason; ``offered`` marks work that one of them merely offers."""

    tools: tuple[str, ...]
    kind: LegitimateKind
    shared: tuple[str, ...]
    reason: str
    offered: bool = False


def legitimate(analysis: Analysis) -> tuple[Legitimate, ...]:
    """One line a reason; a pair inside a group that is already explained is not explained again."""
    told: list[Legitimate] = []
    explained = Groups()
    for line in (
        *_crms(analysis),
        *_waterfall(analysis),
        *_one_model(analysis),
        *_pairs(analysis),
        *_side_by_side(analysis),
        *_different_work(analysis),
        *_normal_pairs(analysis),
        *_on_paper(analysis),
    ):
        if line.offered:
            told.append(line)
        elif not explained.hold(line.tools):
            told.append(line)
            explained.add(line.tools)
    return tuple(told)


def _shared(analysis: Analysis, tools: Iterable[str]) -> tuple[str, ...]:
    members = [analysis.tool(t).in_use for t in tools]
    return tuple(sorted({c for a, b in combinations(members, 2) for c in a & b}))


def _crms(analysis: Analysis) -> Iterable[Legitimate]:
    for pair in analysis.crms.pairs:
        if pair.legitimate:
            yield Legitimate(pair.tools, _of(pair.legitimate, "direct"), _shared(analysis, pair.tools), pair.legitimate)


def _waterfall(analysis: Analysis) -> Iterable[Legitimate]:
    """Data vendors in an order: through an orchestrator, or by a declared priority."""
    found = analysis.writers
    if len(found.vendors) < 2:
        return
    if found.ranked and len(found.writing) > 1:
        tools = tuple(found.writing)
        yield Legitimate(tools, "direct", _shared(analysis, tools), "a declared priority says whose value wins")
    elif found.behind and len(found.writing) < 2:
        tools = tuple(sorted({*found.behind, *found.writing, *found.orchestrators}))
        through = analysis.names(found.orchestrators, " and ")
        reason = f"a waterfall: their data reaches the CRM through {through}, in one order"
        yield Legitimate(tools, "direct", _shared(analysis, tools), reason)


def _one_model(analysis: Analysis) -> Iterable[Legitimate]:
    """BI tools that read one governed set of metrics."""
    bi = {t for t in analysis.users("dashboards") if analysis.tool(t).layer == "reporting_bi"}
    fed = governed(analysis)
    for model in sorted({m for t in bi for m in fed.get(t, ())}):
        tools = tuple(sorted(t for t in bi if model in fed.get(t, ())))
        if len(tools) > 1:
            reason = f"{analysis.label(model)} holds one set of metrics that all of them read"
            yield Legitimate(tools, "direct", _shared(analysis, tools), reason)


def _pairs(analysis: Analysis) -> Iterable[Legitimate]:
    """Pairs that share much work, each with its own reason."""
    grouped = Groups(d.tools for d in analysis.doubles)
    for pair in analysis.overlaps:
        if grouped.hold(pair.tools):
            continue
        one, two = (analysis.tool(t) for t in pair.tools)
        if not (pair.legitimate or pair.same_layer or one.scopes == two.scopes) and pair.kind == "adjacent":
            places = " and ".join(t.entry.scope or "whole company" for t in (one, two))
            yield Legitimate(pair.tools, "adjacent", pair.shared, f"their declared scopes differ ({places})")
        elif pair.legitimate and (pair.kind != "minor" or pair.defining):
            kind = _of(pair.legitimate, "direct" if pair.kind == "direct" else "adjacent")
            yield Legitimate(pair.tools, kind, pair.shared, pair.legitimate)


def _of(reason: str, kind: LegitimateKind) -> LegitimateKind:
    """A migration is a kind of its own, whatever the two share."""
    return "migration" if reason.startswith("a migration") else kind


def _side_by_side(analysis: Analysis) -> Iterable[Legitimate]:
    """Chat, web analytics and billing tools, which no rule judges as doubles."""
    pairs = [
        o.tools
        for o in analysis.overlaps
        if o.same_layer and o.kind == "direct" and not o.legitimate and analysis.tool(o.tools[0]).layer in NEVER
    ]
    for tools in components(pairs):
        layer = analysis.catalog.layer_name(analysis.tool(tools[0]).layer or "")
        reason = f"several tools in {layer} are usual and are not judged as doubles"
        yield Legitimate(tools, "direct", _shared(analysis, tools), reason)


def _different_work(analysis: Analysis) -> Iterable[Legitimate]:
    """Tools of one core layer that share nothing in use, such as contacts against intent; one line a layer."""
    known = analysis.catalog.capabilities
    grouped = Groups(d.tools for d in analysis.doubles)
    for layer in analysis.catalog.layers.values():
        tools = [t for t in analysis.stack.active if t.layer == layer.id and t.in_use and not t.inferred]
        if not layer.core:
            continue
        members = sorted({t.id for a, b in combinations(tools, 2) if not a.in_use & b.in_use for t in (a, b)})
        if not members or grouped.hold_two(members):
            continue
        work = [f"{analysis.label(t)} {_work(analysis.tool(t), known)}" for t in members]
        yield Legitimate(tuple(members), "same_layer", (), f"one layer, different work: {'; '.join(work)}")


def _work(tool: Tool, known: Mapping[str, Capability]) -> str:
    """One thing that a tool does, of its own layer if there is one, and the defining one first."""
    first = min(
        tool.in_use,
        key=lambda c: (c not in known or known[c].layer != tool.layer, c in known and not known[c].defining, c),
    )
    return f"does {within(known[first].name) if first in known else first}"


def _normal_pairs(analysis: Analysis) -> Iterable[Legitimate]:
    """Marketing automation from a vendor that sells a CRM, beside another vendor's CRM."""
    crms = [analysis.tool(t) for t in analysis.roles.crm.sure if analysis.tool(t).layer == "crm"]
    for tool_id in analysis.roles.map.sure:
        tool = analysis.tool(tool_id)
        beside = [c for c in crms if c.id != tool.id and not apart(c, tool)]
        if tool.layer == "marketing_automation" and tool.suite and not any(c.suite == tool.suite for c in crms):
            for crm in beside:
                reason = (
                    "marketing automation beside a CRM: different functions; what to watch is the sync between them"
                )
                yield Legitimate(tuple(sorted((tool.id, crm.id))), "normal_pair", (), reason)


def _on_paper(analysis: Analysis) -> Iterable[Legitimate]:
    """Modules that a suite offers and nobody uses, beside the tool that does the work; one line a capability."""
    for found in on_paper(analysis):
        name = within(analysis.catalog.capabilities[found.capability].name)
        offering = join(analysis.label(t) for t in found.offering)
        verb = "offers" if len(found.offering) == 1 else "offer"
        reason = (
            f"on paper only: {offering} {verb} {name} and {'does' if verb == 'offers' else 'do'} not have it in use"
        )
        tools = tuple(sorted({*found.users, *found.offering}))
        yield Legitimate(tools, "latent", (found.capability,), reason, offered=True)
