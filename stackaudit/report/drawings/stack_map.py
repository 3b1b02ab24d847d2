"""The stack map: tools as cards in lanes, what runs between them, and what is missing, drawn in."""

from __future__ import annotations

from itertools import pairwise
from math import fsum
from typing import TYPE_CHECKING

from msgspec import Struct, field

from stackaudit.report.drawings.base import Drawing, Svg, Table, fit, text_width
from stackaudit.report.facts import layer_name, records, told_apart
from stackaudit.report.words import FAMILIES, FUNCTIONS, duration, money, plural

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stackaudit.model.result import AuditResult, IntegrationInfo, ToolInfo
    from stackaudit.report.drawings.markup import Mark

LANES = ("marketing", "sales", "cs", "shared")
ROWS = ("signal", "record", "integrate", "engage", "measure", "govern")
FOLD_ABOVE = 60
CARD_W, CARD_H, GAP_X, GAP_Y = 158.0, 48.0, 16.0, 20.0
LEFT, TOP = 96.0, 40.0
SWEEPS = 6
MOST_PORTS, TRUNKS = 8, 3
CALM = 60
"""From more lines than this on, each is thinner."""
MOST_WIRES = 150
_FAILING = ("missing", "broken", "degraded")
_MANUAL = frozenset({"csv", "manual"})
Curve = tuple[tuple[float, float], ...]
_GRADES = {"claimed": "claimed by one side", "mutual": "named by both sides", None: "not graded"}


