"""What each link, handoff, dimension and metric is worth, and at which edge its worth changes."""

from __future__ import annotations

from typing import Any

import pytest

from stackaudit.catalog import load_catalog
from stackaudit.model.result import AuditResult, Dimension
from tests.support import audit_data, fired

USES = {
    "crm": ("Salesforce", ["opportunity_mgmt"]),
    "map": ("Marketo", ["email_campaigns"]),
    "csp": ("Gainsight", ["health_scoring"]),
    "use": ("Pendo", ["usage_events"]),
    "desk": ("Zendesk", ["ticketing"]),
    "bill": ("Zuora", ["subscription_billing"]),
    "bi": ("Looker", ["dashboards"]),
    "wh": ("Snowflake", ["warehouse"]),
    "seq": ("Outreach", ["sequencing"]),
    "zap": ("Zapier", ["ipaas_flows"]),
}
SUBSCRIPTIONS = {"business_model": "saas_subscription"}
Edge = tuple[str, str, list[str], dict[str, Any]]


def edge(source: str, target: str, *objects: str, **more: Any) -> Edge:
    return source, target, list(objects), more


def stack(*edges: Edge, also: list[dict[str, Any]] | None = None, **fields: Any) -> AuditResult:
    """Nothing else is connected; ``also`` describes tools beside or in place of the usual ones, by id."""
    tools = {i: {"tool": name, "id": i, "in_use": uses} for i, (name, uses) in USES.items()}
    for tool in also or []:
        tools[tool["id"]] = {**tools.get(tool["id"], {}), **tool}
    named = fields.pop("only", list(tools))
    wired = [
        {
            "from": a,
            "to": b,
            **({"objects": objects} if objects else {}),
            "method": "native",
            "latency": "hourly",
            **more,
        }
        for a, b, objects, more in edges
    ]
    data = {"company": SUBSCRIPTIONS, "tools": [tools[i] for i in named], "integrations": wired, **fields}
    result = audit_data(data)
    assert not result.problems
    return result


def scores(result: AuditResult) -> dict[str, float | None]:
    return {x.id: x.score for x in result.links} | {h.id: h.score for h in result.handoffs}


def dimension(result: AuditResult, name: str) -> Dimension:
    return next(d for d in result.shape.stack.dimensions if d.id == name)


def tool(tool_id: str, *uses: str, **more: Any) -> dict[str, Any]:
    return {"id": tool_id, **({"in_use": list(uses)} if uses else {}), **more}


CARRIED = [
    ("X1", "map", "crm", {"lead", "contact"}),
    ("X2", "crm", "map", {"lead", "opportunity"}),
    ("X3", "crm", "csp", {"account", "opportunity"}),
    ("X4", "csp", "crm", {"health", "renewal", "opportunity"}),
    ("X5", "use", "csp", {"usage", "pql"}),
    ("X5", "use", "crm", {"usage", "pql"}),
    ("X6", "desk", "csp", {"ticket"}),
    ("X6", "desk", "crm", {"ticket"}),
    ("X7", "bill", "crm", {"subscription", "invoice"}),
    ("X7", "bill", "bi", {"subscription", "invoice"}),
    ("X7", "bill", "wh", {"subscription", "invoice"}),
    ("H07", "crm", "csp", {"account", "opportunity"}),
    ("H08", "use", "csp", {"usage"}),
    ("H10", "use", "crm", {"usage", "pql", "expansion", "health", "opportunity"}),
]


@pytest.mark.parametrize(("part", "source", "target", "objects"), CARRIED)
def test_a_link_is_made_by_each_of_its_records_and_by_no_other(
    part: str, source: str, target: str, objects: set[str]
) -> None:
    for one in sorted(objects):
        assert scores(stack(edge(source, target, one)))[part] == 1, one
    others = sorted(set(load_catalog().objects) - objects)
    assert scores(stack(edge(source, target, *others)))[part] == 0
    assert scores(stack())[part] == 0


@pytest.mark.parametrize(
    ("how", "score"),
    [
        ({"latency": "realtime"}, 1),
        ({"latency": "daily"}, 1),
        ({"latency": None}, 1),
        ({"latency": "weekly"}, 0.5),
        ({"method": "csv"}, 0.5),
        ({"method": "manual"}, 0.5),
        ({"method": "ipaas"}, 1),
        ({"status": "degraded"}, 0.5),
        ({"status": "broken"}, 0),
        ({"status": "planned"}, 0),
        ({"direction": "two_way"}, 1),
    ],
    ids=str,
)
def test_a_link_is_whole_by_itself_and_in_time_and_half_otherwise(how: dict[str, Any], score: float) -> None:
    for source, target, record, part in (("map", "crm", "lead", "X1"), ("desk", "csp", "ticket", "X6")):
        assert scores(stack(edge(source, target, record, **how)))[part] == score


