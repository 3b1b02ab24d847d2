"""Time two commands in turn, A B A B, so that a comparison holds while the machine's speed drifts."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Spent:
    """What one run of a command took: processor seconds, seconds by the clock, and megabytes at the most."""

    cpu: float
    wall: float
    memory: float


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as long one takes as the other, as the median over pairs; and what each took, as medians."""

    cpu: float
    wall: float
    ours: Spent
    floor: Spent


def run(command: Sequence[str], env: Mapping[str, str] | None = None) -> Spent:
    """Run a command to its end.

    Raises:
        RuntimeError: It failed, so that its time would mean nothing.
    """
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env) as process:
        said = process.stderr.read() if process.stderr else b""
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} gave {process.returncode}: {said.decode(errors='replace')[-2000:]}")
    return Spent(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def ratio(ours: Callable[[], Spent], floor: Callable[[], Spent], rounds: int) -> Ratio:
    """Run both in turn, after one round that is not counted."""
    ours(), floor()
    pairs = [(ours(), floor()) for _ in range(rounds)]
    return Ratio(
        cpu=median(a.cpu / b.cpu for a, b in pairs),
        wall=median(a.wall / b.wall for a, b in pairs),
        ours=_middle([a for a, _ in pairs]),
        floor=_middle([b for _, b in pairs]),
    )


def _middle(runs: Sequence[Spent]) -> Spent:
    return Spent(median(r.cpu for r in runs), median(r.wall for r in runs), median(r.memory for r in runs))
