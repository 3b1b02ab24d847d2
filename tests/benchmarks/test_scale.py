"""How long an audit of a stack of any size takes, with its JSON and its page; ``pytest tests/benchmarks``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from pytest_benchmark.fixture import BenchmarkFixture

from tests.benchmarks.stacks import big_stack

BOUNDS = yaml.safe_load((Path(__file__).parent / "bounds.yaml").read_text())
SIZES = [
    pytest.param(30, None, id="30"),
    pytest.param(100, None, id="100"),
    pytest.param(300, None, id="300"),
    pytest.param(300, 30, id="300 with 30 CRMs", marks=pytest.mark.slow),
    pytest.param(1000, None, id="1000", marks=pytest.mark.slow),
    pytest.param(5000, None, id="5000", marks=pytest.mark.slow),
]


def audited(file: Path) -> tuple[float, float]:
    """Audit in a process of its own; its processor seconds and its peak in MB."""
    outputs = ["-o", str(file.with_suffix(".json")), "-o", str(file.with_suffix(".html"))]
    command = [sys.executable, "-m", "stackaudit", "audit", str(file), "--no-plugins", "-q", *outputs]
    child = os.posix_spawn(sys.executable, command, os.environ)
    _, status, usage = os.wait4(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


@pytest.mark.parametrize(("tools", "crms"), SIZES)
def test_an_audit_of_a_stack_of_this_size(
    tools: int, crms: int | None, benchmark: BenchmarkFixture, tmp_path: Path
) -> None:
    file = tmp_path / "stack.yaml"
    file.write_text(yaml.safe_dump(big_stack(tools, crms=crms), sort_keys=False))
    runs: list[tuple[float, float]] = []
    run: Callable[[], None] = lambda: runs.append(audited(file))  # noqa: E731
    benchmark.pedantic(run, rounds=3 if tools < 1000 else 1, warmup_rounds=int(tools < 1000))
    benchmark.extra_info["cpu_seconds"] = round(min(cpu for cpu, _ in runs), 2)
    benchmark.extra_info["peak_mb"] = round(max(peak for _, peak in runs))
    if crms is None and tools in BOUNDS["memory_mb"]:
        assert max(peak for _, peak in runs) < BOUNDS["memory_mb"][tools]
