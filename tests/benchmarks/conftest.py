"""Places to work in, made once for all benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path

import pytest

from tests.benchmarks.portfolios import warm_processes, write_clients
from tests.benchmarks.programs import Bench

CLIENTS = 100


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A folder and a cache of its own for the programs."""
    return Bench(tmp_path_factory.mktemp("bench"))


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where reports go."""
    return tmp_path_factory.mktemp("written")


@pytest.fixture(scope="session")
def clients(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The stack files of a portfolio."""
    return write_clients(tmp_path_factory.mktemp("clients"), CLIENTS)


@pytest.fixture(scope="session")
def processes(clients: list[Path], written: Path) -> Iterator[Executor]:
    """Two warm processes."""
    with warm_processes(clients, written) as executor:
        yield executor
