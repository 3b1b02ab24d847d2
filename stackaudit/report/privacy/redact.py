"""Walk a result by its schema and keep, alias, scrub or drop every field as the policy of a level says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, get_args

from msgspec import Struct
from pydantic import BaseModel

from stackaudit.report.privacy.compose import compose
from stackaudit.report.privacy.policy import Action, Level, Policy, load_policy
from stackaudit.report.privacy.pseudonyms import Pseudonyms
from stackaudit.report.schema import Field, fields
from stackaudit.report.words import AUDIENCES

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult

P = TypeVar("P", bound=BaseModel)
_UNORDERED = frozenset({"tool", "finding", "due"})
_TOOLS = frozenset({"tool", "route", "due"})


class Redacted(Struct, frozen=True):
    """A result for its readers, and the key that tells what the pseudonyms stand for."""

    result: AuditResult
    key: dict[str, Any]


def redact(
    result: AuditResult, level: Level, *, whole: AuditResult | None = None, beside: AuditResult | None = None
) -> Redacted:
    """A result with nothing that the level does not show.

    Args:
        result: What is to be shown, which may be an extract.
        level: Who reads.
        whole: The result that the extract was taken from; it decides the pseudonyms, so that they stay the same.
        beside: A result that is shown beside this one, to be compared; both get the same pseudonyms.
    """
    if level is Level.FULL:
        return Redacted(result, {})
    policy = load_policy(level)
    names = Pseudonyms(whole or result, level, policy, *(() if beside is None else (beside,)))
    shown = _Walk(policy, names).part(result)
    shown = _sorted(shown)
    shown = shown.named(shown.names)
    if level is not Level.CLIENT:
        shown = compose(shown, result, names)
    notes = (*shown.coverage.assumptions, AUDIENCES[level])
    coverage = shown.coverage.model_copy(update={"assumptions": notes})
    shown = shown.model_copy(update={"coverage": coverage, "privacy": level.value})
    return Redacted(shown, _key(result, level, names))


class _Walk:
    """One walk over a result."""

    def __init__(self, policy: Policy, names: Pseudonyms) -> None:
        self._policy, self._names = policy, names

    def part(self, part: P, parent: str = "") -> P:
        """A part with every field as decided."""
        made: dict[str, Any] = {}
        for f in fields(type(part)):
            value = getattr(part, f.name)
            kind = self._policy.kind(f.owner, f.name, parent)
            action = self._policy.action(kind)
            if f.owner == "ToolInfo" and kind == "name" and action == "alias":
                made[f.name] = self._names.tool_names[part.id]  # type: ignore[attr-defined]
            elif action == "drop":
                made[f.name] = _nothing(type(part), f)
            else:
                made[f.name] = self._value(value, f, kind or "", action)
        return type(part).model_construct(**made)

    def _value(self, value: Any, f: Field, kind: str, action: Action) -> Any:
        if isinstance(value, BaseModel):
            return self.part(value, f.key)
        if isinstance(value, tuple):
            items = [self._value(v, f, kind, action) for v in value]
            return tuple(sorted(items) if action == "alias" and kind in _UNORDERED else items)
        if isinstance(value, dict):
            return {k: self._value(v, f, kind, action) for k, v in value.items()}
        if not isinstance(value, str) or action == "keep":
            return value
        if action == "scrub":
            text = self._names.scrub(value)
            return text.replace("\\", "/").rsplit("/", 1)[-1] if kind == "file" else text
        alias = self._names.tool if kind in _TOOLS else getattr(self._names, kind)
        return alias(value)


def _nothing(part: type[BaseModel], f: Field) -> Any:
    """What stands for a value that is left out: None where the field allows it, else the emptiest of its kind."""
    info = part.model_fields[f.name]
    allowed = get_args(info.annotation)
    if type(None) in allowed:
        return None
    if not info.is_required():
        return info.get_default(call_default_factory=True)
    if info.annotation is str:
        return ""
    if allowed and f.many != "dict":
        return ()
    raise TypeError(f"{f.key} cannot be left out: give it a default")


def _sorted(result: AuditResult) -> AuditResult:
    """Lists in an order that says nothing about what the pseudonyms stand for."""
    return result.model_copy(
        update={
            "tools": tuple(sorted(result.tools, key=lambda t: t.id)),
            "findings": tuple(
                sorted(result.findings, key=lambda f: (_place(f.outcome), f.severity.rank, f.rule, f.id))
            ),
            "integrations": tuple(sorted(result.integrations, key=lambda i: (i.from_, i.to, i.objects))),
        }
    )


def _place(outcome: str) -> int:
    return ("fail", "not_assessed", "error").index(outcome)


def _key(result: AuditResult, level: Level, names: Pseudonyms) -> dict[str, Any]:
    return {
        "level": str(level),
        "company": result.company.name,
        "as_of": result.as_of.isoformat(),
        "tools": {
            names.tools[t.id]: {"id": t.id, "name": t.name, "shown_as": names.tool_names[t.id]} for t in result.tools
        },
        "findings": {names.findings[f.id]: f.id for f in result.findings},
        "people": {alias: name for name, alias in names.people.items() if alias != name},
    }
