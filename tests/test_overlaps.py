"""Overlaps: groups, the suggested survivor with its scores, and the doubles that are right."""

from __future__ import annotations

from typing import Any

import pytest

from stackaudit.model.result import AuditResult, OverlapGroup
from tests.support import CASES, audit_data, case, fired, read_yaml

NAMES = sorted(p.name.removesuffix(".expected.yaml") for p in CASES.glob("*.expected.yaml"))


def group(result: AuditResult, *tools: str, kind: str | None = None) -> OverlapGroup:
    return next(o for o in result.overlaps if set(o.tools) == set(tools) and kind in (None, o.kind))


def pair(one: dict[str, Any], two: dict[str, Any], **rest: Any) -> OverlapGroup:
    """Two engagement tools that do the same job, with a CRM that both are wired to."""
    base = {"in_use": ["sequencing", "dialer"]}
    tools = [{"tool": "Outreach", "id": "a", **base, **one}, {"tool": "Salesloft", "id": "b", **base, **two}]
    crm = {"tool": "Salesforce", "id": "crm", "in_use": ["opportunity_mgmt"]}
    wired = [
        {"from": t, "to": "crm", "direction": "two_way", "objects": ["lead", "activity"], "method": "native"}
        for t in ("a", "b")
    ]
    data = {"as_of": "2026-09-01", "tools": [*tools, crm], "integrations": wired, **rest}
    return group(audit_data(data), "a", "b")


@pytest.mark.parametrize("name", NAMES)
def test_a_case_has_the_groups_and_survivors_that_it_should(name: str) -> None:
    want = read_yaml(CASES / f"{name}.expected.yaml")["overlaps"]
    result = case(name)
    for line in want["groups"]:
        found = group(result, *line["tools"])
        assert not found.legitimate
        assert found.rule == line["rule"]
        assert found.survivor
        assert found.survivor.suggested == line["keep"]
        assert bool(found.survivor.forced) == line.get("forced", False)
    assert len([o for o in result.overlaps if o.survivor]) == len(want["groups"])


@pytest.mark.parametrize("name", NAMES)
def test_a_case_lists_the_legitimate_doubles_with_the_reason(name: str) -> None:
    want = read_yaml(CASES / f"{name}.expected.yaml")["overlaps"]["legitimate"]
    found = [o for o in case(name).overlaps if o.legitimate]
    for line in want:
        match = next(o for o in found if set(o.tools) == set(line["tools"]))
        assert line["says"] in match.reason
    assert len(found) <= 10
    assert all(o.reason for o in found)


def test_every_group_prints_every_score_and_a_suggestion_says_why() -> None:
    for name in NAMES:
        for found in case(name).overlaps:
            if found.survivor:
                assert {s.tool for s in found.survivor.scores} == set(found.tools)
                assert all(s.text for s in found.survivor.scores)
                assert found.survivor.note


def test_a_finding_about_a_group_says_the_scores_and_never_retires_without_them() -> None:
    for finding in fired(case("atlasbridge"), "RED-001"):
        assert sum("wiring" in e.text and "use" in e.text for e in finding.evidence) == len(finding.subjects)
        assert "retire" not in finding.fix


def test_a_tool_that_fits_one_crm_only_says_merge_the_crms_first() -> None:
    result = case("atlasbridge")
    (finding,) = [f for f in fired(result, "RED-001") if "gong" in f.subjects]
    assert "merge the CRMs first" in finding.fix
    data = read_yaml(CASES / "atlasbridge.yaml")
    data["tools"] = [t for t in data["tools"] if t["id"] != "hs_crm"]
    data["integrations"] = [e for e in data["integrations"] if "hs_crm" not in (e["from"], e["to"])]
    choice = group(audit_data(_plain(data)), "gong", "chorus").survivor
    assert choice
    assert not choice.forced
    assert choice.suggested == "gong"