class Card(Struct, dict=True):
    """One card: a tool, a folded layer, or a layer that is missing; ``short`` is the detail where it does not fit."""

    key: str
    name: str
    detail: str
    lane: str
    row: str
    family: str
    cost: float = 0.0
    note: str = ""
    short: str = ""
    missing: bool = False
    unknown: bool = False
    x: float = 0.0
    y: float = 0.0

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the card."""
        return self.x + CARD_W / 2, self.y + CARD_H / 2


class Wire(Struct, dict=True):
    """One line between two cards; ``kind`` is live, degraded, broken, planned, manual or missing."""

    source: str
    target: str
    kind: str
    two_way: bool
    weight: int
    label: str = ""
    ports: dict[str, float] = field(default_factory=dict)


def draw(result: AuditResult) -> Drawing:
    """Lay the cards out, run the lines behind them, and name what is missing."""
    cards, home = _cards(result)
    every = _wires(result, cards, home)
    wires = sorted(every, key=_urgency)[:MOST_WIRES]
    width, height, rows, lanes = _lay_out(cards, wires)
    title = _title(result)
    svg = Svg(
        "stack_map",
        width,
        height,
        title,
        f"{plural(len(result.tools), 'tool')} and {plural(len(result.integrations), 'connection')}.",
    )
    _ground(svg, width, rows, lanes)
    by_key = {c.key: c for c in cards}
    _ports(wires, by_key)
    lines = svg.group(class_="wires")
    for wire in sorted(wires, key=lambda w: (w.kind == "missing", w.source, w.target, w.kind)):
        _wire(svg, lines, wire, by_key, 1.0 if len(wires) <= CALM else 0.6)
    costs = max((c.cost for c in cards), default=0.0)
    boxes = svg.group(class_="cards")
    for card in sorted(cards, key=lambda c: (c.y, c.x)):
        _card(svg, boxes, card, costs)
    _labels(svg, [w for w in wires if w.label], by_key)
    caption = (
        "Columns are the teams that work with a tool, rows what it is for. Solid: live; long dashes with a mark: degraded; "
        "cut: broken; dots: by hand; short dashes: planned; thickness: number of record types. Red and dotted: missing. "
        "The bar in a card is its share of the largest contract."
    )
    if len(every) > len(wires):
        caption += f" Of {len(every):,} lines {len(wires)} are drawn, what is missing or fails first, then by number of record types; the table has all."
    return Drawing("stack_map", title, caption, svg, _table(result, cards), wide=True)


def _cards(result: AuditResult) -> tuple[list[Card], dict[str, str]]:
    """The cards, and for each tool the card it stands on."""
    tools = [t for t in told_apart(result) if t.in_scope and t.environment == "production"]
    cards: list[Card] = []
    home: dict[str, str] = {}
    if len(tools) <= FOLD_ABOVE:
        for tool in tools:
            home[tool.id] = tool.id
            cards.append(_tool_card(result, tool))
    else:
        folded: dict[str, list[ToolInfo]] = {}
        for tool in tools:
            folded.setdefault(tool.layer or "unidentified", []).append(tool)
        for layer, members in sorted(folded.items()):
            first = members[0]
            key = f"layer:{layer}"
            home.update({t.id: key for t in members})
            row = first.family if first.family in ROWS else "govern"
            cost = fsum(t.annual_cost or 0 for t in members)
            name = layer_name(result, layer) if first.layer else "Not identified"
            cards.append(Card(key, name, plural(len(members), "tool"), first.lane, row, row, cost))
    families = {x.id: x.family for x in result.layers}
    present = {t.layer for t in tools}
    for gap in result.expected.layers:
        if gap.present == "no" and gap.layer not in present:
            row = families.get(gap.layer, "govern")
            detail = f"{gap.expectation} here, none in use"
            cards.append(Card(f"missing:{gap.layer}", gap.name, detail, gap.function, row, row, missing=True))
    return cards, home


def _tool_card(result: AuditResult, tool: ToolInfo) -> Card:
    if tool.layer is None:
        return Card(tool.id, tool.declared_as, "not identified", "shared", "govern", "govern", unknown=True)
    seats = (
        f"{tool.active_seats}/{tool.seats} seats" if tool.seats is not None and tool.active_seats is not None else ""
    )
    layer = layer_name(result, tool.layer)
    detail = " · ".join(p for p in (layer, seats) if p)
    note = ", ".join(
        p
        for p in (f"owner {tool.owner}" if tool.owner else "no owner named", money(tool.annual_cost, tool.currency))
        if p
    )
    row = tool.family if tool.family in ROWS else "govern"
    return Card(tool.id, tool.name, detail, tool.lane, row, row, tool.annual_cost or 0.0, note, layer)


def _wires(result: AuditResult, cards: list[Card], home: dict[str, str]) -> list[Wire]:
    keys = {c.key for c in cards}
    merged: dict[tuple[str, str, str], Wire] = {}
    for edge in result.integrations:
        ends = home.get(edge.from_), home.get(edge.to)
        if ends[0] is None or ends[1] is None or ends[0] == ends[1]:
            continue
        kind = _kind(edge)
        swapped = (ends[1], ends[0], kind)
        if swapped in merged:
            merged[swapped].two_way = True
            merged[swapped].weight = max(merged[swapped].weight, len(edge.objects))
            continue
        wire = merged.setdefault((ends[0], ends[1], kind), Wire(ends[0], ends[1], kind, edge.two_way, 0))
        wire.two_way |= edge.two_way
        wire.weight += len(edge.objects)
    wires = list(merged.values())
    for gap in result.expected.integrations:
        source = home.get(gap.from_, "") if gap.from_ else f"missing:{gap.from_layer}"
        target = home.get(gap.to, "") if gap.to else f"missing:{gap.to_layer}"
        if source in keys and target in keys and source != target:
            wires.append(Wire(source, target, "missing", False, 1, gap.reason))
    return wires


def _urgency(wire: Wire) -> tuple[int, int, str, str, str]:
    """What a reader must see first where not all can be drawn."""
    place = _FAILING.index(wire.kind) if wire.kind in _FAILING else len(_FAILING)
    return place, -wire.weight, wire.source, wire.target, wire.kind


def _kind(edge: IntegrationInfo) -> str:
    if edge.status != "live":
        return edge.status
    return "manual" if edge.method in _MANUAL else "live"


def _lay_out(
    cards: list[Card], wires: list[Wire]
) -> tuple[float, float, list[tuple[str, float, float]], list[tuple[str, float, float]]]:
    """Place the cards: fixed lanes and rows, order within a cell by median sweeps over what a card is wired to."""
    cells: dict[tuple[str, str], list[Card]] = {}
    for card in sorted(cards, key=lambda c: (c.missing, c.name.casefold(), c.key)):
        cells.setdefault((card.row, card.lane), []).append(card)
    rows = [r for r in ROWS if any((r, lane) in cells for lane in LANES)]
    columns = {lane: _columns(max((len(cells.get((r, lane), ())) for r in rows), default=0)) for lane in LANES}
    neighbours: dict[str, list[str]] = {}
    for wire in wires:
        neighbours.setdefault(wire.source, []).append(wire.target)
        neighbours.setdefault(wire.target, []).append(wire.source)
    starts, x = {}, LEFT
    for lane in LANES:
        starts[lane] = x
        x += columns[lane] * (CARD_W + GAP_X) + 22
    width = x - 6
    tops, y = {}, TOP
    for row in rows:
        tops[row] = y
        depth = max(-(-len(cells.get((row, lane), ())) // columns[lane]) for lane in LANES)
        y += depth * (CARD_H + GAP_Y) + 30
    height = y + 4
    by_key = {c.key: c for c in cards}
    before: list[tuple[float, float]] = []
    for sweep in range(SWEEPS + 1):
        places = [(c.x, c.y) for c in cards]
        if sweep > 1 and places == before:
            break  # no sweep after one that moves nothing moves anything
        before = places
        for (row, lane), members in sorted(cells.items()):
            if sweep:
                members.sort(key=lambda c: (_median(c, neighbours, by_key), c.name.casefold(), c.key))
            for i, card in enumerate(members):
                line, column = divmod(i, columns[lane])
                on_line = min(columns[lane], len(members) - line * columns[lane])
                shift = (columns[lane] - on_line) * (CARD_W + GAP_X) / 2
                card.x = starts[lane] + column * (CARD_W + GAP_X) + shift
                card.y = tops[row] + 18 + line * (CARD_H + GAP_Y)
    ends = [*list(tops.values())[1:], height - 4][: len(rows)]
    bands = [(row, tops[row], end - tops[row]) for row, end in zip(rows, ends, strict=True)]
    lanes = [(lane, starts[lane] - 10, columns[lane] * (CARD_W + GAP_X) + 6) for lane in LANES]
    return width, height, bands, lanes


def _columns(most: int) -> int:
    return 1 if most <= 2 else 2 if most <= 6 else 3 if most <= 15 else 4


def _median(card: Card, neighbours: dict[str, list[str]], by_key: dict[str, Card]) -> float:
    at = sorted(by_key[k].centre[0] for k in neighbours.get(card.key, ()))
    return at[len(at) // 2] if at else card.centre[0]


def _ground(
    svg: Svg, width: float, rows: list[tuple[str, float, float]], lanes: list[tuple[str, float, float]]
) -> None:
    for i, (row, y, height) in enumerate(rows):
        if row == "integrate" or i % 2 == 0:
            svg.rect(0, y, width, height, fill="band")
        svg.rect(0, y, 4, height, fill=row)
        svg.text(12, y + 32, FAMILIES[row].split(" ")[0], size=13, weight=600, fill=row)
        for j, word in enumerate(FAMILIES[row].split(" ")[1:]):
            svg.text(12, y + 48 + 15 * j, word, size=13, weight=600, fill=row)
    bottom = rows[-1][1] + rows[-1][2] if rows else TOP
    for lane, x, lane_width in lanes:
        svg.text(x + lane_width / 2, 22, FUNCTIONS[lane], size=14, weight=600, anchor="middle")
        svg.line(x, 30, x + lane_width, 30, stroke="ink", thick=1.5)
        if lane != LANES[0]:
            svg.line(x - 8, TOP, x - 8, bottom, stroke="hair")


def _ports(wires: list[Wire], cards: dict[str, Card]) -> None:
    """Spread the ends of lines along a card's side, in the order of what they lead to, so that they do not pile up.

    Where too many meet, neighbours share a port and run into the card as one trunk.
    """
    sides: dict[tuple[str, str], list[tuple[float, Wire]]] = {}
    for wire in wires:
        a, b = cards[wire.source], cards[wire.target]
        for key, here, there in ((wire.source, a, b), (wire.target, b, a)):
            side = "down" if there.y > here.y else "up" if there.y < here.y else "down"
            sides.setdefault((key, side), []).append((there.centre[0], wire))
    for (key, _), ends in sides.items():
        ends.sort(key=lambda e: (e[0], e[1].source, e[1].target, e[1].kind))
        ports = len(ends) if len(ends) <= MOST_PORTS else TRUNKS
        for i, (_, wire) in enumerate(ends):
            wire.ports[key] = CARD_W * (i * ports // len(ends) + 1) / (ports + 1)


def _curve(wire: Wire, cards: dict[str, Card]) -> Curve:
    """The four points of the line's curve, from the edge of one card to the edge of the other."""
    a, b = cards[wire.source], cards[wire.target]
    x1, x2 = a.x + wire.ports[wire.source], b.x + wire.ports[wire.target]
    if a.y == b.y:
        y = a.y + CARD_H
        dip = 22 + min(abs(x2 - x1) * 0.06, 24)
        return (x1, y), (x1, y + dip), (x2, y + dip), (x2, y)
    y1, y2 = (a.y + CARD_H, b.y) if b.y > a.y else (a.y, b.y + CARD_H)
    bend = max(24.0, abs(y2 - y1) * 0.45) * (1 if y2 > y1 else -1)
    return (x1, y1), (x1, y1 + bend), (x2, y2 - bend), (x2, y2)


