"""The one place where templates are set up: escaped, strict, sandboxed, from the shipped folder or what stands in."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import BaseLoader, ChoiceLoader, DictLoader, FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from stackaudit.report import words
from stackaudit.report.look import PLAIN, Look
from stackaudit.resources import data_dir


def environment(look: Look = PLAIN) -> ImmutableSandboxedEnvironment:
    """A Jinja environment that escapes everything, refuses unknown names and lets templates reach nothing inside."""
    folder = data_dir("reports") / "templates"
    if not look.templates:
        return _shipped(folder)
    return _made(ChoiceLoader([DictLoader(look.templates), FileSystemLoader(folder)]))


@cache
def _shipped(folder: Path) -> ImmutableSandboxedEnvironment:
    """Kept, because compiling the templates takes longer than filling them, and a portfolio fills them many times."""
    return _made(FileSystemLoader(folder))


def _made(loader: BaseLoader) -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=loader,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        date=words.date, duration=words.duration, join_words=words.join, money=words.money, score=words.score
    )
    return made
