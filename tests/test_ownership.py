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


def routing(owner: str) -> str:
    return owned(routing=owner)["routing"].text


def test_an_owner_is_told_in_a_sentence_that_names_what_each_function_would_own() -> None:
    area = load_catalog().ownership["routing"]
    name, sales, revops = area.name[:1].lower() + area.name[1:], area.sales_ops, area.revops
    assert routing("revops") == f"RevOps owns {name}: {revops}."
    assert routing("sales_ops") == f"Sales Ops owns {name}: {sales}. Nobody is named for {revops}."
    assert routing("it") == f"IT owns {name}. In RevOps, that function would own {revops}."
    assert routing("none") == f"Nobody owns {name}. RevOps would own {revops}, Sales Ops {sales}."
    assert owned()["routing"].text == f"Not declared who owns {name} (org.owns.routing)."


def test_teams_and_owners_of_tools_are_told_with_their_basis() -> None:
    area = load_catalog().ownership["sequences"]
    name, basis = area.name[:1].lower() + area.name[1:], "as its tools' teams and owners say"
    assert outreach(team="revops").text == f"RevOps owns {name}, {basis}: {area.revops}."
    both = outreach(team="revops", owner="Sales Ops Manager").text
    split = f"To split: {area.sales_ops} for Sales Ops, {area.revops} for RevOps."
    assert both == f"RevOps and Sales Ops share {name}, {basis}. {split}"
    several = outreach(team="marketing", owner="IT").text
    assert several == f"IT and Marketing own {name}, {basis}. In RevOps, that function would own {area.revops}."
    assert outreach().text == f"Not declared who owns {name} (team and owner of its tools)."
    empty = f"Not declared who owns {load_catalog().ownership['comp'].name[:1].lower()}"
    assert owned()["comp"].text.startswith(empty)
    assert owned()["comp"].text.endswith("(team and owner of its tools). No tool for it is known to be in use.")
