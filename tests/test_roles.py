"""Which tools play which part in the chain, and which connection would mend each of its links."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stackaudit.analysis import Analysis
from stackaudit.analysis.repairs import connected, repairs
from stackaudit.analysis.roles import Role
from stackaudit.analysis.scoring import more_may_run
from stackaudit.model.vocabulary import NeedLabel
from tests.support import known, load_text

PARTS = ("crm", "map", "csp", "engagement", "usage", "tickets", "billing", "bi", "warehouse", "forecast", "chat")


def analysis(*tools: dict[str, Any], **fields: Any) -> Analysis:
    loaded = load_text(json.dumps({"company": {"employees": 300}, "tools": list(tools), "integrations": [], **fields}))
    return known(loaded)


@pytest.mark.parametrize(
    ("tool", "uses", "parts"),
    [
        ("Salesforce", "account_contact_mgmt", {"crm"}),
        ("Salesforce", "lead_mgmt", {"crm"}),
        ("Salesforce", "opportunity_mgmt", {"crm"}),
        ("Outreach", "opportunity_mgmt", {"crm"}),
        ("Outreach", "lead_mgmt", set()),
        ("Outreach", "account_contact_mgmt", set()),
        ("Marketo", "email_campaigns", {"map"}),
        ("Salesforce", "email_campaigns", {"map"}),
        ("Salesforce", "nurture", {"map"}),
        ("Salesforce", "lead_scoring", {"map"}),
        ("Salesforce", "lead_lifecycle", {"map"}),
        ("Marketo", "forms_landing", {"map"}),
        ("Salesforce", "forms_landing", set()),
        ("Gainsight", "health_scoring", {"csp"}),
        ("Gainsight", "renewal_mgmt", {"csp"}),
        ("Gainsight", "customer_360", {"csp"}),
        ("Salesforce", "health_scoring", {"csp"}),
        ("Salesforce", "cs_playbooks", {"csp"}),
        ("Salesforce", "renewal_mgmt", set()),
        ("Salesforce", "customer_360", set()),
        ("Salesforce", "sequencing", {"engagement"}),
        ("Outreach", "sequencing", {"engagement"}),
        ("Outreach", "dialer", set()),
        ("Pendo", "usage_events", {"usage"}),
        ("Pendo", "pql", set()),
        ("Zendesk", "ticketing", {"tickets"}),
        ("Zuora", "subscription_billing", {"billing"}),
        ("Zuora", "arr_reporting", set()),
        ("Looker", "dashboards", {"bi"}),
        ("Looker", "semantic_model", {"bi"}),
        ("Snowflake", "warehouse", {"warehouse"}),
        ("Gong", "forecast_rollup", {"forecast"}),
        ("Slack", "team_chat", {"chat"}),
    ],
)
def test_a_tool_plays_the_parts_of_what_it_has_in_use(tool: str, uses: str, parts: set[str]) -> None:
    roles = analysis({"tool": tool, "id": "t", "in_use": [uses]}).roles
    assert {p for p in PARTS if getattr(roles, p).sure == ("t",)} == parts
    assert {p for p in PARTS if getattr(roles, p).may == ("t",)} == parts


def test_a_tool_that_nothing_describes_may_play_every_part() -> None:
    roles = analysis({"tool": "Nobody Knows This", "id": "t"}).roles
    assert all((getattr(roles, p).sure, getattr(roles, p).may) == ((), ("t",)) for p in PARTS)
    assert all(role.may == ("t",) and not role.sure for role in roles.layer_use.values())


TOOLS = [
    {"tool": "Salesforce", "id": "crm", "in_use": ["opportunity_mgmt"]},
    {"tool": "Marketo", "id": "map", "in_use": ["email_campaigns", "forms_landing"]},
    {"tool": "Gainsight", "id": "csp", "in_use": ["health_scoring", "renewal_mgmt"]},
    {"tool": "Pendo", "id": "use", "in_use": ["usage_events"]},
    {"tool": "Zendesk", "id": "desk", "in_use": ["ticketing"]},
    {"tool": "Zuora", "id": "bill", "in_use": ["subscription_billing"]},
    {"tool": "Outreach", "id": "seq", "in_use": ["sequencing"]},
    {"tool": "DealHub", "id": "quote", "in_use": ["quoting"]},
    {"tool": "LeanData", "id": "route", "in_use": ["lead_routing"]},
]
WAREHOUSE = {"tool": "Snowflake", "id": "wh", "in_use": ["warehouse"]}
SALES = {
    "crm map": ("contact lead opportunity", "H01 H03 X1 X2", True),
    "crm seq": ("activity contact lead", "H04", True),
    "crm quote": ("contract opportunity quote", "H06", False),
}
LATER = {
    "crm csp": ("account health opportunity renewal", "H07 H09 X3 X4", True),
    "csp use": ("usage", "H08 X5", False),
    "crm use": ("usage", "H10", False),
    "csp desk": ("ticket", "X6", False),
    "bill crm": ("invoice subscription", "X7", False),
}
TOGETHER = {
    "crm wh": ("account opportunity", "X8", False),
    "map wh": ("campaign_engagement lead", "X8", False),
    "csp wh": ("health renewal", "X8", False),
    "desk wh": ("ticket", "X8", False),
    "bill wh": ("invoice subscription", "X8", False),
    "use wh": ("usage", "X8", False),
}


def told(found: Analysis, need: str, most: int = 99) -> dict[str, tuple[str, str, bool]]:
    return {
        " ".join(sorted(x.pair)): (" ".join(x.objects), " ".join(x.serves), x.back)
        for x in repairs(found, NeedLabel(need), most)
    }


def test_every_link_and_handoff_that_lacks_a_connection_gets_one_a_pair_of_tools() -> None:
    assert told(analysis(*TOOLS), "revops") == SALES | LATER
    assert told(analysis(*TOOLS, WAREHOUSE), "full_revops") == SALES | LATER | TOGETHER


def test_a_company_that_needs_sales_ops_is_told_of_the_sales_side_only() -> None:
    assert told(analysis(*TOOLS, WAREHOUSE), "sales_ops") == SALES


@pytest.mark.parametrize("need", ["none", "unknown"])
def test_nothing_is_to_be_mended_where_nothing_is_known_to_be_needed(need: str) -> None:
    assert told(analysis(*TOOLS), need) == {}
    assert told(analysis(*TOOLS, integrations=None), "revops") == {}


def test_without_customer_success_usage_and_tickets_go_to_the_crm() -> None:
    found = told(analysis(*(t for t in TOOLS if t["id"] != "csp")), "revops")
    assert found["crm use"] == ("usage", "H10 X5", False)
    assert found["crm desk"] == ("ticket", "X6", False)


def test_without_a_crm_billing_goes_to_bi() -> None:
    bi = {"tool": "Looker", "id": "bi", "in_use": ["dashboards"]}
    found = told(analysis(*(t for t in TOOLS if t["id"] not in {"crm", "quote", "seq"}), bi), "revops")
    assert found["bi bill"] == ("invoice subscription", "X7 X8", False)


def edge(source: str, target: str, *objects: str, **more: Any) -> dict[str, Any]:
    return {"from": source, "to": target, "objects": list(objects), "method": "native", "latency": "hourly", **more}


def test_what_works_needs_no_connection_and_what_is_sick_is_replaced() -> None:
    whole = [
        edge("map", "crm", "contact", "lead", "opportunity", direction="two_way"),
        edge("use", "csp", "usage"),
        edge("desk", "csp", "ticket", status="degraded"),
        edge("bill", "crm", "invoice", method="csv"),
    ]
    now = analysis(*TOOLS, integrations=whole)
    found = {" ".join(sorted(x.pair)): x for x in repairs(now, NeedLabel.REVOPS, 99)}
    assert not {"crm map", "csp use"} & set(found)
    (sick,) = (now.connection(i) for i in found["csp desk"].replaces)
    assert sick is not None
    assert (sick.source, sick.target, sick.entry.status) == ("desk", "csp", "degraded")
    assert found["bill crm"].replaces == ()


def test_a_split_estate_comes_first_and_then_what_gains_most() -> None:
    second = {"tool": "Pipedrive", "id": "pipe", "in_use": ["opportunity_mgmt"]}
    tools = [{**t, "seats": 90} if t["id"] == "crm" else t for t in TOOLS]
    found = analysis(*tools, {**second, "seats": 10}, WAREHOUSE, integrations=[edge("crm", "wh", "opportunity")])
    (first,) = repairs(found, NeedLabel.REVOPS, 1)
    assert first.pair == {"pipe", "wh"}
    assert "split_estate" in first.serves
    two = {" ".join(sorted(x.pair)) for x in repairs(found, NeedLabel.REVOPS, 2)}
    assert two == {"pipe wh", "crm map"}  # four parts, of which only the links count by seats


def test_a_repair_is_a_live_hourly_connection_with_a_rule_for_who_wins() -> None:
    found = analysis(*TOOLS, integrations=[edge("desk", "csp", "ticket", status="degraded")])
    (repair,) = (x for x in repairs(found, NeedLabel.REVOPS, 99) if x.pair == {"desk", "csp"})
    after = connected(found.stack, repair)
    (new,) = after.connections
    entry = new.entry
    assert (new.index, new.source, new.target, new.line) == (1, "desk", "csp", None)
    assert (entry.direction, entry.objects, entry.latency) == ("one_way", ("ticket",), "hourly")
    assert (entry.conflict_rule, entry.account, entry.monitored, entry.status) == (
        "field_level",
        "service",
        True,
        "live",
    )
    assert found.rewired(after).links[5].scored.low == 1
    (back,) = (x for x in repairs(found, NeedLabel.REVOPS, 99) if x.pair == {"crm", "map"})
    assert connected(found.stack, back).connections[-1].entry.direction == "two_way"


def test_more_may_run_where_either_end_may_hide_a_tool() -> None:
    found = known(load_text("coverage: {integrations: complete}\ntools: [Gong]\nintegrations: []\n"))
    seen, hidden = Role(("gong",), ("gong",)), Role((), ("gong",), hidden=True)
    assert [more_may_run(found, *ends) for ends in ((seen, seen), (seen, hidden), (hidden, seen))] == [
        False,
        True,
        True,
    ]
