"""Money and time: what each part of the stack costs, and when each contract has to be decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from math import fsum
from typing import TYPE_CHECKING

from stackaudit.report.drawings.base import Drawing, Svg, Table, text_width
from stackaudit.report.facts import layer_name, notice
from stackaudit.report.words import FAMILIES, date, have, money, plural, share

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult, Renewal

MOST_CONTRACTS = 24
UNIDENTIFIED = "Not identified"
_HORIZON = 365


def spend(result: AuditResult) -> Drawing | None:
    """One bar a layer, grouped and coloured by family, the largest family first."""
    known = result.spend
    if not known.by_layer or not known.total:
        return None
    at_home = {t.id: t.family or UNIDENTIFIED for t in result.tools}
    families: dict[str, list[tuple[str, float, int]]] = {}
    for item in known.by_layer:
        family = next((at_home[t] for t in item.tools if t in at_home), UNIDENTIFIED)
        name = layer_name(result, item.layer) if item.layer != "unknown" else UNIDENTIFIED
        families.setdefault(family, []).append((name, item.amount, len(item.tools)))
    ordered = sorted(families.items(), key=lambda f: (-fsum(a for _, a, _ in f[1]), f[0]))
    first, rows = ordered[0]
    part = fsum(a for _, a, _ in rows) / known.total
    whose = f"the family “{FAMILIES[first]}”" if first in FAMILIES else "tools that are not identified"
    title = f"{share(part)} of the spend goes to {whose}: {money(fsum(a for _, a, _ in rows), known.currency)}"
    left, width, row, top = 330.0, 520.0, 24.0, 6.0
    count = sum(len(r) for _, r in ordered)
    svg = Svg("spend", 1080, top + row * count + 8 * len(ordered), title, f"{plural(count, 'layer')}.")
    largest = max(a for _, members in ordered for _, a, _ in members)
    y = top
    for family, members in ordered:
        svg.text(0, y + 15, FAMILIES.get(family, family), size=12, weight=600, width=130)
        for name, amount, tools in members:
            svg.text(140, y + 15, name, size=12, width=left - 150)
            svg.rect(left, y + 3, max(2.0, width * amount / largest), 16, fill=family if family in FAMILIES else "line")
            words = f"{money(amount, known.currency)}, {share(amount / known.total)}, {plural(tools, 'tool')}"
            svg.text(left + max(2.0, width * amount / largest) + 8, y + 15, words, size=11, fill="muted")
            y += row
        y += 8
    cells = tuple(
        (FAMILIES.get(family, family), name, money(amount, known.currency), share(amount / known.total), str(tools))
        for family, members in ordered
        for name, amount, tools in members
    )
    table = Table("Spend a year by layer", ("Family", "Layer", "A year", "Share", "Tools"), cells, numeric=(2, 3, 4))
    caption = f"{known.priced_tools} of {plural(known.tools, 'tool')} {have(known.priced_tools)} a price. A tool counts once, in its main layer."
    return Drawing("spend", title, caption, svg, table)


def renewals(result: AuditResult) -> Drawing | None:
    """Contracts of the next twelve months: the notice window shaded, its beginning marked, today on the left."""
    today = result.as_of
    ahead = [r for r in result.spend.renewals if 0 <= (r.contract_end - today).days <= _HORIZON]
    if not ahead:
        return None
    ahead = sorted(ahead, key=lambda r: (r.deadline, r.tool))[:MOST_CONTRACTS]
    names = result.labels()
    left, width, row, top = 210.0, 640.0, 26.0, 34.0
    title = _renewal_title(ahead, names)
    svg = Svg(
        "renewals",
        1080,
        top + row * len(ahead) + 10,
        title,
        f"{plural(len(ahead), 'contract')} on a line of twelve months.",
    )

    def at(day: dt.date) -> float:
        return left + width * min(max((day - today).days, 0), _HORIZON) / _HORIZON

    _months(svg, today, at, top + row * len(ahead))
    for i, item in enumerate(ahead):
        y = top + i * row
        late = item.days_left < 0
        soon = 0 <= item.days_left <= 60
        tone = "bad" if late else "warn" if soon else "accent"
        svg.text(
            0, y + 15, names.get(item.tool, item.tool), size=12, weight=600 if late or soon else 400, width=left - 12
        )
        svg.rect(at(item.deadline), y + 4, max(2.0, at(item.contract_end) - at(item.deadline)), 14, fill="unknown")
        svg.line(at(item.contract_end), y + 2, at(item.contract_end), y + 20, stroke="ink", thick=1.5)
        if late:
            svg.text(left - 4, y + 16, "×", size=14, weight=700, fill="bad", anchor="middle")
        else:
            x = at(item.deadline)
            svg.path(f"M {x:.1f} {y + 4:.1f} l 6 7 l -6 7 l -6 -7 z", fill=tone)
        svg.text(
            left + width + 14, y + 15, _renewal_words(item), size=11, fill=tone if late or soon else "muted", width=214
        )
    rows = tuple(
        (
            names.get(r.tool, r.tool),
            date(r.deadline) if r.notice_known else "not declared",
            f"{r.days_left:,}",
            date(r.contract_end),
            money(r.amount, r.currency) or "–",
            {True: "yes", False: "no", None: "not declared"}[r.auto_renew],
        )
        for r in ahead
    )
    table = Table(
        "Contracts that end within twelve months",
        ("Tool", "Notice by", "Days left", "Contract ends", "A year", "Renews by itself"),
        rows,
        numeric=(2, 4),
    )
    caption = "Diamond: last day to give notice. Grey: from then to the end of the contract. Cross: notice was due before today."
    return Drawing("renewals", title, caption, svg, table)


def _renewal_title(ahead: list[Renewal], names: dict[str, str]) -> str:
    near = [r for r in ahead if 0 <= r.days_left <= 60]
    late = [r for r in ahead if r.days_left < 0 and r.auto_renew]
    if near:
        first = near[0]
        title = f"{names.get(first.tool, first.tool)} is first: {notice(first)}"
        return title + (f"; {len(near) - 1} more within 60 days" if len(near) > 1 else "")
    if late:
        return f"{plural(len(late), 'contract renews by itself', 'contracts renew by themselves')} and can no longer be cancelled"
    return f"No notice is due within 60 days; {plural(len(ahead), 'contract ends', 'contracts end')} within a year"


def _renewal_words(item: Renewal) -> str:
    amount = money(item.amount, item.currency)
    day = "was due " if item.days_left < 0 else "" if item.notice_known else "ends "
    return f"{day}{date(item.deadline)}{', ' + amount if amount else ''}"


def _months(svg: Svg, today: dt.date, place: Callable[[dt.date], float], bottom: float) -> None:
    svg.line(place(today), 24, place(today), bottom, stroke="ink", thick=1.5)
    svg.text(place(today), 16, "today", size=11, weight=600, anchor="middle")
    month = dt.date(today.year + today.month // 12, today.month % 12 + 1, 1)
    last = -100.0
    for _ in range(12):
        x = place(month)
        svg.line(x, 24, x, bottom, stroke="hair")
        label = str(month.year) if month.month == 1 else f"{month:%b}"
        if x - last > text_width(label, 11) + 14 and x - place(today) > 34:
            svg.text(x, 16, label, size=11, fill="muted", anchor="middle")
            last = x
        month = dt.date(month.year + month.month // 12, month.month % 12 + 1, 1)
