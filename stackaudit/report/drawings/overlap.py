"""The overlap matrix: tools that share work, side by side, with what they cost and which one the scores suggest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.report.drawings.base import Drawing, Svg, Table, wrap
from stackaudit.report.facts import capability_name, told_apart
from stackaudit.report.words import join, money, plural, share, within

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult, OverlapGroup, ToolInfo

MOST_BLOCKS, MOST_TOOLS, MOST_ROWS = 8, 4, 7
"""What one picture can show and still be read; the table has all."""
WIDTH, BETWEEN, LABEL = 1080.0, 40.0, 176.0
ROW, HEAD, FOOT = 22.0, 60.0, 30.0
KINDS = {
    "direct": "same job",
    "adjacent": "shared work",
    "minor": "one shared capability",
    "latent": "offered, not in use",
    "same_family": "one family",
    "same_layer": "same layer",
    "normal_pair": "normal pair",
}


def draw(result: AuditResult) -> Drawing | None:
    """One small matrix a group, the most expensive first."""
    tools = {t.id: t for t in told_apart(result)}
    shared = [
        o for o in result.overlaps if o.state == "in_use" and o.shared and (o.kind != "minor" or not o.legitimate)
    ]
    shown = sorted((o for o in shared if not o.legitimate), key=_weight) or sorted(shared, key=_weight)
    if not shown:
        return None
    blocks = shown[:MOST_BLOCKS]
    heights = [1.0, 1.0]
    places = []
    for group in blocks:
        column = 0 if heights[0] <= heights[1] else 1
        places.append((column * (WIDTH + BETWEEN) / 2, heights[column]))
        heights[column] += HEAD + ROW * min(len(group.shared), MOST_ROWS) + FOOT
    title = _title(shown, tools)
    currency = result.company.currency
    svg = Svg("overlap", WIDTH, max(heights), title, f"{plural(len(blocks), 'group')} of tools.")
    for group, (x, y) in zip(blocks, places, strict=True):
        _block(svg, group, _rows(result, group), tools, (x, y), currency)
    caption = "Filled: in use. Ring: offered, not in use. Framed: the tool that the scores suggest keeping."
    if len(shown) > len(blocks):
        caption += f" The table has {plural(len(shown) - len(blocks), 'more group')}."
    return Drawing("overlap", title, caption, svg, _table(result, tools))


def _weight(group: OverlapGroup) -> tuple[int, float, tuple[str, ...]]:
    order = list(KINDS)
    return order.index(group.kind) if group.kind in order else len(order), -(group.in_scope or 0.0), group.tools


def _title(shown: list[OverlapGroup], tools: dict[str, ToolInfo]) -> str:
    doubles = [o for o in shown if o.kind == "direct" and not o.legitimate]
    if not doubles:
        count = len(shown)
        return f"{plural(count, 'group')} of tools {'shares' if count == 1 else 'share'} some work, none most of it"
    more = f", and {plural(len(doubles) - 1, 'more group')}" if len(doubles) > 1 else ""
    return f"{join([_name(tools, t) for t in doubles[0].tools[:3]])} do the same work{more}"


def _rows(result: AuditResult, group: OverlapGroup) -> list[str]:
    """What the tools share, and as a last line how much more the table has."""
    names = [capability_name(result, c) for c in group.shared]
    if len(names) <= MOST_ROWS:
        return names
    return [*names[: MOST_ROWS - 1], f"and {len(names) - MOST_ROWS + 1} more"]


def _block(
    svg: Svg,
    group: OverlapGroup,
    rows: list[str],
    tools: dict[str, ToolInfo],
    place: tuple[float, float],
    currency: str | None,
) -> None:
    x, y = place
    members = [tools[t] for t in group.tools if t in tools][:MOST_TOOLS]
    width = (WIDTH - BETWEEN) / 2
    cell = min(112.0, (width - LABEL) / max(len(members), 1))
    edge = x + LABEL + cell * len(members)
    bottom = y + HEAD + ROW * len(rows)
    verdict = KINDS.get(group.kind, group.kind)
    svg.text(x, y + 16, verdict[:1].upper() + verdict[1:], size=12, weight=600, width=LABEL - 8, hint=False)
    if group.in_scope:
        svg.text(
            x, y + 32, f"{money(group.in_scope, currency)} in scope", size=11, fill="muted", width=LABEL - 8, hint=False
        )
    if len(group.tools) > len(members):
        svg.text(x, y + 46, f"and {plural(len(group.tools) - len(members), 'more tool')}", size=11, fill="muted")
    svg.line(x, y + HEAD - 4, edge, y + HEAD - 4, stroke="ink", thick=1.2)
    for i, tool in enumerate(members):
        centre = x + LABEL + (i + 0.5) * cell
        if group.survivor and group.survivor.suggested == tool.id:
            svg.rect(centre - cell / 2 + 2, y, cell - 4, bottom - y, stroke="accent", radius=4, thick=1.5)
        for j, line in enumerate(wrap(tool.name, cell - 10, 11, 2)):
            svg.text(centre, y + 16 + 13 * j, line, size=11, weight=600, anchor="middle")
        cost = money(tool.annual_cost, tool.currency)
        svg.text(centre, y + 46, cost or "no price", size=11, fill="muted", anchor="middle", width=cell - 8, hint=False)
    known = group.shared if len(rows) == len(group.shared) else group.shared[: len(rows) - 1]
    for j, label in enumerate(rows):
        top = y + HEAD + j * ROW
        svg.text(x, top + 13, label, size=11, width=LABEL - 8)
        if j < len(known):
            for i, tool in enumerate(members):
                _dot(svg, tool, known[j], x + LABEL + (i + 0.5) * cell, top + 9)
        if j + 1 < len(rows):
            svg.line(x, top + ROW - 3, edge, top + ROW - 3, stroke="hair")


def _dot(svg: Svg, tool: ToolInfo, capability: str, x: float, y: float) -> None:
    if capability in tool.capabilities.in_use:
        svg.circle(x, y, 5, fill=tool.family or "ink")
    elif capability in tool.capabilities.offered:
        svg.circle(x, y, 4.3, fill="paper", stroke="line", thick=1.4)


def _table(result: AuditResult, tools: dict[str, ToolInfo]) -> Table:
    rows = tuple(
        (
            join([_name(tools, t) for t in o.tools]),
            KINDS.get(o.kind, o.kind),
            ", ".join(within(capability_name(result, c)) for c in o.shared),
            share(o.coefficient),
            money(o.in_scope, result.company.currency) or "–",
            _name(tools, o.survivor.suggested) if o.survivor and o.survivor.suggested else "–",
            f"legitimate: {o.reason}" if o.legitimate else "–",
        )
        for o in result.overlaps
    )
    headers = (
        "Tools",
        "Kind",
        "Shared capabilities",
        "Of the smaller tool's work",
        "In scope a year",
        "The scores suggest",
        "Legitimate",
    )
    return Table("Pairs that share work in use", headers, rows, numeric=(3, 4))


def _name(tools: dict[str, ToolInfo], tool: str) -> str:
    """The name of a tool; a saved result may speak of one that it does not list."""
    return tools[tool].name if tool in tools else tool
