"""Which role to hire, restructure or leave, with triggers, mistakes, pay and the split of work; and the benchmarks."""

from __future__ import annotations

from itertools import product
from typing import Any, get_args

import pytest

from stackaudit.catalog import load_catalog
from stackaudit.model.inventory import Company
from stackaudit.model.result import Advice
from stackaudit.model.vocabulary import OPEN_LISTS, FundingStage, NeedLabel, OrgLabel
from stackaudit.shape.advice import MISTAKES
from tests.support import audit_data, case
from tests.test_tables import NAMES, expected

SALES_OPS = {"reports_to": "VP Sales", "scope": ["sales"], "team_size": 3, "specialists": [], "metrics_tracked": ["win_rate"],
             "owns": {"crm_data_model": "sales_ops", "map": "marketing", "cs_systems": "cs", "bi": "data", "routing": "sales_ops",
                      "forecasting": "sales_ops"}}  # fmt: skip
REVOPS = {"reports_to": "COO", "scope": ["sales", "marketing", "cs"], "team_size": 9, "metrics_tracked": ["nrr", "grr"],
          "specialists": ["systems", "analytics", "cs_ops", "sales_ops"],
          "owns": {"crm_data_model": "revops", "map": "revops", "cs_systems": "revops", "bi": "revops", "routing": "revops",
                   "forecasting": "revops"}}  # fmt: skip
NOBODY = {"team_size": 0}


def advised(org: dict[str, Any] | None = None, **company: Any) -> Advice:
    data: dict[str, Any] = {"company": {"currency": "USD", **company}, "tools": ["Salesforce"]}
    if org is not None:
        data["org"] = org
    advice = audit_data(data).shape.advice
    assert advice is not None
    return advice


def state(advice: Advice, mistake: str) -> str:
    return next(m.state for m in advice.mistakes if m.id == mistake)


@pytest.mark.parametrize("name", NAMES)
def test_a_case_gets_the_expected_advice(name: str) -> None:
    want, advice = expected(name)["advice"], case(name).shape.advice
    assert advice is not None
    assert advice.action == want["action"]
    assert (advice.pay_band.split(":")[0] if advice.pay_band else None) == want["pay"]
    assert list(advice.areas) == want["areas"]
    assert [m.id for m in advice.mistakes if m.state == "seen"] == want["seen"]
    assert [t.id for t in advice.triggers if t.state == "met"] == want["met"]
    assert advice.next_review


def test_every_need_and_organisation_of_either_size_has_a_rule() -> None:
    rules = load_catalog().advice.values()
    needs = [n for n in NeedLabel if n is not NeedLabel.UNKNOWN]
    for need, org, senior in product(needs, OrgLabel, (True, False)):
        assert any(need in r.need and org in r.org and r.senior in (None, senior) for r in rules), (need, org, senior)
    assert {label for r in rules for label in r.need} <= set(NeedLabel)
    assert {label for r in rules for label in r.org} <= set(OrgLabel)


def test_without_a_need_there_is_no_advice() -> None:
    assert audit_data({"org": SALES_OPS, "tools": ["Salesforce"]}).shape.advice is None


@pytest.mark.parametrize(
    ("org", "company", "action", "role"),
    [
        (NOBODY, {"employees": 30}, "wait", "No operations hire"),
        (SALES_OPS, {"employees": 30}, "leave", "No further"),
        (NOBODY, {"employees": 80}, "hire", "Sales Ops Manager"),
        (SALES_OPS, {"employees": 80}, "keep", "Sales Ops"),
        (REVOPS, {"employees": 80}, "leave", "No director"),
        (None, {"employees": 80}, "hire", "if nobody does this work yet"),
        (NOBODY, {"employees": 120, "arr": 12e6, "pains": 1}, "hire", "RevOps Manager"),
        (SALES_OPS, {"employees": 120, "arr": 12e6, "pains": 1}, "restructure", "RevOps Manager"),
        (NOBODY, {"employees": 200}, "hire", "Director of RevOps"),
        (SALES_OPS, {"employees": 200}, "restructure", "Director of RevOps"),
        (REVOPS, {"employees": 200}, "keep", "RevOps as it is"),
        (None, {"employees": 200}, "restructure", "One owner"),
        (SALES_OPS, {"employees": 600}, "restructure", "Sales Ops as a team inside"),
        (REVOPS, {"employees": 600}, "keep", "RevOps organisation"),
        (NOBODY, {"employees": 600}, "hire", "VP or Director"),
    ],
    ids=str,
)
def test_the_role_follows_the_sources_decision_rules(
    org: dict[str, Any] | None, company: dict[str, Any], action: str, role: str
) -> None:
    if "pains" in company:
        org = {**(org or {}), "pains": ["silos", "nrr_dropping"]}
    advice = advised(org, **{k: v for k, v in company.items() if k != "pains"})
    assert advice.action == action
    assert role in advice.role


