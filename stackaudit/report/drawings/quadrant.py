"""Business value against technical health, one bubble a tool, its size by cost: what to keep, fix, watch or let go."""

from __future__ import annotations

import math
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from stackaudit.report.drawings.base import Drawing, Svg, Table, fit, text_width
from stackaudit.report.facts import told_apart
from stackaudit.report.words import money, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stackaudit.model.result import AuditResult, ToolInfo

_LOW, _HIGH = 1.0, 5.0
_MARGIN = 24.0
"""Room between the ends of the scale and the frame, so that a bubble at an end lies within it; in pixels."""
_NAMED = 40
"""How many bubbles are named, the dearest first; the table names all."""


class Spot(NamedTuple):
    """A tool's bubble: its middle and radius."""

    tool: ToolInfo
    x: float
    y: float
    radius: float


class Name(NamedTuple):
    """A bubble's name: where it begins, and the line to its bubble where that stands further off."""

    text: str
    x: float
    y: float
    lead: tuple[float, float, float, float] | None


Box = tuple[float, float, float, float]
"""Left, right, top and bottom."""
_RINGS = tuple(
    (8 * ring * math.cos(at), 8 * ring * math.sin(at))
    for ring in range(1, 7)
    for at in (math.pi * (1 + turn / 6) for turn in range(12))
)
"""Twelve places on each of six rings around a point, the nearest first."""
_NAMES = {"invest": "Invest", "migrate": "Migrate", "tolerate": "Tolerate", "eliminate": "Eliminate"}
_CORNERS = (("tolerate", 0, 0), ("invest", 1, 0), ("eliminate", 0, 1), ("migrate", 1, 1))


