"""Two audits side by side: what a change of the stack, or the time between two audits, did to the conclusions."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from stackaudit.model.part import Part
from stackaudit.model.vocabulary import Severity

ChangeKind = Literal["new", "fixed", "changed", "unchanged", "method_changed"]


class Side(Part):
    """One of the two audits, in a few figures; ``spend`` a year in ``currency``, null where it has no one total.

    ``cuts`` are the scores from which a stack is hybrid and RevOps-shaped, by the rules of that audit.
    """

    company: str | None
    as_of: dt.date
    input: str | None
    stack: str
    stack_score: float | None
    cuts: tuple[float, float] = (40.0, 65.0)
    org: str
    need: str
    findings: dict[str, int] = Field(default_factory=dict)
    spend: float | None = None
    currency: str | None = None
    tools: int = 0
    integrations: int = 0


class FindingChange(Part):
    """One finding in both audits. ``method_changed``: the rules or thresholds differ, and its subjects do not."""

    id: str
    rule: str
    kind: ChangeKind
    title: str
    message: str
    subjects: tuple[str, ...] = ()
    severity_before: Severity | None = None
    severity_after: Severity | None = None


class StateChange(Part):
    """One handoff, link, metric or signal whose state differs; ``better`` says which way.

    It is null where one of the states is open or does not apply: then neither is better than the other.
    """

    kind: Literal["handoff", "link", "metric", "signal"]
    id: str
    name: str
    before: str
    after: str
    better: bool | None


class Money(Part):
    """What a change frees and costs a year, and what is owed of contracts that cannot be left yet."""

    freed: float | None = None
    added: float | None = None
    owed: float | None = None
    currency: str | None = None
    notes: tuple[str, ...] = ()


class Comparison(Part):
    """Everything that differs between two audits.

    ``capability_names`` says for readers what the capabilities lost and won are called. ``what_if`` marks one stack as
    it is and as it would be, in place of two audits that were made.
    """

    schema_version: Literal["1"] = "1"
    before: Side
    after: Side
    method_changed: bool
    findings: tuple[FindingChange, ...] = ()
    states: tuple[StateChange, ...] = ()
    tools_added: tuple[str, ...] = ()
    tools_removed: tuple[str, ...] = ()
    capabilities_lost: tuple[str, ...] = ()
    capabilities_won: tuple[str, ...] = ()
    capability_names: dict[str, str] = Field(default_factory=dict)
    money: Money | None = None
    assumptions: tuple[str, ...] = ()
    what_if: bool = False

    def of(self, kind: ChangeKind) -> tuple[FindingChange, ...]:
        """Findings of one kind of change, worst first."""
        return tuple(f for f in self.findings if f.kind == kind)

    def to_json(self) -> str:
        """JSON text, two spaces of indent, ending in a newline."""
        return self.model_dump_json(indent=2, by_alias=True) + "\n"
