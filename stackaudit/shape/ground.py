"""What the tests of the comparison tables may look at, and the small words that they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.model.guidance import Side

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.model.guidance import Reading
    from stackaudit.model.inventory import Org
    from stackaudit.model.result import OrgShape, StackShape


class Ground(Struct, frozen=True):
    """What the tests may look at."""

    analysis: Analysis
    stack: StackShape
    org: OrgShape

    @property
    def declared(self) -> Org | None:
        """The organisation as declared."""
        return self.analysis.stack.inventory.org


class Read(Struct, frozen=True):
    """What one test found: a side or None, and why; no text where nothing is declared.

    ``neither`` marks what is known and stands in neither column: no further answer would change it.
    """

    side: Side | None
    text: str = ""
    neither: bool = False

    @property
    def open(self) -> bool:
        """Whether an answer is missing."""
        return self.side is None and not self.neither


NOTHING = Read(None)
Test = Callable[[Ground, "Reading"], Read]


def scored_side(analysis: Analysis, low: float, high: float) -> Side | None:
    """The side of a score between 0 and 1; None where what is unknown would change it."""
    cuts = analysis.threshold("table_sales_ops_upto"), analysis.threshold("table_revops_from")
    one, two = (between(value, *cuts) for value in (low, high))
    return one if one == two else None


def between(value: float, upto: float, start: float) -> Side:
    """Sales Ops up to one number, RevOps from another, both in between."""
    return "sales_ops" if value <= upto else "revops" if value >= start else "both"


def inner(name: str) -> str:
    """A name as it stands within a sentence."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def listed(names: Iterable[str]) -> str:
    """Names in a sentence."""
    every = list(names)
    return every[0] if len(every) == 1 else ", ".join(every[:-1]) + " and " + every[-1] if every else ""