@pytest.mark.parametrize(
    ("part", "first", "second", "score"),
    [
        ("X1", "daily", "daily", 1),
        ("X1", "daily", "weekly", 0.5),
        ("X5", "daily", "daily", 1),
        ("X5", "weekly", "realtime", 0.5),
    ],
)
def test_latency_adds_up_on_the_way_and_the_last_minute_counts(
    part: str, first: str, second: str, score: float
) -> None:
    source, target, record = {"X1": ("map", "crm", "lead"), "X5": ("use", "csp", "usage")}[part]
    way = (edge(source, "zap", record, latency=first), edge("zap", target, record, latency=second))
    assert scores(stack(*way))[part] == score


@pytest.mark.parametrize(
    ("seats", "score"),
    [((30, 10), 0.75), ((10, 30), 0.25), ((None, 10), 0.5), ((0, 0), 0.5), ((0, 10), 0), ((10, 0), 1)],
    ids=str,
)
def test_what_one_of_two_crms_gets_counts_by_its_seats(seats: tuple[int | None, int | None], score: float) -> None:
    used = {"active_seats": 1} if seats[0] else {}
    both = [tool("crm", seats=seats[0], **used), tool("pipe", "opportunity_mgmt", tool="Pipedrive", seats=seats[1])]
    ways = (
        ("X1", "map", "crm", ["lead"]),
        ("X2", "crm", "map", ["lead"]),
        ("X3", "crm", "csp", ["account"]),
        ("X4", "csp", "crm", ["health"]),
        ("H07", "crm", "csp", ["account"]),
        ("H10", "use", "crm", ["usage"]),
    )
    for part, source, target, records in ways:
        assert scores(stack(edge(source, target, *records), also=both))[part] == score, part


@pytest.mark.parametrize(
    ("seen", "score"),
    [
        ([], 0),
        ([("crm", "opportunity")], 0),
        ([("crm", "opportunity"), ("map", "lead")], 0.5),
        ([("crm", "opportunity"), ("map", "lead"), ("csp", "health")], 1),
        ([("desk", "ticket"), ("bill", "invoice"), ("use", "usage")], 1),
        ([("seq", "activity"), ("crm", "opportunity"), ("map", "lead")], 0.5),
    ],
    ids=str,
)
def test_functions_are_seen_together_from_two_on(seen: list[tuple[str, str]], score: float) -> None:
    for place in ("bi", "wh"):
        edges = [edge(source, place, record, status="degraded") for source, record in seen]
        assert scores(stack(*edges))["X8"] == score


QUOTES = [tool("q", "quoting", tool="DealHub")]
FORMS = [tool("map", "email_campaigns", "forms_landing")]
ROUTED = [tool("crm", "opportunity_mgmt", "lead_routing")]
BOOKED = [tool("book", "inbound_scheduling", tool="Chili Piper")]
RENEWS = [tool("csp", "health_scoring", "renewal_mgmt")]
LARGE = {"company": {**SUBSCRIPTIONS, "employees": 150}}


