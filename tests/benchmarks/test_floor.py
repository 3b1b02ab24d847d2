"""The programs beside their floors, each as one line; ``python -m tests.benchmarks.table`` prints the ratios."""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.benchmarks.programs import AS_OF, STACK, VALIDATE, Bench

ROUNDS = 5


@pytest.mark.parametrize("whose", ["ours, cold", "ours, warm", "the floor"])
@pytest.mark.benchmark(group="audit, HTML and JSON")
def test_an_audit(benchmark: BenchmarkFixture, bench: Bench, whose: str) -> None:
    arguments, plan = bench.audit_plan()
    if whose == "the floor":
        benchmark.pedantic(bench.floor, (plan,), rounds=ROUNDS)
        return
    setup = bench.forget if whose == "ours, cold" else None
    benchmark.pedantic(bench.ours, arguments, setup=setup, rounds=ROUNDS)
    assert (bench.folder / "report.html").stat().st_size > 100_000


@pytest.mark.parametrize("whose", ["ours", "the floor"])
@pytest.mark.benchmark(group="check")
def test_a_check(benchmark: BenchmarkFixture, bench: Bench, whose: str) -> None:
    arguments, plan = bench.check_plan()
    if whose == "ours":
        benchmark.pedantic(bench.ours, arguments, rounds=ROUNDS)
    else:
        benchmark.pedantic(bench.floor, (plan, VALIDATE), rounds=ROUNDS)


@pytest.mark.parametrize("option", ["--version", "--help"])
@pytest.mark.parametrize("whose", ["ours", "a bare program"])
@pytest.mark.benchmark(group="start")
def test_a_start(benchmark: BenchmarkFixture, bench: Bench, whose: str, option: str) -> None:
    benchmark.pedantic(bench.ours if whose == "ours" else bench.bare, (option,), rounds=ROUNDS)


def test_the_floor_stands_on_the_modules_of_others_alone(bench: Bench) -> None:
    _, plan = bench.audit_plan()
    modules = (plan / "modules.txt").read_text(encoding="utf-8").split()
    assert {"networkx", "jinja2", "pydantic", "pluggy", "typer", "yaml"} <= set(modules)
    assert not [m for m in modules if m.startswith("stackaudit")]
    assert bench.floor(plan).cpu > 0
    written = {p.name: p.stat().st_size for p in plan.glob("written.*")}
    assert written == {f"written.{k}": (bench.folder / f"report.{k}").stat().st_size for k in ("html", "json")}
    assert STACK.read_bytes() == (plan / "stack.yaml").read_bytes()
    assert AS_OF in bench.audit_plan()[0]
