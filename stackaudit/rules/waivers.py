"""What became of the waivers of a file: which hold something back, which have expired, which do nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Literal

from stackaudit.model.inventory import Waiver
from stackaudit.model.result import Finding, Tally, WaiverState
from stackaudit.model.vocabulary import Outcome

UNUSED = "INV-004"


def states(waivers: Iterable[Waiver], findings: Iterable[Finding], as_of: dt.date) -> tuple[WaiverState, ...]:
    """Every waiver with the findings that all their subjects put under it.

    Args:
        waivers: The file's, with tool ids as subjects.
        findings: All findings of the audit.
        as_of: The day on which they are judged.
    """
    fired = [f for f in findings if f.outcome is Outcome.FAIL]
    idle = {f.facet for f in fired if f.rule == UNUSED}
    found = []
    for waiver in waivers:
        tools = tuple(sorted(waiver.tools))
        covered = tuple(f.id for f in fired if f.rule == waiver.rule and set(f.subjects) <= set(tools))
        found.append(
            WaiverState(
                rule=waiver.rule,
                tools=tools,
                reason=waiver.reason,
                owner=waiver.owner,
                expires=waiver.expires,
                state="unused" if f"{waiver.rule}:{','.join(tools)}" in idle else _state(waiver, as_of),
                findings=covered,
            )
        )
    return tuple(sorted(found, key=lambda w: (w.rule, w.tools, w.reason)))


def tally(findings: Iterable[Finding]) -> Tally:
    """Findings that fired, by severity, with and without the waivers in force."""
    fired = [f for f in findings if f.outcome is Outcome.FAIL]
    held = [f for f in fired if f.waiver is not None and not f.waiver.expired]
    return Tally(
        with_waivers=dict(sorted(Counter(f.severity.value for f in fired if f not in held).items())),
        without_waivers=dict(sorted(Counter(f.severity.value for f in fired).items())),
    )


def _state(waiver: Waiver, as_of: dt.date) -> Literal["expired", "in_force"]:
    return "expired" if waiver.expires is not None and waiver.expires < as_of else "in_force"
