"""Shapes: the need's votes, the organisation's parts, the stack's counterfactuals, and what an unknown does."""

from __future__ import annotations

from typing import Any

import pytest

from stackaudit.model.result import AuditResult
from tests.support import CASES, audit_data, case, read_yaml


def need(**company: Any) -> tuple[str, bool]:
    pains = company.pop("pains", [])
    found = audit_data(
        {"company": {"currency": "USD", **company}, "org": {"pains": pains}, "tools": ["Salesforce"]}
    ).shape.need
    return found.label, found.contested


@pytest.mark.parametrize(
    ("company", "want"),
    [
        ({}, ("unknown", False)),
        ({"employees": 49}, ("none", False)),
        ({"employees": 50}, ("sales_ops", False)),
        ({"employees": 149}, ("sales_ops", False)),
        ({"employees": 150}, ("revops", False)),
        ({"employees": 500}, ("full_revops", False)),
        ({"arr": 1_999_999}, ("none", False)),
        ({"arr": 2_000_000}, ("sales_ops", False)),
        ({"arr": 10_000_000}, ("revops", False)),
        ({"funding_stage": "seed"}, ("none", False)),
        ({"funding_stage": "series_a"}, ("sales_ops", False)),
        ({"funding_stage": "pe_backed"}, ("revops", False)),
        ({"funding_stage": "bootstrapped"}, ("unknown", False)),
        ({"employees": 140, "arr": 16_000_000, "funding_stage": "series_b"}, ("sales_ops", True)),
        ({"employees": 140, "arr": 16_000_000, "funding_stage": "series_b", "pains": ["silos"]}, ("sales_ops", True)),
        (
            {"employees": 140, "arr": 16_000_000, "funding_stage": "series_b", "pains": ["silos", "nrr_dropping"]},
            ("revops", True),
        ),
        ({"employees": 140, "arr": 26_000_000, "funding_stage": "series_b"}, ("revops", True)),
        ({"employees": 200, "arr": 3_000_000, "funding_stage": "series_a"}, ("sales_ops", True)),
        ({"employees": 900, "arr": 90_000_000, "funding_stage": "series_c"}, ("full_revops", False)),
        ({"employees": 40, "arr": 3_000_000}, ("none", True)),
        ({"arr": 16_000_000, "currency": "EUR"}, ("unknown", False)),
    ],
    ids=str,
)
def test_the_need_follows_both_sources_thresholds(company: dict[str, Any], want: tuple[str, bool]) -> None:
    assert need(**company) == want


def test_every_vote_is_shown_with_its_source_and_those_without_a_vote_say_so() -> None:
    votes = case("quillstone").shape.need.votes
    assert {v.id: v.counts for v in votes} == {
        "a_headcount": True,
        "a_table": False,
        "b_arr": True,
        "b_stage": True,
        "b_reps": False,
        "b_pains_revops": False,
        "market": False,
    }
    assert all("source document" in v.source for v in votes if v.id != "market")
    assert all(v.source for v in votes)


@pytest.mark.parametrize(
    ("company", "vote", "want"),
    [
        ({"employees": 49}, "a_headcount", ("none", True)),
        ({"employees": 499}, "a_headcount", ("revops", True)),
        ({"employees": 500}, "a_headcount", ("full_revops", True)),
        ({"employees": 499}, "a_table", ("sales_ops", False)),
        ({"employees": 500}, "a_table", ("revops", False)),
        ({"arr": 24_999_999}, "a_arr", None),
        ({"arr": 25_000_000}, "a_arr", ("revops", True)),
        ({"arr": 9_999_999}, "b_arr", ("sales_ops", True)),
        ({"arr": 10_000_000}, "b_arr", ("revops", True)),
        ({"funding_stage": "seed"}, "b_stage", ("none", True)),
        ({"funding_stage": "bootstrapped"}, "b_stage", None),
        ({"employees": 60, "headcount": {"quota_reps": 4}}, "b_reps", ("none", False)),
        ({"employees": 60, "headcount": {"quota_reps": 5}}, "b_reps", ("sales_ops", False)),
        ({"arr": 4_999_999}, "market", None),
        ({"arr": 5_000_000}, "market", ("revops", False)),
    ],
    ids=str,
)
def test_each_vote_falls_as_its_source_says(company: dict[str, Any], vote: str, want: tuple[str, bool] | None) -> None:
    data = {"company": {"currency": "USD", **company}, "tools": ["Salesforce"]}
    found = {v.id: (v.vote, v.counts) for v in audit_data(data).shape.need.votes}
    assert found.get(vote) == want


def test_without_both_sizes_a_contested_vote_falls_to_the_lower_middle() -> None:
    assert need(employees=140, arr=24_999_999, funding_stage="series_b") == ("sales_ops", True)
    assert need(employees=140, arr=25_000_000, funding_stage="series_b") == ("revops", True)
    assert need(employees=150, arr=3_000_000, funding_stage="series_b") == ("revops", True)
    assert need(arr=3_000_000, funding_stage="series_b") == ("sales_ops", True)


