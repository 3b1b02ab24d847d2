"""Where the stack will stand after each step of the plan, on the same line from pre-ops to RevOps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.report.drawings.base import Drawing, Svg, Table
from stackaudit.report.facts import named
from stackaudit.report.words import SHAPES, date, plural, score

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult, RoadmapStep


def changes(result: AuditResult) -> tuple[RoadmapStep, ...]:
    """The steps of the plan after which the stack scores higher."""
    found, before = [], result.shape.stack.score
    for step in result.roadmap:
        if step.score_after is not None and before is not None and step.score_after > before:
            found.append(step)
        before = step.score_after
    return tuple(found)


def draw(result: AuditResult) -> Drawing | None:
    """One row a step that changes the score; the marker moves along 0 to 100."""
    stack, steps = result.shape.stack, changes(result)
    if stack.score is None or not steps:
        return None
    left, width, row, top = 420.0, 520.0, 34.0, 46.0
    rows = [
        ("Today", stack.score, str(stack.label)),
        *((s.title, s.score_after or 0.0, s.label_after or "") for s in steps),
    ]
    last = rows[-1]
    verb = "takes" if len(steps) == 1 else "take"
    title = f"{plural(len(steps), 'step')} {verb} the stack from {score(stack.score)} to {score(last[1])}"
    if last[2] != str(stack.label):
        title += f": from {SHAPES[str(stack.label)]} to {SHAPES[last[2]]}"
    svg = Svg(
        "plan", left + width + 140, top + row * len(rows) + 6, title, f"{len(rows)} rows from today to the last step."
    )
    low, high = (left + width * cut / 100 for cut in result.shape.cuts)
    for x, end, name, fill in (
        (left, low, "Sales Ops", "band"),
        (low, high, "hybrid", "paper"),
        (high, left + width, "RevOps", "band"),
    ):
        svg.rect(x, 22, end - x, top + row * len(rows) - 22, fill=fill)
        svg.text((x + end) / 2, 15, name, size=12, weight=600, anchor="middle")
    svg.line(left, 22, left + width, 22, stroke="ink", thick=1.5)
    before = stack.score
    for i, (name, value, label) in enumerate(rows):
        y = top + i * row
        x = left + width * value / 100
        svg.text(0, y + 4, name, size=12, weight=600 if i == 0 else 400, width=left - 16)
        svg.line(left, y, left + width, y, stroke="hair")
        if value > before:
            start = left + width * before / 100
            svg.line(start, y, x, y, stroke="accent", thick=2.5)
            svg.circle(start, y, 3.5, fill="paper", stroke="accent", thick=1.5)
        svg.circle(x, y, 6, fill="accent")
        svg.text(left + width + 12, y + 4, f"{score(value)} {SHAPES.get(label, label)}", size=12, weight=600)
        before = value
    cells = tuple(
        (
            s.title,
            date(s.due),
            score(s.score_after),
            SHAPES.get(s.label_after or "", s.label_after or "–"),
            named(result, s.unlocks, brief=True) or "–",
        )
        for s in steps
    )
    table = Table(
        "Steps after which the stack scores higher", ("Step", "By", "Score", "Shape", "Lets work"), cells, numeric=(2,)
    )
    caption = "Each step is scored on top of those before it, by the same weights and gates. Steps that change no score stand in the plan above."
    return Drawing("plan", title, caption, svg, table)
