"""Take in what plugins hand over: so many and no more, of the right type, whole, and only about what is theirs."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from functools import cache
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast, get_type_hints

from stackaudit.model.plugins import Draft, Importer, Rule, RuleContext, Theme
from stackaudit.model.themes import theme_defects
from stackaudit.model.vendor import VendorManifest

if TYPE_CHECKING:
    from pydantic import TypeAdapter

MAX_RECORDS = 1_000
"""So many records a hook; the largest honest plugin hands over dozens."""
MAX_DRAFTS = 10_000
"""So many drafts a rule; more than any stack has tools and connections."""
_RULE_ID = re.compile(r"[A-Z][A-Z0-9]{1,11}-\d{3}")
_RECORD_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,99}")


class PluginError(Exception):
    """What a plugin's code did wrong, in words; also stands for an exit that it tried."""


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Run a plugin's code: what it prints goes to standard error, and nothing that it raises but Ctrl-C gets through.

    Raises:
        PluginError: For anything that the code raised.
    """
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    except (KeyboardInterrupt, PluginError):
        raise
    except BaseException as error:  # a plugin may raise anything, SystemExit and its like included
        raise PluginError(f"{type(error).__name__}: {error}"[:500]) from error


def bounded(records: object, limit: int) -> tuple[Any, ...]:
    """The records of an iterable that may never end.

    Raises:
        PluginError: It is no iterable of records, or yields more than the limit.
    """
    if records is None:
        return ()
    if isinstance(records, (str, bytes, Mapping)) or not isinstance(records, Iterable):
        raise PluginError(f"returned {type(records).__name__}, expected a list of records")
    with guarded():
        found = tuple(islice(records, limit + 1))
    if len(found) > limit:
        raise PluginError(f"yields more than {limit:,} records; none of them is used")
    return found


def name_of(record: Rule | Importer | Theme | VendorManifest) -> str:
    """What tells a record from others of its kind."""
    if isinstance(record, VendorManifest):
        return record.vendor.id
    return record.name if isinstance(record, Theme) else record.id


def defect(record: object, kind: type[Any]) -> str | None:
    """What is wrong with a record; None where nothing is."""
    if not isinstance(record, kind):
        return f"returned {type(record).__name__}, expected {kind.__name__}"
    if isinstance(record, VendorManifest):
        return None
    wrong = _wrong_field(record, kind)
    if wrong:
        return f"{kind.__name__} {str(getattr(record, 'id', getattr(record, 'name', '')))[:60]!r}: {wrong}"
    if isinstance(record, Rule) and not _RULE_ID.fullmatch(record.id):
        return f"rule id {record.id[:60]!r} is not in the form OWN-001"
    if isinstance(record, (Importer, Theme)) and not _RECORD_ID.fullmatch(name_of(record)):
        return f"{kind.__name__.lower()} name {name_of(record)[:60]!r} is no plain name"
    if isinstance(record, Theme):
        found = theme_defects(record)
        return f"theme {record.name!r}: {found[0]}" if found else None
    return None


def watched(rule: Rule, vendors: frozenset[str]) -> Rule:
    """A plugin's rule, bounded and isolated.

    Args:
        rule: As the plugin handed it over.
        vendors: The vendors that its distribution describes. Where there are any, it has an interest in the verdict,
            and may speak of their tools only.
    """
    check = rule.check

    def safe(context: RuleContext) -> tuple[Draft, ...]:
        sealed = replace(context, thresholds=MappingProxyType(dict(context.thresholds)))
        with guarded():
            yielded = check(sealed)
        drafts = bounded(yielded, MAX_DRAFTS)
        for draft in drafts:
            wrong = defect(draft, Draft)
            if wrong:
                raise PluginError(wrong)
            if vendors:
                _keep_to_own(draft, context, vendors)
        return drafts

    return replace(rule, check=safe)


def _keep_to_own(draft: Draft, context: RuleContext, vendors: frozenset[str]) -> None:
    known = context.analysis.stack.by_id
    foreign = sorted(s for s in draft.subjects if s in known and known[s].plugin not in vendors)
    if foreign:
        raise PluginError(f"speaks of {foreign[0]!r}, which is not its own tool: a vendor's rule is about its own only")
    if not draft.subjects:
        raise PluginError("speaks of the stack as a whole: a vendor's rule is about its own tools only")


def _wrong_field(record: Any, kind: Any) -> str | None:
    from pydantic import ValidationError

    for name, adapter in _adapters(kind).items():
        value = getattr(record, name, None)
        try:
            adapter.validate_python(value, strict=True)
        except ValidationError as error:
            said = error.errors(include_url=False)[0]["msg"]
            return f"{name}: {said[:1].lower()}{said[1:]}, got {type(value).__name__}"
        if isinstance(value, str) and not value.strip() and name in _SAID.get(kind, ()):
            return f"{name}: is empty"
    return None


_SAID = {Rule: tuple(f.name for f in fields(Rule)), Importer: ("id", "title"), Theme: ("name",), Draft: ("message",)}


@cache
def _adapters(kind: Hashable) -> dict[str, TypeAdapter[Any]]:
    """What each field of a record must be, read from the record's own annotations."""
    from pydantic import TypeAdapter

    from stackaudit.model.result import Evidence

    return {
        name: TypeAdapter(hint)
        for name, hint in get_type_hints(cast("type[Any]", kind), localns={"Evidence": Evidence}).items()
    }