def test_a_director_of_revops_at_eighty_employees_is_named_as_a_mistake() -> None:
    early = advised({**REVOPS, "title": "Director of RevOps"}, employees=80)
    assert state(early, "director_early") == "seen"
    assert early.action == "leave"
    assert early.pay_band is None
    assert state(advised({**REVOPS, "title": "RevOps Manager"}, employees=80), "director_early") == "not_seen"
    assert state(advised({**REVOPS, "title": "VP RevOps"}, employees=180), "director_early") == "not_seen"
    assert state(advised({**REVOPS, "title": "VP RevOps"}, funding_stage="series_a"), "director_early") == "unknown"
    assert state(advised(REVOPS, employees=80), "director_early") == "unknown"


@pytest.mark.parametrize(
    ("mistake", "org", "company", "want"),
    [
        ("title_only", {**SALES_OPS, "title": "VP RevOps"}, {"employees": 200}, "seen"),
        ("title_only", {**REVOPS, "title": "VP RevOps"}, {"employees": 200}, "not_seen"),
        ("title_only", SALES_OPS, {"employees": 200}, "unknown"),
        ("understaffed", {**SALES_OPS, "team_size": 3}, {"employees": 200}, "seen"),
        ("understaffed", {**SALES_OPS, "team_size": 4}, {"employees": 200}, "not_seen"),
        ("understaffed", {**SALES_OPS, "team_size": None}, {"employees": 200, "headcount": {"ops": 3}}, "seen"),
        ("understaffed", {**SALES_OPS, "team_size": None}, {"employees": 200}, "unknown"),
        ("understaffed", {**SALES_OPS, "team_size": 3}, {"employees": 80}, "not_seen"),
        ("finance_line", {**REVOPS, "reports_to": "CFO"}, {"employees": 200}, "seen"),
        ("finance_line", REVOPS, {"employees": 200}, "not_seen"),
        ("nobody_executes", REVOPS, {"employees": 200}, "unknown"),
        (
            "blurred_lines",
            {**REVOPS, "owns": {**REVOPS["owns"], "routing": "sales_ops", "bi": "none"}},  # type: ignore[dict-item]
            {"employees": 200},
            "seen",
        ),
        ("blurred_lines", REVOPS, {"employees": 200}, "not_seen"),
    ],
    ids=str,
)
def test_a_common_mistake_is_seen_not_seen_or_open(
    mistake: str, org: dict[str, Any], company: dict[str, Any], want: str
) -> None:
    assert state(advised(org, **company), mistake) == want


@pytest.mark.parametrize(
    ("uses", "play", "want"),
    [
        (["health_scoring"], False, "unknown"),
        (["health_scoring", "renewal_mgmt"], False, "seen"),
        (["health_scoring", "renewal_mgmt", "cs_playbooks"], True, "not_seen"),
    ],
)
def test_signals_without_an_owner_are_a_mistake_from_two_on_and_half_with_one_is_none(
    uses: list[str], play: bool, want: str
) -> None:
    data = {
        "company": {"employees": 200},
        "tools": [{"tool": "Gainsight", "id": "cs", "in_use": uses}],
        "integrations": [],
        "plays": [{"signal": "health_drop", "tool": "cs", "owner": "Ana", "sla_minutes": 60}] if play else [],
    }
    advice = audit_data(data).shape.advice
    assert advice is not None
    assert state(advice, "nobody_executes") == want


def test_a_trigger_that_nobody_declared_is_open() -> None:
    advice = advised(employees=200)
    states = {t.id: t.state for t in advice.triggers}
    assert states["a_150"] == "met"
    assert states["a_500"] == "not_met"
    assert {states[t] for t in ("b_silos", "b_10m", "b_series_b", "b_reps")} == {"unknown"}


