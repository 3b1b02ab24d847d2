"""Value, health, quadrant and what to do with a tool."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from stackaudit.catalog import load_catalog
from stackaudit.errors import CatalogError
from stackaudit.model.result import ToolInfo
from stackaudit.resources import data_dir
from tests.support import CASES, audit_data, case, read_yaml

NAMES = sorted(p.name.removesuffix(".expected.yaml") for p in CASES.glob("*.expected.yaml"))
COMPANY = {"employees": 320, "arr": 42_000_000, "funding_stage": "series_c", "currency": "USD"}
GOOD = {"seats": 100, "active_seats": 90, "criticality": 1, "satisfaction": 5, "sso": "yes", "owner": "Ana"}
IDLE = {"seats": 100, "active_seats": 10, "criticality": 4, "satisfaction": 1, "sso": "yes", "owner": "Ana"}


def scored(entry: dict[str, Any], *, wired: bool, others: tuple[dict[str, Any], ...] = (), **rest: Any) -> ToolInfo:
    """A support desk, which must send tickets to the CRM."""
    tools = [
        {"tool": "Zendesk", "id": "desk", "in_use": ["ticketing"], **entry},
        {"tool": "Salesforce", "id": "crm", "in_use": ["opportunity_mgmt"], "owner": "Ana"},
        *others,
    ]
    edges = [{"from": "desk", "to": "crm", "objects": ["ticket"], "method": "native"}] if wired else []
    data = {"as_of": "2026-09-01", "company": COMPANY, "tools": tools, "integrations": edges, **rest}
    return next(t for t in audit_data(data).tools if t.id == "desk")


def factor(tool: ToolInfo, name: str) -> float | None:
    return next(f.score for f in tool.factors if f.id == name)


@pytest.mark.parametrize("name", NAMES)
def test_a_case_gets_the_dispositions_that_a_consultant_would_give(name: str) -> None:
    want = read_yaml(CASES / f"{name}.expected.yaml")["dispositions"]
    found = {t.id: t.disposition for t in case(name).tools}
    assert {t: found[t] for t in want} == want


def test_the_four_quadrants_have_the_axes_of_the_source() -> None:
    assert (scored(GOOD, wired=True).quadrant, scored(GOOD, wired=True).disposition) == ("invest", "keep")
    poor = {**GOOD, "sso": "no", "owner": None}
    assert (scored(poor, wired=False).quadrant, scored(poor, wired=False).disposition) == ("migrate", "fix")
    assert (scored(IDLE, wired=True).quadrant, scored(IDLE, wired=True).disposition) == ("tolerate", "renegotiate")
    bad = {**IDLE, "sso": "no", "owner": None}
    assert (scored(bad, wired=False).quadrant, scored(bad, wired=False).disposition) == ("eliminate", "retire")


def test_a_tolerated_tool_without_seats_to_spare_is_kept() -> None:
    tool = scored({"criticality": 4, "satisfaction": 1, "sso": "yes", "owner": "Ana", "pricing": "usage"}, wired=True)
    assert (tool.quadrant, tool.disposition) == ("tolerate", "keep")
    assert factor(tool, "utilisation") is None


def test_a_missing_input_drops_out_and_never_counts_as_the_middle() -> None:
    whole, less = scored(GOOD, wired=True), scored({**GOOD, "satisfaction": None}, wired=True)
    assert factor(less, "satisfaction") is None
    assert whole.value == less.value == 5.0
    low = scored({**GOOD, "satisfaction": 1}, wired=True)
    assert low.value == pytest.approx((30 * 5 + 30 * 5 + 20 * 5 + 20 * 1) / 100)


def test_with_less_than_half_of_an_axis_known_there_is_no_quadrant() -> None:
    tool = scored({"criticality": 1, "sso": "yes"}, wired=True, company={})
    assert tool.value is None
    assert tool.health is not None
    assert (tool.quadrant, tool.disposition) == (None, None)
    assert "too little" in tool.disposition_because


def test_without_declared_integrations_health_rests_on_nothing_unknown() -> None:
    data = {"as_of": "2026-09-01", "tools": [{"tool": "Zendesk", "id": "desk"}, {"tool": "Salesforce", "id": "crm"}]}
    tool = next(t for t in audit_data(data).tools if t.id == "desk")
    assert factor(tool, "integration") is None
    assert tool.quadrant is None


@pytest.mark.parametrize(
    ("active", "score"), [(85, 5), (84, 4), (70, 4), (69, 3), (60, 3), (59, 2), (40, 2), (39, 1), (0, 1)]
)
def test_utilisation_is_read_by_bands(active: int, score: int) -> None:
    assert factor(scored({**GOOD, "active_seats": active}, wired=True), "utilisation") == score


@pytest.mark.parametrize(("tier", "score"), [(1, 5), (2, 4), (3, 3), (4, 1)])
def test_criticality_is_read_by_tier(tier: int, score: int) -> None:
    assert factor(scored({**GOOD, "criticality": tier}, wired=True), "criticality") == score


@pytest.mark.parametrize(
    ("entry", "score"),
    [
        ({}, 5),
        ({"sso": "no"}, 3),
        ({"sso": "no", "owner": None}, 1),
        ({"system_of_record_for": ["account"]}, 3),
        ({"status": "sunset"}, 1),
    ],
)
def test_security_counts_what_is_missing(entry: dict[str, Any], score: int) -> None:
    crm = {"tool": "Pipedrive", "id": "second", "in_use": [], "system_of_record_for": ["account"]}
    assert factor(scored({**GOOD, **entry}, wired=True, others=(crm,)), "security") == score


@pytest.mark.parametrize(("cost", "score"), [(25, 5), (90, 4), (100, 3), (130, 3), (170, 2), (1000, 2)])
def test_cost_is_held_against_the_median_of_the_layer(cost: int, score: int) -> None:
    peer = {"tool": "Freshdesk", "id": "peer", "layer": "support", "in_use": [], "seats": 10, "active_seats": 10}
    both = scored(
        {**GOOD, "seats": 10, "active_seats": 10, "annual_cost": cost},
        wired=True,
        others=({**peer, "annual_cost": 100},),
    )
    assert factor(both, "cost_efficiency") == score


@pytest.mark.parametrize(
    ("active", "cost", "want"),
    [(69, None, "renegotiate"), (70, None, "keep"), (100, 100, "keep"), (100, 1000, "renegotiate")],
)
def test_a_tolerated_tool_is_renegotiated_for_spare_seats_or_for_its_price(
    active: int, cost: int | None, want: str
) -> None:
    own = {"seats": 100, "active_seats": active, "criticality": 4, "satisfaction": 1, "sso": "yes", "owner": "Ana"}
    peer = {"tool": "Freshdesk", "id": "peer", "layer": "support", "in_use": [], "seats": 10, "active_seats": 10}
    priced = {**peer, **({} if cost is None else {"annual_cost": 10})}
    price = {} if cost is None else {"annual_cost": cost}
    small = {"employees": 30, "currency": "USD"}
    found = scored({**own, **price}, wired=True, others=(priced,), company=small)
    assert (found.quadrant, found.disposition) == ("tolerate", want)


def test_a_tool_that_is_kept_with_spare_seats_is_told_so() -> None:
    told = {
        active: scored({**GOOD, "active_seats": active, "satisfaction": 5}, wired=True).disposition_because
        for active in (59, 60)
    }
    assert told == {
        59: "high value, good technology; right-size the seats",
        60: "high value, good technology",
    }


def test_each_factor_says_what_it_rests_on() -> None:
    said = {f.id: f.text for f in scored(GOOD, wired=False).factors}
    assert said["utilisation"] == "90 of 100 seats active (90%)"
    assert said["criticality"] == "tier 1 of 4"
    assert said["satisfaction"] == "5 of 5 in the survey"
    assert said["integration"].startswith("0% of 1 required connections live; missing: ")
    assert said["security"] == "in order: single sign-on, owner, vendor status"
    assert said["cost_efficiency"] == "no cost per active seat to compare within its layer"
    assert said["capability_fit"].endswith(" at this stage")
    lacking = scored({**GOOD, "sso": "no"}, wired=True)
    assert next(f.text for f in lacking.factors if f.id == "security") == "missing: single sign-on"
    assert next(f.text for f in lacking.factors if f.id == "integration") == "100% of 1 required connections live"


def test_a_manual_connection_counts_half() -> None:
    edges = [{"from": "desk", "to": "crm", "objects": ["ticket"], "method": "csv"}]
    assert factor(scored(GOOD, wired=False, integrations=edges), "integration") == 3


def test_a_tool_bought_too_early_does_not_fit_the_stage() -> None:
    for name in ("gong", "zoominfo"):
        tool = next(t for t in case("pinecrest").tools if t.id == name)
        assert factor(tool, "capability_fit") == 1
        assert tool.quadrant == "tolerate"


def test_a_tool_in_an_overlap_is_never_retired_by_its_own_score() -> None:
    twin = {"tool": "Freshdesk", "id": "twin", "layer": "support", "in_use": ["ticketing"], **GOOD}
    tool = scored({**IDLE, "sso": "no", "owner": None}, wired=False, others=(twin,))
    assert tool.quadrant == "eliminate"
    assert tool.disposition == "consolidate"


def test_a_product_on_its_way_out_is_retired_whatever_its_score() -> None:
    tool = next(t for t in case("atlasbridge").tools if t.id == "drift")
    assert tool.disposition == "retire"
    assert "way out" in tool.disposition_because


def test_a_sandbox_is_not_scored() -> None:
    tool = scored({**GOOD, "environment": "sandbox"}, wired=True)
    assert (tool.factors, tool.quadrant, tool.disposition) == ((), None, None)


def test_every_factor_has_a_weight_a_source_and_a_grade() -> None:
    scoring = load_catalog().scoring
    for axis in ("value", "health"):
        assert sum(f.weight for f in scoring.factors if f.axis == axis) == 100
    assert all(f.source and f.grade for f in scoring.factors)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("weight: 50", "weight: 49", "sum to 99"),
        ("layer: esign, sends", "layer: esine, sends", "esine"),
        ("sends: [ticket]", "sends: [tikket]", "tikket"),
        ("finance_data: [billing", "finance_data: [biling", "biling"),
        ("sends: [activity], ends: [crm]}", "ends: [crm]}", "receives or sends"),
    ],
)
def test_a_damaged_scoring_file_is_refused_with_the_place(tmp_path: Path, old: str, new: str, words: str) -> None:
    folder = tmp_path / "catalogs"
    shutil.copytree(data_dir("catalogs"), folder)
    text = (folder / "scoring.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "scoring.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogError, match=words):
        load_catalog(folder)
