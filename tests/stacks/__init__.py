"""Stacks of known sizes: none in use, one tool, thirty, and five hundred."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from stackaudit.model.result import AuditResult
from tests.support import audit_data, audit_file, audit_text, plugins

EMPTY = "as_of: 2026-09-01\ntools: [{tool: Gong, out_of_scope: yes}]\n"
"""No file may declare no tool; this one declares none that counts."""


@cache
def stack(name: str) -> AuditResult:
    """One of the stacks by its name."""
    if name == "empty":
        return audit_text(EMPTY)
    if name == "one":
        return audit_text("- Salesforce\n")
    return audit_file(Path(__file__).parent / "thirty.yaml") if name == "thirty" else audit_data(many(500))


def many(count: int) -> dict[str, object]:
    """A stack of real tools by the order of their ids, with owners, seats, money, days and a connection each."""
    ids = sorted(row.id for row in plugins().all_tool_rows())
    step = len(ids) // count
    chosen = ids[: count * step : step]
    tools = [
        {
            "tool": chosen[i],
            "id": f"t{i}",
            "owner": f"Person {i % 17}",
            "team": ("sales", "marketing", "cs", "data")[i % 4],
            "seats": 10 + i,
            "active_seats": 4 + i // 2,
            "annual_cost": 1_000 * (3 + i * 7 % 41),
            "contract_end": f"2027-{1 + i % 12:02d}-{1 + i % 28:02d}",
            "notice_days": 30 + i % 3 * 30,
            "auto_renew": i % 3 > 0,
        }
        for i in range(count)
    ]
    records = (["contact"], ["account", "opportunity"], ["usage"], ["ticket"])
    edges = [
        {"from": f"t{i}", "to": f"t{end}", "objects": records[i % 4], "method": "native", "latency": "daily"}
        for i in range(count)
        if (end := (i * 7 + 11) % count) != i
    ]
    company = {"name": "Five Hundred", "employees": 9_000, "arr": 1.9e9, "currency": "USD", "funding_stage": "public"}
    return {"as_of": "2026-09-01", "company": company, "tools": tools, "integrations": edges}
