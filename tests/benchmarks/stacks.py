"""Stacks of any size, drawn from the real catalogue and the same for the same seed."""

from __future__ import annotations

import datetime as dt
import math
import random
from functools import cache
from typing import Any

INTEGRATIONS_A_TOOL = 5
HUB_LAYERS = frozenset({"crm", "warehouse", "ipaas", "cdp", "marketing_automation", "reverse_etl", "etl"})
HUBS_A_THOUSAND = 20
DAY = dt.date(2026, 9, 1)
Known = tuple[str, str, tuple[str, ...]]
"""A catalogue tool: its id, layer and capabilities."""


def big_stack(tools: int, *, crms: int | None = None, seed: int = 1) -> dict[str, Any]:
    """A stack file as plain data: so many tools, five integrations a tool, and about half of what could be declared.

    Beyond the catalogue's size the tools come again, as instances of other business units.

    Args:
        tools: How many.
        crms: How many of them are CRMs; by default what a company of that size may have, 1 for 30 and 8 for 5,000.
        seed: Another one gives another stack.
    """
    draw = random.Random(seed)
    count = crms if crms is not None else 1 + math.isqrt(tools) // 10
    every = catalogue()
    chosen = _cycled(draw, [t for t in every if t[1] == "crm"], count)
    chosen += _cycled(draw, [t for t in every if t[1] != "crm"], tools - count)
    entries = [_tool(draw, number, known, turn) for number, (known, turn) in enumerate(chosen)]
    hubs = [e["id"] for e, (known, _) in zip(entries, chosen, strict=True) if known[1] in HUB_LAYERS]
    busy = hubs[: max(count, 3, tools * HUBS_A_THOUSAND // 1000)]
    return {
        "version": 1,
        "as_of": DAY,
        "company": {
            "name": f"Company of {tools} tools",
            "employees": 10 * tools,
            "arr": 1_500_000 * tools,
            "currency": "USD",
            "funding_stage": "public",
            "motions": ["inbound", "outbound", "enterprise"],
            "business_model": "saas_subscription",
            "headcount": {"quota_reps": tools, "sdr": tools // 2, "marketing": tools // 3, "cs": tools // 2},
        },
        "org": {"metrics_tracked": ["win_rate", "pipeline_coverage", "nrr", "cac_payback", "mql_conversion"]},
        "tools": entries,
        "integrations": list(_integrations(draw, [e["id"] for e in entries], busy)),
        "plays": [{"signal": "inbound_request", "tool": entries[0]["id"], "owner": "SDR lead", "sla_minutes": 30}],
    }


@cache
def catalogue() -> tuple[Known, ...]:
    """Every tool of the built-in catalogue that is still sold, by id."""
    from stackaudit.audit import open_plugins

    index = open_plugins(installed=False).index
    rows = [t for t in index.tools() if t.state in {None, "active", "renamed"}]
    offers: dict[str, list[str]] = {}
    for offer in index.offers_of(t.id for t in rows):
        offers.setdefault(offer.tool, []).append(offer.capability)
    return tuple((t.id, t.layer or "", tuple(dict.fromkeys(offers.get(t.id, ())))) for t in rows)


def _cycled(draw: random.Random, known: list[Known], count: int) -> list[tuple[Known, int]]:
    """So many of the known tools in a random order, from the beginning again where they run out; with the turn."""
    order = draw.sample(known, len(known))
    return [(order[i % len(order)], i // len(order)) for i in range(count)]


def _tool(draw: random.Random, number: int, known: Known, turn: int) -> dict[str, Any]:
    tool, layer, capabilities = known
    entry: dict[str, Any] = {"tool": tool, "id": f"t{number:04}-{tool}"[:100]}
    if turn:
        entry["scope"] = f"bu:unit {turn}"
    if capabilities and draw.random() < 0.6:
        entry["in_use"] = sorted(draw.sample(capabilities, draw.randint(1, min(4, len(capabilities)))))
    if layer == "crm":
        entry["in_use"] = sorted({"account_contact_mgmt", "lead_mgmt", "opportunity_mgmt"} & set(capabilities)) or [
            "opportunity_mgmt"
        ]
        entry["system_of_record_for"] = ["account", "contact"]
    if draw.random() < 0.8:
        seats = draw.randint(5, 400)
        entry |= {"seats": seats, "active_seats": draw.randint(0, seats), "annual_cost": seats * draw.randint(60, 1500)}
    if draw.random() < 0.6:
        entry["owner"] = f"Owner {draw.randint(1, 40)}"
    if draw.random() < 0.5:
        entry["contract_end"] = DAY + dt.timedelta(days=draw.randint(-60, 700))
        entry |= {"notice_days": draw.choice((30, 60, 90)), "auto_renew": draw.random() < 0.5}
    if draw.random() < 0.4:
        entry |= {"criticality": draw.randint(1, 4), "sso": draw.random() < 0.7, "holds_pii": draw.random() < 0.5}
    return entry


_RECORDS = (
    ("lead", "contact"),
    ("contact", "account"),
    ("account", "opportunity"),
    ("activity",),
    ("campaign_engagement", "lead"),
    ("usage",),
    ("health", "renewal"),
    ("ticket", "account"),
    ("invoice", "subscription"),
    ("intent",),
)


def _integrations(draw: random.Random, ids: list[str], hubs: list[str]) -> Any:
    """Five a tool; every other one with a hub, in either direction."""
    for source in ids:
        for _ in range(INTEGRATIONS_A_TOOL):
            other = draw.choice(hubs if draw.random() < 0.5 else ids)
            if other == source:
                other = ids[(ids.index(source) + 1) % len(ids)]
            one, two = (source, other) if draw.random() < 0.7 else (other, source)
            entry: dict[str, Any] = {"from": one, "to": two, "objects": list(draw.choice(_RECORDS))}
            entry["method"] = draw.choices(("native", "api", "ipaas", "csv", "manual"), (50, 25, 15, 6, 4))[0]
            entry["status"] = draw.choices(("live", "degraded", "broken", "planned"), (92, 4, 2, 2))[0]
            if draw.random() < 0.7:
                entry["latency"] = draw.choice(("realtime", "near_real_time", "hourly", "daily"))
            if draw.random() < 0.2:
                entry["direction"] = "two_way"
            if draw.random() < 0.3:
                entry |= {"account": draw.choice(("service", "personal")), "monitored": draw.random() < 0.5}
            yield entry
