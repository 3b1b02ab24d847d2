"""The one table of characters that no place a text is written to may get: a terminal, a page, a spreadsheet, a log."""

from __future__ import annotations

import re

_STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
"""What stands where a character was taken out, so that a reader sees that something was."""


def clean(text: str) -> str:
    """Text without characters that steer a terminal, turn the direction of reading, or break a file."""
    return _STEERING.sub(REPLACEMENT, text)
