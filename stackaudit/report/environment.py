"""The one place where templates are set up: escaped, strict, from the shipped folder."""

from __future__ import annotations

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stackaudit.report import words
from stackaudit.resources import data_dir


def environment() -> Environment:
    """A Jinja environment that escapes everything and refuses unknown names."""
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FileSystemLoader(data_dir("reports") / "templates"),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        date=words.date, duration=words.duration, join_words=words.join, money=words.money, score=words.score
    )
    return made
