"""Code that does not end is stopped where it stands, and ends the program where it will not be stopped."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from stackaudit.pluginmanager.patience import OutOfTimeError, at_most

STUBBORN = """
import itertools, time
from stackaudit.pluginmanager.patience import at_most

def refuses():
    while True:
        try:
            time.sleep(0.05)
        except BaseException:
            pass

def counts():
    sum(itertools.repeat(1))

with at_most(0.2, 0.5, "plugin x (some-dist)"):
    {what}()
"""


def spin() -> None:
    while True:
        pass


def nap() -> None:
    time.sleep(60)


def swallow_once() -> None:
    with pytest.raises(OutOfTimeError):
        spin()
    spin()


@pytest.mark.parametrize("code", [spin, nap, swallow_once])
def test_code_that_does_not_end_is_stopped_where_it_stands(code: Callable[[], None]) -> None:
    before = signal.getsignal(signal.SIGALRM)
    began = time.monotonic()
    with pytest.raises(OutOfTimeError), at_most(0.2, 5, "x"):
        code()
    assert time.monotonic() - began < 5
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_beside_the_main_thread_it_is_stopped_too() -> None:
    seen: list[str] = []

    def run() -> None:
        try:
            with at_most(0.2, 5, "x"):
                spin()
        except OutOfTimeError:
            seen.append("stopped")

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert seen == ["stopped"]


def test_code_that_ends_in_time_is_let_be_and_leaves_nothing_behind() -> None:
    threads = threading.active_count()
    for _ in range(50):
        with at_most(0.3, 1, "x"):
            pass
    time.sleep(0.4)
    assert threading.active_count() == threads


def test_what_the_code_raises_comes_through() -> None:
    with pytest.raises(ValueError, match="no"), at_most(5, 1, "x"):
        raise ValueError("no")


def ended(what: str) -> subprocess.CompletedProcess[str]:
    code = STUBBORN.format(what=what)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)


def test_code_that_refuses_to_stop_ends_the_program_with_a_word_about_whose_it_is() -> None:
    done = ended("refuses")
    assert done.returncode == 2
    assert done.stderr == (
        "stackaudit: plugin x (some-dist) ran for more than 0.2 seconds and cannot be stopped, so the program ends\n"
    )


def test_a_call_that_never_comes_back_to_python_is_ended_by_the_system_and_shows_where_it_stood() -> None:
    done = ended("counts")
    assert done.returncode == -signal.SIGVTALRM
    assert "in counts" in done.stderr
