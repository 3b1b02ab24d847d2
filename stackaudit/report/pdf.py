"""PDF: cover, contents, bookmarks, page numbers and a running title, laid out by WeasyPrint (extra ``pdf``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from stackaudit.report import facts
from stackaudit.report.drawings import all_drawings
from stackaudit.report.drawings.base import PALETTE, Picture
from stackaudit.report.escape import clean
from stackaudit.report.html import for_client
from stackaudit.report.look import PLAIN, Look, print_style
from stackaudit.report.page import rendered
from stackaudit.report.tables import Cell, heading, in_words, tables
from stackaudit.report.words import CONFIDENCES, EFFORTS, NEEDS, SEVERITIES, SHAPES, audience, date
from stackaudit.resources import data_dir

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult
    from stackaudit.report.drawings import Drawing

NARROW_ONLY = "axis_upright"
"""The drawing that stands in for the axis on small screens."""

MAX_NAME = 200
MAX_CELL = 240
"""The longest text in a cell of a table; words without end keep the layout busy for minutes."""

APPENDIX = {
    "tools": {
        "name": 22,
        "layer": 18,
        "owner": 17,
        "active_seats": 8,
        "seats": 7,
        "annual_cost": 10,
        "currency": 9,
        "contract_end": 13,
    },
    "integrations": {"from": 20, "to": 20, "objects": 29, "method": 10, "latency": 13, "status": 8},
    "renewals": {"tool": 30, "deadline": 16, "contract_end": 16, "amount": 14, "currency": 10, "auto_renew": 12},
    "metrics": {"name": 28, "status": 14, "tracked": 10, "text": 48},
    "comparison": {"row": 16, "sales_ops": 21, "revops": 22, "side": 9, "because": 32},
    "rules": {"id": 9, "title": 34, "threshold": 37, "source": 20},
}
"""The tables at the end, with the columns that fit a page and the share of its width for each; XLSX has all."""

Marked = tuple[str, bool]
"""A text, and whether it is a number."""


def render(result: AuditResult, look: Look = PLAIN) -> bytes:
    """The document; the same result gives the same bytes with the same WeasyPrint and fonts. Nothing is fetched."""
    from weasyprint import HTML

    document = HTML(string=page(result, look), url_fetcher=fetcher())
    made: bytes = document.write_pdf(pdf_tags=True)
    return made


def in_colours(drawing: Drawing, look: Look) -> Picture:
    """A drawing in the brand's accent, where it has one."""
    accent = look.brand.accent if look.brand else None
    return drawing.painted({**PALETTE, "accent": accent.light} if accent else PALETTE)


def fetcher() -> Any:
    """Reads what stands in the page itself, such as a logo, and refuses every other address."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols={"data"})


def page(result: AuditResult, look: Look = PLAIN) -> str:
    """The page that is laid out, with its stylesheet inside."""
    result = for_client(result, look)
    style = (data_dir("reports") / "pdf.css").read_text(encoding="utf-8") + _widths() + print_style(look.brand)
    drawings = {name: in_colours(d, look) for name, d in all_drawings(_short(result)).items() if name != NARROW_ONLY}
    text = rendered(
        "pdf.html.j2",
        look,
        {
            "brand": look.brand,
            "audience": audience(result.coverage.assumptions),
            "result": result,
            "figures": facts.figures(result),
            "groups": _groups(result),
            "questions": facts.open_questions(result),
            "axis": drawings.pop("axis", None),
            "drawings": list(drawings.values()),
            "appendix": _appendix(result),
            "names": result.labels(),
            "waivers": {f.id: facts.waiver_words(f) for f in result.findings if f.waiver},
            "severities": SEVERITIES,
            "efforts": EFFORTS,
            "confidences": CONFIDENCES,
            "shapes": SHAPES,
            "needs": NEEDS,
            "style": Markup(style),  # noqa: S704 - shipped with the package
        },
    )
    return clean(text)


def _short(result: AuditResult) -> AuditResult:
    """The result with names no longer than a stack file allows; a longer one keeps the layout busy for minutes."""
    if all(len(t.name) <= MAX_NAME for t in result.tools):
        return result
    return result.model_copy(
        update={"tools": tuple(t.model_copy(update={"name": t.name[:MAX_NAME]}) for t in result.tools)}
    )


def _groups(result: AuditResult) -> list[tuple[str, str, list[Any]]]:
    """Findings by root cause, then those that stand alone, are waived, or come from rules that broke."""
    standing = facts.standing(result)
    by_id = {f.id: f for f in result.findings}
    groups = [(c.id, c.title, [by_id[f] for f in c.findings if f in by_id]) for c in result.root_causes]
    grouped = {f.id for _, _, found in groups for f in found}
    groups.append(("other", "The verdict, and what stands alone", [f for f in standing if f.id not in grouped]))
    groups.append(("waived", "Waived", [f for f in facts.waived(result) if f.id not in grouped]))
    groups.append(("errors", "Rules that broke", [f for f in result.findings if f.outcome == "error"]))
    return [g for g in groups if g[2]]


def _appendix(result: AuditResult) -> list[tuple[str, str, list[Marked], list[list[Marked]]]]:
    """Each table by id: its title, its heads, and rows of texts; numbers and what heads them are marked."""
    made = tables(result)
    shown = []
    for name, columns in APPENDIX.items():
        table = made[name]
        places = [(c, table.columns.index(c)) for c in columns]
        rows = [[(_text(in_words(result, c, row[p])), _is_number(row[p])) for c, p in places] for row in table.rows]
        if rows:
            heads = [(heading(c), any(row[i][1] for row in rows)) for i, c in enumerate(columns)]
            shown.append((name, table.title, heads, rows))
    return shown


def _widths() -> str:
    """Style for the columns of the appendix; no element of a page has a style of its own."""
    return "".join(
        f"#table-{name} + table col:nth-child({place}) {{ width: {width}% }}\n"
        for name, columns in APPENDIX.items()
        for place, width in enumerate(columns.values(), 1)
    )


def _is_number(value: Cell) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: Cell) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        if len(value) > MAX_CELL:
            return f"{value[: MAX_CELL - 1]}…"
        return SHAPES.get(value, value.replace("_", " ")) if value.islower() and value.isidentifier() else value
    if isinstance(value, int | float):
        return f"{value:,.10g}"
    return date(value)
