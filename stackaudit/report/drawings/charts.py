"""The smaller drawings: coverage, overlap, handoffs, signals, links and the dimensions of the stack's shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.report.drawings.base import Drawing, Svg, Table, fit, wrap
from stackaudit.report.words import (
    EXPECTATIONS,
    FUNCTIONS,
    HANDOFF_STATUS,
    LEVELS,
    duration,
    join,
    plural,
    share,
    within,
)

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult, HandoffInfo, LayerInfo

FUNCTION_ORDER = ("marketing", "sales", "cs", "shared")


def coverage_state(layer: LayerInfo) -> str:
    """How a layer stands: covered, missing, early, extra, absent or unknown."""
    wanted = layer.expectation in {"required", "expected"}
    if layer.present == "yes":
        return "early" if layer.expectation == "not_expected" else "covered"
    if layer.present == "unknown" or layer.expectation == "unknown":
        return "unknown"
    return "missing" if wanted else "absent"


_STATES = {
    "covered": ("goodsoft", "good", "in use"),
    "early": ("warnsoft", "warn", "ahead of this stage"),
    "missing": ("badsoft", "bad", "missing"),
    "absent": ("paper", "muted", "none, and none needed"),
    "unknown": ("unknown", "muted", "not assessed"),
}


def coverage(result: AuditResult) -> Drawing | None:
    """Function by layer: what this stage asks for and what is there."""
    layers = result.layers
    if not layers:
        return None
    states = {x.id: coverage_state(x) for x in layers}
    missing = [x.name for x in layers if states[x.id] == "missing"]
    names = {t.id: t.name for t in result.tools}
    columns, cell_w, cell_h, top = 4, 262.0, 56.0, 34.0
    grouped = {f: [x for x in layers if x.function == f] for f in FUNCTION_ORDER}
    shared_split = _split(grouped["shared"], sum(len(v) for f, v in grouped.items() if f != "shared") or 1)
    lanes = [("marketing", grouped["marketing"]), ("sales", grouped["sales"]), ("cs", grouped["cs"])]
    lanes = [(FUNCTIONS[f], members) for f, members in lanes] + [("Shared", part) for part in shared_split]
    lanes = [lane for lane in lanes if lane[1]]
    columns = len(lanes)
    cell_w = min(cell_w, 1080.0 / max(columns, 1))
    height = top + max(len(m) for _, m in lanes) * cell_h + 6
    title = (
        f"{join(missing[:3])}{' and others' if len(missing) > 3 else ''} {'is' if len(missing) == 1 else 'are'} missing at this stage"
        if missing
        else "No layer that this stage asks for is missing"
        if not any(x.expectation == "unknown" for x in layers)
        else "What this stage asks for is not assessed"
    )
    svg = Svg("coverage", columns * cell_w, height, title, f"{plural(len(layers), 'layer')}.")
    for i, (name, members) in enumerate(lanes):
        x = i * cell_w
        svg.text(x + 4, 18, name, size=14, weight=600)
        svg.line(x + 4, 26, x + cell_w - 8, 26, stroke="ink", thick=1.5)
        for j, layer in enumerate(members):
            y = top + j * cell_h
            fill, tone, word = _STATES[states[layer.id]]
            dash = "4 3" if states[layer.id] in {"missing", "unknown"} else ""
            stroke = tone if states[layer.id] != "absent" else "hair"
            svg.rect(x + 4, y, cell_w - 12, cell_h - 8, fill=fill, stroke=stroke, radius=3, dash=dash)
            svg.text(x + 14, y + 17, layer.name.split(" / ")[0], size=12, weight=600, width=cell_w - 32)
            who = join([names[t] for t in layer.providers[:3]]) + (" …" if len(layer.providers) > 3 else "")
            text = (
                who
                if who
                else f"{word} ({EXPECTATIONS[layer.expectation]})"
                if states[layer.id] != "absent"
                else "none; not asked for"
            )
            svg.text(
                x + 14,
                y + 35,
                text,
                size=11,
                fill=tone if states[layer.id] in {"missing", "early"} else "muted",
                width=cell_w - 32,
            )
    rows = tuple(
        (
            x.name,
            FUNCTIONS[x.function],
            EXPECTATIONS[x.expectation],
            _STATES[states[x.id]][2],
            ", ".join(names[t] for t in x.providers) or "–",
        )
        for x in layers
    )
    table = Table(
        "Layers of the stack",
        ("Layer", "Function", "At this stage", "State", "Tools with a capability of it in use"),
        rows,
    )
    caption = "Green: in use. Red and dashed: this stage asks for it and nothing provides it. Yellow: ahead of this stage. Grey and dashed: not assessed."
    return Drawing("coverage", title, caption, svg.render(), table)


def _split(members: list[LayerInfo], depth: int) -> list[list[LayerInfo]]:
    parts = 2 if len(members) > 7 else 1
    size = -(-len(members) // parts) if members else 0
    return [members[i : i + size] for i in range(0, len(members), size)] if members else []


_OVERLAP = {
    "direct": "same job",
    "adjacent": "shared work",
    "minor": "one shared capability",
    "latent": "offered, not in use",
    "same_family": "one family",
    "same_layer": "same layer",
    "normal_pair": "normal pair",
}


def overlap(result: AuditResult) -> Drawing | None:
    """Capabilities by tool, for the tools that share work in use."""
    shown = [o for o in result.overlaps if o.state == "in_use" and o.shared]
    pairs = [o for o in shown if o.kind != "minor" or not o.legitimate]
    sharing = {t for o in pairs for t in o.tools}
    tools = [t for t in result.tools if t.id in sharing][:10]
    if not tools:
        return None
    shared = sorted({c for o in pairs for c in o.shared})[:24]
    problem = [o for o in pairs if not o.legitimate and o.kind == "direct"]
    names = {t.id: t.name for t in result.tools}
    title = (
        f"{names[problem[0].tools[0]]} and {names[problem[0].tools[1]]} do the same work"
        + (f", and {plural(len(problem) - 1, 'more pair')}" if len(problem) > 1 else "")
        if problem
        else f"{plural(len(pairs), 'pair')} of tools share some work, none of them most of it"
    )
    left, cell, row, top = 210.0, 84.0, 26.0, 54.0
    svg = Svg(
        "overlap",
        left + cell * len(tools) + 10,
        top + row * len(shared) + 8,
        title,
        f"{plural(len(tools), 'tool')}, {plural(len(shared), 'shared capability', 'shared capabilities')}.",
    )
    for i, tool in enumerate(tools):
        for j, line in enumerate(wrap(tool.name, cell - 8, 11, 3)):
            svg.text(left + i * cell + cell / 2, 14 + 13 * j, line, size=11, weight=600, anchor="middle")
    for j, capability in enumerate(shared):
        y = top + j * row
        svg.line(0, y, left + cell * len(tools), y, stroke="hair")
        svg.text(0, y + 17, capability.replace("_", " "), size=12, width=left - 10)
        for i, tool in enumerate(tools):
            x = left + i * cell + cell / 2
            if capability in tool.capabilities.in_use:
                svg.circle(x, y + 13, 6, fill=tool.family or "ink")
            elif capability in tool.capabilities.offered:
                svg.circle(x, y + 13, 5, fill="paper", stroke="line", thick=1.5)
    rows = tuple(
        (
            join([names[t] for t in o.tools]),
            _OVERLAP.get(o.kind, o.kind),
            ", ".join(c.replace("_", " ") for c in o.shared),
            share(o.coefficient),
            f"legitimate: {o.reason}" if o.legitimate else "–",
        )
        for o in result.overlaps
    )
    table = Table(
        "Pairs that share work in use",
        ("Tools", "Kind", "Shared capabilities", "Of the smaller tool's work", "Legitimate"),
        rows,
        numeric=(3,),
    )
    return Drawing("overlap", title, "Filled: in use. Ring: offered and not in use.", svg.render(), table)


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
    names = {t.id: t.name for t in result.tools}
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
        who = join([names[t] for t in handoff.tools[:3]])
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
        svg.render(),
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
    names = {t.id: t.name for t in result.tools}
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
        svg.render(),
        Table("The signal ladder", headers, rows),
    )


def _timing(minutes: int | None, deadline: int) -> str:
    return f"deadline {duration(deadline)}" + (f", takes {duration(minutes)}" if minutes is not None else "")


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
    return Drawing(
        "links", title, "Filled: works for sure. Dashed: open, because the file does not say.", svg.render(), table
    )


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
    height = sum(max(20.0, d.weight * scale) + gap for d in parts) + 26
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
    return Drawing(
        "dimensions", title, "The height of a bar is its weight; all weights sum to 100.", svg.render(), table
    )


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
