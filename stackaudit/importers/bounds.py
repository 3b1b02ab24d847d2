"""How much an export may hold, and the errors of one that holds more or is no export."""

from __future__ import annotations

import re

from stackaudit.errors import InputError, InputProblem
from stackaudit.model.importing import Cell

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 500
MAX_TEXT = 2_000
HEADER_WITHIN = 30
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]+")

Grid = list[tuple[int, list[Cell]]]


def fail(file: str, what: str, expected: str = "", line: int = 0) -> InputError:
    """An error about a file as a whole, or about one of its lines."""
    return InputError([InputProblem(file, line, 1 if line else 0, what, expected)])


def too_many(file: str) -> InputError:
    """The error for a table that is too long."""
    return fail(file, f"holds more than {MAX_ROWS:,} rows", "an export of tools or a shorter period, in parts")


def tidy(value: str) -> str:
    """A text without characters that could steer a terminal or break a line, and without spaces around it."""
    return _UNSAFE.sub(" ", value).replace("\u00a0", " ").strip()[:MAX_TEXT]
