"""Print the README's table: ``python -m tests.benchmarks.table [--rounds N] [--clients N] [--tools N]``."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.benchmarks.catalogues import SIZES, open_catalogue, settle, write_catalogue
from tests.benchmarks.pairs import Ratio
from tests.benchmarks.portfolios import WORKERS, audit_all, one_warm, warm_processes, write_clients
from tests.benchmarks.programs import Bench

Row = tuple[str, str, str, str]


def main() -> None:
    """Measure everything and print it as Markdown."""
    options = argparse.ArgumentParser(description="Print the README's table of how fast it is.")
    options.add_argument("--rounds", type=int, default=15, help="pairs of runs behind a ratio")
    options.add_argument("--clients", type=int, default=1_000, help="size of the portfolio")
    options.add_argument("--tools", type=int, nargs="*", default=SIZES, help="sizes of the synthetic catalogues")
    chosen = options.parse_args()
    print(f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}\n")
    print("| what | against | times as long | processor time |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = str(Path(folder) / "cache")
        for row in _rows(Path(folder), chosen.rounds, chosen.clients, tuple(chosen.tools)):
            print(f"| {' | '.join(row)} |", flush=True)


def _rows(folder: Path, rounds: int, clients: int, tools: tuple[int, ...]) -> Iterator[Row]:
    bench = Bench(folder)
    yield _row("`audit`, 30 tools, HTML and JSON", "the floor", bench.audit(rounds))
    yield _row("the same with empty caches", "the floor", bench.audit(max(3, rounds // 3), cold=True))
    yield _row("`check`, 30 tools", "imports, parsing, validation", bench.check(rounds))
    for option in ("--version", "--help"):
        yield _row(f"`{option}`", "a bare typer program", bench.start(option, rounds))
    for size in tools:
        yield (f"opening a catalogue of {size:,} tools", "–", "–", f"{_opened(folder, size, rounds) * 1000:.0f} ms")
    yield from _portfolio(folder, rounds, clients)


def _row(what: str, against: str, found: Ratio) -> Row:
    return (what, against, f"{found.cpu:.2f} (by the clock {found.wall:.2f})", f"{found.ours.cpu * 1000:.0f} ms")


def _opened(folder: Path, tools: int, rounds: int) -> float:
    manifests, cache_dir = folder / f"manifests{tools}", folder / f"compiled{tools}"
    manifests.mkdir()
    write_catalogue(manifests, tools)
    open_catalogue(manifests, cache_dir, tools)
    settle(manifests, cache_dir, tools)
    spent = []
    for _ in range(rounds):
        began = time.process_time()
        if not open_catalogue(manifests, cache_dir, tools):
            sys.exit("the catalogue does not know its own tools")
        spent.append(time.process_time() - began)
    return median(spent)


def _portfolio(folder: Path, rounds: int, clients: int) -> Iterator[Row]:
    (folder / "clients").mkdir()
    (folder / "written").mkdir()
    paths = write_clients(folder / "clients", clients)
    with warm_processes(paths, folder / "written") as executor:
        made = audit_all(paths, folder / "written", executor)
    alone = one_warm(folder / "written", rounds)
    possible = WORKERS / alone
    what = f"portfolio of {clients:,} stacks, HTML and JSON each, {WORKERS} processes"
    yield ("one stack of it in one warm process", "–", "–", f"{alone * 1000:.0f} ms")
    yield (
        f"{what}: {made.rate:.1f} stacks a second by the clock",
        f"{possible:.1f}, if processes shared nothing",
        f"{possible / made.rate:.2f}",
        "–",
    )
    memory = f"{made.whole / made.quarter:.2f} times {made.quarter:.0f} MB"
    yield ("memory of the process that leads it, at the end", "after a quarter", memory, "–")


if __name__ == "__main__":
    main()