@pytest.mark.parametrize(
    ("handoff", "edges", "also", "fields", "score"),
    [
        ("H01", [edge("map", "crm", "lead")], FORMS, {}, 1),
        ("H01", [edge("map", "crm", "contact")], FORMS, {}, 1),
        ("H01", [edge("map", "crm", "opportunity")], FORMS, {}, 0),
        ("H01", [edge("map", "crm", "lead", latency="daily")], FORMS, {}, 0.5),
        ("H01", [edge("map", "crm", "lead")], [], {}, 0),
        ("H01", [edge("chat", "crm", "lead")], [tool("chat", "live_chat", tool="Drift")], {}, 1),
        ("H02", [], [], {}, 0),
        ("H02", [], [tool("map", "email_campaigns", "lead_scoring")], {}, 1),
        ("H02", [], [tool("use", "usage_events", "pql")], {}, 1),
        ("H03", [edge("map", "crm", "lead")], [], {}, 0),
        ("H03", [edge("map", "crm", "lead")], ROUTED, {}, 1),
        ("H03", [edge("map", "crm", "lead")], BOOKED, {}, 1),
        ("H03", [edge("map", "crm", "contact")], ROUTED, {}, 0),
        ("H03", [edge("map", "crm", "lead", latency="daily")], ROUTED, {}, 0.5),
        ("H03", [edge("use", "crm", "pql")], [*ROUTED, tool("use", "usage_events", "pql")], {}, 1),
        ("H03", [edge("use", "crm", "usage")], [*ROUTED, tool("use", "usage_events", "pql")], {}, 0),
        ("H03", [], ROUTED, {}, 0),
        ("H04", [edge("crm", "seq", "lead")], [], {}, 0.5),
        ("H04", [edge("crm", "seq", "contact")], [], {}, 0.5),
        ("H04", [edge("seq", "crm", "activity")], [], {}, 0.5),
        ("H04", [edge("crm", "seq", "lead"), edge("seq", "crm", "activity")], [], {}, 1),
        ("H04", [edge("crm", "seq", "lead"), edge("seq", "crm", "activity", latency="daily")], [], {}, 0.75),
        ("H04", [edge("crm", "seq", "account"), edge("seq", "crm", "lead")], [], {}, 0),
        ("H05", [], [], {}, 1),
        ("H05", [], [tool("crm", "lead_mgmt")], {}, 0),
        ("H06", [], QUOTES, LARGE, 0.5),
        ("H06", [edge("q", "crm", "quote")], QUOTES, LARGE, 1),
        ("H06", [edge("q", "crm", "contract")], QUOTES, LARGE, 1),
        ("H06", [edge("q", "crm", "opportunity", latency="daily")], QUOTES, LARGE, 1),
        ("H06", [edge("q", "crm", "opportunity", latency="weekly")], QUOTES, LARGE, 0.5),
        ("H06", [edge("q", "crm", "invoice")], QUOTES, LARGE, 0.5),
        ("H06", [edge("q", "crm", "contract")], [tool("q", "esign_clm", tool="DocuSign")], LARGE, 1),
        ("H06", [], [], {"company": {**SUBSCRIPTIONS, "employees": 149}}, 1),
        ("H06", [], [], {"company": {**SUBSCRIPTIONS, "employees": 900, "motions": ["plg"]}}, 1),
        ("H06", [], [], {"company": {**SUBSCRIPTIONS, "employees": 900, "motions": ["enterprise"]}}, 0.5),
        ("H07", [edge("crm", "csp", "account", latency="daily")], [], {}, 1),
        ("H07", [edge("crm", "csp", "account", latency="weekly")], [], {}, 0.5),
        ("H07", [edge("crm", "on", "opportunity")], [tool("on", "onboarding_mgmt", tool="Rocketlane")], {}, 1),
        ("H08", [edge("use", "csp", "usage", latency="weekly")], [], {}, 1),
        ("H08", [edge("use", "csp", "usage", method="csv")], [], {}, 0.5),
        ("H08", [edge("use", "crm", "usage")], [], {}, 0),
        ("H09", [edge("csp", "crm", "health")], [], {}, 0),
        ("H09", [edge("csp", "crm", "health")], RENEWS, {}, 1),
        ("H09", [edge("csp", "crm", "renewal", latency="daily")], RENEWS, {}, 1),
        ("H09", [edge("csp", "crm", "renewal", latency="weekly")], RENEWS, {}, 0.5),
        ("H09", [edge("csp", "crm", "opportunity")], RENEWS, {}, 0),
        ("H10", [edge("use", "crm", "usage", latency="weekly")], [], {}, 1),
        ("H10", [edge("csp", "crm", "expansion")], [tool("csp", "health_scoring", "expansion_signals")], {}, 1),
        ("H10", [edge("csp", "crm", "expansion")], [], {}, 0),
    ],
    ids=str,
)
def test_a_handoff_scores_what_its_condition_says(
    handoff: str, edges: list[Edge], also: list[dict[str, Any]], fields: dict[str, Any], score: float
) -> None:
    assert scores(stack(*edges, also=also, **fields))[handoff] == score


def test_a_step_that_a_company_does_not_have_is_not_handed_over() -> None:
    small = stack(company={**SUBSCRIPTIONS, "employees": 149})
    large = stack(company={**SUBSCRIPTIONS, "employees": 150})
    assert [{h.id: h.status for h in r.handoffs}["H06"] for r in (small, large)] == ["not_needed", "weak"]


