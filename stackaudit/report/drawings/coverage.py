"""The coverage map: what each function has of every layer, against what this stage of the company asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.report.drawings.base import Drawing, Svg, Table
from stackaudit.report.words import EXPECTATIONS, FAMILIES, FUNCTIONS, join, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stackaudit.model.result import AuditResult, LayerInfo
    from stackaudit.report.drawings.markup import Mark

COLUMNS = {"marketing": 1, "sales": 1, "cs": 1, "shared": 2}
"""The functions from left to right, and how many layers of a family stand side by side in each."""
WIDTH, LEFT, TOP = 1080.0, 88.0, 34.0
CELL_H, GAP, PAD = 44.0, 6.0, 8.0
_STATES = {
    "covered": ("goodsoft", "good", "in use"),
    "early": ("warnsoft", "warn", "ahead of this stage"),
    "missing": ("badsoft", "bad", "missing"),
    "absent": ("paper", "muted", "none, and none needed"),
    "unknown": ("unknown", "muted", "not assessed"),
}
"""Ground, tone and word of each state."""


def state(layer: LayerInfo) -> str:
    """How a layer stands: covered, missing, early, absent or unknown."""
    if layer.present == "yes":
        return "early" if layer.expectation == "not_expected" else "covered"
    if layer.present == "unknown" or layer.expectation == "unknown":
        return "unknown"
    return "missing" if layer.expectation in {"required", "expected"} else "absent"


def draw(result: AuditResult) -> Drawing | None:
    """Functions across, families of layers down, one cell a layer."""
    layers = result.layers
    if not layers:
        return None
    names = result.labels()
    grid: dict[tuple[str, str], list[LayerInfo]] = {}
    for layer in layers:
        grid.setdefault((layer.family, layer.function), []).append(layer)
    bands = list(_bands(grid))
    unit = (WIDTH - LEFT) / sum(COLUMNS.values())
    title = _title(layers)
    svg = Svg("coverage", WIDTH, bands[-1][1] + bands[-1][2], title, f"{plural(len(layers), 'layer')}.")
    for family, y, height in bands:
        svg.rect(0, y, 4, height - GAP, fill=family)
        for line, word in enumerate(_label(family)):
            svg.text(12, y + 20 + 14 * line, word, weight=600, fill=family)
        svg.line(0, y - GAP / 2, WIDTH, y - GAP / 2, stroke="hair")
    x = LEFT
    for function, across in COLUMNS.items():
        svg.text(x + 2, 18, FUNCTIONS[function], size=14, weight=600)
        svg.line(x + 2, 26, x + across * unit - PAD, 26, stroke="ink", thick=1.5)
        for family, y, _ in bands:
            for i, layer in enumerate(grid.get((family, function), ())):
                line, column = divmod(i, across)
                cell = svg.group()
                _cell(svg, cell, layer, names, (x + column * unit, y + PAD / 2 + line * (CELL_H + GAP), unit - PAD))
        x += across * unit
    caption = "Green: in use. Red and dashed: this stage asks for it and nothing provides it. Yellow: ahead of this stage. Grey and dashed: not assessed. White: none, and none needed."
    return Drawing("coverage", title, caption, svg, _table(layers, names))


def _bands(grid: dict[tuple[str, str], list[LayerInfo]]) -> Iterator[tuple[str, float, float]]:
    """Each family that has a layer, with its upper edge and its height."""
    y = TOP + GAP
    for family in FAMILIES:
        lines = max((-(-len(grid.get((family, f), ())) // across) for f, across in COLUMNS.items()), default=0)
        if lines:
            height = lines * (CELL_H + GAP) + PAD
            yield family, y, height
            y += height


def _label(family: str) -> list[str]:
    return FAMILIES[family].replace(" and ", " and|").split("|")


def _cell(svg: Svg, parent: Mark, layer: LayerInfo, names: dict[str, str], place: tuple[float, float, float]) -> None:
    x, y, width = place
    found = state(layer)
    fill, tone, word = _STATES[found]
    providers = [names.get(t, t) for t in layer.providers]
    text = join(providers) or f"{word} ({EXPECTATIONS[layer.expectation]})"
    if found == "absent":
        text = "none; not asked for"
    if found == "early":
        text = f"early: {text}"
    svg.rect(
        x,
        y,
        width,
        CELL_H,
        fill=fill,
        stroke="hair" if found == "absent" else tone,
        radius=3,
        dash="4 3" if found in {"missing", "unknown"} else "",
        parent=parent,
    )
    svg.title(parent, f"{layer.name}: {text}")
    svg.text(x + 9, y + 18, layer.name.split(" / ")[0], weight=600, width=width - 16, hint=False, parent=parent)
    loud = tone if found in {"missing", "early"} else "muted"
    svg.text(x + 9, y + 34, text, size=11, fill=loud, width=width - 16, hint=False, parent=parent)


def _title(layers: tuple[LayerInfo, ...]) -> str:
    missing = [x.name for x in layers if state(x) == "missing"]
    if len(missing) > 3:
        return (
            f"{plural(len(missing), 'layer')} that this stage asks for are missing: {', '.join(missing[:3])} and others"
        )
    if missing:
        return f"{join(missing)} {'is' if len(missing) == 1 else 'are'} missing at this stage"
    if any(x.expectation == "unknown" for x in layers):
        return "What this stage asks for is not assessed"
    open_ = sum(state(x) == "unknown" and x.expectation in {"required", "expected"} for x in layers)
    if open_:
        return f"No layer that this stage asks for is known to be missing; {open_} of them {'is' if open_ == 1 else 'are'} not assessed"
    return "No layer that this stage asks for is missing"


def _table(layers: tuple[LayerInfo, ...], names: dict[str, str]) -> Table:
    rows = tuple(
        (
            x.name,
            FUNCTIONS[x.function],
            EXPECTATIONS[x.expectation],
            _STATES[state(x)][2],
            ", ".join(names.get(t, t) for t in x.providers) or "–",
        )
        for x in layers
    )
    headers = ("Layer", "Function", "At this stage", "State", "Tools in use that count for it")
    return Table("Layers of the stack", headers, rows)
