"""The comparison with the sources in words: tables, ownership, advice, pillars and the sources' figures beside others'."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.report.words import NEEDS, join

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult

SIDES = {"sales_ops": "Sales Ops", "revops": "RevOps", "both": "between the two", "not_assessed": "not assessed"}
OWNING = {
    "sales_ops": "Sales Ops",
    "revops": "RevOps",
    "both": "both",
    "other": "another team",
    "nobody": "nobody",
    "unknown": "not assessed",
}
PILLARS = {"strong": "stands", "partial": "in part", "weak": "weak", "not_assessed": "not assessed"}
TRIGGERS = {"met": "met", "not_met": "not met", "unknown": "not assessed"}


class RowView(Struct, frozen=True):
    """One row of a source's comparison table and where this company stands in it."""

    row: str
    sales_ops: str
    revops: str
    side: str
    word: str
    because: str


class GuidanceView(Struct, frozen=True):
    """Everything that compares the company with what the sources say of the two functions."""

    tables: tuple[tuple[str, tuple[RowView, ...]], ...]
    sides: str
    ownership: tuple[tuple[str, str, str, str, str], ...]
    pillars: tuple[tuple[str, str, str], ...]
    advice: tuple[str, str, str, str, str] | None
    triggers: tuple[tuple[str, str, str, str], ...]
    mistakes: tuple[tuple[str, str], ...]
    split: tuple[tuple[str, str], ...]
    disagreements: tuple[tuple[str, str, str, str], ...]
    benchmarks: tuple[tuple[str, str, str, str], ...]
    agents: tuple[str, ...]


def guidance(result: AuditResult) -> GuidanceView:
    """Put the comparison into words."""
    shape, advice = result.shape, result.shape.advice
    sources = tuple(dict.fromkeys(row.source for row in shape.table))
    return GuidanceView(
        tables=tuple((source, _rows(result, source)) for source in sources),
        sides=_sides(result),
        ownership=tuple(
            (
                o.name,
                OWNING[o.side],
                o.sales_ops,
                o.revops,
                o.text,
            )
            for o in result.ownership
        ),
        pillars=tuple(
            (p.name, PILLARS.get(p.state, p.state), p.because if p.state == "not_assessed" else p.text)
            for p in shape.pillars
        ),
        advice=(advice.role, advice.when, advice.why, advice.pay_band or "", advice.next_review or "")
        if advice
        else None,
        triggers=tuple(
            (t.text, NEEDS.get(t.function, t.function.replace("_", " ")), TRIGGERS.get(t.state, t.state), t.source)
            for t in (advice.triggers if advice else ())
        ),
        mistakes=tuple((m.text, m.source) for m in (advice.mistakes if advice else ()) if m.state == "seen"),
        split=tuple((s.owner, s.owns) for s in (advice.split if advice else ())),
        disagreements=tuple((d.topic, d.source_a, d.source_b, d.tool_does) for d in shape.disagreements),
        benchmarks=tuple((b.metric, b.value, b.source, b.grade.replace("_", " ")) for b in result.benchmarks),
        agents=tuple(a.text for a in result.agents),
    )


def _rows(result: AuditResult, source: str) -> tuple[RowView, ...]:
    return tuple(
        RowView(row.row, row.sales_ops, row.revops, row.side, SIDES[row.side], row.because)
        for row in result.shape.table
        if row.source == source
    )


def _sides(result: AuditResult) -> str:
    """How many rows stand on which side, in a sentence."""
    table = result.shape.table
    counts = {side: sum(r.side == side for r in table) for side in SIDES}
    said = [f"{counts[s]} {SIDES[s]}" for s in ("sales_ops", "revops", "both", "not_assessed") if counts[s]]
    return f"{len(table)} rows of the sources' tables: {join(said)}" if table else ""
