"""Counting the calls of a run: a measure of work that no clock and no busy machine can move."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import yaml

from stackaudit.testing import audit_stack
from tests.benchmarks.stacks import big_stack


def calls_of(run: Callable[[], object]) -> int:
    """How many Python functions a run calls, generators that go on included."""
    count = 0

    def seen(_: FrameType, event: str, __: Any) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        run()
    finally:
        sys.setprofile(before)
    return count


def audit_calls(tools: int, *, crms: int | None = None) -> int:
    """The calls of an audit and its page, for a stack of so many tools."""
    from stackaudit.report.html import render

    stack = yaml.safe_load(yaml.safe_dump(big_stack(tools, crms=crms)))
    audit_stack(big_stack(10))  # what is loaded once is loaded before
    return calls_of(lambda: render(audit_stack(stack)))