@pytest.mark.parametrize(
    ("only", "also", "d1", "d2"),
    [
        (["crm"], [], 0, 0),
        (["crm", "desk"], [], 0, 0),
        (["crm", "map"], [], 0.5, 0.25),
        (["crm", "csp"], [], 0.5, 0.25),
        (["seq", "map"], [], 0.5, 0.25),
        (["map", "csp"], [], 0.5, 0.5),
        (["crm", "seq", "csp"], [], 0.5, 0.25),
        (["crm", "map", "csp"], [], 1, 0.5),
        (["crm"], [tool("crm", "opportunity_mgmt", "campaign_influence")], 0, 0.25),
        (["crm"], [tool("crm", "opportunity_mgmt", "mta", "campaign_influence")], 0, 0.25),
        (["crm"], ROUTED, 0, 0.25),
        (["crm"], [tool("crm", "opportunity_mgmt", "inbound_scheduling")], 0, 0.25),
        (["crm", "map", "csp"], [tool("crm", "opportunity_mgmt", "mta", "lead_routing")], 1, 1),
    ],
    ids=str,
)
def test_functions_and_layers_count_by_what_is_in_use(
    only: list[str], also: list[dict[str, Any]], d1: float, d2: float
) -> None:
    result = stack(only=only, also=also)
    assert (dimension(result, "d1").score, dimension(result, "d2").score) == (d1, d2)


def test_wiring_and_lifecycle_are_means_of_what_applies() -> None:
    whole = stack(edge("map", "crm", "lead"), edge("desk", "csp", "ticket", method="csv"))
    assert dimension(whole, "d3").score == pytest.approx(1.5 / 8, abs=0.0001)
    services = stack(edge("map", "crm", "lead"), company={"business_model": "services"})
    assert dimension(services, "d3").score == pytest.approx(1 / 7, abs=0.0001)
    assert dimension(services, "d5").score == pytest.approx(
        sum(s or 0 for i, s in scores(services).items() if i in {f"H0{n}" for n in range(1, 8)}) / 7, abs=0.0001
    )


@pytest.mark.parametrize(
    ("held", "model", "score"),
    [
        ({"crm": ["account"]}, "saas_subscription", 0.1),
        ({"crm": ["account", "contact", "lead", "opportunity"], "bill": ["subscription"]}, "saas_subscription", 0.5),
        ({"crm": ["account", "contact", "lead", "opportunity"]}, "services", 0.5),
        ({"crm": ["account", "contact"]}, "services", 0.25),
        ({"crm": ["account", "contact"], "csp": ["account"]}, "saas_subscription", 0.1),
        ({"crm": ["ticket"]}, "saas_subscription", 0),
    ],
    ids=str,
)
def test_unified_data_counts_records_with_exactly_one_home(
    held: dict[str, list[str]], model: str, score: float
) -> None:
    also = [tool(i, system_of_record_for=records) for i, records in held.items()]
    assert dimension(stack(also=also, company={"business_model": model}), "d4").score == pytest.approx(score)
    seen = [edge("crm", "wh", "opportunity"), edge("map", "wh", "lead")]
    assert dimension(stack(*seen, also=also, company={"business_model": model}), "d4").score == pytest.approx(
        score + 0.25
    )


def test_records_that_nobody_claims_leave_half_of_unified_data_open() -> None:
    found = dimension(stack(edge("crm", "wh", "opportunity"), edge("map", "wh", "lead")), "d4")
    assert (found.low, found.high) == (0.25, 0.75)


ROLL = [tool("crm", "opportunity_mgmt", "forecast_rollup")]


@pytest.mark.parametrize(
    ("edges", "also", "score"),
    [
        ([edge("csp", "wh", "health"), edge("bill", "wh", "invoice")], [], 0),
        ([], ROLL, 0),
        ([edge("csp", "wh", "health")], ROLL, 0.5),
        ([edge("csp", "bi", "renewal", method="csv", latency="weekly")], ROLL, 0.5),
        ([edge("csp", "crm", "renewal")], ROLL, 0.5),
        ([edge("csp", "wh", "account")], ROLL, 0),
        ([edge("bill", "crm", "invoice")], ROLL, 0.5),
        ([edge("bill", "wh", "subscription")], ROLL, 0.5),
        ([edge("bill", "wh", "account")], ROLL, 0),
        ([edge("csp", "wh", "health"), edge("bill", "bi", "invoice")], ROLL, 1),
        ([edge("r", "wh", "renewal")], [*ROLL, tool("r", "renewal_mgmt", tool="Vitally")], 0.5),
    ],
    ids=str,
)
def test_a_forecast_covers_renewals_and_subscriptions_by_half_each(
    edges: list[Edge], also: list[dict[str, Any]], score: float
) -> None:
    assert dimension(stack(*edges, also=also), "d6").score == score


