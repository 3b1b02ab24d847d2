"""Which metrics can be computed as the stack is wired: one row a metric, one dot a fact that it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.report.drawings.base import Drawing, Svg, Table
from stackaudit.report.words import METRIC_STATUS, plural

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult, MetricInfo

_TONES = {
    "computable": ("good", "goodsoft", "✓"),
    "partial": ("warn", "warnsoft", "~"),
    "not_computable": ("bad", "badsoft", "×"),
    "not_assessed": ("muted", "unknown", "?"),
    "not_applicable": ("muted", "paper", "–"),
}


def draw(result: AuditResult) -> Drawing | None:
    """Tracked metrics first, then the others."""
    shown = [m for m in result.metrics if m.status != "not_applicable"]
    if not shown:
        return None
    ordered = sorted(shown, key=lambda m: not m.tracked)
    title = _title(shown)
    left, facts, row, top = 230.0, 330.0, 30.0, 34.0
    svg = Svg("metrics", 1080, top + row * len(ordered) + 8, title, f"{plural(len(ordered), 'metric')}.")
    for x, name in (
        (0.0, "Metric"),
        (left, "State"),
        (left + 150, "Facts it needs"),
        (left + 150 + facts, "What is missing"),
    ):
        svg.text(x, 16, name, size=12, weight=600)
    svg.line(0, 24, 1080, 24, stroke="ink", thick=1.2)
    for i, metric in enumerate(ordered):
        y = top + i * row
        if i:
            svg.line(0, y - 4, 1080, y - 4, stroke="hair")
        tone, soft, mark = _TONES[metric.status]
        svg.text(0, y + 14, metric.name, size=12, weight=600 if metric.tracked else 400, width=left - 12)
        svg.rect(left, y + 1, 136, 20, fill=soft, radius=3)
        svg.text(left + 8, y + 15, f"{mark} {METRIC_STATUS[metric.status]}", size=12, weight=600, fill=tone)
        _facts(svg, metric, left + 150, y, facts)
        text = metric.text if metric.status != "computable" else ""
        svg.text(left + 150 + facts, y + 15, text, size=11, fill="muted", width=1080 - left - 150 - facts)
    rows = tuple(
        (
            m.name,
            "tracked" if m.tracked else "–",
            METRIC_STATUS[m.status],
            m.text or "–",
            m.formula,
            m.variant or "–",
        )
        for m in ordered
    )
    headers = ("Metric", "Tracked", "State", "Why", "Formula", "As a source has it")
    caption = "Bold: tracked. Filled dots arrive by themselves, half dots by hand or from part of the company, rings do not arrive."
    return Drawing("metrics", title, caption, svg, Table("Metrics", headers, rows))


def _title(shown: list[MetricInfo]) -> str:
    tracked = [m for m in shown if m.tracked]
    group, whose = (tracked, "tracked metrics") if tracked else (shown, "metrics")
    unknown = sum(m.status == "not_assessed" for m in group)
    if unknown > len(group) / 2:
        return f"Whether the {whose} can be computed is mostly not assessed"
    works = sum(m.status == "computable" for m in group)
    return f"{works} of {len(group)} {whose} can be computed as the stack is wired"


def _facts(svg: Svg, metric: MetricInfo, x: float, y: float, width: float) -> None:
    """A dot and a name for each fact, as many as fit."""
    step = width / max(len(metric.facts), 1)
    for i, fact in enumerate(metric.facts):
        at = x + i * step + 6
        if fact.state == "arrives":
            svg.circle(at, y + 11, 5, fill="good")
        elif fact.state == "partial":
            svg.circle(at, y + 11, 5, fill="paper", stroke="warn", thick=1.5)
            svg.path(f"M {at:.1f} {y + 6:.1f} a 5 5 0 0 0 0 10 z", fill="warn")
        else:
            svg.circle(at, y + 11, 4.5, fill="paper", stroke="bad" if fact.state == "missing" else "line", thick=1.5)
        svg.text(at + 10, y + 15, fact.name, size=11, width=step - 22)
