"""What a plugin changes in an audit: the same stack with it and without it, compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackaudit.testing.stacks import audit_stack, named_plugins

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult
    from stackaudit.pluginmanager import Plugins


def effect_of(plugins: Plugins, stack: Any, *, without: Plugins | None = None) -> dict[str, Any]:
    """A snapshot of what plugins change, as plain sorted data that a test can compare with what it expects.

    Args:
        plugins: The plugins in question.
        stack: The stack to audit, as plain data.
        without: What to compare with; by default the built-in catalogue alone.

    Returns:
        ``tools``: by id, which plugin describes it, before and after. ``findings``: rule and subjects of those that
        are new and gone. ``shapes``: labels, before and after. ``problems``: what is wrong with the plugins. Keys
        under which nothing changed are left out.
    """
    before = audit_stack(stack, without or named_plugins())
    after = audit_stack(stack, plugins)
    found = {
        "tools": _changed({t.id: t.plugin for t in before.tools}, {t.id: t.plugin for t in after.tools}),
        "findings": _findings(before, after),
        "shapes": _changed(_shapes(before), _shapes(after)),
        "problems": sorted(f"{p.source}: {p.stage}: {p.message}" for p in after.problems),
    }
    return {key: value for key, value in found.items() if value}


def _changed(before: dict[str, str | None], after: dict[str, str | None]) -> dict[str, tuple[str | None, str | None]]:
    keys = sorted(before.keys() | after.keys())
    return {k: (before.get(k), after.get(k)) for k in keys if before.get(k) != after.get(k)}


def _shapes(result: AuditResult) -> dict[str, str | None]:
    shape = result.shape
    return {"stack": shape.stack.label, "org": shape.org.label, "need": shape.need.label}


def _findings(before: AuditResult, after: AuditResult) -> dict[str, list[str]]:
    one = {f.id: f"{f.rule} {' '.join(f.subjects)}".strip() for f in before.findings if f.outcome == "fail"}
    two = {f.id: f"{f.rule} {' '.join(f.subjects)}".strip() for f in after.findings if f.outcome == "fail"}
    found = {
        "new": sorted(text for key, text in two.items() if key not in one),
        "gone": sorted(text for key, text in one.items() if key not in two),
    }
    return {key: value for key, value in found.items() if value}
