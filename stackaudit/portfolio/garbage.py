"""When garbage is looked for: once after each client, not a thousand times during it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_YOUNG = 1
"""The generations that hold what was made lately; what clients share is older, and is not gone through again."""


class _Quiet:
    """How many clients this process audits just now, and whether the interpreter looked for garbage before the first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._clients = 0
        self._before = True

    def begin(self) -> None:
        with self._lock:
            if not self._clients:
                self._before = gc.isenabled()
                gc.disable()
            self._clients += 1

    def end(self) -> None:
        with self._lock:
            self._clients -= 1
            if not self._clients and self._before:
                gc.enable()
        gc.collect(_YOUNG)


_QUIET = _Quiet()


@contextmanager
def collected_after() -> Iterator[None]:
    """Hold the search for garbage back, in whatever thread it would begin, and do it once at the end.

    An audit makes hundreds of thousands of objects and drops nearly all of them by itself. The interpreter would look
    among them, and among all that clients share, so often that it took a third of the time of a portfolio.
    """
    _QUIET.begin()
    try:
        yield
    finally:
        _QUIET.end()