MTA = [tool("a", "mta", tool="Dreamdata")]


@pytest.mark.parametrize(
    ("edges", "also", "score"),
    [
        ([], [], 0),
        ([], [tool("crm", "opportunity_mgmt", "campaign_influence")], 0.25),
        ([], MTA, 0.25),
        ([edge("crm", "a", "opportunity")], MTA, 0.5),
        ([edge("crm", "a", "account", method="csv")], MTA, 0.5),
        ([edge("crm", "a", "invoice")], MTA, 0.25),
        ([edge("map", "a", "campaign_engagement")], MTA, 0.5),
        ([edge("map", "a", "visitor")], MTA, 0.5),
        ([edge("map", "a", "lead")], MTA, 0.5),
        ([edge("map", "a", "contact")], MTA, 0.5),
        ([edge("map", "a", "opportunity")], MTA, 0.25),
        ([edge("ads", "a", "ad_cost")], [*MTA, tool("ads", "ads", tool="Google Ads")], 0.5),
        ([edge("web", "a", "visitor")], [*MTA, tool("web", "web_analytics", tool="Google Analytics 4")], 0.5),
        ([edge("web", "a", "visitor")], [*MTA, tool("web", "event_collection", tool="Segment")], 0.5),
        ([edge("web", "a", "visitor")], [*MTA, tool("web", "web_tracking", tool="Segment")], 0.5),
        ([edge("web", "a", "visitor")], [*MTA, tool("web", "forms_landing", tool="Segment")], 0.5),
        ([edge("desk", "a", "visitor")], MTA, 0.25),
        ([edge("crm", "a", "opportunity"), edge("map", "a", "lead")], MTA, 1),
    ],
    ids=str,
)
def test_attribution_is_worth_what_reaches_it(edges: list[Edge], also: list[dict[str, Any]], score: float) -> None:
    assert dimension(stack(*edges, also=also), "d7").score == score


@pytest.mark.parametrize(
    ("edges", "score"),
    [
        ([], 0),
        ([edge("crm", "csp", "account", method="csv", latency="weekly")], 0.5),
        ([edge("crm", "csp", "opportunity")], 0.5),
        ([edge("crm", "csp", "contact")], 0.5),
        ([edge("crm", "csp", "renewal")], 0.5),
        ([edge("crm", "csp", "invoice")], 0),
        ([edge("use", "csp", "usage")], 0.5),
        ([edge("desk", "csp", "ticket")], 0.5),
        ([edge("use", "csp", "usage"), edge("desk", "csp", "ticket")], 0.5),
        ([edge("crm", "csp", "account"), edge("desk", "csp", "ticket")], 1),
        ([edge("crm", "csp", "account", status="broken")], 0),
    ],
    ids=str,
)
def test_customer_success_hears_from_the_crm_and_from_the_product_or_support(edges: list[Edge], score: float) -> None:
    assert dimension(stack(*edges), "d8").score == score
    assert dimension(stack(*[e for e in edges if "csp" not in e[:2]], only=["crm", "use", "desk"]), "d8").score == 0


OPEN = {"coverage": {"integrations": "partial"}}
STRANGER = {"id": "s", "tool": "Nobody Knows This"}


@pytest.mark.parametrize(
    ("name", "edges", "also", "fields", "low", "high"),
    [
        ("d1", [], [STRANGER], {"only": ["crm", "s"]}, 0, 1),
        ("d1", [], [STRANGER], {"only": ["crm", "map", "s"]}, 0.5, 1),
        ("d2", [], [STRANGER], {"only": ["crm", "map", "s"]}, 0.25, 1),
        ("d3", [], [], OPEN, 0, 1),
        ("d3", [edge("map", "crm", "lead")], [], OPEN, 0.125, 1),
        ("d6", [], ROLL, OPEN, 0, 1),
        ("d6", [edge("csp", "wh", "health")], ROLL, OPEN, 0.5, 1),
        ("d6", [edge("csp", "wh", "health")], [{"id": "crm", "in_use": None}], {}, 0, 0.5),
        ("d7", [], MTA, OPEN, 0.25, 1),
        ("d7", [edge("crm", "a", "opportunity")], MTA, OPEN, 0.5, 1),
        ("d7", [edge("crm", "a")], MTA, {}, 0.25, 0.5),
        ("d8", [], [], OPEN, 0, 1),
        ("d8", [edge("use", "csp", "usage")], [], OPEN, 0.5, 1),
    ],
    ids=str,
)
def test_what_is_unknown_widens_a_dimension_up_to_what_it_could_be(
    name: str, edges: list[Edge], also: list[dict[str, Any]], fields: dict[str, Any], low: float, high: float
) -> None:
    found = dimension(stack(*edges, also=also, **fields), name)
    assert (found.score, found.low, found.high) == (low, low, high)


