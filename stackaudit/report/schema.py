"""Walking the result by its own schema, so that tables and privacy cover every field there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from msgspec import Struct
from pydantic import BaseModel

Many = Literal["one", "list", "dict"]


class Field(Struct, frozen=True):
    """One field of a part: its name in Python and in JSON, and the part that it holds, where it holds any."""

    owner: str
    name: str
    alias: str
    part: type[BaseModel] | None
    many: Many

    @property
    def key(self) -> str:
        """The field's place in the schema, such as ``Finding.message``."""
        return f"{self.owner}.{self.name}"


def fields(part: type[BaseModel]) -> Iterator[Field]:
    """The fields of a part, in the order of the schema."""
    for name, info in part.model_fields.items():
        inner, many = _inner(info.annotation)
        yield Field(part.__name__, name, info.alias or name, inner, many)


def all_fields(part: type[BaseModel]) -> dict[str, Field]:
    """Every field that can be reached from a part, by its place in the schema."""
    found: dict[str, Field] = {}
    for field in fields(part):
        found[field.key] = field
        if field.part is not None:
            found.update(all_fields(field.part))
    return found


def _inner(annotation: Any) -> tuple[type[BaseModel] | None, Many]:
    """The part that an annotation holds, and whether it holds one, a list or a mapping of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, "one"
    origin = get_origin(annotation)
    for argument in get_args(annotation):
        part, _ = _inner(argument)
        if part is not None:
            return part, "list" if origin in (tuple, list) else "dict" if origin is dict else _inner(argument)[1]
    return None, "one"
