"""Run a command again whenever its file is saved."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable
from pathlib import Path

from stackaudit.cli.output import clean, note
from stackaudit.errors import StackauditError, UsageError

SECONDS = 0.5


def again(file: str) -> int:
    """Run the command line that was given, without ``--watch``, on every save."""
    from stackaudit.cli.app import app

    words = [word for word in sys.argv[1:] if word != "--watch"]

    def run() -> int:
        code = app(words, standalone_mode=False)
        return code if isinstance(code, int) else 0

    return watch(file, run)


def watch(file: str, action: Callable[[], int], *, looks: int | None = None) -> int:
    """Run once, and again after each save, until interrupted; a file that is broken for now ends nothing.

    Args:
        file: The file to look at.
        action: What to run; its exit code is the last one's.
        looks: How often to look before returning; without end where None.
    """
    if file == "-":
        raise UsageError("--watch: standard input cannot be watched; name a file")
    path = Path(file)
    code, before = _run(action), _state(path)
    note(f"watching {file}; Ctrl-C ends")
    for _ in itertools.count() if looks is None else range(looks):
        time.sleep(SECONDS)
        now = _state(path)
        if now is not None and now != before:
            before = now
            code = _run(action)
    return code


def _run(action: Callable[[], int]) -> int:
    try:
        return action()
    except StackauditError as error:
        note(clean(str(error), lines=True))
        return 2


def _state(path: Path) -> tuple[int, int] | None:
    """What changes when a file is saved; None while it is being replaced."""
    try:
        info = path.stat()
    except OSError:
        return None
    return info.st_mtime_ns, info.st_size