def test_the_better_wired_tool_wins_a_point() -> None:
    choice = pair(
        {}, {}, integrations=[{"from": "a", "to": "crm", "objects": ["activity"], "method": "native"}]
    ).survivor
    assert choice
    assert choice.suggested == "a"
    assert next(s for s in choice.scores if s.tool == "a").best_in == ("wiring",)


def test_a_criterion_that_one_tool_does_not_declare_drops_out() -> None:
    choice = pair({"seats": 10, "active_seats": 9}, {}).survivor
    assert choice
    assert "utilisation" not in choice.compared
    assert choice.suggested is None
    assert next(s for s in choice.scores if s.tool == "b").criteria["utilisation"] is None
    assert "not comparable" in choice.note
    assert "n/a" in next(s for s in choice.scores if s.tool == "b").text


def test_a_tie_goes_to_the_lower_cost_of_an_active_seat() -> None:
    seats = {"seats": 10, "active_seats": 8}
    choice = pair({**seats, "annual_cost": 16000}, {**seats, "annual_cost": 24000}).survivor
    assert choice
    assert choice.suggested == "a"
    assert choice.by_cost


def test_a_tie_without_a_price_has_no_suggestion() -> None:
    choice = pair({}, {}).survivor
    assert choice
    assert choice.suggested is None


def test_the_whole_company_is_wider_than_a_region() -> None:
    choice = pair({"scope": "US"}, {}).survivor
    assert choice
    assert choice.suggested == "b"


def test_a_contract_that_has_renewed_itself_is_paid_for_a_year_longer() -> None:
    renewed = {"contract_end": "2026-09-30", "notice_days": 60, "auto_renew": "yes"}
    choice = pair(renewed, {"contract_end": "2027-03-31", "notice_days": 60}).survivor
    assert choice
    assert choice.suggested == "a"
    assert {s.tool: str(s.exit) for s in choice.scores} == {"a": "2027-09-28", "b": "2027-03-31"}


def test_a_waived_group_is_listed_as_accepted_and_leaves_the_scope() -> None:
    both = {"annual_cost": 20000}
    waiver = {"rule": "RED-001", "tools": ["a", "b"], "reason": "two brands", "expires": "2027-01-31"}
    held = pair(both, both, waivers=[waiver])
    assert held.legitimate
    assert held.reason == "accepted until 2027-01-31: two brands"
    lapsed = pair(both, both, waivers=[{**waiver, "expires": "2026-08-31"}])
    assert not lapsed.legitimate


