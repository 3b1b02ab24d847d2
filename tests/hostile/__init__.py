"""Hostile texts, and what a harmless text of the same form is."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stackaudit.model.result import AuditResult
from stackaudit.report.drawings.base import text_width
from tests.stuffed import stuffed
from tests.support import read_yaml

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

LONG = "x" * 5_000
IN_SHORT = 3
"""How many payloads of each kind the ordinary run takes."""
ADDRESS = "https://"
STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


@cache
def kinds() -> dict[str, tuple[str, ...]]:
    """Every payload, by the kind of place that it aims at."""
    content = read_yaml(Path(__file__).parent / "payloads.yaml")
    return {kind: tuple(LONG if text == "LONG" else text for text in texts) for kind, texts in content.items()}


def cases() -> list[ParameterSet]:
    """Every payload as a case of a test; those of a kind beyond the first few wait for ``.ci/run --full``."""
    later = (pytest.mark.slow, pytest.mark.full)
    return [
        pytest.param(text, id=named(text), marks=later if place >= IN_SHORT else ())
        for texts in kinds().values()
        for place, text in enumerate(texts)
    ]


def one_of_each() -> tuple[str, ...]:
    """The first payload of each kind."""
    return tuple(texts[0] for texts in kinds().values())


def named(payload: str) -> str:
    """A payload as the id of a test."""
    return payload[:24].encode("unicode_escape").decode()


@cache
def full_of(text: str) -> AuditResult:
    """A result with a text in every field."""
    return stuffed(lambda _: text)


BLANKS = " \N{EM SPACE}"


def harmless(payload: str) -> str:
    """Letters and blanks as wide as the payload's: it is laid out alike and does nothing.

    An address stays one, as it becomes a link.
    """
    if payload.startswith(ADDRESS):
        return ADDRESS + harmless(payload.removeprefix(ADDRESS))
    return "".join(c if c.isalnum() or c in " \n" else _alike(c, BLANKS if c.isspace() else "aAmi") for c in payload)


def _alike(c: str, those: str) -> str:
    """The one of those characters that is as wide as another."""
    return next(one for one in those if text_width(one, 1) == text_width(c, 1))
