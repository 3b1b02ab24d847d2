"""Data made from a JSON Schema alone, with a text of the test's choice in every string field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from functools import cache
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel

from stackaudit.model.result import AuditResult

P = TypeVar("P", bound=BaseModel)
Text = Callable[[str], str]
Given = Mapping[str, Any]
DAY = "2026-09-01"
PLAIN = {"integer": 3, "number": 2.5, "boolean": False, "null": None}


def stuffed(text: Text) -> AuditResult:
    """A result in which every list has one item and every string field holds what ``text`` makes of its place."""
    return made(AuditResult, text)


def made(model: type[P], text: Text, given: Given | None = None) -> P:
    """A part of any model, filled from its schema; ``given`` holds values by place for what takes no free text."""
    return model.model_validate(_filled(_schema(model, by_alias=False), text, given or {}))


def data(model: type[BaseModel], text: Text, given: Given | None = None) -> Any:
    """The same as plain data, as somebody writes it into a file."""
    return _filled(_schema(model), text, given or {})


def places(model: type[BaseModel]) -> set[str]:
    """Every place in a model's schema that takes text: its definition and property; ``#key`` marks keys of a map."""
    found: set[str] = set()

    def note(place: str) -> str:
        found.add(place)
        return "x"

    _filled(_schema(model), note, {})
    return found


def ruled(model: type[BaseModel]) -> dict[str, str]:
    """The places of a model whose text a pattern rules, with the pattern."""
    schema = _schema(model)
    parts = {**schema.get("$defs", {}), schema["title"]: schema}
    return {
        f"{name}.{key}": pattern
        for name, part in parts.items()
        for key, value in part.get("properties", {}).items()
        if (pattern := next(_patterns(value), None))
    }


def strings(part: BaseModel) -> Iterator[tuple[str, str]]:
    """Every free string of a part with its place in the model; closed lists are left out."""
    for name, info in type(part).model_fields.items():
        for value in _flat(getattr(part, name)):
            if isinstance(value, BaseModel):
                yield from strings(value)
            elif isinstance(value, str) and not isinstance(value, Enum) and not _closed(info.annotation):
                yield f"{type(part).__name__}.{name}", value


@cache
def _schema(model: type[BaseModel], *, by_alias: bool = True) -> dict[str, Any]:
    return model.model_json_schema(by_alias=by_alias)


def _flat(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return list(value) if isinstance(value, tuple) else [value]


def _closed(annotation: Any) -> bool:
    return get_origin(annotation) is Literal or any(_closed(a) for a in get_args(annotation))


def _patterns(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        for value in schema.values():
            yield from _patterns(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _patterns(value)


def _filled(schema: dict[str, Any], text: Text, given: Given) -> Any:
    definitions = schema.get("$defs", {})

    def fill(part: dict[str, Any], place: str) -> Any:
        if "$ref" in part:
            name = part["$ref"].rpartition("/")[2]
            target = definitions[name]
            return fill(target, name if "properties" in target or target.get("type") == "object" else place)
        if "anyOf" in part:
            return fill(next(p for p in part["anyOf"] if p.get("type") != "null"), place)
        if "const" in part:
            return part["const"]
        if "enum" in part:
            return "fail" if "fail" in part["enum"] else part["enum"][0]
        kind = part["type"]
        if place in given and kind not in {"array", "object"}:
            return given[place]
        return PLAIN[kind] if kind in PLAIN else makers[kind](part, place)

    def word(part: dict[str, Any], place: str) -> str:
        if part.get("format") == "date":
            return DAY
        return text(place)

    def items(part: dict[str, Any], place: str) -> list[Any]:
        return [fill(p, place) for p in part.get("prefixItems") or [part["items"]]]

    def mapping(part: dict[str, Any], place: str) -> dict[str, Any]:
        values = {name: fill(p, f"{place}.{name}") for name, p in part.get("properties", {}).items()}
        rest = part.get("additionalProperties")
        if isinstance(rest, dict):
            key = given.get(f"{place}#key")
            values[text(f"{place}#key") if key is None else key] = fill(rest, place)
        return values

    makers: dict[str, Callable[[dict[str, Any], str], Any]] = {
        "string": word,
        "array": items,
        "object": mapping,
    }
    return fill(schema, str(schema["title"]))
