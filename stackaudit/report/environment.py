"""The one place where templates are set up: escaped, strict, sandboxed, from the shipped folder or what stands in."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2 import BytecodeCache, ChoiceLoader, DictLoader, FileSystemLoader, StrictUndefined
from jinja2.compiler import CodeGenerator
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from stackaudit.cache import content_name, keep, recall
from stackaudit.report import words
from stackaudit.report.look import PLAIN, Look
from stackaudit.resources import data_dir

if TYPE_CHECKING:
    from jinja2 import nodes
    from jinja2.bccache import Bucket
    from jinja2.compiler import Frame

MAX_DECISIONS = 10_000
"""More than all templates ask for; what goes beyond, as templates of others can make up names, is decided each time."""

_DATA = frozenset((str, Markup, int, float, bool, tuple))
"""Types of values that are nothing but data, while a method, such as ``str.format``, must be looked at each time."""


MAX_SHORT = 100
"""Characters of a text that is remembered as it was escaped; longer ones are rare, and cost more memory than time."""

MAX_ESCAPED = 20_000
"""Escaped texts that are remembered, of all reports of a process; then all are forgotten."""

_ESCAPED: dict[str, str] = {}


def _escaped(value: Any) -> str:
    """What a template writes of a value: the same as ``escape``, which is asked thousands of times for the same words."""
    if type(value) is not str:
        return value if type(value) is Markup else escape(value)
    known = _ESCAPED.get(value)
    if known is None:
        known = str(escape(value))
        if len(value) <= MAX_SHORT:
            if len(_ESCAPED) >= MAX_ESCAPED:
                _ESCAPED.clear()
            _ESCAPED[value] = known
    return known


class _Compiler(CodeGenerator):
    """Makes templates escape what they write by :func:`_escaped`; all else is Jinja's."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")


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

    code_generator_class = _Compiler
    escaped = staticmethod(_escaped)

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
    return content_name("template", jinja2.__version__, _Compiler.__name__, bucket.key, bucket.checksum)


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
