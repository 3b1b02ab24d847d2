"""What a person sees of a run that takes its time: a bar on a terminal after a second, and a table of times on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import count
from math import fsum
from threading import Timer

from stackaudit.cli.output import console, is_terminal, note
from stackaudit.stages import Stages

PATIENCE = 1.0
"""Seconds that pass before the bar shows; a short run shows none."""


@contextmanager
def stages(steps: int, *, quiet: bool, timed: bool = False) -> Iterator[Stages]:
    """The stages of a run, shown as a bar where a person looks on.

    Args:
        steps: How many stages there will be.
        quiet: Whether to show nothing.
        timed: Whether to add up times; printed at the end, also where the run breaks off.
    """
    with ExitStack() as stack:
        run = Stages(None if quiet or not is_terminal() else stack.enter_context(_bar(steps)), timed=timed)
        try:
            yield run
        finally:
            stack.close()
            _print(run.seconds)


@contextmanager
def _bar(steps: int) -> Iterator[Callable[[str], None]]:
    """A bar that shows itself after a while, whatever the run is busy with then; told which stage begins."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description} ..."), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console(), transient=True)
    task = bar.add_task("", total=steps)
    begun = count()
    later = Timer(PATIENCE, bar.start)
    later.daemon = True
    later.start()
    try:
        yield lambda told: bar.update(task, description=told, completed=next(begun))
    finally:
        later.cancel()
        later.join()
        bar.stop()


def _print(seconds: Mapping[str, float]) -> None:
    """Every part in the order of its beginning, and the sum."""
    if not seconds:
        return
    total = fsum(seconds.values())
    note("seconds  share  part")
    for name, spent in (*seconds.items(), ("in all", total)):
        note(f"{spent:7.3f}  {spent / total if total else 0:5.1%}  {name}")
