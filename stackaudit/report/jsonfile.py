"""JSON: the result itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult


def render(result: AuditResult) -> str:
    """The result as JSON text, which ``stackaudit report`` reads again."""
    return result.to_json()
