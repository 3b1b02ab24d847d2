"""The triangle of stack, organisation and need; shapes read the analysis, never the findings."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.model.result import NeedShape, OrgShape, Shape, StackShape
from stackaudit.shape.advice import advice
from stackaudit.shape.ground import Ground
from stackaudit.shape.mismatch import mismatches
from stackaudit.shape.need import need_shape
from stackaudit.shape.org import org_shape
from stackaudit.shape.stack import StackScore, stack_score
from stackaudit.shape.tables import disagreements, pillars, table
from stackaudit.shape.verdict import verdict

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis


class Shapes(Struct, frozen=True, dict=True):
    """The three shapes of a company, and all that follows from them, as far as somebody asks for it."""

    analysis: Analysis
    scored: StackScore
    org: OrgShape
    need: NeedShape

    @property
    def stack(self) -> StackShape:
        """The shape of the stack."""
        return self.scored.shape

    @cached_property
    def whole(self) -> Shape:
        """The shapes and how they fit: verdict, tables, pillars and advice (section 8)."""
        analysis, stack, org, need = self.analysis, self.stack, self.org, self.need
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

    def wired(self, scored: StackScore) -> Shapes:
        """The shapes of the same tools with other connections; organisation and need do not depend on them."""
        return Shapes(scored.analysis, scored, self.org, self.need)


def shapes(analysis: Analysis) -> Shapes:
    """Classify the stack, the organisation and the need (section 8)."""
    return Shapes(analysis, stack_score(analysis), org_shape(analysis), need_shape(analysis))
