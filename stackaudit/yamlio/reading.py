"""From a file or bytes to a document: size, encoding and characters are looked at before anything is parsed."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

import yaml

from stackaudit.errors import InputError, InputProblem
from stackaudit.yamlio.builder import TOO_DEEP, Builder
from stackaudit.yamlio.characters import first_refused
from stackaudit.yamlio.places import Path, Places, find, unpack

if TYPE_CHECKING:
    from yaml.events import Event

MAX_BYTES = 8 * 1024 * 1024

_GAVE_UP = "maximum nesting depth"
"""What the C parser says when it reads ahead into brackets that are nested deeper than it can hold."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAB_INDENT = re.compile(r"^ *\t")


@dataclass(frozen=True)
class Document:
    """Plain data of maps, lists, text and None, with the place of every key and value."""

    data: Any
    file: str
    _places: Places = field(repr=False)
    _top: int = field(repr=False)

    def place(self, path: Path, *, key: bool = False) -> tuple[int, int]:
        """Line and column, from 1, of the value at a path, or of its key; of the nearest part that exists."""
        mark = find(self._places, self.data, path, key=key)
        return unpack(self._top if mark is None else mark)


def load_path(path: FilePath, file: str) -> Document:
    """Read a file; ``file`` is the name that messages show.

    Raises:
        InputError: The file is missing, unreadable, no regular file, too large, or no acceptable YAML.
    """
    return load(read_bytes(path, file, MAX_BYTES), file)


def read_bytes(path: FilePath, file: str, limit: int) -> bytes:
    """The bytes of a regular file of at most ``limit`` bytes.

    Raises:
        InputError: It is missing, unreadable, no regular file, or larger.
    """
    try:
        info = path.stat()
        if stat.S_ISDIR(info.st_mode):
            raise _fail(file, "is a folder", "a file")
        if not stat.S_ISREG(info.st_mode):
            raise _fail(file, "is no regular file", "a file")
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except FileNotFoundError:
        raise _fail(file, "does not exist", "a file that can be read") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _fail(file, f"cannot be read: {reason}", "a file that can be read") from None
    if len(data) > limit:
        raise _fail(file, f"is larger than {limit:,} bytes", "a smaller file")
    return data


def load(data: bytes, file: str) -> Document:
    """Parse bytes; every scalar stays the text that it looks like, only null becomes None.

    Args:
        data: At most 8 MiB of UTF-8 text.
        file: The name that messages show.

    Raises:
        InputError: With every problem found.
    """
    text = _decode(data, file)
    _refuse_characters(text, file)
    builder = Builder(file)
    try:
        builder.build(_events(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        what = " ".join(p for p in (error.context, error.problem) if p) or "cannot be parsed"
        builder.problems.append(
            InputProblem(file, line, column, *TOO_DEEP)
            if _GAVE_UP in what
            else InputProblem(file, line, column, f"no valid YAML: {what}")
        )
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        builder.problems.append(InputProblem(file, 0, 0, f"no valid YAML: {error}"[:300]))
    if builder.problems:
        raise InputError(builder.problems)
    return Document(builder.root, file, builder.places, builder.top)


def _events(text: str) -> Iterator[Event]:
    """What ``yaml.parse`` yields, with half as many calls: None ends the events."""
    parser = _LOADER(text)
    try:
        yield from iter(parser.get_event, None)
    finally:
        parser.dispose()


def _fail(file: str, what: str, expected: str = "", line: int = 0, column: int = 0) -> InputError:
    return InputError([InputProblem(file, line, column, what, expected)])


def _decode(data: bytes, file: str) -> str:
    if len(data) > MAX_BYTES:
        raise _fail(file, f"is larger than {MAX_BYTES:,} bytes", "a smaller file")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _fail(file, "is UTF-16 text", "UTF-8 text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise _fail(file, "is not UTF-8 text", "UTF-8 text", line, column) from None
    if not text.strip():
        raise _fail(file, "is empty", "a map, or a list of tool names")
    return text


def _refuse_characters(text: str, file: str) -> None:
    problems = []
    for what, index in first_refused(text):
        line, column = _place_of(text, index)
        problems.append(InputProblem(file, line, column, what, "plain text without it"))
    for number, line_text in enumerate(text.splitlines(), 1):
        if _TAB_INDENT.match(line_text) and line_text.strip():
            problems.append(InputProblem(file, number, 1, "a tab is used for indentation", "spaces"))
            break
    if problems:
        raise InputError(problems)


def _place_of(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - (text.rfind("\n", 0, index) + 1) + 1
