"""What it costs to know many tools: opening a compiled catalogue, and compiling one."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.benchmarks.catalogues import SIZES, open_catalogue, settle, write_catalogue


@pytest.fixture(scope="module", params=SIZES)
def catalogue(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    folder: Path = tmp_path_factory.mktemp("catalogue")
    (folder / "m").mkdir()
    write_catalogue(folder / "m", request.param)
    return folder, request.param


@pytest.mark.benchmark(group="catalogue, compiled anew")
def test_a_cold_start(benchmark: BenchmarkFixture, catalogue: tuple[Path, int]) -> None:
    folder, size = catalogue
    found = benchmark.pedantic(open_catalogue, (folder / "m", folder / "cache", size), rounds=1)
    assert found


@pytest.mark.benchmark(group="catalogue, from the cache")
def test_a_warm_start(benchmark: BenchmarkFixture, catalogue: tuple[Path, int]) -> None:
    folder, size = catalogue
    settle(folder / "m", folder / "cache", size)
    found = benchmark.pedantic(open_catalogue, (folder / "m", folder / "cache", size), rounds=20, warmup_rounds=1)
    assert found
