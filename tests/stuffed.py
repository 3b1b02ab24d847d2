"""A result made from the schema alone, with a text of the test's choice in every string field."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel

from stackaudit.model.result import AuditResult

P = TypeVar("P", bound=BaseModel)
Text = Callable[[str], str]
DAY = dt.date(2026, 9, 1)


def stuffed(text: Text) -> AuditResult:
    """A result in which every list has one item and every string field holds what ``text`` makes of its place."""
    return AuditResult.model_validate(_model(AuditResult, text).model_dump(by_alias=True))


def strings(part: BaseModel) -> Iterator[tuple[str, str]]:
    """Every free string of a result with its place in the schema; closed lists are left out."""
    for name, info in type(part).model_fields.items():
        for value in _flat(getattr(part, name)):
            if isinstance(value, BaseModel):
                yield from strings(value)
            elif isinstance(value, str) and not isinstance(value, Enum) and not _closed(info.annotation):
                yield f"{type(part).__name__}.{name}", value


def _flat(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return list(value) if isinstance(value, tuple) else [value]


def _closed(annotation: Any) -> bool:
    return get_origin(annotation) is Literal or any(_closed(a) for a in get_args(annotation))


def _model(model: type[P], text: Text) -> P:
    values = {n: _value(i.annotation, text, f"{model.__name__}.{n}") for n, i in model.model_fields.items()}
    return model.model_construct(**values)


def _value(annotation: Any, text: Text, place: str) -> Any:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return _value(next(a for a in arguments if a is not type(None)), text, place)
    if origin is Literal:
        return "fail" if "fail" in arguments else arguments[0]
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            return (_value(arguments[0], text, place),)
        return tuple(_value(a, text, place) for a in arguments)
    if origin is dict:
        return {text(f"{place}#key"): _value(arguments[1], text, place)}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _model(annotation, text)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return next(iter(annotation))
    plain: dict[Any, Any] = {str: text(place), int: 3, float: 2.5, bool: False, dt.date: DAY}
    return plain[annotation]
