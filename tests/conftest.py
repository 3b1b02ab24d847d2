"""Every test runs without a user's cache and without plugins that happen to be installed elsewhere."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("many", max_examples=370, derandomize=True, database=None)
settings.register_profile("hand", max_examples=2_500, print_blob=True)


@pytest.fixture(scope="session", autouse=True)
def _hear_interruptions() -> None:
    """A shell makes what it runs in the background deaf to them, and all that the tests start and interrupt with it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.delenv("STACKAUDIT_DISABLE_PLUGINS", raising=False)
        patch.delenv("SOURCE_DATE_EPOCH", raising=False)
        yield


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what a selection of markers left out, so that nobody takes a part for the whole."""
    chosen = config.getoption("markexpr", "")
    if chosen:
        terminalreporter.write_line(f"left out by -m {chosen!r}; bash .ci/run runs it all")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The one way to change golden files."""
    parser.addoption("--update-goldens", action="store_true", help="Write golden files anew instead of comparing.")
