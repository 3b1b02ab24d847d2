"""Many clients: two warm processes, and one client in one."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.benchmarks.portfolios import audit_all, one_warm


@pytest.mark.benchmark(group="portfolio")
def test_a_hundred_clients_in_two_processes(
    benchmark: BenchmarkFixture, clients: list[Path], written: Path, processes: Executor
) -> None:
    made = benchmark.pedantic(audit_all, (clients, written, processes), rounds=3)
    assert made.clients == len(clients)
    benchmark.extra_info["clients a second"] = round(made.rate, 1)
    benchmark.extra_info["megabytes after a quarter and at the end"] = [round(made.quarter), round(made.whole)]


@pytest.mark.benchmark(group="portfolio")
def test_one_client_in_one_warm_process(benchmark: BenchmarkFixture, written: Path) -> None:
    assert benchmark.pedantic(one_warm, (written, 1), rounds=5) > 0