@pytest.mark.parametrize(
    ("trigger", "company", "pains", "want"),
    [
        ("a_150", {"employees": 149}, None, "not_met"),
        ("a_150", {"employees": 150}, None, "met"),
        ("a_500", {"employees": 500}, None, "met"),
        ("b_10m", {"employees": 60, "arr": 9_999_999}, None, "not_met"),
        ("b_10m", {"employees": 60, "arr": 10_000_000}, None, "met"),
        ("b_reps", {"employees": 60, "headcount": {"quota_reps": 4}}, None, "not_met"),
        ("b_reps", {"employees": 60, "headcount": {"quota_reps": 5}}, None, "met"),
        ("b_series_b", {"funding_stage": "series_a"}, None, "not_met"),
        ("b_series_b", {"funding_stage": "series_b"}, None, "met"),
        ("b_series_b", {"employees": 60, "funding_stage": "bootstrapped"}, None, "unknown"),
        ("b_silos", {"employees": 60}, ["silos"], "met"),
        ("b_silos", {"employees": 60}, [], "not_met"),
    ],
    ids=str,
)
def test_a_trigger_is_met_from_its_number_on(
    trigger: str, company: dict[str, Any], pains: list[str] | None, want: str
) -> None:
    org = None if pains is None else {"pains": pains}
    assert {t.id: t.state for t in advised(org, **company).triggers}[trigger] == want


def test_triggers_and_mistakes_name_what_exists() -> None:
    catalog = load_catalog()
    assert {m.test for m in catalog.mistakes.values()} == set(MISTAKES)
    for trigger in catalog.triggers.values():
        if trigger.kind == "pain":
            assert set(trigger.value) <= OPEN_LISTS["pains"]
        elif trigger.kind == "stage":
            assert set(trigger.value) <= {"sales_ops", "revops"}
        else:
            assert trigger.threshold
    pains = {p for t in catalog.triggers.values() if t.kind == "pain" for p in t.value}
    assert pains == OPEN_LISTS["pains"]
    assert set(catalog.funding_stages) == set(get_args(FundingStage)) - {"bootstrapped"}
    assert set(catalog.specialist_roles) == OPEN_LISTS["specialists"] - {"enablement"}
    assert "funding_stage" in Company.model_fields


def test_pay_is_marked_as_the_sources_own_and_as_undated() -> None:
    advice = advised(NOBODY, employees=80)
    assert advice.pay_band is not None
    assert "source document A's own figures" in advice.pay_band
    assert "bears no date" in advice.pay_band
    assert len(load_catalog().pay_bands) == 6


def test_the_split_of_work_is_told_where_there_is_something_to_split() -> None:
    assert [s.owner for s in advised(REVOPS, employees=200).split] == ["Sales Ops", "RevOps", "Both"]
    assert not advised(NOBODY, employees=80).split


def test_a_full_organisation_names_the_specialists_it_lacks() -> None:
    assert advised(REVOPS, employees=600).missing_roles == ("a marketing operations manager",)
    assert not advised({**REVOPS, "specialists": None}, employees=600).missing_roles
    assert not advised(REVOPS, employees=200).missing_roles


def test_a_company_of_unknown_size_is_told_from_which_size_a_director_is_due() -> None:
    advice = advised(NOBODY, funding_stage="series_b")
    assert "RevOps Manager" in advice.role
    assert "not declared: from 150 employees or $25M" in advice.why


def test_a_contested_need_is_said_in_the_advice() -> None:
    advice = case("quillstone").shape.advice
    assert advice is not None
    assert "disagree" in advice.why


def test_benchmarks_stand_beside_others_with_source_and_grade() -> None:
    catalog, found = load_catalog(), case("quillstone").benchmarks
    assert {"Quota attainment", "Sales cycle", "Pipeline coverage", "CAC payback", "Net revenue retention"} <= {
        b.metric for b in found if b.by == "source_document"
    }
    assert {"Pipeline coverage", "CAC payback", "Net revenue retention"} <= {
        b.metric for b in found if b.by == "others"
    }
    for b in found:
        ids = [part.strip() for part in b.source.split(",")]
        if b.by == "others":
            assert set(ids) <= set(catalog.sources), b.id
            assert b.grade >= max(catalog.sources[i].grade for i in ids), b.id
        else:
            assert (b.grade, b.source[:15]) == ("source_document", "source document"), b.id
