"""Who owns which system area, RACI where both functions exist, and tools that act without a person."""

from __future__ import annotations

from typing import Any

import pytest

from stackaudit.catalog import load_catalog
from stackaudit.model.inventory import Owns
from stackaudit.model.result import AuditResult, OwnershipInfo
from stackaudit.model.vocabulary import OPEN_LISTS
from tests.support import audit_data, case
from tests.test_tables import NAMES, expected


def areas(result: AuditResult) -> dict[str, OwnershipInfo]:
    return {info.area: info for info in result.ownership}


def owned(**owns: str) -> dict[str, OwnershipInfo]:
    return areas(audit_data({"org": {"owns": owns}, "tools": ["Salesforce"]}))


def outreach(**entry: str) -> OwnershipInfo:
    tool = {"tool": "Outreach", "in_use": ["sequencing"], **entry}
    return areas(audit_data({"tools": [tool]}))["sequences"]


@pytest.mark.parametrize("name", NAMES)
def test_each_area_of_a_case_stands_with_the_expected_owner(name: str) -> None:
    assert {info.area: info.side for info in case(name).ownership} == expected(name)["ownership"]


@pytest.mark.parametrize("name", NAMES)
def test_work_is_split_only_where_a_company_has_both_functions(name: str) -> None:
    assert [info.area for info in case(name).ownership if info.raci] == expected(name)["raci"]


def test_revops_is_accountable_and_sales_ops_responsible() -> None:
    raci = areas(case("meridian_loom"))["crm_data_model"].raci
    assert raci is not None
    assert (raci.accountable, raci.responsible, raci.consulted, raci.informed) == (
        "RevOps",
        "Sales Ops",
        "VP Sales",
        "CRO",
    )


def test_the_areas_are_those_that_an_inventory_can_declare_and_three_more() -> None:
    catalog = load_catalog()
    fields = [area.field for area in catalog.ownership.values() if area.field]
    assert fields == list(Owns.model_fields)
    assert [a.id for a in catalog.ownership.values() if not a.field] == ["sequences", "comp", "territory"]
    assert {o.id for o in catalog.owner_words.values()} - {"sales"} == OPEN_LISTS["owns"]


@pytest.mark.parametrize(
    ("owner", "side"),
    [
        ("revops", "revops"),
        ("sales_ops", "sales_ops"),
        ("RevOps", "revops"),
        ("it", "other"),
        ("none", "nobody"),
        ("the intern", "unknown"),
    ],
)
def test_a_declared_owner_is_read_and_an_unknown_one_stays_unknown(owner: str, side: str) -> None:
    info = owned(routing=owner)["routing"]
    assert info.side == side
    assert info.text.endswith(".")


def test_an_owner_that_is_not_declared_is_asked_for_and_never_taken_from_the_tools() -> None:
    tool = {"tool": "Salesforce", "in_use": ["opportunity_mgmt"], "owner": "RevOps Manager"}
    info = areas(audit_data({"tools": [tool]}))["crm_data_model"]
    assert (info.owner, info.side, info.named) == (None, "unknown", ("revops",))
    assert "org.owns.crm_data_model" in info.text


@pytest.mark.parametrize(
    ("entry", "side"),
    [
        ({"team": "revops"}, "revops"),
        ({"owner": "Head of Revenue Operations"}, "revops"),
        ({"team": "emea_sales"}, "sales_ops"),
        ({"owner": "Sales Operations Lead"}, "sales_ops"),
        ({"team": "revops", "owner": "Sales Ops Manager"}, "both"),
        ({"team": "marketing"}, "other"),
        ({"owner": "Ana"}, "unknown"),
        ({"owner": "Salesloft admin"}, "unknown"),
        ({}, "unknown"),
    ],
    ids=str,
)
def test_sequences_have_no_field_so_the_teams_and_owners_of_their_tools_speak(entry: dict[str, str], side: str) -> None:
    assert outreach(**entry).side == side


def test_an_area_without_a_tool_says_so() -> None:
    assert "No tool" in owned()["comp"].text


def agent(**data: Any) -> AuditResult:
    bot = {"tool": "Own Writer", "id": "bot", "layer": "ai_agents", "capabilities": ["ai_agent_outreach"], **data}
    return audit_data({"tools": [bot, "Salesforce", "Outreach"], "integrations": EDGES})


EDGES = [
    {"from": "bot", "to": "salesforce", "objects": ["contact", "lead"], "method": "api"},
    {"from": "bot", "to": "outreach", "method": "api"},
    {"from": "salesforce", "to": "bot", "objects": ["account"], "method": "api"},
    {"from": "bot", "to": "salesforce", "objects": ["opportunity"], "method": "api", "status": "planned"},
]


def test_a_tool_that_acts_without_a_person_is_listed_with_what_it_may_write_to() -> None:
    (found,) = agent(owner="Ana").agents
    assert (found.tool, found.owner, found.complete) == ("bot", "Ana", True)
    assert [(w.tool, w.objects) for w in found.writes] == [("outreach", ()), ("salesforce", ("contact", "lead"))]


def test_an_agent_whose_connections_are_not_declared_may_write_to_more() -> None:
    bot = {"tool": "Own Writer", "layer": "ai_agents", "capabilities": ["ai_agent_outreach"]}
    (found,) = audit_data({"tools": [bot, "Salesforce"]}).agents
    assert not found.complete
    assert not found.writes
    assert "may write to more" in found.text


def test_companies_without_such_tools_list_none() -> None:
    assert not case("meridian_loom").agents
