"""The one table of characters that no place a text is written to may get: a terminal, a page, a spreadsheet, a log."""

from __future__ import annotations

import re

_STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
"""What stands where a character was taken out, so that a reader sees that something was."""
_HARMLESS = bytes(code for code in range(128) if not _STEERING.match(chr(code)))
_LONG = 1_000
"""From so many characters on, taking out plain ones first finds in a third of the time that there is nothing to replace."""


def clean(text: str) -> str:
    """Text without characters that steer a terminal, turn the direction of reading, or break a file."""
    if len(text) >= _LONG:
        rest = text.encode("utf-8", "surrogatepass").translate(None, _HARMLESS)
        if not _STEERING.search(rest.decode("utf-8", "surrogatepass")):
            return text
    return _STEERING.sub(REPLACEMENT, text)
