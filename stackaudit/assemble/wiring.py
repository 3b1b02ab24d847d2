"""Connections, links, handoffs and signals: what travels, and how far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.analysis.handoffs import absence, no_path
from stackaudit.analysis.scoring import Scored
from stackaudit.model import result as r
from stackaudit.model.vocabulary import ASSUMED_LATENCY, LATENCY_MINUTES, MANUAL_METHODS, NeedLabel
from stackaudit.wording import join

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.graph import Path

REVOPS_NEEDS = {NeedLabel.REVOPS, NeedLabel.FULL_REVOPS}


def integrations(analysis: Analysis) -> tuple[r.IntegrationInfo, ...]:
    """Every declared connection between declared tools, by its ends."""
    infos = []
    for c in analysis.stack.connections:
        e = c.entry
        latency = e.latency or ASSUMED_LATENCY
        infos.append(
            r.IntegrationInfo(
                from_=c.source,
                to=c.target,
                two_way=e.direction == "two_way",
                objects=tuple(sorted(e.objects or ())),
                objects_known=bool(e.objects),
                method=e.method,
                via=e.via,
                latency=e.latency,
                latency_assumed=e.latency is None,
                minutes=LATENCY_MINUTES[latency],
                status=e.status,
                automated=e.status == "live" and e.method is not None and e.method not in MANUAL_METHODS,
                conflict_rule=e.conflict_rule,
                account=e.account,
                owner=e.owner,
                monitored=e.monitored,
                evidence="verified" if e.verified_on else "declared",
                line=c.line,
            )
        )
    return tuple(sorted(infos, key=lambda i: (i.from_, i.to, i.objects, i.method or "", i.line or 0)))


def path_info(path: Path) -> r.PathInfo:
    """A path of the graph as the result shows it."""
    return r.PathInfo(
        tools=path.tools,
        object=path.object,
        minutes=path.minutes,
        automated=path.automated,
        degraded=path.degraded,
        assumed_latency=path.assumed_latency,
    )


def links(analysis: Analysis) -> tuple[r.LinkInfo, ...]:
    """X1 to X8."""
    infos = []
    for link in analysis.links:
        spec = analysis.catalog.links[link.id]
        status = _status(link.scored) if link.applies else "not_applicable"
        infos.append(
            r.LinkInfo(
                id=link.id,
                name=spec.name,
                score=link.scored.low if link.applies else None,
                low=link.scored.low,
                high=link.scored.high,
                status=status,
                text=_seen(analysis, link.targets)
                if link.id == "X8" and link.applies
                else _route(analysis, link.scored, link.sources, link.targets, status, spec.objects),
                paths=tuple(path_info(p) for p in link.scored.paths),
            )
        )
    return tuple(infos)


def handoffs(analysis: Analysis, need: NeedLabel) -> tuple[r.HandoffInfo, ...]:
    """H01 to H10, each with whether this stage of the company asks for it."""
    infos = []
    for h in analysis.handoffs:
        spec = analysis.catalog.handoffs[h.id]
        relevant = need in REVOPS_NEEDS or (spec.side == "sales_ops" and need is not NeedLabel.NONE)
        status = "not_applicable" if not h.applies else "not_needed" if not h.needed else _status(h.scored)
        if status == "broken":
            text = _sentence(absence(analysis, h))
        else:
            text = _route(analysis, h.scored, h.sources, h.targets, status, h.carried)
        tools_ = dict.fromkeys((*(t for p in h.paths for t in p.tools), *(() if h.paths else h.sources)))
        infos.append(
            r.HandoffInfo(
                id=h.id,
                name=spec.name,
                score=h.scored.low if h.applies else None,
                low=h.scored.low,
                high=h.scored.high,
                status=status,
                relevant=relevant and h.applies and h.needed,
                text=text,
                max_minutes=spec.max_minutes,
                minutes=max((p.minutes for p in h.paths), default=None),
                tools=tuple(tools_),
                paths=tuple(path_info(p) for p in h.paths),
            )
        )
    return tuple(infos)


def signals(analysis: Analysis) -> tuple[r.SignalInfo, ...]:
    """How far each signal gets."""
    infos = []
    for s in analysis.signals:
        play = s.plays[0] if s.plays else None
        infos.append(
            r.SignalInfo(
                id=s.id,
                name=analysis.catalog.signals[s.id].name,
                level=int(s.level),
                low=int(s.level),
                high=int(s.high),
                sources=s.sources,
                targets=s.targets,
                path=path_info(s.path) if s.path else None,
                deadline_minutes=s.deadline,
                play_tool=play.tool if play else None,
                play_owner=play.owner if play else None,
                play_sla_minutes=play.sla_minutes if play else None,
                text=f"Captured in {analysis.names(s.sources)}." if s.sources else "Not captured by any tool.",
            )
        )
    return tuple(infos)


def _status(scored: Scored) -> str:
    if not scored.known:
        return "unknown"
    return "works" if scored.low >= 1 else "broken" if scored.low == 0 else "weak"


def _route(
    analysis: Analysis,
    scored: Scored,
    sources: tuple[str, ...],
    targets: tuple[str, ...],
    status: str,
    objects: tuple[str, ...],
) -> str:
    if status == "not_applicable":
        return "Does not apply to this business model."
    if status == "not_needed":
        return "Not needed at this size or with this motion."
    if scored.paths:
        ways = dict.fromkeys(analysis.names(p.tools, " → ") + _how(p) for p in scored.paths)
        open_ = "; whether it arrives in full is not declared" if status == "unknown" else ""
        return "; ".join(ways) + open_ + "."
    if status == "unknown":
        return "Not assessed: what decides it is not declared."
    if status == "works":
        return f"Provided by {analysis.names(sources)}." if sources else "Provided."
    return _sentence(no_path(analysis, sources, targets, objects))


def _seen(analysis: Analysis, targets: tuple[str, ...]) -> str:
    """Which functions can be seen together, and where."""
    seen, _ = analysis.functions_in_bi
    where = join((analysis.label(t) for t in targets), "or") or "BI"
    return _sentence(f"{join(seen) or 'no function'} {'reaches' if len(seen) < 2 else 'reach'} {where}")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _how(path: Path) -> str:
    if len(path.tools) == 1:
        return " (in one tool)"
    words = "degraded" if path.degraded else "automatic" if path.automated else "by hand"
    return f" ({words})"