def _at(points: Curve, t: float) -> tuple[float, float]:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points
    u = 1 - t
    f = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
    return f[0] * x0 + f[1] * x1 + f[2] * x2 + f[3] * x3, f[0] * y0 + f[1] * y1 + f[2] * y2 + f[3] * y3


def _start(points: Curve, t: float) -> Curve:
    """The curve up to ``t``, by de Casteljau's construction."""
    first, level = [points[0]], list(points)
    while len(level) > 1:
        level = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in pairwise(level)]
        first.append(level[0])
    return tuple(first)


def _commands(points: Curve) -> str:
    (x0, y0), *others = points
    return f"M{x0:.1f} {y0:.1f}C" + " ".join(f"{x:.1f} {y:.1f}" for x, y in others)


_STROKES = {
    "live": ("line", "", 1.0),
    "degraded": ("warn", "9 4", 1.6),
    "broken": ("bad", "", 1.6),
    "planned": ("line", "4 5", 1.0),
    "manual": ("warn", "1.5 4", 1.8),
    "missing": ("bad", "1.5 5", 1.8),
}


def _wire(svg: Svg, parent: Mark, wire: Wire, cards: dict[str, Card], weight: float) -> None:
    points = _curve(wire, cards)
    tone, dash, thick = _STROKES[wire.kind]
    if wire.kind == "live":
        thick = min(1.0 + 0.35 * max(wire.weight - 1, 0), 3.2) * weight
    group = svg.group(parent, class_=f"wire wire-{wire.kind}", data_from=wire.source, data_to=wire.target)
    arrow = " and back" if wire.two_way else ""
    svg.title(group, f"{cards[wire.source].name} to {cards[wire.target].name}{arrow}: {wire.label or wire.kind}")
    if wire.kind == "broken":
        left, right = _start(points, 0.44), _start(points[::-1], 0.44)
        svg.path(_commands(left) + _commands(right), stroke=tone, thick=thick, parent=group)
    else:
        svg.path(_commands(points), stroke=tone, thick=thick, dash=dash, parent=group)
    heads = _head(points[2], points[3]) + (_head(points[1], points[0]) if wire.two_way else "")
    svg.path(heads, fill=tone, parent=group)
    if wire.kind in {"degraded", "broken"}:
        x, y = _at(points, 0.5)
        svg.circle(x, y, 7, fill="paper", stroke=tone, thick=1.4, parent=group)
        svg.text(
            x,
            y + 4,
            "!" if wire.kind == "degraded" else "×",
            size=12,
            weight=700,
            fill=tone,
            anchor="middle",
            parent=group,
        )