REPORTS = [tool("crm", "opportunity_mgmt", "crm_reporting")]
DEALS, BILLS = edge("crm", "wh", "opportunity"), edge("bill", "wh", "invoice")
OUTSIDE = tool("pipe", "opportunity_mgmt", tool="Pipedrive")


@pytest.mark.parametrize(
    ("metric", "edges", "also", "fields", "status", "node"),
    [
        ("nrr", [BILLS], [], {}, "computable", "wh"),
        ("nrr", [edge("bill", "wh", "subscription")], [], {}, "computable", "wh"),
        ("nrr", [edge("bill", "wh", "invoice", latency="weekly")], [], {}, "computable", "wh"),
        ("nrr", [edge("bill", "wh", "invoice", method="csv")], [], {}, "partial", "wh"),
        ("nrr", [edge("bill", "wh", "invoice", status="degraded")], [], {}, "partial", "wh"),
        ("nrr", [edge("bill", "wh", "account")], [], {}, "not_computable", "wh"),
        ("nrr", [edge("bill", "wh")], [], {}, "not_assessed", "wh"),
        ("nrr", [], [], {"coverage": {"integrations": "partial"}}, "not_assessed", "bi"),
        ("nrr", [], [tool("bill", "subscription_billing", "arr_reporting")], {}, "computable", "bill"),
        ("nrr", [], [], {"company": {"business_model": "services"}}, "not_applicable", None),
        ("nrr", [], [], {"only": ["crm", "bill"]}, "not_computable", None),
        ("nrr", [], [], {"only": ["crm"], "also": [{"id": "crm"}]}, "not_computable", None),
        ("net_new_arr", [BILLS], [], {}, "not_computable", "wh"),
        ("net_new_arr", [BILLS, DEALS], [], {}, "computable", "wh"),
        ("net_new_arr", [], [tool("bill", "subscription_billing", "arr_reporting")], {}, "not_computable", "bi"),
        ("win_rate", [], REPORTS, {}, "computable", "crm"),
        ("win_rate", [], [], {"only": ["crm", "wh"]}, "not_computable", "wh"),
        ("win_rate", [], [*REPORTS, OUTSIDE], {}, "partial", "crm"),
        ("win_rate", [edge("pipe", "crm", "opportunity")], [*REPORTS, OUTSIDE], {}, "computable", "crm"),
        ("win_rate", [edge("pipe", "crm", "opportunity", method="csv")], [*REPORTS, OUTSIDE], {}, "partial", "crm"),
        ("win_rate", [edge("pipe", "crm")], [*REPORTS, OUTSIDE], {}, "not_assessed", "crm"),
        ("forecast_accuracy", [DEALS], [], {}, "not_computable", "wh"),
        (
            "forecast_accuracy",
            [edge("crm", "f", "opportunity")],
            [tool("f", "forecast_rollup", "pipeline_snapshots", tool="Clari")],
            {},
            "computable",
            "f",
        ),
        ("mql_conversion", [edge("map", "crm", "lead")], REPORTS, {}, "computable", "crm"),
        ("mql_conversion", [], REPORTS, {}, "not_computable", "crm"),
    ],
    ids=str,
)
def test_a_metric_is_as_computable_as_its_worst_fact_at_its_best_place(
    metric: str, edges: list[Edge], also: list[dict[str, Any]], fields: dict[str, Any], status: str, node: str | None
) -> None:
    fields = dict(fields)
    result = stack(*edges, also=[*also, *fields.pop("also", [])], **fields)
    found = next(m for m in result.metrics if m.id == metric)
    assert (found.status, found.node) == (status, node)


ACTS = tool("act", "cs_playbooks", tool="ChurnZero")
PLAY = {"signal": "health_drop", "tool": "act"}
OWNED = {**PLAY, "owner": "Ana", "sla_minutes": 60}
THERE = edge("csp", "act", "health")


