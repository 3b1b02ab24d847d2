"""Business value against technical health, one bubble a tool, its size by cost: what to keep, fix, watch or let go."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from stackaudit.report.drawings.base import Drawing, Svg, Table, text_width
from stackaudit.report.words import money, plural

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult, ToolInfo

CUT = 3.0
_LOW, _HIGH = 1.0, 5.0
_NAMES = {"invest": "Invest", "migrate": "Migrate", "tolerate": "Tolerate", "eliminate": "Eliminate"}
_CORNERS = (("tolerate", 0, 0), ("invest", 1, 0), ("eliminate", 0, 1), ("migrate", 1, 1))


def draw(result: AuditResult) -> Drawing | None:
    """Tools whose value and health are both known; the others stand in the table."""
    placed = [t for t in result.tools if t.value is not None and t.health is not None]
    if not placed:
        return None
    left, top, width, height = 60.0, 24.0, 940.0, 420.0
    title = _title(placed)
    svg = Svg(
        "quadrant",
        left + width + 20,
        top + height + 44,
        title,
        f"{plural(len(placed), 'tool')} on two axes from 1 to 5.",
    )
    half_x, half_y = width / 2, height / 2
    for name, column, row in _CORNERS:
        x, y = left + column * half_x, top + row * half_y
        svg.rect(x, y, half_x, half_y, fill="band" if (column + row) % 2 else "paper", stroke="hair")
        svg.text(x + 10, y + 18, _NAMES[name], size=13, weight=600, fill="muted")
    svg.text(left + width / 2, top + height + 32, "business value, 1 to 5", size=12, fill="muted", anchor="middle")
    svg.text(0, top + 12, "technical", size=12, fill="muted")
    svg.text(0, top + 26, "health", size=12, fill="muted")
    for mark in range(1, 6):
        at = (mark - _LOW) / (_HIGH - _LOW)
        svg.text(left + width * at, top + height + 16, str(mark), size=11, fill="muted", anchor="middle")
        svg.text(left - 8, top + height * (1 - at) + 4, str(mark), size=11, fill="muted", anchor="end")
    largest = max((t.annual_cost or 0.0 for t in placed), default=0.0)
    spots = []
    for tool in sorted(placed, key=lambda t: (-(t.annual_cost or 0.0), t.id)):
        x = left + width * ((tool.value or _LOW) - _LOW) / (_HIGH - _LOW)
        y = top + height * (1 - ((tool.health or _LOW) - _LOW) / (_HIGH - _LOW))
        radius = 4 + 14 * math.sqrt((tool.annual_cost or 0.0) / largest) if largest else 5.0
        bubble = svg.circle(x, y, radius, fill=tool.family or "line", stroke="paper", thick=1.5)
        svg.title(bubble, f"{tool.name}: value {tool.value:g}, health {tool.health:g}")
        spots.append((tool.name, x, y, radius))
    taken = [(x - r, x + r, y - r, y + r) for _, x, y, r in spots]
    for name, x, y, radius in spots:
        _label(svg, name, x, y, radius, taken, left + width)
    rows = tuple(
        (
            t.name,
            "–" if t.value is None else f"{t.value:.1f}",
            "–" if t.health is None else f"{t.health:.1f}",
            _NAMES.get(t.quadrant or "", "not assessed"),
            t.disposition or "not assessed",
            t.disposition_because or "–",
            money(t.annual_cost, t.currency) or "–",
        )
        for t in result.tools
        if t.in_scope and t.environment == "production"
    )
    headers = ("Tool", "Value", "Health", "Quadrant", "Suggestion", "Because", "A year")
    caption = "Size: cost a year; in a crowd a bubble goes without its name. Colour: layer family. A tool of which less than half of an axis is known is left out; a tool in an overlap is never let go by score alone."
    return Drawing(
        "quadrant",
        title,
        caption,
        svg.render(),
        Table("Value and health of every tool", headers, rows, numeric=(1, 2, 6)),
    )


def _title(placed: list[ToolInfo]) -> str:
    counts = {name: [t for t in placed if t.quadrant == name] for name in _NAMES}
    worth = counts["migrate"]
    if worth:
        names = ", ".join(t.name for t in worth[:3]) + (" and others" if len(worth) > 3 else "")
        return f"Worth more than its wiring: {names}" if len(worth) == 1 else f"Worth more than their wiring: {names}"
    weak = counts["eliminate"]
    if weak:
        names = ", ".join(t.name for t in weak[:3]) + (" and others" if len(weak) > 3 else "")
        return f"Little value and poor health: {names}"
    return f"{len(counts['invest'])} of {plural(len(placed), 'placed tool')} are worth investing in"


def _label(
    svg: Svg, name: str, x: float, y: float, radius: float, taken: list[tuple[float, float, float, float]], right: float
) -> None:
    """The name beside, over or under its bubble, where nothing stands yet; in a crowd the table names the tool."""
    width = text_width(name, 11)
    beside = (x + radius + 5, x - radius - 5 - width)
    places = [(start, y + 4) for start in beside]
    places += [(x - width / 2, y - radius - 5), (x - width / 2, y + radius + 13)]
    places += [(start, y + 4 + step) for step in (14, -12, 27) for start in beside]
    for start, line in places:
        box = (start, start + width, line - 10, line + 3)
        free = all(box[1] < t[0] or t[1] < box[0] or box[3] < t[2] or t[3] < box[2] for t in taken)
        if free and start + width <= right + 16 and line > 12:
            taken.append(box)
            svg.text(start, line, name, size=11)
            return
