"""Whether two tools serve the same people: declared scopes, and how long an acquisition keeps its own."""

from __future__ import annotations

import datetime as dt

from stackaudit.model.stack import Stack, Tool


def scopes_meet(stack: Stack, one: Tool, two: Tool, *, same_layer: bool, grace: float) -> bool:
    """Whether two tools serve the same people. No scope means the whole company.

    The scope of an acquisition separates for ``grace`` months after closing; later it does so only across layers
    (``precise.md``, 21).
    """
    if not apart(one, two):
        return True
    return same_layer and bool((one.scopes | two.scopes) & expired_scopes(stack, grace))


def apart(one: Tool, two: Tool) -> bool:
    """Whether both declare a scope and the scopes have nothing in common."""
    return bool(one.scopes and two.scopes and not one.scopes & two.scopes)


def acquisition_scopes(stack: Stack) -> dict[str, dt.date | None]:
    """Scope of each acquisition and the day it closed."""
    return {(a.scope or f"bu:{a.name}").strip().casefold(): a.closed for a in stack.inventory.company.acquisitions}


def expired_scopes(stack: Stack, grace: float) -> frozenset[str]:
    """Scopes of acquisitions that closed longer ago than the months of grace."""
    return frozenset(
        scope
        for scope, closed in acquisition_scopes(stack).items()
        if closed and later(closed, int(grace)) < stack.as_of
    )


def newly_bought(stack: Stack, one: Tool, two: Tool, grace: float) -> bool:
    """Whether one of two tools came with an acquisition whose months of grace are not over."""
    young = set(acquisition_scopes(stack)) - expired_scopes(stack, grace)
    return bool((one.scopes ^ two.scopes) & young)


def later(day: dt.date, months: int) -> dt.date:
    """A day some months later; never past the 28th, so that every month has it."""
    year, month = divmod(day.month - 1 + months, 12)
    return dt.date(day.year + year, month + 1, min(day.day, 28))
