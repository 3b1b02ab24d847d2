"""The triangle of stack, organisation and need; shapes read the analysis, never the findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.model.result import Shape, StackShape
from stackaudit.shape.advice import advice
from stackaudit.shape.ground import Ground
from stackaudit.shape.mismatch import mismatches
from stackaudit.shape.need import need_shape
from stackaudit.shape.org import org_shape
from stackaudit.shape.stack import stack_shape
from stackaudit.shape.tables import disagreements, pillars, table
from stackaudit.shape.verdict import verdict

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis


def shape(analysis: Analysis, stack: StackShape | None = None) -> Shape:
    """Classify the stack, the organisation and the need, and say how they fit (section 8).

    Args:
        analysis: The stack.
        stack: Its shape where somebody has scored it already.
    """
    stack, org, need = stack or stack_shape(analysis), org_shape(analysis), need_shape(analysis)
    ground = Ground(analysis, stack, org)
    return Shape(
        verdict=verdict(analysis, stack, org, need),
        cuts=(analysis.threshold("shape_hybrid_from"), analysis.threshold("shape_revops_from")),
        stack=stack,
        org=org,
        need=need,
        mismatch=mismatches(analysis, stack, org, need),
        table=table(ground),
        pillars=pillars(ground),
        disagreements=disagreements(analysis),
        advice=advice(analysis, org, need),
    )
