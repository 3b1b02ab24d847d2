"""Take in what plugins hand over: so many and no more, of the right type, whole, and only about what is theirs."""

from __future__ import annotations

import contextlib
import math
import re
import sys
from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast, get_type_hints

from msgspec.structs import replace

from stackaudit.model.importing import Export, Parsed
from stackaudit.model.plugins import Draft, Importer, Limits, Rule, RuleContext, Theme
from stackaudit.model.themes import theme_defects
from stackaudit.model.vendor import VendorManifest
from stackaudit.pluginmanager.patience import OutOfTimeError, at_most

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_RULE_ID = re.compile(r"[A-Z][A-Z0-9]{1,11}-\d{3}")
_RECORD_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,99}")


class PluginError(Exception):
    """What a plugin's code did wrong, in words; also stands for an exit that it tried."""


class OverranError(PluginError):
    """A plugin's code that was stopped because it took too long."""


@contextlib.contextmanager
def guarded(seconds: float = math.inf, grace: float = 0.0, what: str = "a plugin") -> Iterator[None]:
    """Run a plugin's code: what it prints goes to standard error, and nothing that it raises but Ctrl-C gets through.

    Args:
        seconds: How long it may run.
        grace: How long it may go on after it was interrupted, before the program ends.
        what: Whose code it is, for that case.

    Raises:
        PluginError: For anything that the code raised.
        OverranError: It was stopped.
    """
    try:
        # The bound is the inner one: an interruption must not find standard output still turned.
        with contextlib.redirect_stdout(sys.stderr), at_most(seconds, grace, what):
            yield
    except (KeyboardInterrupt, PluginError):
        raise
    except OutOfTimeError:
        raise OverranError(f"ran for more than {seconds:g} seconds and was stopped") from None
    except BaseException as error:  # a plugin may raise anything, SystemExit and its like included
        raise PluginError(_said(error, seconds, grace, what)) from error


def _said(error: BaseException, seconds: float, grace: float, what: str) -> str:
    """An error in words, which may be code of the plugin as well."""
    try:
        with at_most(seconds, grace, what):
            return f"{type(error).__name__}: {error}"[:500]
    except KeyboardInterrupt:
        raise
    except BaseException:
        return type(error).__name__


def bounded(records: object, limit: int) -> tuple[Any, ...]:
    """The records of an iterable that may never end.

    Raises:
        PluginError: It is no iterable of records, or yields more than the limit.
    """
    if records is None:
        return ()
    if isinstance(records, (str, bytes, Mapping)) or not isinstance(records, Iterable):
        raise PluginError(f"returned {type(records).__name__}, expected a list of records")
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


def watched(rule: Rule, vendors: frozenset[str], limits: Limits, what: str) -> Rule:
    """A plugin's rule, bounded and isolated; one that had to be stopped is not asked again.

    Args:
        rule: As the plugin handed it over.
        vendors: The vendors that its distribution describes. Where there are any, it has an interest in the verdict,
            and may speak of their tools only.
        limits: How long it may take, and how much it may yield.
        what: Whose rule it is.
    """
    check = rule.check
    stopped: list[OverranError] = []

    def safe(context: RuleContext) -> tuple[Draft, ...]:
        if stopped:
            raise stopped[0]
        sealed = replace(context, thresholds=MappingProxyType(dict(context.thresholds)))
        try:
            with guarded(limits.rule_seconds, limits.grace_seconds, f"rule {rule.id} of {what}"):
                drafts = bounded(check(sealed), limits.drafts)
                wrong = next(filter(None, (defect(d, Draft) for d in drafts)), None)
        except OverranError as error:
            stopped.append(error)
            raise
        if wrong:
            raise PluginError(wrong)
        for draft in drafts if vendors else ():
            _keep_to_own(draft, context, vendors)
        return drafts

    return replace(rule, check=safe)


def watched_importer(importer: Importer, limits: Limits, what: str) -> Importer:
    """A plugin's importer, bounded and isolated; one that breaks on a document does not recognise it."""
    read, holds = importer.read, importer.holds
    bounds = (limits.hook_seconds, limits.grace_seconds, f"importer {importer.id} of {what}")

    def safe_read(export: Export) -> Parsed:
        with guarded(*bounds):
            parsed = read(export)
            wrong = None if isinstance(parsed, Parsed) else f"returned {type(parsed).__name__}, expected Parsed"
        if wrong:
            raise PluginError(wrong)
        return parsed

    def safe_holds(data: Any) -> bool:
        try:
            with guarded(*bounds):
                return holds is not None and bool(holds(data))
        except PluginError:
            return False

    return replace(importer, read=safe_read, holds=safe_holds if holds else None)


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


_SAID = {Rule: Rule.__match_args__, Importer: ("id", "title"), Theme: ("name",), Draft: ("message",)}


@cache
def _adapters(kind: Hashable) -> dict[str, TypeAdapter[Any]]:
    """What each field of a record must be, read from the record's own annotations."""
    from pydantic import TypeAdapter

    from stackaudit.model.result import Evidence

    return {
        name: TypeAdapter(hint)
        for name, hint in get_type_hints(cast("type[Any]", kind), localns={"Evidence": Evidence}).items()
    }