def _head(before: tuple[float, float], tip: tuple[float, float]) -> str:
    """An arrowhead that points from ``before`` to ``tip``."""
    (bx, by), (x, y) = before, tip
    length = max(((x - bx) ** 2 + (y - by) ** 2) ** 0.5, 0.1)
    ux, uy = (x - bx) / length, (y - by) / length
    back, aside = (-7 * ux - 3.4 * uy, -7 * uy + 3.4 * ux), (6.8 * uy, -6.8 * ux)
    return f"M{x:.1f} {y:.1f}l{back[0]:.1f} {back[1]:.1f} {aside[0]:.1f} {aside[1]:.1f}Z"


def _card(svg: Svg, parent: Mark, card: Card, largest: float) -> None:
    group = svg.group(parent, class_="card", data_tool=card.key)
    if not card.missing:
        group.set("tabindex", "0")
    svg.title(group, f"{card.name}: {card.detail}" + (f"; {card.note}" if card.note else ""))
    if card.missing:
        svg.rect(
            card.x, card.y, CARD_W, CARD_H, fill="paper", stroke="bad", radius=4, dash="5 4", thick=1.3, parent=group
        )
        svg.text(card.x + 10, card.y + 19, card.name, size=12, weight=600, fill="bad", width=CARD_W - 18, parent=group)
        svg.text(card.x + 10, card.y + 35, card.detail, size=11, fill="bad", width=CARD_W - 18, parent=group)
        return
    dash = "4 3" if card.unknown else ""
    svg.rect(card.x, card.y, CARD_W, CARD_H, fill="card", stroke="line", radius=4, dash=dash, parent=group)
    svg.rect(card.x, card.y + 4, 3, CARD_H - 8, fill=card.family, parent=group)
    name = f"? {card.name}" if card.unknown else card.name
    svg.text(card.x + 11, card.y + 18, name, size=13, weight=600, width=CARD_W - 18, hint=False, parent=group)
    detail = card.detail if text_width(card.detail, 11) <= CARD_W - 18 else card.short or card.detail
    svg.text(card.x + 11, card.y + 33, detail, size=11, fill="muted", width=CARD_W - 18, hint=False, parent=group)
    if largest and card.cost:
        svg.rect(card.x + 11, card.y + 39, CARD_W - 22, 3, fill="hair", parent=group)
        svg.rect(
            card.x + 11, card.y + 39, max((CARD_W - 22) * card.cost / largest, 2), 3, fill=card.family, parent=group
        )


