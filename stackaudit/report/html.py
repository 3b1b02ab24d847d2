"""The HTML report: one file, no network, readable without its script, with a policy that allows nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.report.drawings import all_drawings
from stackaudit.report.look import PLAIN, Look
from stackaudit.report.page import compose
from stackaudit.report.view import make_view

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult


def render(result: AuditResult, look: Look = PLAIN) -> str:
    """The report of a result; the same result and look give the same bytes."""
    result = for_client(result, look)
    drawings = {name: drawing.on_screen() for name, drawing in all_drawings(result).items()}
    return compose("report.html.j2", look, view=make_view(result), drawings=drawings)


def for_client(result: AuditResult, look: Look) -> AuditResult:
    """The result with the client's name as the brand has it."""
    if not (look.brand and look.brand.client):
        return result
    return result.model_copy(update={"company": result.company.model_copy(update={"name": look.brand.client})})
