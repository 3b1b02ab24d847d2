"""Build plain data from parser events without recursion, so that depth can be refused before it hurts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct
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

from stackaudit.errors import InputProblem
from stackaudit.yamlio.characters import first_refused
from stackaudit.yamlio.places import Place, Places, pack, unpack

MAX_DEPTH = 50
TOO_DEEP = (f"is nested more than {MAX_DEPTH} levels deep", "a flatter file")
MAX_NODES = 1_000_000
MAX_KEY = 200
MAX_SCALAR = 100_000
MAX_PROBLEMS = 100

_NODES = frozenset({ScalarEvent, AliasEvent, MappingStartEvent, SequenceStartEvent})
_ENDS = frozenset({MappingEndEvent, SequenceEndEvent})
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_NON_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_BEGIN_NUMBERS = frozenset("+-.")
_PLAIN_TAGS = frozenset({None, "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})
_Node = ScalarEvent | AliasEvent | MappingStartEvent | SequenceStartEvent


class _Open(Struct):
    """A map or list that is being read. ``start`` counts nodes, so that aliases can be charged for what they repeat."""

    value: dict[str, Any] | list[Any]
    places: Places
    anchor: str | None
    start: int
    key: str | None = None
    skip: bool = False


class Builder:
    """Takes in events; holds the data, its places and the problems found.

    Attributes:
        root: The data.
        places: Places of its parts.
        top: The mark of the data itself.
        problems: What is wrong.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Any = None
        self.places = Places()
        self.top = pack(1, 1)
        self.problems: list[InputProblem] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._stack: list[_Open] = []
        self._nodes = 0
        self._documents = 0

    def build(self, events: Iterator[Event]) -> None:
        """Consume all events; stops early only where going on would be dangerous."""
        for event in events:
            kind = type(event)
            if kind in _NODES:
                if not self._node(event):
                    break
            elif kind in _ENDS:
                self._close()
            elif kind is DocumentStartEvent:
                self._documents += 1
                if self._documents > 1:
                    self._problem(event, "a second document begins", "one document a file")
                    break
            if len(self.problems) >= MAX_PROBLEMS:
                break

    def _node(self, event: Any) -> bool:
        """Take in one node; False where reading must stop."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._problem(event, f"holds more than {MAX_NODES:,} values", "a smaller file")
            return False
        top = self._stack[-1] if self._stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            return self._key(top, event)
        kind = type(event)
        if kind is AliasEvent:
            return self._alias(event, top)
        if event.tag not in _PLAIN_TAGS:
            self._problem(event, f"the tag {str(event.tag)[:60]!r} is not allowed", "plain values")
        if kind is ScalarEvent:
            value = self._scalar(event)
            if event.anchor:
                self._anchors[event.anchor] = (value, 1)
            self._put(top, value, event)
            return True
        if len(self._stack) >= MAX_DEPTH:
            self._problem(event, *TOO_DEEP)
            return False
        made: dict[str, Any] | list[Any] = {} if kind is MappingStartEvent else []
        places = Places() if top is not None else self.places
        self._put(top, made, event, places)
        self._stack.append(_Open(made, places, event.anchor, self._nodes))
        return True

    def _key(self, top: _Open, event: _Node) -> bool:
        assert isinstance(top.value, dict)  # noqa: S101
        if not isinstance(event, ScalarEvent):
            self._problem(event, "a key is not plain text", "a word as key")
            return False
        key = event.value
        if event.style == '"':
            self._characters(event)
        if len(key) > MAX_KEY:
            self._problem(event, f"a key is longer than {MAX_KEY} characters", "a short key")
            key = key[:MAX_KEY]
        if key == "<<" and not event.style:
            self._problem(event, "merge keys (<<) are not allowed", "the keys written out")
        top.skip = key in top.value
        if top.skip:
            first, _ = unpack(top.places.keys[list(top.value).index(key)])
            self._problem(event, f"the key {key!r} stands twice, first on line {first}", "each key once")
        else:
            top.places.keys.append(_mark(event))
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
        self._put(top, known[0], event)
        return True

    def _scalar(self, event: ScalarEvent) -> str | None:
        text = event.value
        if not event.style:
            if text in _NULLS:
                return None
            if text[0] in _BEGIN_NUMBERS and _NON_FINITE.fullmatch(text):
                self._problem(event, f"{text} is no finite number", "a plain number, or text in quotes")
        elif event.style == '"':
            self._characters(event)
        if len(text) > MAX_SCALAR:
            self._problem(event, f"a value is longer than {MAX_SCALAR:,} characters", "a shorter text")
        return str(text)

    def _characters(self, event: ScalarEvent) -> None:
        """Escapes of double quotes can bring in what is refused where it is written out."""
        for what, _ in first_refused(event.value):
            self._problem(event, what, "plain text without it")

    def _put(self, top: _Open | None, value: Any, event: Event, inner: Places | None = None) -> None:
        """Put a value where it belongs, and its place; ``inner`` will hold the places of its own parts."""
        mark = _mark(event)
        if top is None:
            self.root, self.top = value, mark
            return
        if isinstance(top.value, list):
            top.value.append(value)
        else:
            assert top.key is not None  # noqa: S101
            key, top.key = top.key, None
            if top.skip:
                return
            top.value[key] = value
        if inner is not None:
            top.places.inner[len(top.places.values)] = inner
        top.places.values.append(mark)

    def _close(self) -> None:
        done = self._stack.pop()
        if done.anchor:
            self._anchors[done.anchor] = (done.value, self._nodes - done.start + 1)

    def _problem(self, event: Event, what: str, expected: str) -> None:
        self.problems.append(InputProblem(self.file, *_start(event), what, expected))


def _mark(event: Event) -> int:
    """The packed place of an event."""
    at = event.start_mark
    return pack(at.line + 1, at.column + 1) if at is not None else pack(1, 1)


def _start(event: Event) -> Place:
    """Line and column of an event, from 1."""
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
