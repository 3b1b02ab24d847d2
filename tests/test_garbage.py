"""While clients are audited nobody looks for garbage; afterwards it is gone, and the interpreter does as it did before."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from stackaudit.portfolio.garbage import collected_after


class Circle:
    """Something that only a search for garbage finds."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.isenabled()
    yield
    (gc.enable if before else gc.disable)()


@pytest.mark.parametrize("before", [True, False])
def test_a_client_is_audited_without_a_search_and_all_is_as_before(before: bool) -> None:
    (gc.enable if before else gc.disable)()
    with collected_after():
        assert not gc.isenabled()
    assert gc.isenabled() is before


def test_what_a_client_leaves_in_circles_is_let_go() -> None:
    with collected_after():
        left = weakref.ref(Circle())
        assert left() is not None
    assert left() is None


def test_a_client_that_fails_changes_nothing() -> None:
    gc.enable()
    with pytest.raises(ValueError, match="bad"), collected_after():
        raise ValueError("bad")
    assert gc.isenabled()


def test_threads_that_overlap_agree_on_what_was_before() -> None:
    gc.enable()
    both, first_is_done = Barrier(2), Barrier(2)

    def first() -> None:
        with collected_after():
            both.wait(10)
        first_is_done.wait(10)

    def second() -> bool:
        with collected_after():
            both.wait(10)
            first_is_done.wait(10)
            return gc.isenabled()

    with ThreadPoolExecutor(2) as pool:
        ended, still = pool.submit(first), pool.submit(second)
        ended.result()
        assert still.result() is False
    assert gc.isenabled()
