"""The drawings of the report: SVG made here from the result, each with a table that says the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.report.drawings import axis, charts, coverage, metrics, money, overlap, plan, quadrant, stack_map
from stackaudit.report.drawings.base import Drawing, Table

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult

__all__ = ["Drawing", "Table", "all_drawings"]


def all_drawings(result: AuditResult) -> dict[str, Drawing]:
    """Every drawing that has something to show, by id."""
    made = (
        axis.draw(result),
        axis.draw_upright(result),
        stack_map.draw(result),
        coverage.draw(result),
        overlap.draw(result),
        charts.handoffs(result),
        charts.signals(result),
        charts.links(result),
        charts.dimensions(result),
        plan.draw(result),
        metrics.draw(result),
        money.spend(result),
        money.renewals(result),
        quadrant.draw(result),
    )
    return {d.id: d for d in made if d is not None}
