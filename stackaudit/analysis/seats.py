"""Seats and what they cost: utilisation, cost per active seat, value of unused seats, median of the peers."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.model.inventory import ToolEntry


def utilisation(entry: ToolEntry) -> float | None:
    """Active over bought seats; None where either is not declared or nothing is bought by the seat."""
    if entry.pricing == "usage" or not entry.seats or entry.active_seats is None:
        return None
    return entry.active_seats / entry.seats


def cost_per_active_seat(analysis: Analysis, tool_id: str) -> float | None:
    """Yearly cost over active seats, in the company's currency; None where it cannot be said."""
    entry = analysis.tool(tool_id).entry
    amount = analysis.money.converted.get(tool_id)
    if entry.pricing == "usage" or not amount or not entry.active_seats:
        return None
    return amount / entry.active_seats


def unused_seats(analysis: Analysis, tool_id: str) -> float | None:
    """What the seats that nobody uses cost a year, in the company's currency."""
    amount = analysis.money.converted.get(tool_id)
    used = utilisation(analysis.tool(tool_id).entry)
    if amount is None or used is None:
        return None
    return amount * max(0.0, 1 - used)


def peer_medians(analysis: Analysis) -> Mapping[str, float]:
    """Median cost per active seat of each layer of this stack in which two or more tools have one."""
    by_layer: dict[str, list[float]] = {}
    for tool in analysis.stack.active:
        cost = cost_per_active_seat(analysis, tool.id)
        if tool.layer and cost is not None:
            by_layer.setdefault(tool.layer, []).append(cost)
    return {layer: median(costs) for layer, costs in by_layer.items() if len(costs) > 1}
