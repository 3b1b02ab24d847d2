"""What holds a stack's label down, how the three shapes fit together, and the sentence that says so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from stackaudit.analysis import Analysis
from stackaudit.model.result import NeedShape, Note, OrgShape, StackShape, Verdict
from stackaudit.model.vocabulary import NeedLabel, OrgLabel, StackLabel
from stackaudit.shape.interval import decide
from stackaudit.shape.mismatch import mismatches
from stackaudit.shape.verdict import verdict
from tests.support import CASES, audit_data, case, known, load_text, read_yaml

NAMES = sorted(p.name.removesuffix(".expected.yaml") for p in CASES.glob("*.expected.yaml"))
LINKS = {
    "1": ("map", "crm", "lead"),
    "2": ("crm", "map", "opportunity"),
    "3": ("crm", "csp", "account"),
    "4": ("csp", "crm", "health"),
    "5": ("use", "csp", "usage"),
    "6": ("desk", "csp", "ticket"),
    "7": ("bill", "crm", "invoice"),
}
CRM = {"tool": "Salesforce", "id": "crm", "in_use": ["opportunity_mgmt", "forecast_rollup"]}
MAP = {"tool": "Marketo", "id": "map", "in_use": ["email_campaigns"]}
CSP = {"tool": "Gainsight", "id": "csp", "in_use": ["health_scoring"]}
REST = [
    {"tool": "Pendo", "id": "use", "in_use": ["usage_events"]},
    {"tool": "Zendesk", "id": "desk", "in_use": ["ticketing"]},
    {"tool": "Zuora", "id": "bill", "in_use": ["subscription_billing"]},
]
LOW_CUTS = {"shape_hybrid_from": 1, "shape_revops_from": 2}
"""Every stack passes them, so that only the gates decide."""


def wired(
    whole: str, half: str = "", *, tools: list[Any] | None = None, cuts: Mapping[str, float] | None = None
) -> StackShape:
    """All three functions, with the links of these numbers whole, and others by file."""
    edges = [(*LINKS[n], "native") for n in whole] + [(*LINKS[n], "csv") for n in half]
    data = {
        "company": {"business_model": "saas_subscription", "employees": 100},
        "settings": {"thresholds": LOW_CUTS if cuts is None else cuts},
        "tools": tools or [CRM, MAP, CSP, *REST],
        "integrations": [{"from": a, "to": b, "objects": [o], "method": how} for a, b, o, how in edges],
    }
    return audit_data(data).shape.stack


def said(shape: StackShape) -> tuple[str, list[str]]:
    return shape.label, [g.id for g in shape.gates]


@pytest.mark.parametrize(
    ("whole", "half", "label", "gates"),
    [
        ("1234567", "", "revops", []),
        ("1234", "", "revops", []),
        ("123", "4", "hybrid", ["revops_breadth"]),
        ("2345", "1", "revops", []),
        ("2345", "", "hybrid", ["revops_breadth"]),
        ("123", "", "hybrid", ["revops_breadth"]),
        ("12", "", "hybrid", ["revops_breadth"]),
        ("1", "2", "sales_ops", ["revops_breadth", "wiring_sales_ops"]),
        ("", "", "sales_ops", ["revops_breadth", "wiring_sales_ops"]),
    ],
)
def test_a_gate_bites_one_step_below_its_number(whole: str, half: str, label: str, gates: list[str]) -> None:
    assert said(wired(whole, half)) == (label, gates)


def test_wiring_caps_a_stack_that_has_breadth_enough() -> None:
    cuts = {**LOW_CUTS, "gate_revops_links": 0, "gate_revops_x1": 0}
    assert said(wired("123", cuts=cuts)) == ("hybrid", ["wiring_hybrid"])
    assert said(wired("123", "4", cuts=cuts)) == ("revops", [])
    assert said(wired("12", cuts=cuts)) == ("hybrid", ["wiring_hybrid"])
    assert said(wired("1", "2", cuts=cuts)) == ("sales_ops", ["wiring_hybrid", "wiring_sales_ops"])


def test_two_functions_are_no_revops_stack_however_well_they_are_wired() -> None:
    cuts = {**LOW_CUTS, "gate_revops_links": 2, "gate_wiring_hybrid": 0.1, "gate_wiring_sales_ops": 0}
    assert said(wired("12", tools=[CRM, MAP, *REST], cuts=cuts)) == ("hybrid", ["revops_breadth"])
    assert said(wired("12", cuts=cuts)) == ("revops", [])


def test_a_crm_outside_the_numbers_splits_the_estate() -> None:
    second = {"tool": "Pipedrive", "id": "pipe", "in_use": ["opportunity_mgmt"]}
    cuts = {**LOW_CUTS, "gate_revops_links": 0, "gate_revops_x1": 0, "gate_wiring_hybrid": 0}
    tools = [CRM, second, MAP, CSP, *REST]
    assert said(wired("12345", tools=tools, cuts=cuts)) == ("hybrid", ["split_estate"])


@pytest.mark.parametrize(
    ("tools", "edges", "label", "gate"),
    [
        ([{**CRM, "in_use": ["opportunity_mgmt"]}], [], "pre_ops", ["no_sales_process"]),
        ([CRM], [], "sales_ops", []),
        ([MAP], [], "pre_ops", ["no_crm"]),
        (
            [{**CRM, "in_use": ["opportunity_mgmt"]}, {"tool": "Outreach", "id": "seq", "in_use": ["sequencing"]}],
            [],
            "pre_ops",
            ["no_sales_process"],
        ),
        (
            [{**CRM, "in_use": ["opportunity_mgmt"]}, {"tool": "Outreach", "id": "seq", "in_use": ["sequencing"]}],
            [{"from": "seq", "to": "crm", "objects": ["activity"], "method": "csv"}],
            "sales_ops",
            [],
        ),
    ],
)
def test_without_a_sales_process_there_is_nothing_to_operate(
    tools: list[Any], edges: list[Any], label: str, gate: list[str]
) -> None:
    assert said(audit_data({"tools": tools, "integrations": edges}).shape.stack) == (label, gate)


def test_a_score_on_a_cut_has_passed_it_and_the_unrounded_score_decides() -> None:
    open_gates = {"gate_revops_links": 0, "gate_revops_x1": 0, "gate_wiring_hybrid": 0, "gate_wiring_sales_ops": 0}
    known = {**CRM, "system_of_record_for": ["account", "contact", "lead", "opportunity", "subscription"]}
    tools = [known, MAP, CSP, *REST]
    shape = wired("1234567", tools=tools, cuts={**LOW_CUTS, **open_gates})
    exact = sum(d.weight * d.score for d in shape.dimensions)
    assert shape.score == round(exact, 1) == shape.low == shape.high

    def label(hybrid: float, revops: float) -> str:
        return wired(
            "1234567", tools=tools, cuts={"shape_hybrid_from": hybrid, "shape_revops_from": revops, **open_gates}
        ).label

    assert label(1, exact - 0.01) == "revops"
    assert label(1, exact + 0.01) == "hybrid"
    assert label(exact - 0.01, 99) == "hybrid"
    assert label(exact + 0.01, 99) == "sales_ops"


@pytest.mark.parametrize(
    ("breadth", "whole", "half", "told"),
    [
        (0.75, "", "", True),
        (0.76, "", "", False),
        (0.70, "123", "", True),
        (0.70, "123", "4", False),
    ],
)
def test_bought_without_wires_is_said_from_breadth_and_wiring(
    breadth: float, whole: str, half: str, told: bool
) -> None:
    shape = wired(whole, half, cuts={"overlay_breadth": breadth})
    assert [o.id for o in shape.overlays] == (["fragmented"] if told else [])


@pytest.mark.parametrize(
    ("low", "high", "width", "limit", "want"),
    [
        ("a", "a", 90, 25, ("a", ())),
        ("a", "b", 25, 25, ("a", ("a", "b"))),
        ("a", "b", 25.1, 25, (None, ("a", "b"))),
        ("a", "b", 1, 0, (None, ("a", "b"))),
    ],
)
def test_an_interval_has_a_label_unless_it_is_wide_and_its_ends_differ(
    low: str, high: str, width: float, limit: float, want: tuple[str | None, tuple[str, ...]]
) -> None:
    assert decide(low, high, width, limit) == want


def analysis(**fields: Any) -> Analysis:
    return known(load_text(json.dumps({"tools": ["Salesforce"], "integrations": [], **fields})))


def shapes(
    stack: str, org: str, need: str, *, contested: bool = False, **more: Any
) -> tuple[StackShape, OrgShape, NeedShape]:
    return (
        StackShape(label=StackLabel(stack), score=0, low=0, high=0, **more),
        OrgShape(label=OrgLabel(org), score=0, low=0, high=0),
        NeedShape(label=NeedLabel(need), contested=contested),
    )


@pytest.mark.parametrize(
    ("stack", "org", "need", "want"),
    [
        ("sales_ops", "revops", "revops", {"wiring_behind": "high"}),
        ("hybrid", "revops", "revops", {"wiring_behind": "high"}),
        ("sales_ops", "sales_ops", "revops", {"both_behind": "high"}),
        ("sales_ops", "hybrid", "revops", {"both_behind": "high"}),
        ("sales_ops", "unknown", "revops", {"stack_behind": "high"}),
        ("revops", "sales_ops", "revops", {"owner_behind": "high"}),
        ("revops", "none", "sales_ops", {"owner_behind": "high", "stack_ahead": "medium"}),
        ("revops", "sales_ops", "sales_ops", {"stack_ahead": "medium"}),
        ("sales_ops", "revops", "sales_ops", {"org_ahead": "medium"}),
        ("pre_ops", "revops", "sales_ops", {"wiring_behind": "high", "org_ahead": "medium"}),
        ("revops", "unknown", "sales_ops", {"stack_ahead": "medium"}),
        ("unknown", "revops", "sales_ops", {"org_ahead": "medium"}),
        ("revops", "revops", "full_revops", {"aligned": "info"}),
        ("pre_ops", "none", "none", {"aligned": "info"}),
        ("revops", "unknown", "revops", {}),
        ("unknown", "unknown", "revops", {}),
        ("sales_ops", "revops", "unknown", {}),
    ],
)
def test_the_three_shapes_are_compared_as_the_table_says(stack: str, org: str, need: str, want: dict[str, str]) -> None:
    found = mismatches(analysis(), *shapes(stack, org, need))
    assert {m.pattern: m.severity.value for m in found} == want
    assert all(m.text.endswith(".") for m in found)


def test_the_title_and_the_overlay_are_patterns_of_their_own_and_the_worst_stands_first() -> None:
    titled = analysis(org={"title": "Head of RevOps"})
    note = (Note(id="fragmented", text="t"),)
    found = mismatches(titled, *shapes("revops", "sales_ops", "sales_ops", overlays=note))
    assert [(m.pattern, m.severity.value) for m in found] == [
        ("fragmented", "high"),
        ("stack_ahead", "medium"),
        ("title", "medium"),
    ]
    assert not [m for m in mismatches(titled, *shapes("revops", "hybrid", "sales_ops")) if m.pattern == "title"]
    plain = analysis(org={"title": "Sales Ops Manager"})
    assert [m.pattern for m in mismatches(plain, *shapes("sales_ops", "sales_ops", "sales_ops"))] == ["aligned"]


@pytest.mark.parametrize("name", NAMES)
def test_a_case_is_told_in_the_expected_sentence_and_facts(name: str) -> None:
    want, found = read_yaml(CASES / f"{name}.expected.yaml")["verdict"], case(name).shape.verdict
    assert [found.sentence, *found.facts] == want


def told(stack: str, org: str, need: str, **more: Any) -> Verdict:
    return verdict(analysis(), *shapes(stack, org, need, **more))


@pytest.mark.parametrize(
    ("stack", "need", "sentence"),
    [
        ("sales_ops", "revops", "A Sales-Ops-shaped stack in a company that needs RevOps."),
        (
            "hybrid",
            "full_revops",
            "A hybrid stack, between Sales Ops and RevOps, in a company that needs a full RevOps organisation.",
        ),
        ("revops", "full_revops", "A RevOps-shaped stack, in a company that asks for one."),
        ("revops", "sales_ops", "A RevOps-shaped stack, ahead of a company that needs Sales Ops."),
        (
            "hybrid",
            "none",
            "A hybrid stack, between Sales Ops and RevOps, ahead of a company that needs neither function yet.",
        ),
        (
            "pre_ops",
            "unknown",
            "A pre-ops stack; whether the company needs more is not assessed without its size.",
        ),
    ],
)
def test_the_sentence_follows_from_stack_and_need(stack: str, need: str, sentence: str) -> None:
    assert told(stack, "unknown", need).sentence == sentence


CARRIED = {"from": "salesforce", "to": "gong", "objects": ["account"], "method": "native"}


@pytest.mark.parametrize(
    ("fields", "open_"),
    [
        ({"integrations": None}, "The tools are known, the wiring is not"),
        ({"integrations": None, "tools": ["Salesforce", "Frobnicator"]}, "Neither every tool nor the wiring is known"),
        (
            {"integrations": [CARRIED], "coverage": {"integrations": "partial"}},
            "The tools are known, the wiring is not",
        ),
        ({"integrations": [CARRIED]}, "The wiring is known, what every tool does is not"),
        ({"integrations": [CARRIED | {"objects": None}]}, "The tools are known, the wiring is not"),
        ({"integrations": [CARRIED | {"method": None}]}, "The tools are known, the wiring is not"),
        ({"coverage": {"teams": ["sales"]}}, "The file speaks for some of the teams only"),
    ],
)
def test_the_sentence_says_what_is_not_known_of_a_stack_without_a_shape_and_what_it_may_be(
    fields: dict[str, Any], open_: str
) -> None:
    known = analysis(**{"tools": ["Salesforce", "Gong"], **fields})
    found = verdict(known, *shapes("unknown", "unknown", "revops", between=("pre_ops", "revops")))
    assert found.sentence == f"{open_}: the stack may be anything from pre-ops to RevOps."


@pytest.mark.parametrize(
    ("org", "need", "contested", "fact"),
    [
        ("unknown", "revops", False, "The organisation is not assessed; by size and stage the company needs RevOps."),
        (
            "none",
            "unknown",
            False,
            "Nobody does operations work; what the company needs cannot be told without employees, ARR or stage.",
        ),
        (
            "sales_ops",
            "sales_ops",
            True,
            "The organisation is Sales-Ops-shaped; by size and stage the company needs Sales Ops, though the sources disagree.",
        ),
    ],
)
def test_the_last_fact_sets_the_organisation_against_the_need(org: str, need: str, contested: bool, fact: str) -> None:
    assert told("sales_ops", org, need, contested=contested).facts[2] == fact


@pytest.mark.parametrize(
    ("whole", "half", "fact"),
    [
        ("1234567", "", "7 of 8 cross-functional links work in full; absent: functions seen together in BI."),
        (
            "123456",
            "",
            "6 of 8 cross-functional links work in full; absent: billing to CRM or BI and functions seen together in BI.",
        ),
        ("12345", "", "5 of 8 cross-functional links work in full, 3 are absent."),
        ("12", "34567", "2 of 8 cross-functional links work in full; absent: functions seen together in BI."),
    ],
)
def test_the_first_fact_counts_the_links(whole: str, half: str, fact: str) -> None:
    edges = [(*LINKS[n], "native") for n in whole] + [(*LINKS[n], "csv") for n in half]
    wires = [{"from": a, "to": b, "objects": [o], "method": how} for a, b, o, how in edges]
    found = analysis(company={"business_model": "saas_subscription"}, tools=[CRM, MAP, CSP, *REST], integrations=wires)
    assert verdict(found, *shapes("hybrid", "none", "none")).facts[0] == fact


def test_links_that_nobody_can_judge_are_said_to_be_open() -> None:
    forms = {**MAP, "in_use": ["email_campaigns", "forms_landing", "lead_routing"]}
    renewals = {**CSP, "in_use": ["health_scoring", "renewal_mgmt"]}
    found = analysis(tools=[CRM, forms, renewals, *REST], integrations=None)
    facts = verdict(found, *shapes("hybrid", "none", "none")).facts
    assert facts[0] == "7 of 8 cross-functional links cannot be judged from what the file declares."
    assert facts[1] == (
        "Sales, marketing and customer success have a system of their own; most handoffs are not assessed."
    )


@pytest.mark.parametrize(
    ("tools", "start"),
    [
        ([CRM], "Sales has a system of its own, marketing and customer success have none; "),
        ([CRM, MAP], "Sales and marketing have a system of their own, customer success has none; "),
        ([*REST], "No function has a system of its own; "),
    ],
)
def test_the_second_fact_names_the_functions_with_a_system(tools: list[Any], start: str) -> None:
    assert verdict(analysis(tools=tools), *shapes("hybrid", "none", "none")).facts[1].startswith(start)


def test_a_tool_that_nobody_knows_is_asked_about_before_what_opens_less() -> None:
    asked = audit_data({"tools": ["Salesforce", "Frobnicator"], "integrations": []}).coverage.questions
    assert "nobody knows" in asked[0]
    assert "in_use" in asked[2]
