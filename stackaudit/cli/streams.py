"""The three streams of a process, made safe: closed ones, full ones, and ones that cannot show every character."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TextIO

from stackaudit.errors import UsageError


def prepare() -> None:
    """Let words go nowhere where a stream is closed, and as escapes where it cannot show them."""
    for name in ("stdout", "stderr"):
        stream: TextIO | None = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def read_stdin(limit: int) -> bytes:
    """Standard input, as bytes; one more than ``limit`` where there are more.

    Raises:
        UsageError: It is closed.
    """
    if sys.stdin is None:
        raise UsageError("<stdin>: is closed; pipe the file in, or name it")
    return sys.stdin.buffer.read(limit + 1)


def write_data(text: str) -> None:
    """Write data to standard output in UTF-8, whatever the terminal speaks: it is for programs."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))


def finish() -> str:
    """Bring out what waits to be written; returns why that was not possible, in words, or nothing."""
    try:
        sys.stdout.flush()
    except OSError as error:
        abandon()
        return f"standard output: {error.strerror or error}"
    return ""


def abandon() -> None:
    """Give up standard output, so that the interpreter does not try once more to write what waits."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
