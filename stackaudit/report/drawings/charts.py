"""The smaller drawings: handoffs, signals, links and the dimensions of the stack's shape."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

from stackaudit.report.drawings.base import Drawing, Svg, Table, fit, wrap
from stackaudit.report.words import HANDOFF_STATUS, LEVELS, duration, join, plural, share, within

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult, HandoffInfo

_STATION = {
    "works": ("good", "goodsoft", "✓"),
    "weak": ("warn", "warnsoft", "~"),
    "broken": ("bad", "badsoft", "×"),
    "unknown": ("muted", "unknown", "?"),
    "not_needed": ("muted", "paper", "–"),
    "not_applicable": ("muted", "paper", "–"),
}


def handoffs(result: AuditResult) -> Drawing | None:
    """Ten stations in two rows, with a break where the chain breaks."""
    chain = result.handoffs
    if not chain:
        return None
    names = result.labels()
    counting = [h for h in chain if h.status not in {"not_needed", "not_applicable"}]
    broken = [h for h in counting if h.status == "broken"]
    works = [h for h in counting if h.status == "works"]
    unknown = [h for h in counting if h.status == "unknown"]
    if len(unknown) > len(counting) / 2:
        title = "Most handoffs cannot be judged from what is declared"
    elif broken:
        title = f"{len(works)} of {len(counting)} handoffs work; the chain breaks at {within(broken[0].name)}"
    else:
        title = f"{len(works)} of {len(counting)} handoffs work" + (
            "" if len(works) == len(counting) else ", the others in part"
        )
    box, box_h, gap, per_row = 200.0, 112.0, 20.0, 5
    height = 2 * (box_h + 34)
    svg = Svg(
        "handoffs",
        per_row * box + (per_row - 1) * gap + 4,
        height,
        title,
        "Ten handoffs from first visit to expansion.",
    )
    for i, handoff in enumerate(chain):
        row, column = divmod(i, per_row)
        x, y = 2 + column * (box + gap), 20 + row * (box_h + 34)
        tone, fill, mark = _STATION[handoff.status]
        dash = "5 4" if handoff.status in {"broken", "unknown"} else ""
        if column:
            previous = x - gap
            if handoff.status == "broken":
                svg.line(previous, y + 40, previous + 6, y + 40, stroke="bad", thick=2)
                svg.line(x - 6, y + 40, x, y + 40, stroke="bad", thick=2)
                svg.text(x - gap / 2, y + 45, "×", size=15, weight=700, fill="bad", anchor="middle")
            else:
                svg.line(
                    previous, y + 40, x, y + 40, stroke=tone, thick=2, dash="3 3" if handoff.status != "works" else ""
                )
        svg.rect(
            x, y, box, box_h, fill=fill, stroke=tone if handoff.status != "not_needed" else "hair", radius=4, dash=dash
        )
        for j, line in enumerate(wrap(f"{handoff.id} {handoff.name}", box - 20, 12.5, 2)):
            svg.text(x + 10, y + 18 + 15 * j, line, size=12, weight=600)
        svg.text(
            x + 10, y + 52, f"{mark} {HANDOFF_STATUS[handoff.status]}{_partly(handoff)}", size=12, weight=600, fill=tone
        )
        who = join([names.get(t, t) for t in handoff.tools[:3]])
        for j, line in enumerate(wrap(who or "no tool", box - 20, 11, 2)):
            svg.text(x + 10, y + 70 + 14 * j, line, size=11, fill="muted")
        limit = duration(handoff.max_minutes)
        timing = f"within {limit}" if limit else ""
        if handoff.minutes is not None and limit:
            timing = f"{duration(handoff.minutes)} of {limit} allowed"
        if timing and handoff.status in {"works", "weak", "broken"}:
            svg.text(x + 10, y + 102, timing, size=11, fill="muted", width=box - 20)
    rows = tuple(
        (
            h.id,
            h.name,
            HANDOFF_STATUS[h.status],
            "–" if h.score is None else f"{h.score:.2f}",
            duration(h.minutes) or "–",
            duration(h.max_minutes) or "–",
            h.text,
        )
        for h in chain
    )
    headers = ("Id", "Handoff", "State", "Score", "Takes", "Allowed", "What carries it")
    table = Table("The ten handoffs", headers, rows, numeric=(3,))
    return Drawing(
        "handoffs",
        title,
        "Score 1: automatic and in time; half: late, by hand or degraded; 0: nothing carries it. Times add up along the way.",
        svg,
        table,
    )


def _partly(handoff: HandoffInfo) -> str:
    return f" ({share(handoff.score)})" if handoff.status == "weak" and handoff.score is not None else ""


def signals(result: AuditResult) -> Drawing | None:
    """One row a signal, five rungs, filled to where it gets."""
    shown = [s for s in result.signals if s.level > 0 or s.high > 0]
    if not shown:
        return None
    captured = [s for s in shown if s.level > 0]
    reach = sum(s.level >= 3 for s in captured)
    title = (
        f"{reach} of {plural(len(captured), 'captured signal')} can reach an action in time"
        if captured
        else "Whether any signal is captured is not declared"
    )
    left, rung, row, top = 230.0, 104.0, 34.0, 40.0
    svg = Svg("signals", left + 5 * rung + 240, top + row * len(shown) + 8, title, f"{plural(len(shown), 'signal')}.")
    for i, name in enumerate(("captured", *LEVELS[2:])):
        svg.text(left + i * rung + rung / 2, 18, name, size=11, weight=600, anchor="middle", width=rung - 4)
    names = result.labels()
    svg.line(0, 28, left + 5 * rung + 240, 28, stroke="ink", thick=1.2)
    for j, signal in enumerate(shown):
        y = top + j * row
        svg.text(0, y + 16, signal.name, size=12, width=left - 12)
        for i in range(5):
            x = left + i * rung + 3
            if signal.level > i:
                svg.rect(x, y + 4, rung - 6, 16, fill="accent")
            elif signal.high > i:
                svg.rect(x, y + 4, rung - 6, 16, fill="unknown", stroke="line", dash="3 3")
            else:
                svg.rect(x, y + 4, rung - 6, 16, fill="paper", stroke="hair")
        svg.text(
            left + 5 * rung + 10,
            y + 16,
            _timing(signal.path.minutes if signal.path else None, signal.deadline_minutes),
            size=11,
            fill="muted",
            width=228,
        )
    rows = tuple(
        (
            s.name,
            LEVELS[s.level],
            LEVELS[s.high],
            ", ".join(names.get(t, t) for t in s.sources) or "–",
            " → ".join(names.get(t, t) for t in s.path.tools) if s.path else "–",
            duration(s.path.minutes) if s.path else "–",
            duration(s.deadline_minutes),
            f"{s.play_owner or 'nobody'}, {names.get(s.play_tool, s.play_tool)}" if s.play_tool else "–",
        )
        for s in shown
    )
    headers = ("Signal", "Reaches", "At best", "Captured in", "Path to an action", "Takes", "Deadline", "Play")
    return Drawing(
        "signals",
        title,
        "Filled: reached. Dashed: possible, not declared. The last two rungs need a play with an owner and a deadline.",
        svg,
        Table("The signal ladder", headers, rows),
    )


def _timing(minutes: int | None, deadline: int) -> str:
    takes = "" if minutes is None else f", takes {duration(minutes)}" if minutes else ", reached at once"
    return f"deadline {duration(deadline)}{takes}"


def links(result: AuditResult) -> Drawing | None:
    """X1 to X8 as bars."""
    if not result.links:
        return None
    applying = [x for x in result.links if x.score is not None]
    whole = sum(x.low >= 1 for x in applying)
    unsure = sum(x.low != x.high for x in applying)
    title = f"{whole} of {len(applying)} cross-functional links work in full"
    if unsure > len(applying) / 2:
        title = f"{unsure} of {len(applying)} cross-functional links are not assessed"
    rows = [(f"{x.id} {x.name}", x.low, x.high, x.score is not None, x.text) for x in result.links]
    svg = _bars("links", title, rows, left=340.0)
    cells = tuple(
        (
            x.id,
            x.name,
            "–" if x.score is None else f"{x.score:.2f}",
            "does not apply" if x.score is None else _state(x.low, x.high),
            x.text,
        )
        for x in result.links
    )
    table = Table("The eight links", ("Id", "Link", "Score", "State", "What carries it"), cells, numeric=(2,))
    return Drawing("links", title, "Filled: works for sure. Dashed: open, because the file does not say.", svg, table)


def dimensions(result: AuditResult) -> Drawing | None:
    """The eight dimensions of the stack's shape; the height of a bar is its weight."""
    parts = result.shape.stack.dimensions
    if not parts:
        return None
    weakest = min(parts, key=lambda d: (-(d.weight * (1 - d.high)), d.id))
    title = (
        "What is unknown decides the score"
        if result.shape.stack.score is None
        else f"{weakest.name} costs the most points: {weakest.weight * weakest.score:.1f} of {weakest.weight:g}"
    )
    if all(d.score >= 0.999 for d in parts):
        title = "Every dimension is full"
    left, width, scale, gap = 210.0, 640.0, 1.5, 8.0
    height = fsum(max(20.0, d.weight * scale) + gap for d in parts) + 26
    svg = Svg("dimensions", left + width + 230, height, title, f"{plural(len(parts), 'dimension')}.")
    y = 22.0
    svg.text(left, 12, "0", size=11, fill="muted")
    svg.text(left + width, 12, "1", size=11, fill="muted", anchor="end")
    for part in parts:
        bar = max(20.0, part.weight * scale)
        svg.text(0, y + bar / 2 + 4, part.name, size=12, weight=600, width=left - 12)
        svg.rect(left, y, width, bar, fill="band")
        if part.high > part.low:
            svg.rect(
                left + width * part.low,
                y,
                width * (part.high - part.low),
                bar,
                fill="unknown",
                stroke="line",
                dash="3 3",
            )
        svg.rect(left, y, width * part.low, bar, fill="accent")
        points = f"{part.weight * part.low:.1f} of {part.weight:g} points"
        if part.high > part.low:
            points += f", open up to {part.weight * part.high:.1f}"
        svg.text(left + width + 10, y + bar / 2 + 4, points, size=12, fill="muted")
        y += bar + gap
    rows = tuple(
        (
            d.id,
            d.name,
            f"{d.weight:g}",
            f"{d.score:.2f}",
            f"{d.low:.2f} to {d.high:.2f}" if d.high > d.low else "–",
            "; ".join(d.reasons),
        )
        for d in parts
    )
    table = Table(
        "Dimensions of the stack's shape",
        ("Id", "Dimension", "Weight", "Score", "Open", "Reasons"),
        rows,
        numeric=(2, 3),
    )
    return Drawing("dimensions", title, "The height of a bar is its weight; all weights sum to 100.", svg, table)


def _bars(name: str, title: str, rows: list[tuple[str, float, float, bool, str]], *, left: float) -> Svg:
    width, row = 200.0, 30.0
    svg = Svg(name, 1080.0, row * len(rows) + 12, title, f"{len(rows)} rows.")
    for i, (label, low, high, applies, text) in enumerate(rows):
        y = 6 + i * row
        svg.text(0, y + 15, label, size=12, weight=600, width=left - 12)
        svg.rect(left, y + 3, width, 16, fill="paper", stroke="hair")
        if applies:
            if high > low:
                svg.rect(left + width * low, y + 3, width * (high - low), 16, fill="unknown", stroke="line", dash="3 3")
            svg.rect(left, y + 3, width * low, 16, fill="accent")
            if low == high == 0:
                svg.text(left + 8, y + 15, "× absent", size=11, weight=600, fill="bad")
        svg.text(left + width + 14, y + 15, fit(text, 1080 - left - width - 16, 11), size=11, fill="muted")
    return svg


def _state(low: float, high: float) -> str:
    if low != high:
        return "not assessed" if low == 0 else "works at least in part"
    return "works" if low >= 1 else "absent" if low == 0 else "works in part"
