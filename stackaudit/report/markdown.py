"""Markdown for a pull request or a wiki: verdict, causes, every finding with its evidence, and the main tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from stackaudit.report import facts
from stackaudit.report.escape import markdown as safe
from stackaudit.report.guidance_view import SIDES
from stackaudit.report.tables import Cell, Table, heading, in_words, tables
from stackaudit.report.words import (
    CONFIDENCES,
    EFFORTS,
    HANDOFF_STATUS,
    LEVELS,
    METRIC_STATUS,
    SEVERITIES,
    SIZES,
    audience,
    date,
)

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult, Evidence, Finding

SHOWN = {
    "tools": ("name", "layer", "owner", "seats", "active_seats", "annual_cost", "currency", "contract_end", "id"),
    "integrations": ("from", "to", "objects", "method", "latency", "status", "owner"),
    "renewals": (
        "tool",
        "deadline",
        "notice_known",
        "contract_end",
        "days_left",
        "amount",
        "currency",
        "auto_renew",
        "decision",
    ),
    "handoffs": ("id", "name", "status", "minutes", "text"),
    "signals": ("name", "level", "sources", "play_owner", "deadline_minutes", "text"),
    "metrics": ("name", "status", "tracked", "text"),
    "roadmap": ("bucket_name", "title", "owner", "due", "effort", "score_after"),
    "comparison": ("row", "sales_ops", "revops", "side", "because"),
}
"""Tables of the page with their columns; CSV and XLSX have all tables with all columns."""

WORDS: dict[tuple[str, str], Mapping[Any, str]] = {
    ("handoffs", "status"): HANDOFF_STATUS,
    ("signals", "level"): dict(enumerate(LEVELS)),
    ("metrics", "status"): METRIC_STATUS,
    ("roadmap", "effort"): SIZES,
    ("comparison", "side"): SIDES,
}
"""Values that a reader of the page gets in the words of the report, by table and column."""


def render(result: AuditResult) -> str:
    """The result as Markdown in which no text of the stack can act as markup."""
    lines = [*_head(result), *_causes(result), *_findings(result), *_open(result), *_tables(result), *_foot(result)]
    return "\n".join(lines) + "\n"


def _head(result: AuditResult) -> Iterator[str]:
    yield f"# {safe(result.company.name or 'Go-to-market stack')}: audit of {date(result.as_of)}"
    yield from ("", f"**{safe(result.shape.verdict.sentence)}**", "")
    yield from (f"- {safe(fact)}" for fact in result.shape.verdict.facts)
    if about := audience(result.coverage.assumptions):
        yield from ("", *(f"*{safe(line)}*" for line in about))
    broken = [p for p in result.problems if p.kind != "input"]
    if broken:
        yield from ("", "**This audit is incomplete.**", "")
        yield from (f"- {safe(f'{p.kind} {p.source}, {p.stage}: {p.message}')}" for p in broken)
    yield from ("", *_grid(["Figure", "Value", "Rests on"], [(f.name, f.value, f.note) for f in facts.figures(result)]))


def _causes(result: AuditResult) -> Iterator[str]:
    if not result.root_causes:
        return
    yield from ("", "## Root causes", "")
    for number, cause in enumerate(result.root_causes, 1):
        yield f"{number}. **{safe(cause.title)}** ({safe(facts.cause_words(result, cause))}). {safe(cause.summary)}".rstrip()


def _findings(result: AuditResult) -> Iterator[str]:
    groups = (
        ("Findings", facts.standing(result)),
        ("Waived", facts.waived(result)),
        ("Rules that broke", tuple(f for f in result.findings if f.outcome == "error")),
    )
    names = result.labels()
    for title, findings in groups:
        if findings:
            yield from ("", f"## {title}")
            for finding in findings:
                yield from _finding(finding, names)


def _finding(finding: Finding, names: dict[str, str]) -> Iterator[str]:
    yield from ("", f"### {SEVERITIES[finding.severity]}: {safe(finding.message)}", "")
    tools = ", ".join(names.get(s, s) for s in finding.subjects)
    yield f"{safe(finding.rule)} {safe(finding.title)}. {safe(finding.why)}"
    yield ""
    yield from (f"- Evidence: {_evidence(e)}" for e in finding.evidence)
    yield f"- What to do: {safe(finding.fix)}"
    if tools:
        yield f"- Tools: {safe(tools)}"
    yield f"- Effort {safe(EFFORTS[finding.effort])}; rests on what is {safe(CONFIDENCES[finding.confidence])}"
    if waiver := facts.waiver_words(finding):
        yield f"- {safe(waiver)}"
    yield f"- Finding `{_code(finding.id)}`"


def _evidence(evidence: Evidence) -> str:
    place = evidence.file or ""
    if place and evidence.line:
        place += f":{evidence.line}"
    notes = [safe(n) for n in (place, evidence.source) if n]
    return safe(evidence.text) + (f" ({'; '.join(notes)})" if notes else "")


def _open(result: AuditResult) -> Iterator[str]:
    questions = facts.open_questions(result)
    if questions:
        yield from ("", "## Not assessed", "", "Neither a pass nor a fail; each line says what is not declared.", "")
        for finding in questions:
            evidence = "".join(f"; {_evidence(e)}" for e in finding.evidence)
            yield f"- {safe(finding.rule)} {safe(finding.message)}{evidence} `{_code(finding.id)}`"


def _tables(result: AuditResult) -> Iterator[str]:
    made = tables(result)
    for name, columns in SHOWN.items():
        table = made[name]
        if table.rows:
            yield from ("", f"## {table.title}", "")
            rows = _chosen(result, table, columns)
            yield from _grid([heading(c) for c in columns], _by_both_names(result, rows) if name == "tools" else rows)


def _chosen(result: AuditResult, table: Table, columns: tuple[str, ...]) -> Iterator[tuple[Cell, ...]]:
    places = [table.columns.index(c) for c in columns]
    words = [WORDS.get((table.id, c), {}) for c in columns]
    for row in table.rows:
        cells = (known.get(row[p], row[p]) for p, known in zip(places, words, strict=True))
        yield tuple(in_words(result, c, value) for c, value in zip(columns, cells, strict=True))


def _by_both_names(result: AuditResult, rows: Iterable[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
    """Rows of the tools, with the name by which the file declares a tool beside the one it is shown by."""
    for tool, (name, *rest) in zip(result.tools, rows, strict=True):
        declared = facts.declared_as(tool)
        yield (f"{tool.name}, declared as {declared}" if declared else name, *rest)


def _grid(heads: list[str], rows: Iterable[tuple[Cell, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    yield from (f"| {' | '.join(_cell(c) for c in row)} |" for row in rows)


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int | float):
        return f"{value:,.10g}"
    return safe(value)


def _foot(result: AuditResult) -> Iterator[str]:
    notes = (*result.coverage.assumptions, *result.coverage.questions)
    if notes:
        yield from ("", "## What this rests on", "", *(f"- {safe(n)}" for n in notes))
    yield ""
    yield safe(f"stackaudit {result.stackaudit_version}, rule set {result.ruleset_hash}. No live system was queried.")


def _code(text: str) -> str:
    """An id for a code span: letters and digits; anything else is dropped rather than escaped."""
    return "".join(c for c in text if c.isascii() and c.isalnum())
