"""Change a few places of a YAML text and leave every other byte as it is: comments, order, layout, line ends."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Mapping, Sequence

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

_NUMBER = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_BARE = re.compile(r"[a-z][a-z0-9_-]*")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def emit(value: object) -> str:
    """A value as flow YAML on one line; text that would be read as something else is quoted."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(value, "f").rstrip("0")
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(str(k))}: {emit(v)}" for k, v in value.items()) + "}"
    if isinstance(value, str):
        dumped: str = yaml.safe_dump([value], default_flow_style=True, allow_unicode=True, width=math.inf)
        return json.dumps(value) if _NUMBER.fullmatch(value) else dumped.strip()[1:-1]
    if isinstance(value, Sequence):
        return "[" + ", ".join(emit(v) for v in value) + "]"
    raise TypeError(type(value).__name__)


def _key(text: str) -> str:
    """A key; words such as ``on`` stay bare, as the inventory's own keys do."""
    return text if _BARE.fullmatch(text) else emit(text)


def in_brackets(node: Node) -> bool:
    """Whether a map or list is written in brackets, on one line or several."""
    return isinstance(node, CollectionNode) and bool(node.flow_style)


class Editor:
    """Collects changes to one text; the text must have been read as valid YAML before."""

    def __init__(self, text: str) -> None:
        self.text = text
        root = yaml.compose(text.removeprefix("\ufeff"), Loader=_LOADER)
        assert root is not None  # noqa: S101 - the text was read as valid before
        self.root = root
        self._shift = 1 if text.startswith("\ufeff") else 0
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._changes: list[tuple[int, int, str]] = []

    def result(self) -> str:
        """The text with all changes."""
        parts, at = [], 0
        for start, end, new in sorted(self._changes, key=lambda c: (c[0], c[1])):
            parts += [self.text[at:start], new]
            at = end
        return "".join([*parts, self.text[at:]])

    def value(self, node: Node, key: str) -> CollectionNode | None:
        """The value under a key of a map."""
        pairs = node.value if isinstance(node, MappingNode) else []
        return next((v for k, v in pairs if isinstance(k, ScalarNode) and k.value == key), None)

    def replace(self, node: Node, value: object) -> None:
        """Write another value in a node's place."""
        start, end = self._start(node), self._end(node)
        lead = "" if self.text[start - 1 : start] in {" ", "\n", "[", "{", "\t"} else " "
        self._changes.append((start, end, lead + emit(value)))

    def put(self, node: Node, key: str, value: object) -> None:
        """Set a key of a map: in its place where it stands there, else behind the last one."""
        old = self.value(node, key)
        if old is not None:
            self._replace_value(node, key, old, value)
            return
        written = f"{_key(key)}: {emit(value)}"
        if in_brackets(node):
            end = self._end(node.value[-1][1]) if node.value else self._start(node) + 1
            self._changes.append((end, end, f", {written}" if node.value else written))
        else:
            indent = " " * node.value[0][0].start_mark.column
            self._insert_lines(node, [indent + written])

    def append(self, node: Node, lines: Sequence[str], value: object = None) -> None:
        """Add to a list: lines below its last entry where entries stand on lines, else a value behind the last one.

        Args:
            node: The list.
            lines: Lines without indentation; comments among them.
            value: The same as one value, for a list in brackets; None adds nothing there.
        """
        if in_brackets(node):
            if value is not None:
                end = self._end(node.value[-1]) if node.value else self._start(node) + 1
                self._changes.append((end, end, f", {emit(value)}" if node.value else emit(value)))
            return
        indent = " " * node.start_mark.column
        self._insert_lines(node, [indent + line for line in lines])

    def fill(self, node: Node, lines: Sequence[str]) -> None:
        """Put lines in the place of an empty list that stands behind its key."""
        start, end = self._start(node), self._end(node)
        lead = len(self.text[:start]) - len(self.text[:start].rstrip(" "))
        self._changes.append((start - lead, end, "".join(self._newline + line for line in lines)))

    def add_at_end(self, lines: Sequence[str]) -> None:
        """Lines at the end of the text."""
        lead = "" if not self.text or self.text.endswith("\n") else self._newline
        end = len(self.text)
        self._changes.append((end, end, lead + "".join(line + self._newline for line in lines)))

    def _replace_value(self, node: Node, key: str, old: Node, value: object) -> None:
        if self._start(old) < self._end(old):
            self.replace(old, value)
            return
        name = next(k for k, v in node.value if v is old)
        colon = self.text.index(":", self._end(name)) + 1
        self._changes.append((colon, colon, f" {emit(value)}"))

    def _insert_lines(self, node: Node, lines: Sequence[str]) -> None:
        end = self.text.find("\n", self._end(node))
        end = len(self.text) if end < 0 else end - (self.text[end - 1] == "\r")
        self._changes.append((end, end, "".join(self._newline + line for line in lines)))

    def _start(self, node: Node) -> int:
        return int(node.start_mark.index) + self._shift

    def _end(self, node: Node) -> int:
        """Where a node's own text ends, without the blank lines and comments behind it."""
        if isinstance(node, (MappingNode, SequenceNode)) and not in_brackets(node) and node.value:
            last = node.value[-1]
            key, value = last if isinstance(last, tuple) else (None, last)
            if key is not None and value.start_mark.index == value.end_mark.index:
                return self.text.index(":", self._end(key)) + 1
            return self._end(value)
        end = int(node.end_mark.index) + self._shift
        if isinstance(node, ScalarNode) and node.style in {"|", ">"}:
            return len(self.text[:end].rstrip())
        return end
