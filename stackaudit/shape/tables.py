"""Every row of both sources' comparison tables, the four pillars and the disagreements, for one company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit.model.result import Disagreement, Pillar, TableRow
from stackaudit.shape.ground import Ground, Read
from stackaudit.shape.readings import combine, read_all

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.model.guidance import ComparisonRow, PillarText, Reading

    Found = list[tuple[Read, Reading]]


def table(ground: Ground) -> tuple[TableRow, ...]:
    """The rows in the order in which the sources print them."""
    return tuple(_row(ground, row) for row in ground.analysis.catalog.comparison.values())


def pillars(ground: Ground) -> tuple[Pillar, ...]:
    """Alignment, data architecture, process discipline and execution layer, one line each."""
    return tuple(_pillar(ground, pillar) for pillar in ground.analysis.catalog.pillars.values())


def disagreements(analysis: Analysis) -> tuple[Disagreement, ...]:
    """Where the sources disagree, and what is done about it."""
    return tuple(Disagreement(**d.model_dump()) for d in analysis.catalog.disagreements.values())


def _row(ground: Ground, row: ComparisonRow) -> TableRow:
    found = read_all(ground, row.readings)
    side = combine(found, row.needs)
    return TableRow(
        id=row.id,
        source=ground.analysis.catalog.comparison_tables[row.table].source,
        row=row.row,
        sales_ops=row.sales_ops,
        revops=row.revops,
        side=side or "not_assessed",
        because=_because(found) if side else _open(found, row.asks),
        question=row.asks if not side and _asked(found) else None,
    )


def _pillar(ground: Ground, pillar: PillarText) -> Pillar:
    found = read_all(ground, pillar.readings)
    side = combine(found, pillar.needs)
    lines = {"revops": pillar.strong, "both": pillar.partial, "sales_ops": pillar.weak}
    states = {"revops": "strong", "both": "partial", "sales_ops": "weak"}
    return Pillar(
        id=pillar.id,
        name=pillar.name,
        state=states[side] if side else "not_assessed",
        text=lines[side] if side else "Not assessed.",
        because=_because(found) if side else _open(found, pillar.asks),
    )


def _because(found: Found) -> str:
    return ". ".join(dict.fromkeys(read.text for read, _ in found if read.text)) + "."


def _open(found: Found, asks: str) -> str:
    """Why a row takes no side: what is known of it, and the question that would answer it if there is one."""
    known = [read.text for read, spec in found if read.text and read.side is None and spec.decisive]
    said = ". ".join(dict.fromkeys(known)) or "Not declared"
    return f"{said}. {asks}" if _asked(found) else f"{said}."


def _asked(found: Found) -> bool:
    """Whether an answer is missing; where all is declared and stands in neither column, there is nothing to ask."""
    return any(read.open for read, spec in found if spec.decisive)
