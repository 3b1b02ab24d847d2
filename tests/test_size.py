"""How large a report is: small enough to be sent by mail, and opened at once."""

from __future__ import annotations

import pytest

from stackaudit.report.html import render
from tests.stacks import stack


def test_thirty_tools_and_sixty_findings_take_three_hundred_kilobytes_at_most() -> None:
    result = stack("thirty")
    assert len(result.tools) == 30
    assert len(result.findings) >= 60
    assert len(render(result).encode()) <= 300_000


@pytest.mark.slow
@pytest.mark.full
def test_five_hundred_tools_take_two_megabytes_at_most() -> None:
    result = stack("many")
    assert len(result.tools) == 500
    assert len(render(result).encode()) <= 2_000_000