def _labels(svg: Svg, wires: list[Wire], cards: dict[str, Card]) -> None:
    """Names of missing connections, each moved along its line until it covers no card and no other name."""
    taken = [(c.x - 2, c.y - 2, c.x + CARD_W + 2, c.y + CARD_H + 2) for c in cards.values()]
    for wire in sorted(wires, key=lambda w: (w.label, w.source, w.target)):
        points = _curve(wire, cards)
        text = fit(wire.label, 190, 11)
        half = text_width(text, 11) / 2 + 4
        for t in (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82, 0.12, 0.88):
            x, y = _at(points, t)
            x = min(max(x, half + 2), svg.width - half - 2)
            box = (x - half, y - 8, x + half, y + 8)
            if not any(_meet(box, other) for other in taken):
                break
        taken.append(box)
        svg.rect(x - half, y - 8, 2 * half, 16, fill="paper", stroke="bad", radius=3, thick=0.8)
        svg.text(x, y + 4, text, size=11, fill="bad", weight=600, anchor="middle")


def _meet(one: tuple[float, ...], two: tuple[float, ...]) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def _title(result: AuditResult) -> str:
    gaps = result.expected.integrations
    silent = {(e.to_layer if e.to is None else e.to) for e in gaps}
    if not result.integrations:
        return "The tools are known; what runs between them is not declared"
    if not gaps and not [x for x in result.expected.layers if x.present == "no"]:
        return "Nothing that this stage asks for is missing"
    names = result.labels()
    most = max(sorted(s for s in silent if s), key=lambda s: sum(s in (e.from_, e.to) for e in gaps), default="")
    count = sum(most in (e.from_, e.to) for e in gaps)
    if most in names and count > 1:
        where = f"{count} of them" if count < len(gaps) else "both" if count == 2 else "all"
        return f"{plural(len(gaps), 'connection')} that the chain needs {'is' if len(gaps) == 1 else 'are'} missing, {where} at {names[most]}"
    layers = [x for x in result.expected.layers if x.present == "no"]
    parts = [plural(len(gaps), "connection")] if gaps else []
    parts += [plural(len(layers), "layer")] if layers else []
    return f"{' and '.join(parts)} that this stage asks for {'is' if parts == ['1 connection'] or parts == ['1 layer'] else 'are'} missing"


