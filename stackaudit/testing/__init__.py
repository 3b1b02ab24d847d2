"""What a plugin's tests use: small stacks, audits of them, rule cases, the checks, and what a plugin changes.

Everything is loaded when it is first asked for: pytest finds this package in every project that has stackaudit
installed, and must not become slower by it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stackaudit.testing.cases import CaseError, RuleCase, load_rule_cases, run_rule_cases
    from stackaudit.testing.checks import check_manifest, check_project
    from stackaudit.testing.effects import effect_of
    from stackaudit.testing.stacks import audit_stack, named_plugins, project_plugins, small_stack

_PLACES = {
    "CaseError": "cases",
    "RuleCase": "cases",
    "audit_stack": "stacks",
    "check_manifest": "checks",
    "check_project": "checks",
    "effect_of": "effects",
    "load_rule_cases": "cases",
    "named_plugins": "stacks",
    "project_plugins": "stacks",
    "run_rule_cases": "cases",
    "small_stack": "stacks",
}

__all__ = [
    "CaseError",
    "RuleCase",
    "audit_stack",
    "check_manifest",
    "check_project",
    "effect_of",
    "load_rule_cases",
    "named_plugins",
    "project_plugins",
    "run_rule_cases",
    "small_stack",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)
