"""Metrics: which can be computed, where, and what is missing by name; published figures beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.model import result as r

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.analysis.metrics import Readiness
    from stackaudit.model.catalog import Metric


def metrics(analysis: Analysis) -> tuple[r.MetricInfo, ...]:
    """Every metric of the catalogue: the tracked ones and the others, with what is missing by name."""
    org = analysis.stack.inventory.org
    tracked = set((org.metrics_tracked if org else None) or ())
    infos = []
    for ready in analysis.metrics:
        spec = analysis.catalog.metrics[ready.id]
        missing = ready.missing
        where = f"in {analysis.label(ready.node)}" if ready.node else ""
        if ready.status == "computable":
            text = f"Computable {where}{', with figures from finance' if spec.finance else ''}."
        elif ready.status == "not_applicable":
            text = "Does not apply without subscriptions."
        else:
            text = "; ".join(missing)
            text = f"{text[:1].upper()}{text[1:]}." if text else ""
        infos.append(
            r.MetricInfo(
                id=ready.id,
                name=spec.name,
                tracked=ready.id in tracked,
                status=ready.status,
                formula=spec.formula,
                variant=spec.variant,
                finance=spec.finance,
                node=ready.node,
                facts=_metric_facts(ready, spec),
                missing=missing,
                text=text,
            )
        )
    return tuple(infos)


def _metric_facts(ready: Readiness, spec: Metric) -> tuple[r.MetricFactInfo, ...]:
    if ready.status == "not_applicable":
        return ()
    gaps = {g.fact: g for g in ready.gaps}
    unknown = ready.node is None and ready.status == "not_assessed"
    return tuple(
        r.MetricFactInfo(
            name=fact.name,
            state=("unknown" if unknown else gaps[fact.name].state) if fact.name in gaps else "arrives",
        )
        for fact in spec.facts
    )


def benchmarks(analysis: Analysis) -> tuple[r.BenchmarkInfo, ...]:
    """Published figures, the sources' beside others'; an address where the source list has one."""
    known = analysis.catalog.sources
    return tuple(
        r.BenchmarkInfo(**b.model_dump(), address=known[b.source].address if b.source in known else None)
        for b in analysis.catalog.benchmarks.values()
    )
