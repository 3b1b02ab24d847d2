"""What a run does, part after part: told as it begins, and timed where that is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

_UNTIMED = nullcontext()


class Stages:
    """Tells a listener which stage begins, and adds up how long each part takes.

    A part that runs inside another counts for itself alone, so the parts add up to the whole.
    """

    def __init__(self, begun: Callable[[str], None] | None = None, *, timed: bool = False) -> None:
        self._begun, self._timed = begun, timed
        self._open: list[str] = []
        self._since = 0.0
        self.seconds: dict[str, float] = {}

    def stage(self, name: str, told: str) -> AbstractContextManager[None]:
        """A stage that a person is told about in some words, timed under its name."""
        if self._begun is not None:
            self._begun(told)
        return self.part(name)

    def part(self, name: str) -> AbstractContextManager[None]:
        """A part that is timed only; costs next to nothing where nobody asked for times."""
        return self._time(name) if self._timed else _UNTIMED

    @contextmanager
    def _time(self, name: str) -> Iterator[None]:
        self._settle()
        self._open.append(name)
        self.seconds.setdefault(name, 0.0)
        try:
            yield
        finally:
            self._settle()
            self._open.pop()

    def _settle(self) -> None:
        """Charge the time since the last change to the innermost part."""
        now = time.perf_counter()
        if self._open:
            self.seconds[self._open[-1]] += now - self._since
        self._since = now


SILENT = Stages()