@pytest.mark.parametrize(("reps", "contested"), [(4, False), (5, True)])
def test_five_reps_under_fifty_employees_are_a_point_on_which_the_sources_disagree(reps: int, contested: bool) -> None:
    assert need(employees=40, headcount={"quota_reps": reps}, pains=["silos", "nrr_dropping"]) == ("none", contested)


def test_pains_of_both_sides_are_shown_and_do_not_vote() -> None:
    data = {"company": {"employees": 60}, "org": {"pains": ["crm_graveyard", "silos"]}, "tools": ["Salesforce"]}
    shown = {v.id: (v.vote, v.counts) for v in audit_data(data).shape.need.votes if v.id.startswith("b_pains")}
    assert shown == {"b_pains_sales_ops": ("sales_ops", False), "b_pains_revops": ("revops", False)}


def org(**fields: Any) -> AuditResult:
    return audit_data({"org": fields, "tools": ["Salesforce"]})


@pytest.mark.parametrize(
    ("title", "score"),
    [("CRO", 0.5), ("VP Sales", 0), ("VP of Sales", 0), ("Head of Sales", 0), ("COO", 1), ("CEO", 1), ("CFO", 1), ("CMO", 0.5), ("CCO", 0.5),
     ("President", 0.5), ("Chief Operating Officer", 1), ("Chief Revenue Officer", 0.5)],
)  # fmt: skip
def test_a_reporting_line_is_read_as_the_sources_read_it(title: str, score: float) -> None:
    part = next(p for p in org(reports_to=title).shape.org.parts if p.id == "reports_to")
    assert (part.low, part.high) == (score, score)


def test_a_reporting_line_in_neither_source_is_not_assessed() -> None:
    part = next(p for p in org(reports_to="Head of Growth").shape.org.parts if p.id == "reports_to")
    assert (part.low, part.high) == (0, 1)


@pytest.mark.parametrize(
    ("size", "score"), [(1, 0), (2, 0), (3, 0.25), (4, 0.5), (5, 0.5), (6, 0.75), (7, 0.75), (8, 1), (30, 1)]
)
def test_team_size_counts_in_steps(size: int, score: float) -> None:
    assert next(p.score for p in org(team_size=size).shape.org.parts if p.id == "team_size") == score


AREAS = ("crm_data_model", "map", "cs_systems", "bi", "routing", "forecasting")


@pytest.mark.parametrize(
    ("part", "fields", "low", "high"),
    [
        ("scope", {"scope": ["sales"]}, 0, 0),
        ("scope", {"scope": ["sales", "cs"]}, 0.5, 0.5),
        ("scope", {"scope": ["sales", "marketing", "cs"]}, 1, 1),
        ("scope", {}, 0, 1),
        ("ownership", {"owns": dict.fromkeys(AREAS, "revops")}, 1, 1),
        ("ownership", {"owns": {**dict.fromkeys(AREAS, "revops"), "bi": "data", "map": "none"}}, 4 / 6, 4 / 6),
        ("ownership", {"owns": {"bi": "revops", "map": "marketing"}}, 1 / 6, 5 / 6),
        ("ownership", {}, 0, 1),
        ("metrics", {"metrics_tracked": ["nrr", "grr", "win_rate"]}, 2 / 3, 2 / 3),
        ("metrics", {"metrics_tracked": ["win_rate"]}, 0, 0),
        ("metrics", {"metrics_tracked": ["clv"]}, 1, 1),
        ("metrics", {"metrics_tracked": ["speed_to_lead"]}, 0, 1),
        ("specialists", {"specialists": []}, 0, 0),
        ("specialists", {"specialists": ["systems", "analytics", "cs_ops"]}, 0.75, 0.75),
        ("specialists", {"specialists": ["systems", "analytics", "cs_ops", "sales_ops", "marketing_ops"]}, 1, 1),
        ("specialists", {}, 0, 1),
        ("title", {"title": "Head of Revenue Operations"}, 1, 1),
        ("title", {"title": "Sales Ops Manager"}, 0, 0),
        ("title", {}, 0, 1),
    ],
    ids=str,
)
def test_each_part_of_the_organisation_scores_as_the_table_says(
    part: str, fields: dict[str, Any], low: float, high: float
) -> None:
    found = next(p for p in org(team_size=5, **fields).shape.org.parts if p.id == part)
    assert (found.low, found.high, found.score) == (round(low, 4), round(high, 4), round(low, 4))


