"""What an audit costs grows little faster than the stack: counted in calls, so the same on every machine."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.benchmarks.counting import audit_calls, calls_of
from tests.benchmarks.stacks import big_stack

BOUNDS = yaml.safe_load((Path(__file__).parent / "benchmarks" / "bounds.yaml").read_text())


@pytest.mark.parametrize(
    ("name", "crms"),
    [
        ("growth", lambda _: None),
        pytest.param("many_crms", lambda tools: tools // 10, marks=(pytest.mark.slow, pytest.mark.full)),
    ],
)
def test_more_tools_cost_little_more_calls_than_there_are_more_tools(name: str, crms: object) -> None:
    assert callable(crms)
    bound = BOUNDS[name]
    small, large = (audit_calls(n, crms=crms(n)) for n in (bound["small"], bound["large"]))
    assert large / small <= bound["most"], f"{small:,} calls became {large:,}"


def test_the_counter_sees_work_that_grows_with_the_square() -> None:
    def compare_all(count: int) -> int:
        return sum(1 for a in range(count) for b in range(count) if a == b or a < b)

    assert calls_of(lambda: compare_all(200)) / calls_of(lambda: compare_all(50)) > BOUNDS["growth"]["most"]


def test_a_seed_gives_the_same_stack_and_five_integrations_a_tool() -> None:
    stack = big_stack(200, seed=3)
    assert stack == big_stack(200, seed=3)
    assert stack != big_stack(200, seed=4)
    assert len({t["id"] for t in stack["tools"]}) == 200
    assert len(stack["integrations"]) == 1000


def test_beyond_the_catalogue_tools_come_again_in_other_units() -> None:
    stack = big_stack(2500)
    assert len({t["id"] for t in stack["tools"]}) == 2500
    assert any(t.get("scope") == "bu:unit 1" for t in stack["tools"])
