"""What would change the verdict, and the plan of what to do first."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from stackaudit.analysis import Analysis
from stackaudit.counterfactual import counterfactuals
from stackaudit.model.plugins import Rule, RuleContext
from stackaudit.model.result import RoadmapStep
from stackaudit.rules.runner import settled, standing_ids
from stackaudit.shape import shapes
from stackaudit.shape.stack import stack_score
from tests.support import CASES, audit_data, case, known, known_of, load_file, plugins, read_yaml

NAMES = sorted(p.name.removesuffix(".expected.yaml") for p in CASES.glob("*.expected.yaml"))


def expected(name: str) -> Any:
    return read_yaml(CASES / f"{name}.expected.yaml")


@pytest.mark.parametrize("name", NAMES)
def test_one_connection_after_the_other_gives_the_scores_of_the_case(name: str) -> None:
    found = case(name).counterfactual
    wanted = expected(name)["counterfactual"]
    assert len(found) == len(wanted)
    for have, want in zip(found, wanted, strict=True):
        assert {have.from_, have.to} == set(want["pair"])
        assert (have.two_way, list(have.objects)) == (want["two_way"], want["objects"])
        assert have.score == pytest.approx(want["score"], abs=0.05)
        assert have.label == want["label"]
        assert list(have.replaces) == want.get("replaces", [])


@pytest.mark.parametrize("name", NAMES)
def test_a_connection_that_is_marked_changes_the_shape_and_no_other_does(name: str) -> None:
    result = case(name)
    label = str(result.shape.stack.label)
    for step in result.counterfactual:
        assert step.changes_label == (step.label != label)
        assert step.gain >= 0
        label = step.label


def matches(step: RoadmapStep, want: dict[str, Any]) -> bool:
    return (
        (step.bucket, step.kind) == (want["bucket"], want["kind"])
        and ("subjects" not in want or set(step.subjects) == set(want["subjects"]))
        and ("due" not in want or step.due == want["due"])
        and ("owner" not in want or step.owner == want["owner"])
        and ("title" not in want or want["title"] in step.title)
    )


@pytest.mark.parametrize(
    ("name", "want"), [(n, w) for n in NAMES for w in expected(n)["roadmap"]], ids=lambda v: str(v)[:70]
)
def test_a_step_that_must_be_planned_is_planned(name: str, want: dict[str, Any]) -> None:
    plan = case(name).roadmap
    assert any(matches(step, want) for step in plan), [(s.bucket, s.kind, s.subjects, s.due) for s in plan]


def test_a_healthy_stack_gets_a_short_plan() -> None:
    assert len(case("meridian_loom").roadmap) == expected("meridian_loom")["roadmap_steps"]


@pytest.mark.parametrize("name", NAMES)
def test_every_finding_that_weighs_is_answered_by_one_step_and_every_step_answers_one(name: str) -> None:
    result = case(name)
    answered = [f for s in result.roadmap for f in s.findings]
    assert len(answered) == len(set(answered))
    by_id = {f.id: f for f in result.findings}
    assert all(by_id[f].outcome == "fail" and by_id[f].severity != "info" for f in answered)
    weighty = {f.id for f in result.findings if f.outcome == "fail" and f.severity in {"critical", "high"}}
    shapes = {f.id for f in result.findings if f.rule in {"SHP-002", "SHP-005"}}  # all steps together answer those
    assert weighty - shapes <= set(answered), [by_id[f].message for f in weighty - shapes - set(answered)]
    assert all(s.findings or s.kind == "connections" for s in result.roadmap)


@pytest.mark.parametrize("name", NAMES)
def test_steps_stand_in_the_order_of_the_stretches_and_never_make_the_stack_worse(name: str) -> None:
    result = case(name)
    order = ["days_0_30", "days_31_60", "days_61_90"]
    assert [order.index(s.bucket) for s in result.roadmap] == sorted(order.index(s.bucket) for s in result.roadmap)
    scores = [result.shape.stack.score or 0.0, *(s.score_after or 0.0 for s in result.roadmap)]
    assert scores == sorted(scores)


def test_without_known_connections_none_is_proposed() -> None:
    result = audit_data(
        {"company": {"employees": 300, "arr": 40_000_000}, "tools": ["Salesforce", "Marketo", "Gainsight"]}
    )
    assert result.counterfactual == ()
    assert not [s for s in result.roadmap if s.kind == "connections"]


def test_a_company_that_needs_sales_ops_is_sold_no_wiring_after_the_sale() -> None:
    result = audit_data(
        {
            "as_of": "2026-09-01",
            "company": {"employees": 90, "arr": 5_000_000, "funding_stage": "series_a"},
            "tools": [
                {"tool": "Salesforce", "id": "crm", "in_use": ["opportunity_mgmt", "lead_mgmt"]},
                {"tool": "Marketo", "id": "map", "in_use": ["email_campaigns", "forms_landing"]},
                {"tool": "Gainsight", "id": "csp", "in_use": ["health_scoring"]},
                {"tool": "Outreach", "id": "seq", "in_use": ["sequencing"]},
            ],
            "integrations": [{"from": "crm", "to": "seq", "objects": ["lead"], "method": "native"}],
        }
    )
    assert str(result.shape.need.label) == "sales_ops"
    pairs = {frozenset((c.from_, c.to)) for c in result.counterfactual}
    assert frozenset(("map", "crm")) in pairs
    assert not any("csp" in pair for pair in pairs)


def test_wiring_the_sequences_to_the_crm_makes_a_sales_process() -> None:
    tools = [
        {"tool": "Salesforce", "id": "crm", "in_use": ["opportunity_mgmt", "lead_mgmt"]},
        {"tool": "Outreach", "id": "seq", "in_use": ["sequencing"]},
    ]
    data = {"company": {"employees": 200}, "tools": tools, "integrations": []}
    result = audit_data(data)
    assert result.shape.stack.label == "pre_ops"
    assert [c.label for c in result.counterfactual] == ["sales_ops"]


def test_decisions_stand_in_the_order_of_their_days() -> None:
    ends = {"Outreach": "2026-10-20", "Gong": "2026-10-05", "Marketo": "2026-10-28", "Clari": "2026-09-20"}
    tools = [
        {"tool": name, "annual_cost": 90000, "contract_end": end, "notice_days": notice, "auto_renew": True}
        for notice, (name, end) in zip((10, 10, 10, 60), ends.items(), strict=True)
    ]
    data = {"as_of": "2026-09-01", "company": {"currency": "USD", "employees": 100}, "tools": tools}
    steps = [s for s in audit_data(data).roadmap if s.kind == "deadline"]
    assert [s.subjects for s in steps] == [("clari",), ("gong",), ("outreach",), ("marketo",)]


def test_a_step_about_one_kind_of_finding_says_what_that_kind_asks_for() -> None:
    personal = {"from": "a", "to": "b", "objects": ["lead"], "method": "ipaas", "account": "personal"}
    tools = [{"tool": "Make", "id": "a"}, {"tool": "Pipedrive", "id": "b"}, {"tool": "Klaviyo", "id": "c"}]
    base = {"as_of": "2026-09-01", "company": {"employees": 100, "currency": "USD"}, "tools": tools}

    def title(connection: dict[str, Any]) -> str:
        steps = audit_data({**base, "integrations": [connection]}).roadmap
        return next(s.title for s in steps if s.kind == "weak_edges")

    assert "epair" not in title(personal)
    assert "service account" in title(personal)
    broken = {**personal, "account": "service", "status": "broken"}
    assert "service account" not in title(broken)
    assert title(broken).startswith("Repair")
    assert "service account" in title({**personal, "status": "broken"})
    assert title({**personal, "status": "broken"}).startswith("Repair")


def test_what_waits_for_a_gap_is_one_step_with_it_and_the_missing_half_of_a_layer_is_named() -> None:
    suite = {
        "tool": "HubSpot Marketing Hub",
        "id": "m",
        "in_use": ["email_campaigns", "lead_scoring", "campaign_influence"],
    }
    crm = {"tool": "HubSpot Sales Hub", "id": "c", "in_use": ["opportunity_mgmt", "lead_mgmt", "sequencing"]}
    company = {"employees": 90, "arr": 8000000, "currency": "USD", "funding_stage": "series_a", "motions": ["inbound"]}
    heads = {"headcount": {"quota_reps": 9, "sdr": 4}}
    result = audit_data(
        {"as_of": "2026-09-01", "company": {**company, **heads}, "tools": [suite, crm], "integrations": []}
    )
    answered = {f.id: f"{f.rule}:{f.facet}" for f in result.findings}
    steps = [{answered[i].removesuffix(":None") for i in step.findings} for step in result.roadmap]
    assert sum("HND-001:H03" in step for step in steps) == 1
    assert any({"GAP-002", "HND-001:H03"} <= step or {"GAP-002:routing", "HND-001:H03"} <= step for step in steps)
    row = next(x for x in result.layers if x.id == "attribution_routing")
    assert (row.name, row.present.value, row.providers) == ("Attribution & Routing: Routing", "no", ())


@pytest.mark.parametrize("name", NAMES)
def test_where_all_that_a_rule_rests_on_stays_so_do_its_findings(name: str) -> None:
    before = known(load_file(CASES / f"{name}.yaml"))
    first = shapes(before)
    resting = [r for r in plugins().rules() if r.rests_on]
    assert resting

    def found(analysis: Analysis, rule: Rule) -> frozenset[str]:
        context = RuleContext(analysis, shapes(analysis), analysis.thresholds)
        return standing_ids([rule], context, settings={}, waivers=(), as_of=analysis.stack.as_of)

    for step in counterfactuals(before, first):
        for rule in resting:
            if settled(rule, before, step.analysis):
                assert found(step.analysis, rule) == found(before, rule), (rule.id, step.repair)


def test_a_rule_is_asked_again_when_what_it_rests_on_changes_or_is_not_known() -> None:
    before = known(load_file(CASES / "quillstone.yaml"))
    rule = next(r for r in plugins().rules() if r.rests_on)
    same = before.rewired(before.stack)
    assert settled(rule, before, same)
    assert not settled(rule, before, known(load_file(CASES / "atlasbridge.yaml")))
    assert not settled(replace(rule, rests_on=("no_such_fact",)), before, same)
    assert not settled(replace(rule, rests_on=()), before, same)


@pytest.mark.parametrize("name", NAMES)
def test_who_holds_a_record_changes_nothing_else_that_is_known(name: str) -> None:
    before = known(load_file(CASES / f"{name}.yaml"))
    stack_score(before)
    tools = tuple(
        replace(t, entry=t.entry.model_copy(update={"system_of_record_for": ("account",) if i == 0 else ()}))
        for i, t in enumerate(before.stack.tools)
    )
    held = before.holding(tools)
    anew = known_of(replace(before.stack, tools=tools, by_id={t.id: t for t in tools}))
    assert stack_score(held).shape == stack_score(anew).shape
    for fact in ("records", "links", "handoffs", "signals", "metrics", "doubles", "functions_in_bi"):
        assert getattr(held, fact) == getattr(anew, fact), fact


def planned(tools: list[dict[str, Any]], integrations: list[dict[str, Any]]) -> list[RoadmapStep]:
    company = {"employees": 640, "arr": 90_000_000, "currency": "USD", "funding_stage": "series_c"}
    crm = {"tool": "Dynamics 365 Sales", "id": "crm", "in_use": ["opportunity_mgmt", "lead_mgmt"]}
    data = {"as_of": "2026-09-01", "company": company, "tools": [crm, *tools], "integrations": integrations}
    return list(audit_data(data).roadmap)


def test_a_tool_that_writes_to_the_crm_by_hand_is_connected_in_one_step() -> None:
    cognism = {"tool": "Cognism", "id": "data", "in_use": ["contact_data"]}
    steps = planned([cognism], [{"from": "data", "to": "crm", "objects": ["contact"], "method": "csv"}])
    about = [s for s in steps if "data" in s.subjects and s.bucket == "days_31_60"]
    assert [s.title for s in about] == ["Let Cognism write to the CRM by itself"]
    assert len(about[0].findings) == 2


def test_a_way_by_hand_to_another_tool_stays_a_step_of_its_own() -> None:
    cognism = {"tool": "Cognism", "id": "data", "in_use": ["contact_data"]}
    sheet = {"tool": "Google Sheets", "id": "sheet"}
    steps = planned([cognism, sheet], [{"from": "data", "to": "sheet", "objects": ["contact"], "method": "csv"}])
    assert {"feeds", "by_hand"} <= {s.kind for s in steps if "data" in s.subjects}


def test_tools_that_are_connected_to_nothing_are_one_step() -> None:
    alone = ["Badger Maps", "LinkedIn Sales Navigator"]
    link = {"from": "crm", "to": "bi", "objects": ["opportunity"], "method": "native"}
    steps = planned([{"tool": "Power BI", "id": "bi"}, *({"tool": name} for name in alone)], [link])
    islands = [s for s in steps if s.kind == "islands"]
    assert [s.title for s in islands] == [
        "Connect Badger Maps and LinkedIn Sales Navigator, or ask what they are kept for"
    ]
    assert len(islands[0].findings) == len(alone)


def test_a_tool_that_is_to_go_is_drawn_and_planned_without_a_new_connection() -> None:
    old = {"tool": "ChurnZero", "id": "old", "in_use": ["health_scoring"]}
    data = {
        "company": {
            "employees": 640,
            "arr": 90_000_000,
            "funding_stage": "series_c",
            "business_model": "saas_subscription",
        },
        "tools": [{"tool": "Salesforce", "id": "crm", "in_use": ["opportunity_mgmt"]}, old],
        "integrations": [],
    }
    for status, wanted in (("active", True), ("sunset", False)):
        old["status"] = status
        result = audit_data(data)
        asked = {end for gap in result.expected.integrations for end in (gap.from_, gap.to)}
        asked |= {end for step in result.counterfactual for end in (step.from_, step.to)}
        assert ("old" in asked) is wanted


def test_several_ways_by_hand_that_meet_are_one_step_about_ways() -> None:
    sheets = [{"tool": "Google Sheets", "id": "sheet"}, {"tool": "Microsoft Excel", "id": "excel"}]
    ways = [{"from": "crm", "to": end, "objects": ["opportunity"], "method": "manual"} for end in ("sheet", "excel")]
    for count, words in ((1, "manual way between"), (2, "manual ways between")):
        steps = [s for s in planned(sheets[:count], ways[:count]) if s.kind == "by_hand"]
        assert len(steps) == 1
        assert words in steps[0].title


def test_a_tool_that_acts_by_itself_runs_between_nothing() -> None:
    agent = {"tool": "Agentforce", "id": "agent"}
    steps = planned([agent], [{"from": "agent", "to": "crm", "objects": ["lead"], "method": "native"}])
    titles = [s.title for s in steps if s.kind == "weak_edges"]
    assert titles == ["Put what Agentforce does by itself on a service account, with an owner and an alert"]


def test_a_missing_connection_is_drawn_at_the_tool_of_the_layer_where_its_modules_are_not_declared() -> None:
    company = {"employees": 300, "arr": 40_000_000, "funding_stage": "series_c", "business_model": "saas_subscription"}
    tools = [{"tool": "Salesforce", "id": "crm", "in_use": ["opportunity_mgmt"]}, {"tool": "Stripe", "id": "pay"}]
    gaps = audit_data({"company": company, "tools": tools, "integrations": []}).expected.integrations
    billing = next(g for g in gaps if g.from_layer == "billing")
    assert (billing.from_, billing.to) == ("pay", "crm")


def dated(**contract: object) -> RoadmapStep:
    """The step about one contract, on the first of September."""
    tool = {"tool": "Outreach", "owner": "Ana", "annual_cost": 90000, **contract}
    data = {"as_of": "2026-09-01", "company": {"currency": "USD", "employees": 100}, "tools": [tool]}
    (step,) = [s for s in audit_data(data).roadmap if s.kind == "deadline"]
    return step


def test_a_talk_about_a_contract_that_renews_is_due_before_it_renews() -> None:
    soon = dated(contract_end="2026-09-10", notice_days=60, auto_renew="yes")
    later = dated(contract_end="2026-10-20", notice_days=60, auto_renew="yes")
    assert [(str(s.due), "Talk to the vendor" in s.title) for s in (soon, later)] == [
        ("2026-09-10", True),
        ("2026-10-01", True),
    ]


def test_a_notice_period_that_nobody_declared_is_looked_up_within_the_month_and_before_the_end() -> None:
    steps = [dated(contract_end=end) for end in ("2026-09-20", "2026-10-20")]
    assert [str(s.due) for s in steps] == ["2026-09-20", "2026-10-01"]
    assert {s.title for s in steps} == {"Look up when notice is due for Outreach, and decide"}


def test_a_contract_that_renews_soon_comes_before_one_that_could_no_longer_be_left_but_renews_later() -> None:
    late = {"tool": "Outreach", "contract_end": "2026-09-25", "notice_days": 60, "auto_renew": "yes"}
    near = {"tool": "Gong", "contract_end": "2026-10-05", "notice_days": 30}
    data = {"as_of": "2026-09-01", "company": {"employees": 100}, "tools": [late, near]}
    assert [s.subjects for s in audit_data(data).roadmap if s.kind == "deadline"] == [("gong",), ("outreach",)]


def test_seats_that_can_no_longer_be_given_back_in_time_are_a_step_of_their_own() -> None:
    seats = {"seats": 100, "active_seats": 10, "annual_cost": 50_000}
    late = {"tool": "Gong", **seats, "contract_end": "2026-09-25", "notice_days": 60, "auto_renew": "yes"}
    ahead = {"tool": "Clari", **seats, "contract_end": "2026-12-25", "notice_days": 30}
    ended = {"tool": "Chorus", **seats, "contract_end": "2026-08-25", "notice_days": 60, "auto_renew": "yes"}
    data = {"as_of": "2026-09-01", "company": {"employees": 100}, "tools": [late, ahead, ended]}
    assert [s.title for s in audit_data(data).roadmap if s.kind == "seats"] == [
        "Ask for fewer seats of Gong, though notice was due",
        "Cut unused seats of Chorus and Clari at renewal",
    ]