@pytest.mark.parametrize(
    ("edges", "also", "fields", "level", "high"),
    [
        ([], [tool("csp", "renewal_mgmt")], {}, 0, 0),
        ([], [ACTS], {}, 1, 1),
        ([edge("csp", "crm", "health", method="csv")], [], {}, 2, 2),
        ([edge("csp", "bi", "health")], [], {}, 2, 2),
        ([edge("csp", "chat", "health")], [tool("chat", "team_chat", tool="Slack")], {}, 2, 2),
        ([edge("csp", "wh", "health")], [], {}, 1, 1),
        ([edge("csp", "crm", "account")], [], {}, 1, 1),
        ([edge("csp", "act", "health", method="csv")], [ACTS], {}, 2, 2),
        ([edge("csp", "act", "health", status="degraded")], [ACTS], {}, 2, 2),
        ([edge("csp", "act", "health", latency="weekly")], [ACTS], {}, 2, 2),
        ([edge("csp", "act", "health", latency="daily")], [ACTS], {}, 3, 3),
        ([], [tool("csp", "health_scoring", "cs_playbooks")], {}, 3, 3),
        ([THERE], [ACTS], {"plays": [PLAY]}, 3, 3),
        ([THERE], [ACTS], {"plays": [{**PLAY, "owner": "Ana"}]}, 3, 3),
        ([THERE], [ACTS], {"plays": [{**PLAY, "sla_minutes": 60}]}, 3, 3),
        ([THERE], [ACTS], {"plays": [OWNED]}, 4, 4),
        ([THERE], [ACTS], {"plays": [{**OWNED, "tool": "seq"}]}, 1, 1),
        ([THERE, edge("act", "crm", "activity")], [ACTS], {"plays": [OWNED]}, 5, 5),
        ([THERE, edge("act", "wh", "activity")], [ACTS], {"plays": [OWNED]}, 5, 5),
        ([THERE, edge("act", "bi", "activity")], [ACTS], {"plays": [OWNED]}, 4, 4),
        ([edge("csp", "crm", "health")], [], {"plays": [{**OWNED, "tool": "crm"}]}, 5, 5),
        ([], [ACTS], {"coverage": {"integrations": "partial"}}, 1, 3),
        ([], [ACTS], {"coverage": {"integrations": "partial"}, "plays": [OWNED]}, 1, 5),
        ([], [], {"coverage": {"integrations": "partial"}}, 1, 2),
        ([edge("csp", "act")], [ACTS], {}, 1, 3),
        ([edge("csp", "act")], [ACTS], {"plays": [OWNED]}, 1, 4),
        ([edge("csp", "crm")], [], {}, 1, 2),
    ],
    ids=str,
)
def test_a_signal_climbs_the_ladder_rung_by_rung(
    edges: list[Edge], also: list[dict[str, Any]], fields: dict[str, Any], level: int, high: int
) -> None:
    found = next(s for s in stack(*edges, also=also, **fields).signals if s.id == "health_drop")
    assert (found.level, found.high) == (level, high)


CRM = {"tool": "Salesforce", "id": "crm", "in_use": ["opportunity_mgmt", "crm_reporting"]}
BILLING = {"tool": "Stripe Billing", "id": "bill", "in_use": ["subscription_billing"]}
HOLDER = {**BILLING, "system_of_record_for": ["subscription"]}


@pytest.mark.parametrize(
    ("metric", "tools", "fix"),
    [
        ("nrr", [CRM, BILLING], "Bring subscriptions from Stripe Billing to Salesforce by a connector or a flow."),
        ("nrr", [CRM], "Put in use what provides subscriptions (subscription billing)."),
        (
            "win_rate",
            [CRM | {"in_use": ["opportunity_mgmt"]}],
            "Compute it in BI, the warehouse, the reports of the CRM or a forecasting tool.",
        ),
        (
            "win_rate",
            [CRM | {"seats": 20}, {"tool": "Pipedrive", "seats": 60, "in_use": ["opportunity_mgmt", "crm_reporting"]}],
            "Bring won and lost deals from Salesforce to Pipedrive by a connector or a flow.",
        ),
    ],
)
def test_what_to_do_about_a_metric_is_what_it_lacks(metric: str, tools: list[dict[str, Any]], fix: str) -> None:
    company = {"employees": 300, "funding_stage": "series_c", "business_model": "saas_subscription"}
    result = audit_data({"company": company, "tools": tools, "integrations": [], "org": {"metrics_tracked": [metric]}})
    (finding,) = fired(result, "MET-001")
    assert finding.fix == fix


