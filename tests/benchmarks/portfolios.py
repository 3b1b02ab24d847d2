"""Portfolios of many clients, and what one process does of them while it is warm."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from stackaudit.model.result import AuditResult
from stackaudit.portfolio import Outcome, run
from stackaudit.portfolio.work import Job, work
from stackaudit.report import html
from tests.benchmarks.programs import STACK

DAY = dt.date(2026, 9, 1)
WORKERS = 2
MILESTONES = (0.25, 1.0)
_NUMBERS = itertools.count()


@dataclass(frozen=True, slots=True)
class Portfolio:
    """How fast a portfolio went, and the megabytes of this process after a quarter of it and after all of it."""

    clients: int
    seconds: float
    quarter: float
    whole: float

    @property
    def rate(self) -> float:
        """Clients a second."""
        return self.clients / self.seconds


def write_clients(folder: Path, count: int) -> list[Path]:
    """So many stack files of 30 tools, each of a company of its own."""
    text = STACK.read_text(encoding="utf-8")
    name = next(line for line in text.splitlines() if "name: " in line)
    paths = [folder / f"client{number:05}.yaml" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(text.replace(name, name.replace("name: ", f"name: Client {number} ", 1), 1), encoding="utf-8")
    return paths


def both(result: AuditResult, folder: Path) -> str:
    """The page of a result, and its JSON written beside it by whoever audited it."""
    page = html.render(result)
    (folder / f"{os.getpid()}.{next(_NUMBERS)}.json").write_text(result.to_json(), encoding="utf-8")
    return page


@contextmanager
def warm_processes(paths: list[Path], folder: Path) -> Iterator[Executor]:
    """Two processes that have audited before, so that their start is not counted."""
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as executor:
        run(paths[: 8 * WORKERS], executor, today=DAY, render=partial(both, folder=folder))
        yield executor


def audit_all(paths: list[Path], folder: Path, executor: Executor) -> Portfolio:
    """Audit a portfolio, HTML and JSON of each written.

    Raises:
        RuntimeError: A client could not be audited.
    """
    marks = {max(1, int(len(paths) * share)) for share in MILESTONES}
    memory: list[float] = []
    done = 0

    def take(outcome: Outcome) -> None:
        nonlocal done
        if outcome.client is None or outcome.page is None:
            raise RuntimeError(f"a client failed: {outcome.failure}")
        (folder / f"{outcome.client.id}.html").write_bytes(outcome.page)
        done += 1
        if done in marks:
            memory.append(resident())

    began = time.perf_counter()
    run(paths, executor, today=DAY, render=partial(both, folder=folder), done=take)
    return Portfolio(len(paths), time.perf_counter() - began, memory[0], memory[-1])


def one_warm(folder: Path, rounds: int) -> float:
    """Processor seconds that one process takes for one client, HTML and JSON, once it is warm; the median."""
    job = Job("client", "client.yaml", STACK.read_bytes(), DAY, render=partial(both, folder=folder), run="benchmark")
    spent = []
    for _ in range(rounds + 2):
        began = time.process_time()
        outcome = work(job)
        spent.append(time.process_time() - began)
        if outcome.page is None:
            raise RuntimeError(f"the client failed: {outcome.failure}")
    return median(spent[2:])


def resident() -> float:
    """Megabytes that this process holds now; where the system does not tell, the most it ever held."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(x for x in status.read_text(encoding="ascii").splitlines() if x.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 20) if sys.platform == "darwin" else most / 1024
