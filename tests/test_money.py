"""Money: spend, consolidation scope, benchmarks, seats and the renewal calendar."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackaudit.model.result import AuditResult
from stackaudit.report import facts as leading
from tests.support import CASES, audit_data, case, read_yaml

NAMES = sorted(p.name.removesuffix(".expected.yaml") for p in CASES.glob("*.expected.yaml"))
DOUBLES: dict[str, tuple[str, list[str]]] = {
    "outreach": ("Outreach", ["sequencing", "dialer"]),
    "salesloft": ("Salesloft", ["sequencing", "dialer"]),
    "gong": ("Gong", ["call_recording", "transcription"]),
    "chorus": ("Chorus", ["call_recording", "transcription", "sequencing"]),
    "marketo": ("Marketo", ["email_campaigns", "nurture", "lead_scoring"]),
    "pardot": ("Pardot", ["email_campaigns", "nurture", "lead_scoring"]),
    "looker": ("Looker", ["dashboards"]),
    "tableau": ("Tableau", ["dashboards"]),
    "sfdc": ("Salesforce", ["opportunity_mgmt"]),
    "pipedrive": ("Pipedrive", ["opportunity_mgmt"]),
    "drift": ("Drift", ["live_chat"]),
    "clay": ("Clay", ["enrich_orchestration"]),
}


def wanted(name: str) -> Any:
    return read_yaml(CASES / f"{name}.expected.yaml")["money"]


def tool(key: str, **rest: Any) -> dict[str, Any]:
    name, use = DOUBLES[key]
    return {"tool": name, "id": key, "in_use": use, **rest}


def spent(*tools: dict[str, Any], **rest: Any) -> AuditResult:
    return audit_data({"as_of": "2026-09-01", "tools": list(tools), "integrations": [], **rest})


@pytest.mark.parametrize("name", NAMES)
def test_the_money_line_of_a_case_is_exact(name: str) -> None:
    want, spend = wanted(name), case(name).spend
    assert spend.total == want["total"]
    assert spend.in_scope == want["in_scope"]
    assert spend.in_scope_share == want["in_scope_share"]
    assert {line.tool: line.amount for line in spend.scope} == want["scope"]
    assert list(spend.in_scope_tools) == sorted(want["scope"])
    assert spend.without_finance_data == want["without_finance_data"]


@pytest.mark.parametrize("name", NAMES)
def test_both_benchmarks_of_a_case_are_printed_with_source_and_grade(name: str) -> None:
    for figure in case(name).spend.benchmarks:
        value, side = wanted(name)["benchmarks"][figure.id]
        assert figure.value == pytest.approx(value, abs=0.5 if figure.id == "fte" else 0.00005)
        assert figure.side == side
        assert figure.source
        assert figure.grade in {"B", "C"}
        assert figure.without_finance_data is not None
        assert figure.without_finance_data < figure.value


@pytest.mark.parametrize("name", NAMES)
def test_the_calendar_of_a_case_holds_every_contract_and_its_deadline(name: str) -> None:
    result = case(name)
    found = {r.tool: r.deadline for r in result.spend.renewals}
    assert {t: found[t] for t in wanted(name)["deadlines"]} == wanted(name)["deadlines"]
    assert set(found) == {t.id for t in result.tools if t.contract_end}
    assert list(result.spend.next_deadlines) == wanted(name)["next_deadlines"]
    assert [r.deadline for r in result.spend.renewals] == sorted(found.values())


def test_unused_seats_have_the_value_that_the_case_says() -> None:
    (clari,) = [t for t in case("quillstone").tools if t.id == "clari"]
    assert clari.unused_seat_value == pytest.approx(wanted("quillstone")["unused_seats"]["clari"], abs=1)
    assert clari.utilisation == pytest.approx(11 / 30, abs=0.0001)
    assert clari.cost_per_active_seat == pytest.approx(41000 / 11, abs=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_layers_and_families_sum_to_the_total(name: str) -> None:
    spend = case(name).spend
    assert sum(x.amount for x in spend.by_layer) == spend.total
    assert sum(x.amount for x in spend.by_family) == spend.total
    assert [x.amount for x in spend.by_family] == sorted((x.amount for x in spend.by_family), reverse=True)


def test_a_group_of_three_leaves_the_largest_contract_out_once() -> None:
    three = [tool("outreach", annual_cost=30), tool("salesloft", annual_cost=20)]
    third = {"tool": "Groove", "id": "groove", "layer": "sales_engagement", "in_use": ["sequencing", "dialer"]}
    result = spent(*three, {**third, "annual_cost": 10})
    assert {line.tool: line.amount for line in result.spend.scope} == {"salesloft": 20, "groove": 10}
    (group,) = [o for o in result.overlaps if o.survivor]
    assert group.in_scope == 30


def test_a_sunset_product_counts_once_even_in_a_group() -> None:
    planned = spent(tool("outreach", annual_cost=30), tool("salesloft", annual_cost=20, status="sunset"))
    assert {line.tool: line.amount for line in planned.spend.scope} == {"salesloft": 20}
    by_vendor = spent(tool("drift", annual_cost=48000), tool("sfdc", annual_cost=1))
    assert by_vendor.spend.in_scope == 48000
    assert "way out" in by_vendor.spend.scope[0].because


def test_a_free_double_is_no_contract() -> None:
    assert spent(tool("outreach", annual_cost=30), tool("salesloft", annual_cost=0)).spend.scope == ()


def test_a_shared_side_job_is_not_in_scope() -> None:
    gong = {"tool": "Gong", "id": "g", "in_use": ["call_recording", "deal_inspection"], "annual_cost": 9}
    clari = {"tool": "Clari", "id": "c", "in_use": ["forecast_rollup", "deal_inspection"], "annual_cost": 5}
    assert spent(gong, clari).spend.in_scope == 0


def test_a_waived_group_leaves_the_scope_until_the_waiver_expires() -> None:
    pair = [tool("outreach", annual_cost=30), tool("salesloft", annual_cost=20)]
    waiver = {"rule": "RED-001", "tools": ["outreach", "salesloft"], "reason": "two brands"}
    assert spent(*pair, waivers=[{**waiver, "expires": "2026-12-31"}]).spend.in_scope == 0
    assert spent(*pair, waivers=[{**waiver, "expires": "2026-08-31"}]).spend.in_scope == 20


def test_several_currencies_without_a_rate_are_not_assessed() -> None:
    pair = [tool("outreach", annual_cost=30), tool("salesloft", annual_cost=20, currency="EUR")]
    bare = spent(*pair, company={"currency": "USD"}).spend
    assert bare.totals == {"EUR": 20, "USD": 30}
    assert (bare.total, bare.in_scope, bare.without_finance_data) == (None, None, None)
    assert [len(x) for x in (bare.benchmarks, bare.by_family, bare.scope)] == [0, 0, 0]
    fx = {"EUR": 2, "as_of": "2026-08-31", "source": "a bank"}
    rated = spent(*pair, company={"currency": "USD"}, settings={"fx": fx}).spend
    assert (rated.total, rated.in_scope) == (70, 30)


def test_nothing_priced_is_not_a_scope_of_nothing() -> None:
    spend = spent(tool("outreach"), tool("salesloft")).spend
    assert spend.in_scope is None
    assert spend.unpriced == ("outreach", "salesloft")


def test_a_renewal_has_marks_and_says_whether_the_notice_period_is_known() -> None:
    end = {"contract_end": "2026-12-31", "annual_cost": 5}
    one, two = spent(tool("gong", **end, notice_days=60), tool("sfdc", **end)).spend.renewals
    assert [(m.days, str(m.on)) for m in one.marks] == [(120, "2026-09-02"), (90, "2026-10-02"), (60, "2026-11-01")]
    assert (one.tool, one.notice_known, str(one.deadline)) == ("gong", True, "2026-11-01")
    assert (two.tool, two.notice_known, two.deadline) == ("sfdc", False, two.contract_end)


def test_a_deadline_within_thirty_days_stands_out_unless_it_is_decided() -> None:
    end = {"contract_end": "2026-10-01", "notice_days": 0}
    assert spent(tool("gong", **end)).spend.next_deadlines == ("gong",)
    decided = spent(tool("gong", **end, decision={"verdict": "keep"})).spend
    assert decided.next_deadlines == ()
    assert decided.renewals[0].decision == "keep"
    assert spent(tool("gong", contract_end="2026-10-02", notice_days=0)).spend.next_deadlines == ()


def test_the_median_of_a_layer_needs_two_tools_with_a_cost() -> None:
    seats = {"seats": 10, "active_seats": 10}
    alone = spent(tool("outreach", **seats, annual_cost=100)).tools
    assert alone[0].peer_median is None
    both = spent(tool("outreach", **seats, annual_cost=100), tool("salesloft", **seats, annual_cost=300)).tools
    assert {t.peer_median for t in both} == {20}


@st.composite
def stacks(draw: st.DrawFn) -> list[dict[str, Any]]:
    keys = draw(st.lists(st.sampled_from(sorted(DOUBLES)), unique=True, min_size=1, max_size=8))
    return [tool(k, annual_cost=draw(st.integers(0, 100_000))) for k in keys]


@settings(max_examples=30, deadline=None)
@given(stacks(), st.sampled_from(sorted(DOUBLES)))
def test_a_tool_without_a_price_never_changes_the_scope(stack: list[dict[str, Any]], key: str) -> None:
    before, after = spent(*stack).spend, spent(*stack, {**tool(key), "id": "further"}).spend
    assert after.in_scope == before.in_scope
    assert [(x.tool, x.amount) for x in after.scope] == [(x.tool, x.amount) for x in before.scope]


@settings(max_examples=30, deadline=None)
@given(stacks())
def test_the_scope_is_a_part_of_the_spend_and_each_contract_stands_once(stack: list[dict[str, Any]]) -> None:
    spend = spent(*stack).spend
    assert spend.total is not None
    assert spend.in_scope is not None
    assert 0 <= spend.in_scope <= spend.total
    assert len({line.tool for line in spend.scope}) == len(spend.scope)
    assert spend.in_scope == sum(line.amount for line in spend.scope)


@settings(max_examples=25, deadline=None)
@given(stacks(), st.randoms(use_true_random=False))
def test_the_order_of_tools_never_changes_money_overlaps_or_scores(
    stack: list[dict[str, Any]], chance: random.Random
) -> None:
    shuffled = list(stack)
    chance.shuffle(shuffled)
    one, two = spent(*stack), spent(*shuffled)
    assert one.spend.model_dump_json() == two.spend.model_dump_json()
    assert [o.model_dump_json() for o in one.overlaps] == [o.model_dump_json() for o in two.overlaps]
    assert [t.model_dump_json(exclude={"line"}) for t in one.tools] == [
        t.model_dump_json(exclude={"line"}) for t in two.tools
    ]


def test_the_end_of_a_contract_is_not_called_a_day_to_give_notice_by() -> None:
    contract = {"tool": "Gong", "annual_cost": 20_000, "contract_end": "2026-09-20"}
    told, unsaid = spent({**contract, "notice_days": 10}), spent(contract)
    assert leading.soon(told) == ("Gong: notice by 10 Sep 2026, in 9 days, $20,000 a year",)
    assert leading.soon(unsaid) == (
        "Gong: notice period not declared, contract ends 20 Sep 2026, in 19 days, $20,000 a year",
    )
    note = next(f.note for f in leading.figures(unsaid) if f.name == "Next notice deadline")
    assert note == "Gong, $20,000, in 19 days at the latest, as its notice period is not declared"
    assert [t.notice_deadline for r in (told, unsaid) for t in r.tools] == [dt.date(2026, 9, 10), None]


def test_a_contract_in_scope_says_whether_the_product_ends_or_the_company_lets_it_go() -> None:
    mine = {"tool": "HubSpot Sales Hub", "annual_cost": 20_000, "status": "sunset"}
    theirs = {"tool": "Drift", "annual_cost": 10_000}
    assert {line.tool: line.because for line in spent(mine, theirs).spend.scope} == {
        "hubspot_sales_hub": "the company lets it go",
        "drift": "the product is on its way out",
    }
