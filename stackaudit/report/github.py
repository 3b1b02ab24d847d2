"""Workflow commands for GitHub Actions: the worst findings as annotations, the rest as lines of the log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackaudit.report import facts
from stackaudit.report.escape import command_data, command_property, line
from stackaudit.report.places import Place, place
from stackaudit.report.words import SEVERITIES

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult, Finding

PER_TYPE = 10
"""Annotations of one type that a step shows; GitHub drops the others without a word."""

TYPES = {"critical": "error", "high": "error", "medium": "warning"}
"""The type of annotation by severity; milder ones, waived and not assessed findings are notices."""


def render(result: AuditResult) -> str:
    """Commands to be printed in a workflow step, one a line, worst first; no finding is left out."""
    return "".join(f"{text}\n" for text in _lines(result))


def _lines(result: AuditResult) -> Iterator[str]:
    counts = dict.fromkeys(("error", "warning", "notice"), 0)
    standing = {f.id for f in facts.standing(result)}
    rest: list[str] = []
    for finding in sorted(result.findings, key=lambda f: f.id not in standing):
        kind = TYPES.get(finding.severity, "notice") if finding.id in standing else "notice"
        counts[kind] += 1
        if counts[kind] <= PER_TYPE:
            yield _command(kind, finding, place(result, finding))
        else:
            rest.append(_logged(kind, finding))
    if rest:
        yield f"::group::{len(rest)} more findings than GitHub shows as annotations"
        yield from rest
        yield "::endgroup::"


def _command(kind: str, finding: Finding, where: Place | None) -> str:
    properties = {"title": f"{finding.rule} {finding.title}"}
    if where is not None:
        properties = {"file": where.file, "line": str(where.line), **properties}
    listed = ",".join(f"{name}={command_property(line(value))}" for name, value in properties.items())
    return f"::{kind} {listed}::{command_data(_text(finding))}"


def _logged(kind: str, finding: Finding) -> str:
    return "- " + command_data(line(f"{kind}: {finding.rule} {_text(finding)}"))


def _text(finding: Finding) -> str:
    waived = finding.waiver is not None and not finding.waiver.expired
    state = "waived" if waived else "not assessed" if finding.outcome == "not_assessed" else str(finding.outcome)
    word = SEVERITIES[finding.severity] if finding.outcome == "fail" and not waived else state.capitalize()
    parts = [f"{word}: {line(finding.message)}"]
    for evidence in finding.evidence:
        at = f" ({evidence.file}:{evidence.line})" if evidence.file and evidence.line else ""
        source = f" [{evidence.source}]" if evidence.source else ""
        parts.append(line(f"Evidence: {evidence.text}{at}{source}"))
    parts += [line(f"What to do: {finding.fix}"), line(f"Finding {finding.id}")]
    return "\n".join(parts)