def draw(result: AuditResult) -> Drawing | None:
    """Tools whose value and health are both known; the others stand in the table."""
    tools = told_apart(result)
    placed = [t for t in tools if t.value is not None and t.health is not None]
    if not placed:
        return None
    left, top, width, height = 78.0, 4.0, 942.0, 520.0
    title = _title(placed)
    svg = Svg(
        "quadrant",
        left + width + 2,
        top + height + 44,
        title,
        f"{plural(len(placed), 'tool')} on two axes from 1 to 5.",
    )
    half_x, half_y = width / 2, height / 2
    for name, column, row in _CORNERS:
        x, y = left + column * half_x, top + row * half_y
        svg.rect(x, y, half_x, half_y, fill="band" if (column + row) % 2 else "paper", stroke="hair")
        svg.text(x + 10, y + 18, _NAMES[name], size=13, weight=600, fill="muted")
    svg.text(left + half_x, top + height + 34, "business value, 1 to 5", size=12, fill="muted", anchor="middle")
    svg.text(0, top + half_y - 24, "technical", size=12, fill="muted")
    svg.text(0, top + half_y - 10, "health,", size=12, fill="muted")
    svg.text(0, top + half_y + 4, "1 to 5", size=12, fill="muted")

    def across(value: float) -> float:
        return left + _MARGIN + (width - 2 * _MARGIN) * (value - _LOW) / (_HIGH - _LOW)

    def up(value: float) -> float:
        return top + height - _MARGIN - (height - 2 * _MARGIN) * (value - _LOW) / (_HIGH - _LOW)

    for mark in range(1, 6):
        svg.text(across(mark), top + height + 16, str(mark), size=11, fill="muted", anchor="middle")
        svg.text(left - 6, up(mark) + 4, str(mark), size=11, fill="muted", anchor="end")
    largest = max((t.annual_cost or 0.0 for t in placed), default=0.0)
    quarters = [
        (left + c * half_x, left + (c + 1) * half_x, top + r * half_y, top + (r + 1) * half_y) for _, c, r in _CORNERS
    ]
    growth = 14.0 if len(placed) <= _NAMED else 7.0
    spots: list[Spot] = []
    for tool in sorted(placed, key=lambda t: (-(t.annual_cost or 0.0), t.id)):
        radius = 4 + growth * math.sqrt((tool.annual_cost or 0.0) / largest) if largest else 5.0
        spots.append(
            Spot(tool, *_beside(across(tool.value or _LOW), up(tool.health or _LOW), radius, spots, quarters), radius)
        )
    taken = [(s.x - s.radius, s.x + s.radius, s.y - s.radius, s.y + s.radius) for s in spots]
    taken += [(west, west + 90, north, north + 26) for west, _, north, _ in quarters]
    labels = [_named(spot, taken, (left, left + width, top, top + height)) for spot in spots[:_NAMED]]
    for label in labels:
        if label and label.lead:
            svg.line(*label.lead, stroke="line", thick=0.7)
    for spot in spots:
        bubble = svg.circle(spot.x, spot.y, spot.radius, fill=spot.tool.family or "line", stroke="paper", thick=1.5)
        svg.title(bubble, f"{spot.tool.name}: value {spot.tool.value:g}, health {spot.tool.health:g}")
    for label in labels:
        if label:
            svg.text(label.x, label.y, label.text, size=11)
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
        for t in tools
        if t.in_scope and t.environment == "production"
    )
    headers = ("Tool", "Value", "Health", "Quadrant", "Suggestion", "Because", "A year")
    caption = "Size: cost a year. Colour: layer family. Bubbles that would hide one another stand side by side. A tool of which less than half of an axis is known is left out; a tool in an overlap is never let go by score alone."
    return Drawing(
        "quadrant",
        title,
        caption,
        svg,
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
    worthy = len(counts["invest"])
    return f"{worthy} of {plural(len(placed), 'placed tool')} {'is' if worthy == 1 else 'are'} worth investing in"


def _beside(x: float, y: float, radius: float, spots: list[Spot], quarters: list[Box]) -> tuple[float, float]:
    """The nearest place to a point, in its own quarter, where a bubble hides no other; the point itself in a crowd."""
    west, east, north, south = next(q for q in quarters if x < q[1] and y <= q[3])
    if _free(x, y, radius, spots):
        return x, y
    for aside, down in _RINGS:
        at, level = x + aside, y + down
        inside = west + radius <= at <= east - radius and north + radius <= level <= south - radius
        if inside and _free(at, level, radius, spots):
            return at, level
    return x, y


def _free(x: float, y: float, radius: float, spots: list[Spot]) -> bool:
    """Whether a bubble hides no other."""
    for spot in spots:  # noqa: SIM110 - a plain loop here and below, as each is asked for hundreds of places
        if math.hypot(x - spot.x, y - spot.y) <= radius + spot.radius:
            return False
    return True


def _named(spot: Spot, taken: list[Box], frame: Box) -> Name | None:
    """Where a name stands: beside, over or under its bubble, or further off on a thin line; nowhere in a crowd."""
    text = fit(spot.tool.name, 180, 11)
    width = text_width(text, 11)
    right, away, middle = spot.x + spot.radius + 5, spot.x - spot.radius - 5 - width, spot.x - width / 2
    over, level, under = spot.y - spot.radius - 5, spot.y + 4, spot.y + spot.radius + 13
    near = [(right, level), (away, level), (middle, over), (middle, under)]

    def across(x: float) -> bool:
        return frame[0] + 4 <= x and x + width <= frame[1] - 4

    def up(y: float) -> bool:
        return frame[2] + 2 <= y - 10 and y + 3 <= frame[3] - 2

    inside = ((x, y) for x, y in near if across(x) and up(y))
    columns = filter(across, (middle + by for by in range(-200, 201, 20)))
    rows = filter(up, (level + by for by in range(-154, 155, 14)))
    for x, y in chain(inside, _far(spot, columns, rows, width)):
        box = (x, x + width, y - 10, y + 3)
        if not _hits(box, taken):
            taken.append(box)
            return Name(text, x, y, None if (x, y) in near else (spot.x, spot.y, *_end(spot, x, y, width)))
    return None


def _hits(box: Box, taken: list[Box]) -> bool:
    """Whether a box lies on any other."""
    left, right, top, bottom = box
    for west, east, north, south in taken:
        if left <= east and west <= right and top <= south and north <= bottom:
            return True
    return False


def _far(spot: Spot, xs: Iterable[float], ys: Iterable[float], width: float) -> Iterator[tuple[float, float]]:
    """Places further off, the nearest first by the nearest point of the name; few names need them."""
    columns = [(x, _off(spot.x, x, x + width)) for x in xs]
    rows = [(y, _off(spot.y, y - 10, y + 4)) for y in ys]
    places = [(off_x * off_x + off_y * off_y, x, y) for y, off_y in rows for x, off_x in columns]
    places.sort(key=itemgetter(0))
    yield from ((x, y) for _, x, y in places)


def _off(at: float, begin: float, end: float) -> float:
    """How far a point lies outside a stretch."""
    return begin - at if at < begin else at - end if at > end else 0.0


def _end(spot: Spot, x: float, y: float, width: float) -> tuple[float, float]:
    """The point of a name that is nearest to its bubble."""
    return min(max(spot.x, x), x + width), min(max(spot.y, y - 10), y + 4)
