"""Read JSON that may be hostile: bounded in size, depth and number of values; only finite numbers and real characters."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

MAX_VALUES = 4_000_000
MAX_DEPTH = 200

_BROKEN = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile(rb"\\u[dD][89a-fA-F]")


class JsonError(ValueError):
    """Why a text is not taken; reads as the rest of a sentence about the file.

    Attributes:
        line: Where, from 1; 0 where it is the text as a whole.
    """

    def __init__(self, what: str, line: int = 0) -> None:
        super().__init__(what)
        self.line = line


def load(data: bytes, *, whole_characters: bool = False) -> Any:
    """Parse JSON in UTF-8.

    Args:
        data: The text.
        whole_characters: Refuse halves of characters, which captures of binary data hold and results never do.

    Raises:
        JsonError: It is no JSON, or JSON beyond the bounds.
    """
    values = data.count(b",") + data.count(b"[") + data.count(b"{")
    if values > MAX_VALUES:
        raise JsonError(f"may hold more than {MAX_VALUES:,} values")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise JsonError("is not UTF-8 text", data.count(b"\n", 0, error.start) + 1) from None
    try:
        content = json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise JsonError(f"is no JSON: {error.msg}", error.lineno) from None
    except JsonError:
        raise
    except ValueError:
        raise JsonError("holds a number that is too long") from None
    except RecursionError:
        raise JsonError("is nested too deeply") from None
    if _too_deep(content):
        raise JsonError("is nested too deeply")
    if whole_characters and _ESCAPED.search(data) and _BROKEN.search(json.dumps(content, ensure_ascii=False)):
        raise JsonError("holds broken characters")
    return content


def _no_number(text: str) -> NoReturn:
    raise JsonError(f"holds {text}, which is no number")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise JsonError("holds a number that is too large")
    return number


def _too_deep(content: Any) -> bool:
    """Whether more levels are nested than any program should follow; walks level by level, not by recursion."""
    level = [content]
    for _ in range(MAX_DEPTH):
        level = [
            part
            for value in level
            if isinstance(value, dict | list)
            for part in (value.values() if isinstance(value, dict) else value)
            if isinstance(part, dict | list)
        ]
        if not level:
            return False
    return True
