"""Who puts their name on a report: what a brand file may say, and the brand that is made of it."""

from __future__ import annotations

import re
from typing import Annotated, Any

from msgspec import Struct
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def _colour(value: str) -> str:
    if not _COLOUR.fullmatch(value):
        raise ValueError("expected a colour such as '#1f4e79', in quotes")
    digits = value[1:].lower()
    return "#" + ("".join(2 * d for d in digits) if len(digits) == 3 else digits)


Colour = Annotated[str, AfterValidator(_colour)]
"""A colour as #rrggbb in small letters."""
Line = Annotated[str, Field(min_length=1, max_length=200)]
Paragraph = Annotated[str, Field(min_length=1, max_length=4_000)]


class BrandFile(BaseModel):
    """A brand file (version 1): every key may be left out; keys that begin with ``x-`` are ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, str_strip_whitespace=True)

    consultancy: Line | None = None
    client: Line | None = None
    logo: Annotated[str, Field(min_length=1, max_length=1_000)] | None = None
    accent: Colour | None = None
    second: Colour | None = None
    theme: Line | None = None
    footer: Paragraph | None = None
    disclaimer: Paragraph | None = None
    contact: Paragraph | None = None
    prepared_for: Line | None = None
    prepared_by: Line | None = None

    @model_validator(mode="before")
    @classmethod
    def _drop_own_keys(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {k: v for k, v in data.items() if not str(k).startswith("x-")}
        return data


class Tone(Struct, frozen=True):
    """One colour as it is shown: corrected for light paper, and for dark."""

    light: str
    dark: str


class Brand(Struct, frozen=True):
    """A brand, ready to show. ``logo`` is a picture as a data address, ``theme`` the name of a plugin's theme.

    Empty texts were not given.
    """

    consultancy: str = ""
    client: str = ""
    logo: str = ""
    accent: Tone | None = None
    second: Tone | None = None
    theme: str = ""
    footer: str = ""
    disclaimer: str = ""
    contact: str = ""
    prepared_for: str = ""
    prepared_by: str = ""
