"""What the types refuse in a file, in plain words, each with its place and the nearest known name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError

from stackaudit import yamlio
from stackaudit.errors import InputProblem

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def near(word: str, known: Iterable[str]) -> str:
    """The closest known words, or nothing."""
    return " or ".join(get_close_matches(str(word)[:100], sorted(known), n=2, cutoff=0.6))


def explain(
    error: ValidationError,
    document: yamlio.Document,
    model: type[BaseModel],
    data: Any,
    written: Callable[[yamlio.Path], yamlio.Path] = lambda path: path,
) -> Iterator[InputProblem]:
    """Every error of the types as a problem with its place, in plain words.

    Args:
        error: What pydantic found.
        document: Where the places are known.
        model: The outermost type.
        data: What was validated.
        written: Where a path of the data stands in the document, if it is not the same.
    """
    for detail in error.errors(include_url=False, include_context=True):
        if detail["type"] == "too_short" and detail.get("input"):
            continue  # the list has entries, and what is wrong with each is said there
        path = _data_path(detail["loc"], data)
        is_key = detail["type"] == "extra_forbidden"
        line, column = document.place(written(path), key=is_key)
        what, expected, suggestion = _words(detail, path, model)
        yield InputProblem(document.file, line, column, what, expected, suggestion)


def _data_path(loc: tuple[int | str, ...], data: Any) -> yamlio.Path:
    """The part of a type's location that exists in the data; the rest names types, not places."""
    path: list[str | int] = []
    here = data
    for part in loc:
        if isinstance(here, dict) and part in here:
            here = here[str(part)]
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        else:
            break
        path.append(part)
    return tuple(path)


def _words(detail: ErrorDetails, path: yamlio.Path, model: type[BaseModel]) -> tuple[str, str, str]:
    kind, given, loc = detail["type"], detail.get("input"), detail["loc"]
    name = next((str(p) for p in reversed(path) if isinstance(p, str)), "the file")
    context = detail.get("ctx", {})
    if kind == "extra_forbidden":
        known = _fields_at(model, loc[:-1])
        return f"unknown key {str(loc[-1])!r}", "", near(str(loc[-1]), known)
    if kind == "missing":
        return f"{str(loc[-1])!r} is missing", "", ""
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", str(context.get("expected", ""))) or [str(context.get("expected"))]
        listed = ", ".join(allowed[:14])
        return f"{name}: {_short(given)}", f"one of {listed}", near(str(given), allowed)
    if kind == "enum":
        allowed = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return f"{name}: {_short(given)}", f"one of {', '.join(allowed)}", near(str(given), allowed)
    if isinstance(given, list) and kind not in {"too_long", "too_short"}:
        return f"{name}: a list", _wanted(kind), ""
    if isinstance(given, dict):
        return f"{name}: a map", _wanted(kind), ""
    if kind in {"tuple_type", "list_type", "model_type", "model_attributes_type", "dict_type"}:
        return f"{name}: {_short(given)}", _wanted(kind), ""
    if kind == "value_error":
        text = str(context.get("error", detail["msg"]))
        return f"{name}: {_short(given)}", text.removeprefix("expected "), ""
    return f"{name}: {_short(given)}", _limits(kind, context, detail["msg"]), ""


def _wanted(kind: str) -> str:
    return {
        "tuple_type": "a list",
        "list_type": "a list",
        "model_type": "a map",
        "model_attributes_type": "a map",
        "dict_type": "a map",
    }.get(kind, "a single value")


def _limits(kind: str, context: Mapping[str, Any], message: str) -> str:
    if kind == "string_pattern_mismatch":
        return "a short id of letters, digits, '_', '-', '.' or ':'"
    if kind in {"too_short", "string_too_short"}:
        return "at least one"
    if kind in {"too_long", "string_too_long"}:
        return f"at most {context.get('max_length', 'fewer')}"
    if kind in {"greater_than_equal", "less_than_equal"}:
        return f"a number {'from' if kind.startswith('greater') else 'up to'} {context.get('ge', context.get('le')):g}"
    if kind.startswith(("int", "float", "finite")):
        return "a number"
    if kind.startswith("date"):
        return "an ISO date such as 2026-09-01"
    if kind == "string_type":
        return "a text"
    return message[0].lower() + message[1:]


def _short(value: object) -> str:
    if value is None:
        return "nothing is filled in"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _fields_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Keys that the types allow at a location."""
    for part in loc:
        if isinstance(part, int):
            continue
        field = next((f for n, f in model.model_fields.items() if part in (n, f.alias)), None)
        inner = _model_in(field.annotation) if field is not None else None
        if inner is not None:
            model = inner
    return [f.alias or n for n, f in model.model_fields.items()]


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) is Literal:
        return None
    return next((m for m in map(_model_in, get_args(annotation)) if m is not None), None)
