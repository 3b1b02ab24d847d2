"""How large a report is: small enough to be sent by mail, and opened at once."""

from __future__ import annotations

import pytest

from stackaudit.report.html import render
from tests.stacks import stack


@pytest.mark.slow
@pytest.mark.full
def test_five_hundred_tools_take_two_megabytes_at_most() -> None:
    result = stack("many")
    assert len(result.tools) == 500
    assert len(render(result).encode()) <= 2_000_000
