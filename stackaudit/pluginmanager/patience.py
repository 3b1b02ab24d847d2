"""Bound the time of code that is not ours: stop it where it stands, and end the process where it will not be stopped."""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import math
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

AGAIN = 0.5
"""Seconds between two attempts to stop code that swallows what is raised in it."""
UNSTOPPABLE = 2
"""Exit code of a process that could not go on: that of a crash."""


class OutOfTimeError(BaseException):
    """Raised inside code that overran; no ``except Exception`` of it catches this."""


@contextlib.contextmanager
def at_most(seconds: float, grace: float, what: str) -> Iterator[None]:
    """Let code run for so long and no longer.

    A thread watches the clock. When time is up it interrupts the code where it stands, sleeping or not (on the main
    thread of a POSIX system by a signal; elsewhere when the next line of Python begins), and does so again for as
    long as the code swallows the interruption. Past the grace the process is ended with a word about why: nothing
    else stops code that refuses, or a call in C that never comes back. The latter is noticed by the system alone: on
    the main thread of a POSIX system it is ended by a signal, after printing the place where it stood.

    Args:
        seconds: How long it may run; infinite for no bound.
        grace: How long it may go on after it was interrupted.
        what: Whose code it is, in words.

    Raises:
        OutOfTimeError: Inside the code, and out of it.
    """
    if math.isinf(seconds):
        yield
        return
    with contextlib.ExitStack() as stack:
        over = threading.Event()
        interrupt = stack.enter_context(_interruption(over))
        stack.enter_context(_last_resort(seconds + 2 * grace))
        watch = threading.Thread(target=_watch, args=(seconds, grace, what, over, interrupt), daemon=True)
        stack.callback(watch.join)
        stack.callback(over.set)  # an interruption may come just before the line below
        watch.start()
        try:
            yield
        finally:
            over.set()


def _watch(seconds: float, grace: float, what: str, over: threading.Event, interrupt: Callable[[], None]) -> None:
    """The thread: waits, interrupts, insists, and at last ends the process."""
    if over.wait(seconds):
        return
    for _ in range(max(1, math.ceil(grace / AGAIN))):
        interrupt()
        if over.wait(AGAIN):
            return
    said = f"stackaudit: {what} ran for more than {seconds:g} seconds and cannot be stopped, so the program ends\n"
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.__stderr__.write(said)  # type: ignore[union-attr]
        sys.__stderr__.flush()  # type: ignore[union-attr]
    os._exit(UNSTOPPABLE)


def _interruption(over: threading.Event) -> contextlib.AbstractContextManager[Callable[[], None]]:
    return _by_signal(over) if _on_main() and hasattr(signal, "pthread_kill") else _by_exception(over)


def _on_main() -> bool:
    return threading.current_thread() is threading.main_thread()


@contextlib.contextmanager
def _by_signal(over: threading.Event) -> Iterator[Callable[[], None]]:
    """Interrupt the main thread, out of a system call as well."""
    here = threading.get_ident()

    def stop(number: int, frame: FrameType | None) -> None:
        if not over.is_set():
            raise OutOfTimeError

    before = signal.signal(signal.SIGALRM, stop)
    try:
        yield lambda: signal.pthread_kill(here, signal.SIGALRM)
    finally:
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _by_exception(over: threading.Event) -> Iterator[Callable[[], None]]:
    """Interrupt any thread on any system, when its next line of Python begins."""
    here = ctypes.c_ulong(threading.get_ident())
    turn = threading.Lock()

    def stop() -> None:
        with turn:
            if not over.is_set():
                ctypes.pythonapi.PyThreadState_SetAsyncExc(here, ctypes.py_object(OutOfTimeError))

    try:
        yield stop
    finally:
        with turn:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(here, None)


@contextlib.contextmanager
def _last_resort(seconds: float) -> Iterator[None]:
    """Let the system end the process after so many seconds of computing, whatever holds the interpreter.

    A process has one such clock, so only its main thread sets it.
    """
    if not (_on_main() and hasattr(signal, "setitimer") and hasattr(faulthandler, "register")):
        yield
        return
    place: Any = sys.__stderr__
    with contextlib.suppress(OSError, ValueError, AttributeError):
        faulthandler.register(signal.SIGVTALRM, file=place, all_threads=False, chain=True)
    before = signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, *before)
        faulthandler.unregister(signal.SIGVTALRM)
