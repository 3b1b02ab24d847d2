"""The one place where templates are set up: escaped, strict, sandboxed, from the shipped folder or what stands in."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2 import BytecodeCache, ChoiceLoader, DictLoader, FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from stackaudit.cache import content_name, keep, recall
from stackaudit.report import words
from stackaudit.report.look import PLAIN, Look
from stackaudit.resources import data_dir

if TYPE_CHECKING:
    from jinja2.bccache import Bucket

MAX_DECISIONS = 10_000
"""More than all templates ask for; what goes beyond, as templates of others can make up names, is decided each time."""

_DATA = frozenset((str, Markup, int, float, bool, tuple))
"""Types of values that are nothing but data, while a method, such as ``str.format``, must be looked at each time."""


class _Compiled(BytecodeCache):
    """Shipped templates as they were compiled before, by their source and the version that compiled them."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept; nothing, where the template must be compiled."""
        kept = recall(_name(bucket))
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        keep(_name(bucket), bucket.bytecode_to_string())


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, which remembers what it decided: that depends on a type and a name alone, and is asked thousands of times."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._decided: dict[tuple[type, str], bool] = {}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What a template reads of an object; plain data that was decided to be safe takes no second look."""
        if self._decided.get((type(obj), attribute)):
            value = getattr(obj, attribute, None)
            if type(value) in _DATA:
                return value
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may read an attribute, as the sandbox says."""
        safe = self._decided.get((type(obj), attr))
        if safe is None:
            safe = super().is_safe_attribute(obj, attr, value)
            if len(self._decided) < MAX_DECISIONS:
                self._decided[type(obj), attr] = safe
        return safe


def _name(bucket: Bucket) -> str:
    return content_name("template", jinja2.__version__, bucket.key, bucket.checksum)


def environment(look: Look = PLAIN) -> ImmutableSandboxedEnvironment:
    """A Jinja environment that escapes everything, refuses unknown names and lets templates reach nothing inside.

    Templates are compiled once a process, and the shipped ones once in all.
    """
    return _own(tuple(sorted(look.templates.items()))) if look.templates else _shipped()


@cache
def _shipped() -> ImmutableSandboxedEnvironment:
    return _set_up(FileSystemLoader(data_dir("reports") / "templates"), _Compiled())


@lru_cache(maxsize=2)
def _own(templates: tuple[tuple[str, str], ...]) -> ImmutableSandboxedEnvironment:
    shipped = FileSystemLoader(data_dir("reports") / "templates")
    return _set_up(ChoiceLoader([DictLoader(dict(templates)), shipped]), None)


def _set_up(loader: jinja2.BaseLoader, compiled: BytecodeCache | None) -> ImmutableSandboxedEnvironment:
    made = _Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=loader,
        bytecode_cache=compiled,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        date=words.date, duration=words.duration, join_words=words.join, money=words.money, score=words.score
    )
    return made
