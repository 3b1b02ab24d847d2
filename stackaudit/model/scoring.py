"""Types of ``catalogs/scoring.yaml``: factors, bands and needs by which a single tool is scored."""

import json
from functools import cached_property
from math import fsum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stackaudit.model.inventory import Ident, Number, Text

Axis = Literal["value", "health"]
Part = Literal["crm", "map", "csp", "usage", "tickets", "billing", "bi", "warehouse", "forecast"]
Score = Annotated[float, Field(ge=1, le=5)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, populate_by_name=True)


class Factor(_Entry):
    """One factor of an axis; the weights of an axis sum to 100."""

    id: Ident
    axis: Axis
    name: Text
    weight: Number
    source: Text
    grade: Literal["A", "B", "C", "source_document", "synthesis"]


class Band(_Entry):
    """A value of at least ``least`` has this score."""

    least: Number
    score: Score


class Need(_Entry):
    """One kind of record that tools of a layer must receive from, or send to, one of the parts at the other end."""

    layer: Ident
    receives: tuple[Ident, ...] = ()
    sends: tuple[Ident, ...] = ()
    ends: tuple[Part, ...]
    only_with: tuple[Ident, ...] = Field(default=(), alias="with")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.receives) == bool(self.sends):
            raise ValueError("a need receives or sends")
        return self


class Scoring(_Entry):
    """Everything the score of a tool is made from."""

    cut: Number
    cut_source: Text
    factors: tuple[Factor, ...]
    utilisation: tuple[Band, ...]
    integration: tuple[Band, ...]
    cost_efficiency: tuple[Band, ...]
    capability_fit: dict[str, Score]
    criticality: dict[str, Score]
    security: tuple[Score, Score, Score]
    finance_data: tuple[Ident, ...]
    needs: tuple[Need, ...]

    @cached_property
    def rated(self) -> str:
        """What scores are made from, as JSON, without what only tells about it."""
        return json.dumps(
            self.model_dump(exclude={"cut_source": True, "factors": {"__all__": {"name", "source", "grade"}}})
        )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for axis in ("value", "health"):
            total = fsum(f.weight for f in self.factors if f.axis == axis)
            if total != 100:
                raise ValueError(f"the weights of {axis} sum to {total:g}, expected 100")
        return self
