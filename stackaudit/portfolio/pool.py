"""Audit many clients in any executor of the standard interface; the order of completion changes nothing."""

from __future__ import annotations

import atexit
import datetime as dt
import gc
import itertools
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from queue import SimpleQueue

from stackaudit import __version__, saved, yamlio
from stackaudit.errors import InputError, UsageError
from stackaudit.inventory import shown_name
from stackaudit.model.portfolio import Client, Failure, Portfolio
from stackaudit.portfolio.benchmark import benchmark
from stackaudit.portfolio.names import file_names
from stackaudit.portfolio.work import Job, Outcome, Render, Using, failed, work

STACKS, RESULTS = frozenset({".yaml", ".yml"}), frozenset({".json"})
IN_FLIGHT = 32
"""Clients that are read and wait or run at once, so that memory does not grow with the portfolio."""
_RUNS = itertools.count(1)
_STOPPED = "the process that audited it stopped before it was done"


def client_files(paths: Iterable[Path], *, leave_out: Iterable[Path] = ()) -> tuple[Path, ...]:
    """The files of a portfolio, each once, sorted: those named, and the stack files and saved results of folders.

    A saved result in a folder gives way to the stack file of the same name beside it; hidden files are no clients.

    Raises:
        UsageError: A path does not exist, is of no known kind, or nothing is found.
    """
    found: dict[Path, Path] = {}
    skip = {p.resolve() for p in leave_out}
    for path in paths:
        if path.is_dir():
            files = _in_folder(path)
        elif not path.exists():
            raise UsageError(f"{path}: does not exist; expected a folder, stack files or saved results")
        elif path.suffix.casefold() not in STACKS | RESULTS:
            raise UsageError(f"{path}: is neither a stack file (.yaml, .yml) nor a saved result (.json)")
        else:
            files = [path]
        for file in files:
            if file.resolve() not in skip:
                found.setdefault(file.resolve(), file)
    if not found:
        raise UsageError("no stack file and no saved result is there; expected .yaml, .yml or .json")
    return tuple(sorted(found.values(), key=lambda p: (shown_name(p, Path()), str(p))))


def run(
    paths: Iterable[Path],
    executor: Executor | None = None,
    *,
    today: dt.date,
    as_of: dt.date | None = None,
    using: Using | None = None,
    render: Render | None = None,
    done: Callable[[Outcome], None] | None = None,
) -> Portfolio:
    """Audit every client; one that fails is listed with its reasons, and the rest goes on.

    Args:
        paths: Stack files and saved results, see ``client_files``.
        executor: Where clients are audited; None for processes of this machine. It is left open.
        today: The day to audit for where neither the file nor ``as_of`` names one; the clock is never read here.
        as_of: The day to audit for, whatever the files say; saved results keep theirs.
        using: Which plugins and packs to audit with; by default all that are installed.
        render: Makes a client's page; it must be picklable where the executor runs other processes.
        done: Called here with each outcome as it arrives, in no certain order.
    """
    files = tuple(sorted(paths, key=lambda p: (shown_name(p, Path()), str(p))))
    names = file_names(f.stem for f in files)
    shown = [shown_name(f, Path()) for f in files]
    token = f"{os.getpid()}.{next(_RUNS)}"
    audited: list[Client] = []
    failures: list[Failure] = []
    layers: set[tuple[str, str]] = set()

    def take(outcome: Outcome) -> None:
        """Keep the few figures of a client; its page goes on to ``done`` and is gone."""
        if done:
            done(outcome)
        audited.extend([outcome.client] if outcome.client else [])
        failures.extend([outcome.failure] if outcome.failure else [])
        layers.update(outcome.layers)

    def jobs() -> Iterator[Job]:
        for file, name, label in zip(files, names, shown, strict=True):
            try:
                data = _read(file, label)
            except InputError as error:
                take(failed(name, label, *str(error).splitlines()))
                continue
            yield Job(name, label, data, today, as_of, using or Using(), render, token)

    for outcome in _worked(jobs(), executor, len(files)):
        take(outcome)
    clients = sorted(audited, key=lambda c: ((c.company or c.file).casefold(), c.id))
    return Portfolio(
        stackaudit_version=__version__,
        clients=tuple(clients),
        failures=tuple(sorted(failures, key=lambda f: f.id)),
        benchmark=benchmark(clients, dict(sorted(layers))),
    )


def _worked(jobs: Iterator[Job], executor: Executor | None, count: int) -> Iterator[Outcome]:
    """Every job's outcome; jobs that fell with a process of ours are tried once more, each in a process of its own."""
    if executor is not None:
        for job, outcome in _through(executor, jobs):
            yield outcome or failed(job.name, job.file, _STOPPED)
        return
    if count == 1:
        yield from map(work, jobs)
        return
    fallen = []
    with _processes(count) as pool:
        for job, outcome in _through(pool, jobs):
            if outcome is None:
                fallen.append(job)
            else:
                yield outcome
    for job in fallen:
        with _processes(1) as alone:
            for _, outcome in _through(alone, iter([job])):
                yield outcome or failed(job.name, job.file, _STOPPED)


def _through(executor: Executor, jobs: Iterator[Job]) -> Iterator[tuple[Job, Outcome | None]]:
    """Jobs with their outcomes as they arrive; None where the executor could not finish one."""
    running: dict[Future[Outcome], Job] = {}
    finished: SimpleQueue[Future[Outcome]] = SimpleQueue()
    try:
        more = True
        while more or running:
            while more and len(running) < IN_FLIGHT:
                job = next(jobs, None)
                if job is None:
                    more = False
                    break
                try:
                    future = executor.submit(work, job)
                except (BrokenExecutor, RuntimeError):
                    yield job, None
                    continue
                running[future] = job
                future.add_done_callback(finished.put)
            if running:
                future = finished.get()
                job = running.pop(future)
                yield job, _came(job, future)
    finally:
        for future in running:
            future.cancel()


def _came(job: Job, future: Future[Outcome]) -> Outcome | None:
    """What a future holds; None where its process fell, which may be another job's doing."""
    if future.cancelled():
        return None
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, BrokenExecutor):
        return None
    return failed(job.name, job.file, f"could not be sent to be audited: {type(error).__name__}: {error}"[:500])


def _processes(count: int) -> ProcessPoolExecutor:
    """New processes that share nothing with this one, and leave an interruption to it."""
    workers = max(1, min(count, os.cpu_count() or 1))
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_make_ready)


def _make_ready() -> None:
    """Leave an interruption to the process that leads, and let what is left at the end go without a last look at it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    atexit.register(gc.freeze)


def _read(file: Path, label: str) -> bytes:
    saved_result = file.suffix.casefold() in RESULTS
    return yamlio.read_bytes(file, label, saved.MAX_BYTES if saved_result else yamlio.MAX_BYTES)


def _in_folder(folder: Path) -> list[Path]:
    try:
        files = [p for p in folder.iterdir() if not p.name.startswith(".") and p.is_file()]
    except OSError as error:
        raise UsageError(f"{folder}: cannot be read: {error.strerror or error}") from None
    stacks = [p for p in files if p.suffix.casefold() in STACKS]
    taken = {p.stem for p in stacks}
    return stacks + [p for p in files if p.suffix.casefold() in RESULTS and p.stem not in taken]
