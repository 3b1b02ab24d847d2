"""The axis: stack, organisation and need on one line from pre-ops to RevOps; the report's signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.report.drawings.base import Drawing, Svg, Table, text_width
from stackaudit.report.words import NEEDS, SHAPES, score

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult, OrgShape, StackShape

REGIONS = ("pre_ops", "sales_ops", "hybrid", "revops")
HOME = {"none": "pre_ops", "full_revops": "revops"}


class Marker(Struct, frozen=True):
    """One shape on the axis: its place and interval from 0 to 4 regions; None where it is not assessed."""

    name: str
    words: str
    at: float | None
    low: float | None
    high: float | None
    raw: float | None
    note: str


def markers(result: AuditResult) -> tuple[Marker, ...]:
    """The three markers. A marker stands in the region of its label; a gate leaves the raw score beside it."""
    shape = result.shape
    stack, org, need = shape.stack, shape.org, shape.need
    home = HOME.get(str(need.label), str(need.label))
    return (
        _scored("Stack", stack, shape.cuts, gated=bool(stack.gates)),
        _scored("Organisation", org, shape.cuts, gated=False),
        Marker(
            "Need",
            NEEDS[need.label],
            REGIONS.index(home) + 0.5 if home in REGIONS else None,
            None,
            None,
            None,
            "the sources disagree" if need.contested else "",
        ),
    )


def place(label: str, value: float, cuts: tuple[float, float]) -> float:
    """Where a score stands within the region of a label, 0 to 4."""
    low, high = {"hybrid": cuts, "revops": (cuts[1], 100.0)}.get(label, (0.0, cuts[0]))
    inside = min(max((value - low) / (high - low), 0.04), 0.96)
    return REGIONS.index(label) + inside


def gap(result: AuditResult) -> str:
    """The gap between the three, in words."""
    lines = [m.text for m in result.shape.mismatch if m.pattern != "fragmented"]
    return lines[0] if lines else "How the three fit together is not assessed."


def _label_of(value: float, cuts: tuple[float, float]) -> str:
    return "sales_ops" if value < cuts[0] else "hybrid" if value < cuts[1] else "revops"


def _scored(name: str, shape: StackShape | OrgShape, cuts: tuple[float, float], *, gated: bool) -> Marker:
    label, value, low, high = str(shape.label), shape.score, shape.low, shape.high
    home = HOME.get(label, label)
    if home not in REGIONS:
        interval = f"anything from {score(low)} to {score(high)}" if high > low else ""
        return Marker(name, SHAPES[label], None, None, None, None, interval)
    if value is None:
        return Marker(name, SHAPES[label], REGIONS.index(home) + 0.5, None, None, None, "")
    at, reached = place(home, value, cuts), _label_of(value, cuts)
    note = score(value) if low == high else f"{score(value)}, up to {score(high)}"
    top = place(_label_of(high, cuts), high, cuts) if high > low else None
    raw = place(reached, value, cuts) if gated and reached != home and home != "pre_ops" else None
    return Marker(name, SHAPES[label], at, at if top is not None else None, top, raw, note)


def draw(result: AuditResult) -> Drawing:
    """The axis lying down, for wide pages."""
    found = markers(result)
    width, left, top = 1080.0, 150.0, 34.0
    span = (width - left - 20) / len(REGIONS)
    height = top + 22 + 60 * len(found)
    title, table = _words(result, found)
    svg = Svg("axis", width, height, title, "; ".join(f"{m.name}: {m.words}" for m in found))
    for i, region in enumerate(REGIONS):
        x = left + i * span
        svg.rect(x, top, span, height - top, fill="band" if i % 2 == 0 else "paper")
        svg.text(x + span / 2, top - 12, SHAPES[region], size=14, weight=600, anchor="middle")
    svg.line(left, top, left + 4 * span, top, stroke="ink", thick=1.5)
    for i in range(len(REGIONS) + 1):
        svg.line(left + i * span, top - 5, left + i * span, top + 5, stroke="ink", thick=1.5)
    for row, marker in enumerate(found):
        y = top + 44 + row * 60
        svg.text(0, y + 4, marker.name, size=14, weight=600)
        svg.line(left, y, left + 4 * span, y, stroke="hair")
        _marker(svg, marker, y, left, span)
    return Drawing(
        "axis",
        title,
        "Markers stand in the region of their label; bars show what unknown input leaves open.",
        svg,
        table,
    )


def _marker(svg: Svg, marker: Marker, y: float, left: float, span: float) -> None:
    if marker.at is None:
        words = f"not assessed{': ' + marker.note if marker.note else ''}"
        svg.text(left + 12, y - 8, words, size=13, fill="muted")
        return
    x = left + marker.at * span
    if marker.low is not None and marker.high is not None:
        svg.rect(x, y - 4, (marker.high - marker.low) * span, 8, fill="unknown", stroke="line")
    if marker.raw is not None:
        raw = left + marker.raw * span
        svg.line(x, y, raw, y, stroke="line", dash="2 3")
        svg.circle(raw, y, 5, fill="paper", stroke="line", thick=1.5)
        words = "score before gates"
        anchor = "end" if raw + text_width(words, 11) / 2 > left + 4 * span else "middle"
        svg.text(raw if anchor == "middle" else left + 4 * span, y + 18, words, size=11, fill="muted", anchor=anchor)
    tone = {"Stack": "accent", "Organisation": "measure", "Need": "ink"}[marker.name]
    if marker.name == "Need":
        svg.path(
            f"M{x - 8:.1f} {y:.1f}L{x:.1f} {y - 8:.1f}L{x + 8:.1f} {y:.1f}L{x:.1f} {y + 8:.1f}Z",
            fill="paper",
            stroke=tone,
            thick=2.5,
        )
    else:
        svg.circle(x, y, 8, fill=tone)
    words = marker.words + (f" · {marker.note}" if marker.note else "")
    half = text_width(words, 13) / 2
    centre = min(max(x, left + half), left + 4 * span - half)
    svg.text(centre, y - 14, words, size=13, weight=600, fill=tone, anchor="middle")


def draw_upright(result: AuditResult) -> Drawing:
    """The axis standing up, for narrow pages: RevOps on top."""
    found = markers(result)
    width, top, region = 330.0, 12.0, 84.0
    height = top + region * len(REGIONS) + 22 + 20 * sum(m.at is None for m in found)
    title, table = _words(result, found)
    svg = Svg("axis-upright", width, height, title, "; ".join(f"{m.name}: {m.words}" for m in found))
    bottom = top + region * len(REGIONS)
    for i, name in enumerate(REGIONS):
        y = bottom - (i + 1) * region
        svg.rect(0, y, width, region, fill="band" if i % 2 == 0 else "paper")
        svg.text(8, y + 18, SHAPES[name], size=13, weight=600)
    svg.line(112, top, 112, bottom, stroke="ink", thick=1.5)
    placed = sorted(((m, bottom - m.at * region) for m in found if m.at is not None), key=lambda p: p[1])
    spoken = -100.0
    for marker, y in placed:
        tone = {"Stack": "accent", "Organisation": "measure", "Need": "ink"}[marker.name]
        if marker.name == "Need":
            svg.path(f"M104 {y:.1f}L112 {y - 8:.1f}L120 {y:.1f}L112 {y + 8:.1f}Z", fill="paper", stroke=tone, thick=2.5)
        else:
            svg.circle(112, y, 7, fill=tone)
        spoken = max(y + 4, spoken + 18)
        words = f"{marker.name}: {marker.note or marker.words}"
        svg.line(122, y, 132, spoken - 4, stroke="line")
        svg.text(136, spoken, words, size=12, weight=600, fill=tone, width=width - 138)
    y = bottom + 16
    for marker in found:
        if marker.at is None:
            svg.text(8, y, f"{marker.name}: not assessed", size=12, fill="muted")
            y += 20
    return Drawing("axis_upright", title, "Markers stand in the region of their label.", svg, table)


def _words(result: AuditResult, found: tuple[Marker, ...]) -> tuple[str, Table]:
    rows = tuple((m.name, m.words, m.note or ("–" if m.at is not None else "not assessed")) for m in found)
    return gap(result), Table("Stack, organisation and need", ("What", "Shape", "Score or note"), rows)