@pytest.mark.parametrize("side", ["sales", "revops"])
def test_every_metric_of_a_source_counts_for_its_side(side: str) -> None:
    metrics = {
        "sales": ["quota_attainment", "sales_cycle", "pipeline_coverage", "win_rate", "ramp_time", "forecast_accuracy"],
        "revops": ["net_new_arr", "nrr", "grr", "cac_payback", "pipeline_velocity", "mql_conversion", "clv"],
    }
    for metric in metrics[side]:
        part = next(p for p in org(metrics_tracked=[metric]).shape.org.parts if p.id == "metrics")
        assert (part.low, part.high) == ((0, 0) if side == "sales" else (1, 1)), metric


def test_an_organisation_without_input_is_unknown_and_one_without_people_is_none() -> None:
    assert audit_data(["Salesforce"]).shape.org.label == "unknown"
    assert org(team_size=0).shape.org.label == "none"
    assert org(team_size=0).shape.org.score is None


def test_a_missing_part_scores_nothing_below_and_everything_above() -> None:
    shape = org(reports_to="COO", scope=["sales", "marketing", "cs"]).shape.org
    assert (shape.low, shape.high) == (45.0, 100.0)
    assert shape.label == "unknown"
    assert shape.between == ("hybrid", "revops")


def test_enablement_is_no_specialist_and_speed_to_lead_counts_for_neither_side() -> None:
    parts = {
        p.id: p
        for p in org(
            specialists=["enablement", "systems"], metrics_tracked=["speed_to_lead", "nrr", "win_rate"]
        ).shape.org.parts
    }
    assert parts["specialists"].score == 0.25
    assert parts["metrics"].score == 0.5


def test_links_repaired_one_after_the_other_move_the_stack_as_computed() -> None:
    data = read_yaml(CASES / "quillstone.yaml")
    data["as_of"] = str(data["as_of"])
    for tool in data["tools"]:
        for key in ("contract_end",):
            if key in tool:
                tool[key] = str(tool[key])
    edges = data["integrations"]

    def edge(source: str, target: str, objects: list[str], **more: Any) -> dict[str, Any]:
        return {"from": source, "to": target, "objects": objects, "method": "native", "latency": "hourly", **more}

    steps = [
        (
            [edge("gainsight", "sfdc", ["account", "opportunity", "health", "renewal"], direction="two_way")],
            58.4,
            "hybrid",
        ),
        ([edge("pendo", "gainsight", ["usage"])], 66.1, "revops"),
        ([edge("hs_mkt", "sfdc", ["lead", "contact", "opportunity"], direction="two_way")], 71.2, "revops"),
        ([edge("zendesk", "gainsight", ["ticket"])], 74.4, "revops"),
        ([edge("stripe", "sfdc", ["subscription", "invoice"])], 77.5, "revops"),
    ]
    for added, score, label in steps:
        edges += added
        if added[0]["from"] == "hs_mkt":
            edges[:] = [e for e in edges if "zapier" not in (e["from"], e["to"])]
        stack = audit_data(data).shape.stack
        assert stack.score == pytest.approx(score, abs=0.06)
        assert stack.label == label


def test_names_alone_audit_and_leave_open_what_needs_more() -> None:
    for name in ("quillstone", "atlasbridge", "meridian_loom", "pinecrest"):
        data = read_yaml(CASES / f"{name}.yaml")
        result = audit_data([t["tool"] for t in data["tools"]])
        assert not result.problems
        assert result.shape.stack.label == "unknown"
        assert str(result.shape.org.label) == str(result.shape.need.label) == "unknown"
        assert result.shape.stack.low < result.shape.stack.high
        told = [f for f in result.findings if f.outcome == "fail" and f.rule not in {"RISK-002", "INV-003"}]
        assert {f.rule for f in told} <= {"INV-002", "RED-001", "RED-003", "RED-009", "SIG-002"}
        assert {f.severity for f in told} <= {"medium", "low"}


def test_an_unknown_model_leaves_subscriptions_in_and_another_model_takes_them_out() -> None:
    stack = {"company": {"business_model": "consulting services"}, "tools": ["Salesforce"], "integrations": []}
    result = audit_data(stack)
    assert [x.id for x in result.links if x.score is None] == ["X7"]
    assert [h.id for h in result.handoffs if h.score is None] == ["H08", "H09", "H10"]


@pytest.mark.parametrize("title", ["VP Revenue Operations", "RevOps Lead"])
def test_revops_in_title_and_sales_ops_in_scope_is_said(title: str) -> None:
    shape = org(
        title=title,
        reports_to="VP Sales",
        scope=["sales"],
        team_size=2,
        specialists=[],
        metrics_tracked=["win_rate"],
        owns={
            "bi": "data",
            "map": "marketing",
            "routing": "sales_ops",
            "cs_systems": "cs",
            "forecasting": "sales_ops",
            "crm_data_model": "sales_ops",
        },
    ).shape
    assert shape.org.label == "sales_ops"
    assert "title" in {m.pattern for m in shape.mismatch}