def test_that_no_tool_computes_a_metric_is_said_once_for_all_its_facts() -> None:
    tools = [{"tool": "Salesforce", "id": "crm", "in_use": ["opportunity_mgmt", "lead_mgmt"]}]
    result = audit_data({"company": {"employees": 90}, "tools": tools, "integrations": []})
    found = next(m for m in result.metrics if m.id == "quota_attainment")
    assert found.text == "No tool is known that computes it from won deals and quotas."
    assert [f.state for f in found.facts] == ["missing", "missing"]


def test_metrics_that_lack_the_same_are_one_cause() -> None:
    company = {"employees": 300, "funding_stage": "series_c", "business_model": "saas_subscription"}
    fed = {"from": "crm", "to": "bi", "objects": ["opportunity", "account"], "method": "native"}
    data = {"company": company, "tools": [CRM, {"tool": "Looker", "id": "bi", "in_use": ["dashboards"]}]}
    tracked = {"metrics_tracked": ["grr", "nrr", "win_rate"]}
    result = audit_data({**data, "integrations": [fed], "org": tracked})
    (cause,) = [c for c in result.root_causes if c.blocks.metrics]
    assert cause.blocks.metrics == ("grr", "nrr")
    assert cause.title == (
        "Gross revenue retention and net revenue retention lack the same: nothing in use provides subscriptions"
    )
    assert cause.summary == "Put in use what provides subscriptions (subscription billing)."


@pytest.mark.parametrize(
    ("company", "tools", "known", "assumed"),
    [
        ({}, [CRM], False, "Whether the company sells subscriptions is not declared"),
        ({}, [CRM, BILLING], True, "that the company sells subscriptions is taken from Stripe Billing."),
        ({"business_model": "saas_subscription"}, [CRM], True, ""),
        ({"business_model": "publishing"}, [CRM, BILLING], False, "Whether the company sells subscriptions"),
        ({"business_model": "usage-based API"}, [CRM, HOLDER], True, "The business model does not say so; that"),
        ({"business_model": "agency"}, [CRM, HOLDER], False, ""),
    ],
)
def test_a_tool_that_bills_subscriptions_shows_that_there_are_some_where_no_business_model_is_declared(
    company: dict[str, Any], tools: list[dict[str, Any]], known: bool, assumed: str
) -> None:
    size = {"employees": 300, "arr": 40_000_000, "currency": "USD", "funding_stage": "series_c"}
    result = audit_data({"company": {**size, **company}, "tools": tools, "integrations": []})
    assert bool([f for f in fired(result, "HND-001") if f.facet == "H09"]) == known
    assert assumed in " ".join(result.coverage.assumptions)
    asks = not known and company.get("business_model") != "agency"
    assert ("Does the company sell subscriptions?" in " ".join(result.coverage.questions)) == asks


def test_a_cause_about_connections_advises_a_connection() -> None:
    company = {"employees": 300, "arr": 40_000_000, "funding_stage": "series_c", "business_model": "saas_subscription"}
    csp = {"tool": "Gainsight", "id": "gs", "in_use": ["health_scoring", "renewal_mgmt"]}
    late = {
        "from": CRM["id"],
        "to": "gs",
        "objects": ["account", "opportunity"],
        "method": "native",
        "latency": "weekly",
    }
    result = audit_data({"company": company, "tools": [CRM, csp], "integrations": [late]})
    (cause,) = [c for c in result.root_causes if c.subjects == ("gs",)]
    assert {"H07", "H08", "H09"} <= set(cause.blocks.handoffs)
    assert cause.title == "Gainsight lacks connections that it needs"
    assert cause.summary.startswith("Bring health score or renewal data from Gainsight")


def test_a_metric_blames_no_connection_that_is_only_not_told() -> None:
    crms = [
        {"tool": n, "id": i, "scope": i, "in_use": ["opportunity_mgmt"]}
        for n, i in (("Salesforce", "us"), ("Pipedrive", "eu"))
    ]
    sure = {"from": "us", "to": "w", "objects": ["opportunity", "account"], "method": "etl", "latency": "daily"}
    for other, said in (
        (
            [{"from": "eu", "to": "w", "method": "etl"}],
            "Whether won and lost deals of Pipedrive reach Snowflake is not declared.",
        ),
        ([], "Won and lost deals of Pipedrive do not reach Snowflake."),
    ):
        tools = [*crms, {"tool": "Snowflake", "id": "w", "in_use": ["warehouse"]}]
        result = audit_data({"company": {"employees": 300}, "tools": tools, "integrations": [sure, *other]})
        assert next(m.text for m in result.metrics if m.id == "win_rate") == said