def _table(result: AuditResult, cards: list[Card]) -> Table:
    names = result.labels()
    rows: list[tuple[str, ...]] = [
        (
            names.get(e.from_, e.from_),
            names.get(e.to, e.to),
            "both ways" if e.two_way else "one way",
            records(result, e.objects) or "not declared",
            e.method or "not declared",
            duration(e.minutes) + (" (assumed)" if e.latency_assumed else ""),
            "by hand" if _kind(e) == "manual" else e.status,
        )
        for e in result.integrations
    ]
    rows += [
        (
            names.get(g.from_ or "", f"no {layer_name(result, g.from_layer)}"),
            names.get(g.to or "", f"no {layer_name(result, g.to_layer)}"),
            "one way",
            records(result, g.objects),
            f"{g.offered} connector known ({_GRADES[g.evidence]})" if g.offered else "no connector known",
            "",
            f"missing: {g.reason}",
        )
        for g in result.expected.integrations
    ]
    rows += [(c.name, "", "", "", "", "", f"one card of {c.detail}") for c in cards if c.key.startswith("layer:")]
    rows += [(names[t], to, "", "", "", "", why) for t, to, why in _without_own(result)]
    rows += [
        (x.name, "", "", "", "", "", f"{x.expectation} at this stage, none in use")
        for x in result.expected.layers
        if x.present == "no"
    ]
    headers = ("From", "To", "Direction", "Records", "How", "Every", "Status")
    return Table("Every connection, what is missing, and tools without any", headers, tuple(rows))


_OTHERWISE = {"as_relay": ("", "connections run through it"), "by_suite": ("", "one database with its suite")}


def _without_own(result: AuditResult) -> Iterable[tuple[str, str, str]]:
    """Tools at which no connection ends or is missing, what they lead to, and what they are connected by otherwise."""
    touched = {end for e in result.integrations for end in (e.from_, e.to)}
    touched |= {end for g in result.expected.integrations for end in (g.from_, g.to) if end}
    return [
        (t.id, *_OTHERWISE.get(t.connected or "", ("nothing", "no connection declared")))
        for t in result.tools
        if t.id not in touched
    ]
