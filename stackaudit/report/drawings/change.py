"""Two audits on one line from pre-ops to RevOps: where stack, organisation and need stood, and where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.report.drawings.axis import HOME, REGIONS, place
from stackaudit.report.drawings.base import Drawing, Svg, Table
from stackaudit.report.words import NEEDS, SHAPES, score

if TYPE_CHECKING:
    from stackaudit.model.comparison import Comparison, Side

_LEFT, _SPAN, _ROW, _TOP = 112.0, 176.0, 40.0, 30.0


def draw(comparison: Comparison, title: str) -> Drawing:
    """One row a shape: a ring where it stood, a disc where it stands."""
    sides = (comparison.before, comparison.after)
    rows = (
        ("Stack", tuple(_stack(s) for s in sides)),
        ("Organisation", tuple(_label(s.org, SHAPES) for s in sides)),
        ("Need", tuple(_label(s.need, NEEDS) for s in sides)),
    )
    width, height = _LEFT + _SPAN * len(REGIONS) + 12, _TOP + _ROW * len(rows) + 6
    cells = tuple((name, one[0], two[0]) for name, (one, two) in rows)
    svg = Svg("change", width, height, title, "; ".join(f"{n}: {a}, then {b}" for n, a, b in cells))
    for i, region in enumerate(REGIONS):
        x = _LEFT + i * _SPAN
        svg.rect(x, _TOP - 4, _SPAN, height - _TOP + 4, fill="band" if i % 2 == 0 else "paper")
        svg.text(x + _SPAN / 2, _TOP - 14, SHAPES[region], size=13, weight=600, anchor="middle")
    svg.line(_LEFT, _TOP - 4, _LEFT + _SPAN * len(REGIONS), _TOP - 4, stroke="ink", thick=1.5)
    for i, (name, (one, two)) in enumerate(rows):
        _row(svg, _TOP + 18 + i * _ROW, name, one[1], two[1])
    table = Table("Stack, organisation and need", ("What", "Before", "After"), cells)
    return Drawing("change", title, "A ring marks where each stood, a disc where it stands.", svg, table)


def _row(svg: Svg, y: float, name: str, before: float | None, after: float | None) -> None:
    svg.text(0, y + 4, name, size=13, weight=600)
    svg.line(_LEFT, y, _LEFT + _SPAN * len(REGIONS), y, stroke="hair")
    if before is not None and after is not None and before != after:
        svg.line(_LEFT + before * _SPAN, y, _LEFT + after * _SPAN, y, stroke="accent", thick=2.5)
    if before is not None:
        svg.circle(_LEFT + before * _SPAN, y, 7, fill="paper", stroke="accent", thick=2)
    if after is not None:
        svg.circle(_LEFT + after * _SPAN, y, 6 if before != after else 4, fill="accent")
    missing = [word for word, at in (("before", before), ("after", after)) if at is None]
    if missing:
        svg.text(_LEFT + 10, y + 15, f"not assessed {' and '.join(missing)}", size=12, fill="muted")


def _stack(side: Side) -> tuple[str, float | None]:
    words, at = _label(side.stack, SHAPES)
    if at is None or side.stack_score is None:
        return words, at
    return f"{words}, {score(side.stack_score)}", place(HOME.get(side.stack, side.stack), side.stack_score, side.cuts)


def _label(label: str, words: dict[str, str]) -> tuple[str, float | None]:
    home = HOME.get(label, label)
    return words.get(label, label), REGIONS.index(home) + 0.5 if home in REGIONS else None
