"""Contract ends, the dates by which they must be cancelled, and how long a tool is paid for in any case."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.analysis.scope import later

if TYPE_CHECKING:
    from stackaudit.model.stack import Stack

MOST_NOTICE = 3_650


class Contract(Struct, frozen=True):
    """One contract end and its notice deadline; ``days_left`` counts from the day of the audit.

    Without a declared notice period (``notice_known``) the deadline is the end itself, which is the latest it can be.
    """

    tool: str
    end: dt.date
    deadline: dt.date
    days_left: int
    notice_known: bool = True
    auto_renew: bool | None = None

    @property
    def renewing(self) -> bool:
        """Whether notice was due and the contract, which still runs, renews by itself: too late to leave it in time."""
        return bool(self.auto_renew) and self.days_left < 0 <= self.days_left + (self.end - self.deadline).days

    def exit(self, term_months: int) -> dt.date:
        """The first day on which the tool can be gone: a term later where the contract has already renewed itself."""
        return later(self.end, term_months) if self.auto_renew and self.days_left < 0 else self.end


def contracts(stack: Stack) -> tuple[Contract, ...]:
    """Every declared contract end, the nearest deadline first."""
    found = []
    for tool in stack.active:
        entry = tool.entry
        if entry.contract_end is not None:
            deadline = entry.contract_end - dt.timedelta(days=min(entry.notice_days or 0, MOST_NOTICE))
            left = (deadline - stack.as_of).days
            known = entry.notice_days is not None
            found.append(Contract(tool.id, entry.contract_end, deadline, left, known, entry.auto_renew))
    return tuple(sorted(found, key=lambda c: (c.deadline, c.tool)))
