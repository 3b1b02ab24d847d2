"""The one form of a vendor manifest: keys in the model's order, tools and integrations sorted, records on one line."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError

from stackaudit import yamlio
from stackaudit.errors import InputError, InputProblem
from stackaudit.model.vendor import VendorManifest

_EXTENSION = "x-"
_ONE_LINE = frozenset({"limits"})
_PLAIN = re.compile(r"[\w(.$/+][^:,\[\]{}#\"\\\x85\u2028\u2029\ufeff\n\t]*")
_PLAIN_IN_BLOCK = re.compile(r"[\w(.$/+][^:\[\]{}#\"\\\x85\u2028\u2029\ufeff\n\t]*")
_LIKE_A_NUMBER = re.compile(r"[\d.:/-]+")
_BREAKS = {ord(c): f"\\u{ord(c):04x}" for c in "\x85\u2028\u2029\ufeff"}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def format_manifest(data: bytes, file: str) -> str:
    """The canonical text of a manifest; formatting it again changes nothing.

    Args:
        data: The manifest as it stands.
        file: The name that messages show.

    Raises:
        InputError: It is no valid manifest, or holds a comment other than at its head, which would be lost.
    """
    document = yamlio.load(data, file)
    before = _validate(document.data, document, file)
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    head, below = _head(text)
    lost = [_place(text, at, file) for at in _comments(text) if at >= below]
    if lost:
        raise InputError(lost)
    shaped = "\n".join(_block(document.data, VendorManifest, 0)) + "\n"
    after = yamlio.load(shaped.encode(), file)
    if _sorted(_validate(after.data, after, file)) != _sorted(before):
        raise InputError([InputProblem(file, 0, 0, "cannot be formatted without changing what it says")])
    return head + shaped


def _validate(data: object, document: yamlio.Document, file: str) -> VendorManifest:
    try:
        return VendorManifest.model_validate(data)
    except ValidationError as error:
        problems = []
        for found in error.errors(include_url=False):
            place = document.place(tuple(found["loc"]))
            where = ".".join(str(part) for part in found["loc"])
            problems.append(InputProblem(file, *place, f"{where}: {found['msg']}" if where else found["msg"]))
        raise InputError(problems) from None


def _sorted(manifest: VendorManifest) -> list[Any]:
    tools = [
        t.model_copy(update={"integrations": tuple(sorted(t.integrations, key=lambda i: i.model_dump_json()))})
        for t in manifest.tools
    ]
    return [manifest.vendor, *sorted(tools, key=lambda t: t.model_dump_json())]


def _head(text: str) -> tuple[str, int]:
    """The comment lines that a file begins with, and the position below them."""
    lines, below = [], 0
    for line in text.splitlines(keepends=True):
        if line.strip() and not line.startswith("#"):
            break
        below += len(line)
        if line.strip():
            lines.append(line)
    return "".join(lines), below


def _comments(text: str) -> Iterator[int]:
    """Positions of comments: number signs that stand outside of every scalar."""
    if "#" not in text:
        return
    at = 0
    for token in yaml.scan(text, Loader=_LOADER):
        if isinstance(token, yaml.ScalarToken):
            start = token.start_mark.index
            if token.style in ("|", ">"):
                start = text.find("\n", start)
            yield from _signs(text, at, start)
            at = token.end_mark.index
    yield from _signs(text, at, len(text))


def _signs(text: str, start: int, end: int) -> Iterator[int]:
    """The first number sign of each line between two positions."""
    at = text.find("#", start, end)
    while at >= 0:
        yield at
        line_end = text.find("\n", at, end)
        at = text.find("#", line_end, end) if line_end >= 0 else -1


def _place(text: str, at: int, file: str) -> InputProblem:
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    what = "a comment inside the manifest would be lost"
    return InputProblem(file, line, column, what, "comments at the head of the file, or a claim or note")


def _block(data: Mapping[str, Any], model: type[BaseModel] | None, depth: int) -> Iterator[str]:
    """A map in block style, records inside lists on one line each."""
    pad = "  " * depth
    for key, value, nested, text in _entries(data, model):
        name = f"{pad}{_scalar(key)}:"
        if isinstance(value, dict) and value and key not in _ONE_LINE and not key.startswith(_EXTENSION):
            yield name
            yield from _block(value, nested, depth + 1)
        elif isinstance(value, list) and value and nested is not None:
            yield name
            yield from _items(key, _in_order(key, value), nested, depth)
        else:
            shown = _scalar(value, text=text, block=True) if isinstance(value, str) else _flow(value, nested, text=text)
            yield f"{name} {shown}"


def _items(key: str, items: list[Any], model: type[BaseModel], depth: int) -> Iterator[str]:
    pad = "  " * depth
    for item in items:
        if key == "tools":
            first, *rest = _block(item, model, depth + 1)
            yield f"{pad}- {first.lstrip()}"
            yield from rest
        else:
            yield f"{pad}- {_flow(item, model)}"


def _in_order(key: str, items: list[Any]) -> list[Any]:
    if key == "tools":
        return sorted(items, key=lambda tool: str(tool["id"]))
    if key == "integrations":
        words = ("to", "method", "direction", "source")
        return sorted(items, key=lambda offered: tuple(str(offered.get(word) or "") for word in words))
    return items


def _flow(value: Any, model: type[BaseModel] | None = None, *, text: bool = True) -> str:
    if isinstance(value, dict):
        entries = _entries(value, model, text=text)
        return "{" + ", ".join(f"{_scalar(k)}: {_flow(v, n, text=t)}" for k, v, n, t in entries) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item, model, text=text) for item in value) + "]"
    return "null" if value is None else _scalar(str(value), text=text)


def _entries(
    data: Mapping[str, Any], model: type[BaseModel] | None, *, text: bool = True
) -> Iterator[tuple[str, Any, type[BaseModel] | None, bool]]:
    """Keys in canonical order with value, the value's model and whether it is text."""
    fields = model.model_fields if model is not None else {}
    order = [key for key in fields if key in data] + [key for key in data if key not in fields]
    for key in order:
        value = data[key]
        parts = tuple(_parts(fields[key].annotation)) if key in fields else ()
        nested = next((p for p in parts if isinstance(p, type) and issubclass(p, BaseModel)), None)
        yield key, value, nested, not {bool, int, dt.date} & set(parts) if parts else text


def _parts(annotation: Any) -> Iterator[Any]:
    arguments = get_args(annotation)
    if not arguments:
        yield annotation
    for argument in arguments:
        yield from _parts(argument)


def _scalar(value: str, *, text: bool = True, block: bool = False) -> str:
    """A scalar as plainly as YAML allows; text that another reader would take for something else is quoted."""
    allowed = _PLAIN_IN_BLOCK if block else _PLAIN
    plain = allowed.fullmatch(value) is not None and value == value.strip()
    if plain and not (text and _looks_typed(value)):
        return value
    return json.dumps(value, ensure_ascii=False).translate(_BREAKS)


def _looks_typed(value: str) -> bool:
    rules = yaml.SafeLoader.yaml_implicit_resolvers.get(value[:1], [])
    return bool(_LIKE_A_NUMBER.fullmatch(value)) or any(pattern.match(value) for _, pattern in rules)
