"""Read YAML that may be hostile: every scalar stays text, every place is kept, and all problems come at once."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from stackaudit.errors import InputError, InputProblem

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 50
MAX_NODES = 200_000
MAX_KEY = 200
MAX_SCALAR = 100_000
MAX_PROBLEMS = 100

Path = tuple[str | int, ...]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NODES = (ScalarEvent, AliasEvent, MappingStartEvent, SequenceStartEvent)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_NON_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_PLAIN_TAGS = frozenset({None, "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TAB_INDENT = re.compile(r"^ *\t")


@dataclass(frozen=True)
class Document:
    """Plain data of maps, lists, text and None, with the place of every key and value."""

    data: Any
    file: str
    _values: dict[Path, tuple[int, int]] = field(repr=False)
    _keys: dict[Path, tuple[int, int]] = field(repr=False)

    def place(self, path: Path, *, key: bool = False) -> tuple[int, int]:
        """Line and column, from 1, of the value at a path, or of its key; of the nearest part that exists."""
        if key and path in self._keys:
            return self._keys[path]
        while path and path not in self._values:
            path = path[:-1]
        return self._values.get(path, (1, 1))


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
        data: At most 1 MiB of UTF-8 text.
        file: The name that messages show.

    Raises:
        InputError: With every problem found.
    """
    text = _decode(data, file)
    _refuse_characters(text, file)
    builder = _Builder(file)
    try:
        root = builder.build(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        what = " ".join(p for p in (error.context, error.problem) if p) or "cannot be parsed"
        builder.problems.append(InputProblem(file, line, column, f"no valid YAML: {what}"))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        builder.problems.append(InputProblem(file, 0, 0, f"no valid YAML: {error}"[:300]))
    if builder.problems:
        raise InputError(builder.problems)
    return Document(root, file, builder.values, builder.keys)


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
    for pattern, what in (
        (_CONTROL, "holds a control character"),
        (_BIDI, "holds a character that reverses the direction of text"),
    ):
        found = pattern.search(text)
        if found:
            line, column = _place_of(text, found.start())
            problems.append(
                InputProblem(file, line, column, f"{what} (U+{ord(found.group()):04X})", "plain text without it")
            )
    for number, line_text in enumerate(text.splitlines(), 1):
        if _TAB_INDENT.match(line_text) and line_text.strip():
            problems.append(InputProblem(file, number, 1, "a tab is used for indentation", "spaces"))
            break
    if problems:
        raise InputError(problems)


def _place_of(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - (text.rfind("\n", 0, index) + 1) + 1


def _start(event: Event) -> tuple[int, int]:
    """Line and column of an event, from 1."""
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


@dataclass(slots=True)
class _Open:
    """A map or list that is being read. ``size`` counts nodes, so that aliases can be charged for what they repeat."""

    value: dict[str, Any] | list[Any]
    path: Path
    anchor: str | None
    start: int
    key: str | None = None
    skip: bool = False


class _Builder:
    """Builds plain data from parser events without recursion, so that depth can be refused before it hurts."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.values: dict[Path, tuple[int, int]] = {}
        self.keys: dict[Path, tuple[int, int]] = {}
        self.problems: list[InputProblem] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._stack: list[_Open] = []
        self._nodes = 0
        self._root: Any = None
        self._documents = 0

    def build(self, events: Iterator[Event]) -> Any:
        """Consume all events; stops early only where going on would be dangerous."""
        for event in events:
            if isinstance(event, DocumentStartEvent):
                self._documents += 1
                if self._documents > 1:
                    self._problem(event, "a second document begins", "one document a file")
                    break
            elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
                self._close()
            elif isinstance(event, _NODES) and not self._node(event):
                break
            if len(self.problems) >= MAX_PROBLEMS:
                break
        return self._root

    def _node(self, event: ScalarEvent | AliasEvent | MappingStartEvent | SequenceStartEvent) -> bool:
        """Take in one node; False where reading must stop."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._problem(event, f"holds more than {MAX_NODES:,} values", "a smaller file")
            return False
        top = self._stack[-1] if self._stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            return self._key(top, event)
        path = self._path(top)
        self.values.setdefault(path, _start(event))
        if isinstance(event, AliasEvent):
            return self._alias(event, top)
        if event.tag not in _PLAIN_TAGS:
            self._problem(event, f"the tag {str(event.tag)[:60]!r} is not allowed", "plain values")
        if isinstance(event, ScalarEvent):
            value = self._scalar(event)
            if event.anchor:
                self._anchors[event.anchor] = (value, 1)
            self._put(top, value)
            return True
        if len(self._stack) >= MAX_DEPTH:
            self._problem(event, f"is nested more than {MAX_DEPTH} levels deep", "a flatter file")
            return False
        made: dict[str, Any] | list[Any] = {} if isinstance(event, MappingStartEvent) else []
        self._put(top, made)
        self._stack.append(_Open(made, path, event.anchor, self._nodes))
        return True

    def _key(self, top: _Open, event: ScalarEvent | AliasEvent | MappingStartEvent | SequenceStartEvent) -> bool:
        assert isinstance(top.value, dict)  # noqa: S101
        if not isinstance(event, ScalarEvent):
            self._problem(event, "a key is not plain text", "a word as key")
            return False
        key = event.value
        if len(key) > MAX_KEY:
            self._problem(event, f"a key is longer than {MAX_KEY} characters", "a short key")
            key = key[:MAX_KEY]
        place = _start(event)
        path = (*top.path, key)
        if key == "<<" and not event.style:
            self._problem(event, "merge keys (<<) are not allowed", "the keys written out")
        top.skip = key in top.value
        if top.skip:
            first = self.keys[path][0]
            self._problem(event, f"the key {key!r} stands twice, first on line {first}", "each key once")
        else:
            self.keys[path] = place
        top.key = key
        return True

    def _alias(self, event: AliasEvent, top: _Open | None) -> bool:
        name = str(event.anchor)
        known = self._anchors.get(name)
        if known is None:
            self._problem(event, f"the alias *{name[:60]} repeats something unfinished or unknown", "plain values")
            return False
        self._nodes += known[1]
        if self._nodes > MAX_NODES:
            self._problem(event, f"aliases repeat more than {MAX_NODES:,} values", "the values written out")
            return False
        self._put(top, known[0])
        return True

    def _scalar(self, event: ScalarEvent) -> str | None:
        text = event.value
        if not event.style:
            if text in _NULLS:
                return None
            if _NON_FINITE.fullmatch(text):
                self._problem(event, f"{text} is no finite number", "a plain number, or text in quotes")
        if len(text) > MAX_SCALAR:
            self._problem(event, f"a value is longer than {MAX_SCALAR:,} characters", "a shorter text")
        return str(text)

    def _put(self, top: _Open | None, value: Any) -> None:
        if top is None:
            self._root = value
        elif isinstance(top.value, list):
            top.value.append(value)
        else:
            assert top.key is not None  # noqa: S101
            if not top.skip:
                top.value[top.key] = value
            top.key = None

    def _close(self) -> None:
        done = self._stack.pop()
        if done.anchor:
            self._anchors[done.anchor] = (done.value, self._nodes - done.start + 1)

    @staticmethod
    def _path(top: _Open | None) -> Path:
        if top is None:
            return ()
        if isinstance(top.value, list):
            return (*top.path, len(top.value))
        assert top.key is not None  # noqa: S101
        return (*top.path, top.key)

    def _problem(self, event: Event, what: str, expected: str) -> None:
        self.problems.append(InputProblem(self.file, *_start(event), what, expected))
