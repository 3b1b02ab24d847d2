"""What each stage of a company expects of each layer, and what its motions change by one step at most."""

from __future__ import annotations

from itertools import combinations
from typing import Any, get_args

import pytest

from stackaudit.analysis import Analysis
from stackaudit.analysis.expectations import BANDS, expectation, layer_present
from stackaudit.catalog import load_catalog
from stackaudit.model.vocabulary import Motion, NeedLabel
from tests.support import audit_data, known, load_text

LEVELS = ("not_expected", "optional", "expected", "required")
SHORT = {"-": "not_expected", "O": "optional", "E": "expected", "R": "required"}


def analysis(*tools: str, **company: Any) -> Analysis:
    import json

    loaded = load_text(json.dumps({"company": {"currency": "USD", **company}, "tools": list(tools) or ["Salesforce"]}))
    return known(loaded)


def levels(layer: str, **company: Any) -> str:
    """The four bands of a layer, in the letters of the table."""
    found = analysis(**company)
    letters = {name: letter for letter, name in SHORT.items()}
    return " ".join(letters[expectation(found, layer, need)] for need in BANDS)


@pytest.mark.parametrize(
    ("layer", "want"),
    [
        ("crm", "R R R R"),
        ("marketing_automation", "O O R R"),
        ("sales_engagement", "- O O O"),
        ("data_enrichment", "O E R R"),
        ("conversation_intelligence", "O O E E"),
        ("sales_forecasting", "- E R R"),
        ("attribution_routing", "- O R R"),
        ("customer_success", "- O R R"),
        ("product_analytics", "O O E R"),
        ("support", "O E R R"),
        ("billing", "O O R R"),
        ("reporting_bi", "- O R R"),
        ("warehouse", "- O E R"),
        ("ipaas", "- O E R"),
        ("cpq", "- - O R"),
        ("esign", "O E E R"),
        ("compensation", "- - E R"),
        ("execution_layer", "O O E R"),
        ("abm_intent", "- - O O"),
    ],
)
def test_a_company_without_motions_is_expected_what_the_table_says(layer: str, want: str) -> None:
    assert levels(layer) == want


@pytest.mark.parametrize(
    ("layer", "company", "want"),
    [
        ("marketing_automation", {"motions": ["inbound"]}, "O E R R"),
        ("sales_engagement", {"motions": ["outbound"]}, "- E E R"),
        ("sales_engagement", {"motions": ["outbound"], "headcount": {"quota_reps": 2}}, "- E E R"),
        ("sales_engagement", {"motions": ["outbound"], "headcount": {"quota_reps": 3}}, "O E E R"),
        ("sales_engagement", {"headcount": {"sdr": 2}}, "- E O O"),
        ("conversation_intelligence", {"headcount": {"quota_reps": 7}}, "O O E E"),
        ("conversation_intelligence", {"headcount": {"quota_reps": 8}}, "O E E E"),
        ("attribution_routing", {"headcount": {"quota_reps": 3, "sdr": 2}}, "- E R R"),
        ("customer_success", {"headcount": {"cs": 8}}, "- E R R"),
        ("cpq", {"acv": 24_999}, "- - O R"),
        ("cpq", {"acv": 25_000}, "- - E R"),
        ("abm_intent", {"motions": ["abm"]}, "- - E E"),
        ("product_analytics", {"motions": ["plg"]}, "R R R R"),
        ("reverse_etl", {"motions": ["plg"]}, "O E E E"),
        ("conversation_intelligence", {"motions": ["plg"]}, "- - O O"),
        ("cpq", {"motions": ["plg"]}, "- - - E"),
        ("cpq", {"motions": ["enterprise"]}, "O O E R"),
        ("sales_forecasting", {"motions": ["enterprise"]}, "O R R R"),
        ("data_enrichment", {"motions": ["outbound"]}, "E R R R"),
        ("attribution_routing", {"motions": ["inbound"]}, "O E R R"),
        ("attribution_routing", {"motions": ["inbound", "abm"]}, "O E R R"),
        ("cpq", {"motions": ["plg", "enterprise"]}, "- - O R"),
    ],
    ids=str,
)
def test_motions_and_headcount_change_what_is_expected(layer: str, company: dict[str, Any], want: str) -> None:
    assert levels(layer, **company) == want


def test_all_motions_together_move_a_level_by_one_step_at_most() -> None:
    catalog = load_catalog()
    named = {m for row in catalog.bands for c in row.conditions for m in c.motions}
    for layer in {row.layer for row in catalog.bands}:
        conditional = {
            m for row in catalog.bands if row.layer == layer for c in row.conditions for m in c.motions
        }  # the table's own cells, not a motion's step
        plain = analysis()
        for size in (1, 2, 3):
            for motions in combinations(sorted(set(get_args(Motion)) - conditional), size):
                moved = analysis(motions=list(motions))
                for need in BANDS:
                    one, two = (LEVELS.index(expectation(a, layer, need)) for a in (plain, moved))
                    assert abs(one - two) <= 1, (layer, motions, need)
    assert named == {"inbound", "outbound", "abm", "plg"}


def test_an_unknown_need_expects_nothing_for_sure() -> None:
    assert expectation(analysis(), "crm", NeedLabel.UNKNOWN) == "unknown"
    assert expectation(analysis(), "design", NeedLabel.UNKNOWN) == "optional"


def test_one_of_the_integration_layers_is_enough() -> None:
    assert layer_present(analysis("Fivetran"), "ipaas") == "yes"
    assert layer_present(analysis("Salesforce"), "ipaas") == "no"


@pytest.mark.parametrize(("status", "state"), [("live", "unknown"), ("planned", "no")])
def test_a_layer_through_which_a_connection_runs_is_not_missing_though_no_tool_of_it_is_named(
    status: str, state: str
) -> None:
    flow = {"from": "sfdc", "to": "marketo", "objects": ["lead"], "method": "ipaas", "status": status}
    tools = [{"tool": "Salesforce", "id": "sfdc"}, {"tool": "Marketo", "id": "marketo"}]
    company = {"employees": 300, "arr": 40_000_000, "currency": "USD"}
    claim = {"integrations": "complete"}
    result = audit_data({"version": 1, "company": company, "tools": tools, "integrations": [flow], "coverage": claim})
    present = {x.id: x.present.value for x in result.layers}
    assert (present["ipaas"], present["customer_success"]) == (state, "no")


def test_a_module_that_may_be_on_is_no_customer_success_platform() -> None:
    company = {"employees": 300, "arr": 40000000, "currency": "USD", "business_model": "saas_subscription"}
    data = {"as_of": "2026-09-01", "company": company, "tools": ["Salesforce", "Pylon"]}
    result = audit_data({**data, "integrations": []})
    row = next(x for x in result.layers if x.id == "customer_success")
    assert "customer success have none" in result.shape.verdict.facts[1]
    assert row.present.value == "no"


def test_a_layer_that_another_counts_for_names_the_tool_that_does() -> None:
    company = {"employees": 640, "arr": 90_000_000, "currency": "USD", "funding_stage": "series_d_plus"}
    base = ["Salesforce", {"tool": "Anaplan", "id": "plan", "layer": "territory", "in_use": ["quota_territory"]}]
    rows = {}
    for tools in (base, [*base, {"tool": "Xactly", "id": "pay", "in_use": ["commissions"]}]):
        row = next(x for x in audit_data({"company": company, "tools": tools}).layers if x.id == "compensation")
        rows[len(tools)] = (row.present.value, row.providers)
    assert rows == {2: ("yes", ("plan",)), 3: ("yes", ("pay",))}
