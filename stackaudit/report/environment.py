"""The one place where templates are set up: escaped, strict, sandboxed, from the shipped folder or what stands in."""

from __future__ import annotations

from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from stackaudit.report import words
from stackaudit.report.look import PLAIN, Look
from stackaudit.resources import data_dir


def environment(look: Look = PLAIN) -> ImmutableSandboxedEnvironment:
    """A Jinja environment that escapes everything, refuses unknown names and lets templates reach nothing inside."""
    shipped = FileSystemLoader(data_dir("reports") / "templates")
    made = ImmutableSandboxedEnvironment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=ChoiceLoader([DictLoader(look.templates), shipped]) if look.templates else shipped,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        date=words.date, duration=words.duration, join_words=words.join, money=words.money, score=words.score
    )
    return made
