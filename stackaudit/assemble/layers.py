"""Which layers are present and expected, and what is missing so that it can be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.analysis.expectations import (
    expectation,
    layer_present,
    missing_connections,
    missing_half,
    offer_grade,
    providers,
)
from stackaudit.analysis.signals import shares
from stackaudit.model import result as r
from stackaudit.model.vocabulary import NeedLabel, Tri

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis

EXECUTION = "execution_layer"


def layers(analysis: Analysis, need: NeedLabel) -> tuple[r.LayerInfo, ...]:
    """Every layer that is present, expected, or one of the ten core ones, in the catalogue's order."""
    infos = []
    for layer in analysis.catalog.layers.values():
        home = tuple(sorted(t.id for t in analysis.stack.active if t.layer == layer.id))
        role = analysis.roles.layer_use[layer.id]
        expected = expectation(analysis, layer.id, need)
        present = layer_present(analysis, layer.id)
        if layer.id == EXECUTION:
            expected, present = "optional", _acted_on(analysis, present)
        if not (layer.core or home or role.sure or expected in {"required", "expected"}):
            continue
        half, named = missing_half(analysis, layer.id, need), providers(analysis, layer.id)
        if half:
            present, named = Tri.NO, ()
        infos.append(
            r.LayerInfo(
                id=layer.id,
                name=f"{layer.name}: {half}" if half else layer.name,
                family=layer.family,
                core=layer.core,
                used_by=layer.used_by,
                definition=layer.definition,
                function=layer.function,
                present=present,
                expectation=expected,
                tools=home,
                providers=named,
            )
        )
    return tuple(infos)


def _acted_on(analysis: Analysis, by_product: Tri) -> Tri:
    """The execution layer is there when half of the captured signals have an owner, whatever tool does it."""
    captured, _, owned, _ = shares(analysis.signals)
    return Tri.YES if captured and owned >= analysis.threshold("gap_008_coverage") else by_product


def expected(analysis: Analysis, known: tuple[r.LayerInfo, ...]) -> r.Expected:
    """What is missing: layers of this stage that nothing works in, and connections that nothing provides."""
    missing = tuple(
        r.ExpectedLayer(layer=x.id, name=x.name, expectation=x.expectation, present=x.present, function=x.function)
        for x in known
        if x.expectation in {"required", "expected"} and x.present is not Tri.YES
    )
    edges = tuple(
        r.ExpectedIntegration(
            from_=m.source,
            to=m.target,
            from_layer=m.source_layer,
            to_layer=m.target_layer,
            objects=m.objects,
            reason=m.reason,
            handoff=m.handoff,
            offered=m.offered,
            evidence=offer_grade(analysis, m.source, m.target) if m.source and m.target else None,
        )
        for m in missing_connections(analysis)
    )
    return r.Expected(layers=missing, integrations=edges)
