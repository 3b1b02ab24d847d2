"""The comparison tables: every row once, sides that a consultant would name, and unknowns that stay open."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackaudit.catalog import load_catalog
from stackaudit.model.inventory import Owns, Practices
from stackaudit.model.result import AuditResult, Names, TableRow
from stackaudit.model.vocabulary import OPEN_LISTS
from stackaudit.report import markdown, pdf
from stackaudit.report.privacy import Level, redact
from stackaudit.shape.readings import TESTS
from tests.support import CASES, audit_data, case, read_yaml

NAMES = sorted(p.name.removesuffix(".expected.yaml") for p in CASES.glob("*.expected.yaml"))
SIDES = ("sales_ops", "both", "revops", "not_assessed")


def expected(name: str) -> Any:
    return read_yaml(CASES / f"{name}.expected.yaml")


def rows(result: AuditResult) -> dict[str, TableRow]:
    return {row.id: row for row in result.shape.table}


def org(**fields: Any) -> dict[str, TableRow]:
    return rows(audit_data({"org": fields, "tools": ["Salesforce"]}))


def practice(**fields: Any) -> dict[str, TableRow]:
    return org(practices=fields)


def test_both_sources_tables_and_the_overlap_map_are_there_row_by_row() -> None:
    catalog = load_catalog()
    assert {t.id: t.rows for t in catalog.comparison_tables.values()} == {
        "factors": 10,
        "dimensions": 12,
        "overlap_map": 6,
    }
    counted = Counter(row.table for row in catalog.comparison.values())
    assert counted == {t.id: t.rows for t in catalog.comparison_tables.values()}
    assert len({(row.table, row.row) for row in catalog.comparison.values()}) == 28


def test_a_result_carries_every_row_once_with_both_readings_and_a_reason() -> None:
    for name in NAMES:
        table = case(name).shape.table
        assert [row.id for row in table] == list(load_catalog().comparison)
        for row in table:
            assert row.source.startswith("source document ")
            assert row.sales_ops
            assert row.revops
            assert row.because.endswith((".", ")"))
            assert len(row.because) > 10
            if row.question:
                assert row.because.endswith(row.question)


def test_every_row_and_pillar_is_decided_by_tests_that_exist_and_every_test_is_used() -> None:
    catalog = load_catalog()
    specs = [s for row in catalog.comparison.values() for s in row.readings]
    specs += [s for pillar in catalog.pillars.values() for s in pillar.readings]
    assert {s.test for s in specs} == set(TESTS)
    dimensions, areas = {w.id for w in catalog.stack_weights}, set(catalog.ownership)
    known = {
        "dimension": dimensions,
        "links": set(catalog.links),
        "handoffs": set(catalog.handoffs),
        "together": set(catalog.links),
        "owner": areas,
        "tool_owners": areas,
        "serves": {"sales", "marketing", "cs"},
    }
    for spec in specs:
        assert set(spec.ids) <= known.get(spec.test, set()), spec
        if spec.test in {"practice", "covers"}:
            assert spec.field in Practices.model_fields, spec
        if spec.test in {"metrics", "pains"}:
            listed = OPEN_LISTS["metrics_tracked" if spec.test == "metrics" else "pains"]
            assert {*spec.sales_ops, *spec.revops} <= listed, spec
        if spec.test == "remit":
            assert {*spec.sales_ops, *spec.revops} == set(Owns.model_fields)


def test_the_rows_cover_all_declared_practices() -> None:
    fields = {s.field for row in load_catalog().comparison.values() for s in row.readings} & set(Practices.model_fields)
    assert fields == set(Practices.model_fields)


@pytest.mark.parametrize("name", NAMES)
def test_each_row_of_a_case_stands_on_the_expected_side(name: str) -> None:
    want = expected(name)["table"]
    have = {row.id: row.side for row in case(name).shape.table}
    assert have == {row: side for side in SIDES for row in want.get(side, [])}


@pytest.mark.parametrize("name", [n for n in NAMES if "at_least" in expected(n)["table"]])
def test_a_fully_declared_case_takes_a_side_on_most_rows(name: str) -> None:
    table = case(name).shape.table
    assert sum(row.side != "not_assessed" for row in table) / len(table) >= expected(name)["table"]["at_least"]


@pytest.mark.parametrize("name", NAMES)
def test_the_four_pillars_have_one_line_each(name: str) -> None:
    pillars = case(name).shape.pillars
    assert {p.id: p.state for p in pillars} == expected(name)["pillars"]
    assert [p.name for p in pillars] == ["Alignment", "Data architecture", "Process discipline", "Execution layer"]
    assert all(p.text and len(p.because) > 10 for p in pillars)
    lines, spec = load_catalog().pillars, {"strong": "strong", "partial": "partial", "weak": "weak"}
    for pillar in pillars:
        told = getattr(lines[pillar.id], spec[pillar.state]) if pillar.state in spec else "Not assessed."
        assert pillar.text == told
        assert pillar.because.endswith(lines[pillar.id].asks) == (pillar.state == "not_assessed")


@pytest.mark.parametrize(
    ("fields", "row", "side"),
    [
        ({"scope": ["sales"]}, "a_scope", "sales_ops"),
        ({"scope": ["sales", "cs"]}, "a_scope", "both"),
        ({"scope": ["sales", "cs", "marketing"]}, "b_scope", "revops"),
        ({"scope": ["marketing"]}, "a_scope", "not_assessed"),
        ({"scope": ["sales", "cs", "marketing"], "practices": {"rituals": "no"}}, "b_scope", "both"),
        ({"practices": {"rituals": "yes"}}, "b_scope", "not_assessed"),
        ({"scope": ["sales"], "practices": {"rituals": "yes"}}, "b_scope", "both"),
        ({"scope": ["sales"], "practices": {"rituals": "no"}}, "b_scope", "sales_ops"),
        ({"reports_to": "VP Sales"}, "a_reports_to", "sales_ops"),
        ({"reports_to": "CRO"}, "b_reports_to", "both"),
        ({"reports_to": "COO"}, "b_reports_to", "revops"),
        ({"reports_to": "Head of Growth"}, "a_reports_to", "not_assessed"),
        ({"team_size": 5}, "a_team_size", "sales_ops"),
        ({"team_size": 6}, "a_team_size", "both"),
        ({"team_size": 8}, "a_team_size", "revops"),
        ({"team_size": 0}, "a_team_size", "not_assessed"),
        ({"metrics_tracked": ["win_rate"]}, "a_primary_metric", "sales_ops"),
        ({"metrics_tracked": ["win_rate", "nrr"]}, "b_metrics", "both"),
        ({"metrics_tracked": ["nrr", "cac_payback"]}, "b_metrics", "revops"),
        ({"metrics_tracked": ["speed_to_lead"]}, "a_primary_metric", "not_assessed"),
        ({"metrics_tracked": ["grr"]}, "b_metrics", "not_assessed"),
        ({"pains": ["admin_over_30"]}, "b_problem", "sales_ops"),
        ({"pains": ["admin_over_30", "silos"]}, "b_problem", "both"),
        ({"pains": []}, "b_problem", "not_assessed"),
        ({"title": "VP of Sales Operations"}, "b_titles", "sales_ops"),
        ({"title": "RevOps Lead"}, "b_titles", "revops"),
        ({"title": "Head of Business Systems"}, "b_titles", "not_assessed"),
        ({"owns": {"crm_data_model": "sales_ops"}}, "m_crm", "sales_ops"),
        ({"owns": {"crm_data_model": "it"}}, "m_crm", "not_assessed"),
        ({"owns": {"routing": "revops"}}, "m_territory", "revops"),
        ({"owns": {"cs_systems": "cs"}}, "b_cs_ops", "sales_ops"),
        ({"owns": {"cs_systems": "cs"}, "scope": ["sales", "cs"]}, "b_cs_ops", "both"),
        ({"owns": {"crm_data_model": "revops"}}, "a_tech_remit", "not_assessed"),
        ({"owns": {"map": "revops", "cs_systems": "cs"}}, "a_tech_remit", "both"),
        ({"owns": {"map": "marketing", "cs_systems": "cs", "bi": "data"}}, "a_tech_remit", "not_assessed"),
    ],
    ids=str,
)
def test_a_declaration_of_the_organisation_decides_its_row(fields: dict[str, Any], row: str, side: str) -> None:
    assert org(**fields)[row].side == side


@pytest.mark.parametrize(
    ("fields", "row", "side"),
    [
        ({"comp_plan_scope": ["sales"]}, "a_comp_plans", "sales_ops"),
        ({"comp_plan_scope": ["sales", "csm"]}, "a_comp_plans", "revops"),
        ({"comp_plan_scope": ["sales", "csm"]}, "m_comp", "both"),
        ({"comp_plan_scope": ["sales", "marketing", "csm"]}, "m_comp", "revops"),
        ({"comp_plan_scope": ["csm"]}, "a_comp_plans", "both"),
        ({"reporting_cadence": ["weekly", "monthly"]}, "a_horizon", "sales_ops"),
        ({"reporting_cadence": ["weekly", "quarterly"]}, "a_horizon", "revops"),
        ({"forecast_scope": "sales"}, "a_forecasting", "sales_ops"),
        ({"forecast_scope": "revenue"}, "b_forecasting", "revops"),
        ({"process_scope": "sales_cycle"}, "b_process", "sales_ops"),
        ({"process_scope": "lifecycle"}, "b_process", "revops"),
        ({"attribution_model": "single_touch"}, "b_attribution", "sales_ops"),
        ({"shared_definitions": "yes"}, "b_data", "not_assessed"),
    ],
    ids=str,
)
def test_a_declared_practice_decides_its_row_and_without_it_the_row_asks(
    fields: dict[str, Any], row: str, side: str
) -> None:
    tools = ["Salesforce"]
    assert rows(audit_data({"org": {"practices": fields}, "tools": tools}))[row].side == side
    open_row = rows(audit_data({"org": {"practices": {}}, "tools": tools}))[row]
    if open_row.side == "not_assessed":
        assert open_row.question
        assert open_row.question in open_row.because
        assert "org.practices" in open_row.question or row == "b_data"


def test_pay_plans_and_reporting_cadence_are_not_assessed_without_a_declaration() -> None:
    for name in NAMES:
        for row in ("a_comp_plans", "a_horizon", "m_comp"):
            assert rows(case(name))[row].side == "not_assessed"
            assert "(org.practices." in rows(case(name))[row].because


def test_a_claim_that_the_stack_contradicts_stands_half_way() -> None:
    data = plain("quillstone")
    data["org"]["practices"] = {
        "forecast_scope": "revenue",
        "process_scope": "lifecycle",
        "attribution_model": "multi_touch",
    }
    found = rows(audit_data(data))
    assert {found[r].side for r in ("a_forecasting", "b_forecasting", "b_process", "b_attribution")} == {"both"}


def test_a_no_to_shared_definitions_and_deadlines_takes_a_revops_side_back_to_half_way() -> None:
    data = plain("meridian_loom")
    data["org"]["practices"] = {"shared_definitions": "no", "handoff_slas": "no", "icp": "no", "rituals": "no"}
    found = rows(audit_data(data))
    assert {found[r].side for r in ("b_data", "b_process", "a_ambit", "b_scope")} == {"both"}


def test_tools_that_nobody_says_are_connected_are_no_revops_tooling() -> None:
    names = ["Salesforce", "Marketo", "Gainsight", "LeanData", "Dreamdata", "Looker"]
    row = rows(audit_data(names))["b_tooling"]
    assert row.side == "not_assessed"
    assert row.question is not None
    assert "integrations" in row.question


def test_names_alone_take_no_side_at_all() -> None:
    for name in NAMES:
        found = rows(audit_data([t["tool"] for t in plain(name)["tools"]]))
        assert {row.side for row in found.values()} == {"not_assessed"}


def test_what_is_sure_counts_even_where_not_all_connections_are_declared() -> None:
    data = plain("meridian_loom")
    data["coverage"] = {"integrations": "partial"}
    found = rows(audit_data(data))
    assert {found[r].side for r in ("b_data", "b_process", "b_tooling", "m_bi")} == {"revops"}


def test_a_crm_outside_all_numbers_keeps_forecast_and_dashboards_half_way() -> None:
    for row in ("a_forecasting", "b_forecasting", "m_forecasting", "m_bi"):
        assert "stay outside" in rows(case("atlasbridge"))[row].because


def test_what_is_declared_and_stands_in_neither_column_asks_nothing() -> None:
    row = rows(audit_data({"company": {"funding_stage": "seed"}, "tools": ["Salesforce"]}))["b_maturity"]
    assert (row.side, row.question) == ("not_assessed", None)


def test_every_disagreement_is_told_with_both_sides_and_what_is_done() -> None:
    told = case("quillstone").shape.disagreements
    assert len(told) == 13
    assert all(d.topic and d.source_a and d.source_b and d.tool_does.endswith(".") for d in told)


def plain(name: str) -> Any:
    """A case as plain data that can be written again."""
    data = copy.deepcopy(read_yaml(CASES / f"{name}.yaml"))
    data["org"].setdefault("practices", {})
    return data


FULL = {
    "comp_plan_scope": ["sales", "csm"],
    "reporting_cadence": ["weekly", "quarterly"],
    "forecast_scope": "revenue",
    "attribution_model": "multi_touch",
    "process_scope": "lifecycle",
    "shared_definitions": "no",
    "icp": "yes",
    "handoff_slas": "no",
    "rituals": "yes",
}
"""Practices of a company that answers every question."""


def declarations(data: dict[str, Any]) -> list[tuple[str, ...]]:
    """Paths of all that can be left out without changing what the rest says."""
    parts: list[tuple[str, ...]] = [("integrations",), ("coverage",), ("plays",)]
    parts += [("company", key) for key in ("employees", "arr", "funding_stage", "headcount", "motions")]
    parts += [("org", key) for key in data["org"]]
    parts += [("org", group, key) for group in ("owns", "practices") for key in data["org"].get(group, {})]
    return parts


def without(data: dict[str, Any], paths: Any) -> dict[str, Any]:
    made = copy.deepcopy(data)
    for path in paths:
        part = made
        for key in path[:-1]:
            part = part.get(key, {})
        part.pop(path[-1], None)
    return made


@settings(max_examples=40, deadline=None)
@given(st.data(), st.sampled_from(["quillstone", "atlasbridge", "meridian_loom"]))
def test_leaving_out_a_declaration_never_turns_an_open_row_into_a_side(chance: st.DataObject, name: str) -> None:
    data = plain(name)
    data["org"]["practices"] = dict(FULL)
    paths = declarations(data)
    first = chance.draw(st.lists(st.sampled_from(paths), max_size=6, unique=True))
    more = chance.draw(st.lists(st.sampled_from(paths), min_size=1, max_size=3, unique=True))
    before, after = (rows(audit_data(without(data, p))) for p in (first, [*first, *more]))
    for row in before.values():
        if row.side == "not_assessed":
            assert after[row.id].side == "not_assessed", (row.id, first, more)


def test_a_company_that_answers_everything_leaves_no_row_open() -> None:
    data = plain("atlasbridge")
    data["org"]["practices"] = dict(FULL)
    assert not [row.id for row in audit_data(data).shape.table if row.side == "not_assessed"]


def test_what_works_for_sure_keeps_its_side_where_the_file_does_not_know_all_connections() -> None:
    data = read_yaml(CASES / "meridian_loom.yaml")
    partial = rows(audit_data({**data, "coverage": {**data.get("coverage", {}), "integrations": "partial"}}))
    assert {i: r.side for i, r in partial.items()} == {r.id: r.side for r in case("meridian_loom").shape.table}
    weak = read_yaml(CASES / "quillstone.yaml")
    unsure = rows(audit_data({**weak, "coverage": {**weak.get("coverage", {}), "integrations": "partial"}}))
    whole = {r.id: r.side for r in case("quillstone").shape.table}
    changed = {i: r.side for i, r in unsure.items() if whole[i] != r.side}
    owned = {"m_crm": "revops", "m_forecasting": "revops"}  # the declared owner decides these alone
    assert changed == {**dict.fromkeys(changed, "not_assessed"), **owned}
    assert len(changed) > len(owned)


def test_markdown_and_pdf_name_layers_and_records_and_say_the_ids_of_older_results_in_words() -> None:
    result = case("quillstone")
    assert {"crm", "marketing_automation"} <= result.names.layers.keys()
    assert {"lead", "opportunity"} <= result.names.objects.keys()
    for shown in (result, result.model_copy(update={"names": Names()})):
        for page in (markdown.render(shown), pdf.page(shown)):
            assert "marketing_automation" not in page
            assert "Marketing Automation" in page
            assert "campaign_engagement" not in page


def test_a_reader_gets_the_names_of_what_is_shown_and_of_nothing_that_is_left_out() -> None:
    result = case("quillstone")
    shown = redact(result, Level.PUBLIC).result
    assert shown.names.layers == result.names.layers
    assert shown.names.capabilities.keys() == {c for o in result.overlaps for c in (*o.shared, *o.defining)}
    assert len(shown.names.capabilities) < len(result.names.capabilities)


def test_markdown_and_pdf_name_the_tools_at_both_ends_of_a_connection() -> None:
    two = [{"tool": "Salesforce", "id": "us", "scope": "US"}, {"tool": "Salesforce", "id": "eu", "scope": "EMEA"}]
    data = {
        "tools": [*two, {"tool": "Looker", "id": "bi"}],
        "integrations": [{"from": "eu", "to": "bi", "objects": ["lead"]}],
    }
    result = audit_data(data)
    assert "| Salesforce (eu) | Looker | lead |" in markdown.render(result)
    assert "<tr><td>Salesforce (eu)</td><td>Looker</td>" in pdf.page(result)
