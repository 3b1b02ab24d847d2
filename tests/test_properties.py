"""What must hold for any stack: order, monotony, unknowns, and subjects that exist."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stackaudit.model.result import AuditResult
from tests.support import CASES, audit_data, read_yaml

TOOLS = {
    "crm": ("Salesforce", ["opportunity_mgmt", "account_contact_mgmt", "crm_workflow", "forecast_rollup"]),
    "crm2": ("Pipedrive", ["opportunity_mgmt"]),
    "map": ("Marketo", ["email_campaigns", "lead_scoring", "forms_landing"]),
    "seq": ("Outreach", ["sequencing", "rep_task_queue"]),
    "cs": ("Gainsight", ["health_scoring", "cs_playbooks", "renewal_mgmt"]),
    "use": ("Pendo", ["usage_events"]),
    "desk": ("Zendesk", ["ticketing"]),
    "bill": ("Zuora", ["subscription_billing"]),
    "bi": ("Looker", ["dashboards"]),
    "wh": ("Snowflake", ["warehouse"]),
    "zap": ("Zapier", ["ipaas_flows"]),
    "route": ("LeanData", ["lead_routing"]),
    "mta": ("Dreamdata", ["mta"]),
    "data": ("ZoomInfo", ["contact_data", "intent_data"]),
    "odd": ("Nobody Knows This", None),
}
OBJECTS = [
    "lead",
    "contact",
    "account",
    "opportunity",
    "activity",
    "usage",
    "health",
    "renewal",
    "ticket",
    "subscription",
    "campaign_engagement",
]


@st.composite
def tool(draw: st.DrawFn, key: str) -> dict[str, Any]:
    name, capabilities = TOOLS[key]
    made: dict[str, Any] = {"tool": name, "id": key}
    if capabilities and draw(st.booleans()):
        made["in_use"] = draw(st.lists(st.sampled_from(capabilities), unique=True))
    if draw(st.booleans()):
        made["seats"] = draw(st.integers(0, 300))
    if draw(st.booleans()):
        made["system_of_record_for"] = draw(st.lists(st.sampled_from(OBJECTS), unique=True, max_size=3))
    return made


@st.composite
def stacks(draw: st.DrawFn) -> dict[str, Any]:
    keys = draw(st.lists(st.sampled_from(sorted(TOOLS)), unique=True, min_size=2, max_size=10))
    made: dict[str, Any] = {"as_of": "2026-09-01", "tools": [draw(tool(k)) for k in keys]}
    made["company"] = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "employees": st.sampled_from([10, 100, 300, 900]),
                "arr": st.sampled_from([500_000, 5_000_000, 50_000_000]),
                "business_model": st.sampled_from(["saas_subscription", "services"]),
                "headcount": st.fixed_dictionaries(
                    {}, optional={"quota_reps": st.integers(0, 60), "cs": st.integers(0, 30)}
                ),
            },
        )
    )
    if draw(st.booleans()):
        made["coverage"] = {"integrations": draw(st.sampled_from(["complete", "partial"]))}
    ends = st.lists(st.sampled_from(keys), min_size=2, max_size=2, unique=True)
    edges = draw(st.lists(st.tuples(ends, st.lists(st.sampled_from(OBJECTS), max_size=3, unique=True)), max_size=12))
    declared = draw(st.booleans())
    if edges or declared:
        made["integrations"] = [
            {"from": a, "to": b, **({"objects": o} if o else {}), **draw(edge_details())} for (a, b), o in edges
        ]
    return made


def edge_details() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {},
        optional={
            "method": st.sampled_from(["native", "csv", "ipaas", "etl"]),
            "latency": st.sampled_from(["realtime", "hourly", "weekly"]),
            "status": st.sampled_from(["live", "degraded", "broken", "planned"]),
            "direction": st.sampled_from(["one_way", "two_way"]),
        },
    )


def told(result: AuditResult) -> list[str]:
    """Findings without the lines on which their evidence stands."""
    return [
        f.model_copy(
            update={"evidence": tuple(sorted((e.model_copy(update={"line": None}) for e in f.evidence), key=str))}
        ).model_dump_json()
        for f in result.findings
    ]


@settings(max_examples=60, deadline=None)
@given(stacks(), st.randoms(use_true_random=False))
def test_the_order_of_tools_and_integrations_changes_nothing(stack: dict[str, Any], chance: random.Random) -> None:
    shuffled = {**stack, "tools": list(stack["tools"])}
    chance.shuffle(shuffled["tools"])
    if "integrations" in stack:
        shuffled["integrations"] = list(stack["integrations"])
        chance.shuffle(shuffled["integrations"])
    one, two = audit_data(stack), audit_data(shuffled)
    assert told(one) == told(two)
    assert one.shape == two.shape
    assert one.root_causes == two.root_causes


@settings(max_examples=60, deadline=None)
@given(stacks(), st.data())
def test_a_further_live_integration_never_lowers_the_score(stack: dict[str, Any], data: st.DataObject) -> None:
    if "integrations" not in stack:
        stack["integrations"] = []
    keys = [t["id"] for t in stack["tools"]]
    source, target = data.draw(st.lists(st.sampled_from(keys), min_size=2, max_size=2, unique=True))
    more = {"from": source, "to": target, "objects": OBJECTS, "method": "native", "latency": "realtime"}
    before = audit_data(stack).shape.stack
    after = audit_data({**stack, "integrations": [*stack["integrations"], more]}).shape.stack
    assert after.low >= before.low - 1e-9
    assert after.high >= before.high - 1e-9


@settings(max_examples=80, deadline=None)
@given(stacks())
def test_scores_lie_within_their_intervals_and_subjects_exist(stack: dict[str, Any]) -> None:
    result = audit_data(stack)
    assert not result.problems, result.problems
    ids = {t.id for t in result.tools}
    shape = result.shape.stack
    assert 0 <= shape.low <= shape.high <= 100
    assert (shape.score is None) == (shape.label == "unknown")
    assert shape.score is None or shape.low <= shape.score <= shape.high
    for finding in result.findings:
        assert set(finding.subjects) <= ids
    for link in result.links:
        assert 0 <= link.low <= link.high <= 1
    for handoff in result.handoffs:
        assert 0 <= handoff.low <= handoff.high <= 1
    assert len({f.id for f in result.findings}) == len(result.findings)


@settings(max_examples=60, deadline=None)
@given(stacks())
def test_forgetting_what_is_connected_never_makes_a_finding_of_absence(stack: dict[str, Any]) -> None:
    forgotten = {k: v for k, v in stack.items() if k not in {"integrations", "coverage"}}
    result = audit_data(forgotten)
    resting = ("DEP-", "INT-001", "GAP-006", "SHP-005")
    assert not [f for f in result.findings if f.outcome == "fail" and f.rule.startswith(resting)]


@settings(max_examples=40, deadline=None)
@given(stacks())
def test_an_unknown_tool_without_connections_widens_and_never_narrows(stack: dict[str, Any]) -> None:
    before = audit_data(stack).shape.stack
    more = {**stack, "tools": [*stack["tools"], {"tool": "Something Unheard Of", "id": "blind"}]}
    after = audit_data(more).shape.stack
    assert after.low == before.low
    assert after.high >= before.high


@settings(max_examples=40, deadline=None)
@given(stacks(), st.sampled_from(["Seismic", "Calendly", "Gong", "Workato", "Looker"]))
def test_an_unused_unconnected_tool_never_changes_a_shape(stack: dict[str, Any], name: str) -> None:
    with_it = audit_data({**stack, "tools": [*stack["tools"], {"tool": name, "id": "idle", "in_use": []}]}).shape
    without = audit_data(stack).shape
    assert (with_it.stack.label, with_it.stack.low, with_it.stack.high) == (
        without.stack.label,
        without.stack.low,
        without.stack.high,
    )
    assert (with_it.org.label, with_it.need.label) == (without.org.label, without.need.label)


FACTS = ("seats", "active_seats", "annual_cost", "contract_end", "sso", "owner", "system_of_record_for")


@settings(max_examples=60, deadline=None)
@given(stacks(), st.sampled_from(FACTS))
def test_a_fact_that_is_forgotten_widens_the_shape_and_never_raises_its_floor(stack: dict[str, Any], fact: str) -> None:
    known = audit_data(stack).shape.stack
    blind = audit_data({**stack, "tools": [{k: v for k, v in t.items() if k != fact} for t in stack["tools"]]})
    assert blind.shape.stack.low <= known.low + 0.05
    if fact != "seats":
        assert blind.shape.stack.high >= known.high - 0.05


def test_removing_an_unused_unconnected_tool_never_changes_a_shape() -> None:
    for name in ("quillstone", "atlasbridge", "meridian_loom", "pinecrest"):
        data = read_yaml(CASES / f"{name}.yaml")
        before = audit_data(_plain(data)).shape
        data["tools"].append({"tool": "Seismic", "id": "idle", "in_use": []})
        assert audit_data(_plain(data)).shape == before


def test_forgetting_seats_in_use_sso_and_dates_changes_no_shape() -> None:
    data = read_yaml(CASES / "meridian_loom.yaml")
    before = audit_data(_plain(data)).shape
    for entry in data["tools"]:
        for key in ("active_seats", "sso", "contract_end"):
            entry.pop(key, None)
    assert audit_data(_plain(data)).shape == before


def test_what_is_licensed_is_not_in_use_until_it_is() -> None:
    data = read_yaml(CASES / "meridian_loom.yaml")

    def told_now() -> set[tuple[str, str, tuple[str, ...]]]:
        found = audit_data(_plain(data)).findings
        return {(f.rule, f.severity.value, f.subjects) for f in found if f.outcome == "fail" and f.severity != "info"}

    before = told_now()
    gong = next(t for t in data["tools"] if t["id"] == "gong")
    gong["in_use"] += ["sequencing", "forecast_rollup"]
    new = told_now() - before
    assert {
        ("RED-004", "medium", ("gong", "outreach")),
        ("RED-004", "medium", ("clari", "gong")),
        ("DEP-002", "high", ("gong",)),
    } <= new
    assert {rule for rule, _, _ in new} == {"RED-004", "DEP-002"}


def test_an_enrichment_tool_between_two_crms_is_no_path() -> None:
    data = read_yaml(CASES / "atlasbridge.yaml")
    for end in ("sfdc", "hs_crm"):
        data["integrations"].append(
            {
                "from": "clearbit",
                "to": end,
                "direction": "two_way",
                "objects": ["account", "opportunity"],
                "method": "native",
            }
        )
    result = audit_data(_plain(data))
    assert [g.id for g in result.shape.stack.gates] == ["split_estate"]
    assert [f.severity for f in result.findings if f.rule == "RED-002"] == ["critical"]


def test_a_shape_flips_by_one_integration_only_where_a_gate_says_why() -> None:
    for name in ("quillstone", "atlasbridge", "meridian_loom"):
        data = read_yaml(CASES / f"{name}.yaml")
        before = audit_data(_plain(data)).shape.stack
        for i in range(len(data["integrations"])):
            fewer = {**data, "integrations": [e for j, e in enumerate(data["integrations"]) if j != i]}
            after = audit_data(_plain(fewer)).shape.stack
            assert after.label == before.label or {g.id for g in after.gates} - {g.id for g in before.gates}, data[
                "integrations"
            ][i]


def _plain(value: Any) -> Any:
    """Dates as text, as a file would have them."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def test_deleting_facts_from_a_healthy_stack_gives_questions_and_never_passes() -> None:
    data = read_yaml(CASES / "meridian_loom.yaml")
    for entry in data["tools"]:
        for key in ("active_seats", "sso", "contract_end"):
            entry.pop(key, None)
    result = audit_data(_plain(data))
    for rule in ("COST-001", "COST-002", "RISK-001"):
        assert [f.outcome for f in result.findings if f.rule == rule] == ["not_assessed"], rule
    (summed,) = [f for f in result.findings if f.rule == "INV-003"]
    said = " ".join(e.text for e in summed.evidence)
    for rule in ("COST-001", "COST-002", "RISK-001"):
        assert rule in said


def test_a_waiver_holds_back_until_it_expires() -> None:
    data = read_yaml(CASES / "meridian_loom.yaml")
    for tool in ("zoominfo", "cognism"):
        data["integrations"].append({"from": tool, "to": "sfdc", "objects": ["contact"], "method": "native"})
    (held,) = [f for f in audit_data(_plain(data)).findings if f.rule == "RED-007"]
    assert held.waiver
    assert not held.waiver.expired
    data["waivers"][0]["expires"] = "2026-06-30"
    (back,) = [f for f in audit_data(_plain(data)).findings if f.rule == "RED-007"]
    assert back.waiver
    assert back.waiver.expired