@pytest.mark.parametrize(
    ("tools", "rest", "says"),
    [
        ([("Outreach", "a", ["sequencing"], {"scope": "US"}), ("Salesloft", "b", ["sequencing"], {"scope": "EMEA"})], {}, "different scopes"),
        ([("Outreach", "a", ["sequencing"], {"replaces": "b", "overlap_ends": "2026-12-31"}), ("Salesloft", "b", ["sequencing"], {})], {}, "a migration that ends on 2026-12-31"),
        ([("HubSpot Sales Hub", "a", ["email_tracking", "forms_landing"], {}), ("HubSpot Marketing Hub", "b", ["email_tracking", "forms_landing"], {})], {}, "one suite"),
        ([("ZoomInfo", "a", ["contact_data"], {}), ("Bombora", "b", ["intent_data"], {})], {}, "different work"),
        ([("Clari", "a", ["forecast_rollup"], {}), ("Gong", "b", ["call_recording"], {})], {}, "on paper only"),
        ([("HubSpot Marketing Hub", "a", ["email_campaigns"], {}), ("Salesforce", "b", ["opportunity_mgmt"], {})], {}, "different functions"),
        ([("Slack", "a", ["team_chat"], {}), ("Microsoft Teams", "b", ["team_chat"], {"layer": "collaboration"})], {}, "not judged"),
        ([("Marketo", "a", ["email_campaigns"], {}), ("Pardot", "b", ["email_campaigns"], {"scope": "bu:beta"})], {"company": {"acquisitions": [{"name": "Beta", "closed": "2026-03-01"}]}}, "acquisition"),
        ([("Gong", "a", ["deal_inspection", "activity_capture"], {"scope": "US"}), ("Clari", "b", ["deal_inspection", "activity_capture"], {})], {}, "declared scopes differ"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)  # fmt: skip
def test_a_legitimate_double_is_listed_and_no_finding(tools: list[Any], rest: dict[str, Any], says: str) -> None:
    declared = [{"tool": name, "id": i, "in_use": use, **more} for name, i, use, more in tools]
    result = audit_data({"as_of": "2026-09-01", "tools": declared, "integrations": [], **rest})
    assert says in group(result, "a", "b").reason
    assert not [f for f in fired(result, "RED-") if f.severity != "info"]


def test_regional_crms_that_meet_in_one_warehouse_are_listed_with_the_place() -> None:
    crms = [
        {"tool": "Salesforce", "id": "a", "scope": "US", "in_use": ["opportunity_mgmt"]},
        {"tool": "Pipedrive", "id": "b", "scope": "EMEA", "in_use": ["opportunity_mgmt"]},
    ]
    edges = [{"from": c, "to": "w", "objects": ["opportunity"], "method": "etl"} for c in ("a", "b")]
    warehouse = {"tool": "Snowflake", "id": "w", "in_use": ["warehouse"]}
    found = group(audit_data({"tools": [*crms, warehouse], "integrations": edges}), "a", "b")
    assert found.legitimate
    assert "meet in Snowflake" in found.reason


def test_a_declared_priority_among_data_vendors_is_listed() -> None:
    vendors = [{"tool": n, "id": i, "in_use": ["contact_data"]} for n, i in (("ZoomInfo", "a"), ("Cognism", "b"))]
    crm = {"tool": "Salesforce", "id": "crm", "in_use": ["opportunity_mgmt"]}
    edges = [
        {"from": v, "to": "crm", "objects": ["contact"], "method": "native", "priority": p}
        for p, v in ((1, "a"), (2, "b"))
    ]
    found = group(audit_data({"tools": [*vendors, crm], "integrations": edges}), "a", "b")
    assert "priority" in found.reason


def test_one_governed_model_for_several_bi_tools_is_listed() -> None:
    tools = [
        {"tool": "Looker", "id": "a", "in_use": ["dashboards", "semantic_model"]},
        {"tool": "Tableau", "id": "b", "in_use": ["dashboards"]},
    ]
    edges = [{"from": "a", "to": "b", "objects": ["opportunity"], "method": "native"}]
    assert "one set of metrics" in group(audit_data({"tools": tools, "integrations": edges}), "a", "b").reason


def test_an_idle_licence_says_that_it_is_licensed() -> None:
    tools: list[dict[str, Any]] = [
        {"tool": "Gong", "id": "a", "licensed": ["call_recording", "forecast_rollup"], "in_use": ["call_recording"]},
        {"tool": "Clari", "id": "b", "in_use": ["forecast_rollup"], "annual_cost": 40000},
    ]
    found = group(audit_data({"tools": tools}), "a", "b")
    assert (found.kind, found.state, found.legitimate, found.rule) == ("latent", "licensed", False, "RED-005")
    well_used = {**tools[1], "seats": 100, "active_seats": 90}
    assert group(audit_data({"tools": [tools[0], well_used]}), "a", "b").legitimate


def test_one_family_and_a_migration_without_an_end_are_classes_of_their_own() -> None:
    family = [
        {"tool": "Catalyst", "id": "a", "in_use": ["health_scoring"], "annual_cost": 9000},
        {"tool": "Totango", "id": "b", "in_use": ["health_scoring"], "annual_cost": 9000},
    ]
    assert group(audit_data({"tools": family}), "a", "b", kind="same_family").rule == "RED-006"
    moving = [
        {"tool": "Outreach", "id": "a", "in_use": ["sequencing"], "replaces": "b"},
        {"tool": "Salesloft", "id": "b", "in_use": ["sequencing"]},
    ]
    assert group(audit_data({"tools": moving}), "a", "b", kind="migration").rule == "RED-008"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
