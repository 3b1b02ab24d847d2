"""Real companies' public tool lists: they audit, their tools resolve, and little knowledge gives few findings."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from stackaudit.model.result import AuditResult
from tests.support import HERE, audit_data, read_yaml

FOLDER = HERE / "real_stacks"
FLOORS = read_yaml(FOLDER / "floors.yaml")


def facts(name: str) -> Any:
    return read_yaml(FOLDER / f"{name}.facts.yaml")


def inventory(name: str) -> dict[str, Any]:
    """The list as an inventory that claims nothing beyond it."""
    tools = facts(name)["tools"]
    names = list(dict.fromkeys(t["name"] for t in tools))
    links = {
        tuple(sorted((t["name"], other))) for t in tools for other in t.get("integrates_with") or () if other in names
    }
    return {
        "as_of": "2026-09-01",
        "company": {"name": facts(name)["company"]},
        "coverage": {"integrations": "partial"},
        "tools": [{"tool": n, "id": f"t{i}"} for i, n in enumerate(names)],
        "integrations": [
            {"from": f"t{names.index(a)}", "to": f"t{names.index(b)}", "direction": "two_way"} for a, b in sorted(links)
        ],
    }


@cache
def audited(name: str) -> AuditResult:
    return audit_data(inventory(name))


def test_there_are_six_lists() -> None:
    assert sorted(p.name.removesuffix(".facts.yaml") for p in FOLDER.glob("*.facts.yaml")) == sorted(FLOORS)
    assert len(FLOORS) == 6


@pytest.mark.parametrize("name", FLOORS)
def test_a_real_list_is_audited_without_an_error(name: str) -> None:
    result = audited(name)
    assert not result.problems
    assert not [f for f in result.findings if f.outcome == "error"]
    assert result.coverage.integrations == "partial"


@pytest.mark.parametrize("name", FLOORS)
def test_the_share_of_go_to_market_tools_that_resolve_does_not_fall(name: str) -> None:
    aside = set(FLOORS[name]["not_go_to_market"])
    assert aside <= {t["name"] for t in facts(name)["tools"]}, "a name that the list does not have"
    tools = [t for t in audited(name).tools if t.declared_as not in aside]
    share = sum(t.match.tool is not None for t in tools) / len(tools)
    assert share >= FLOORS[name]["floor"], sorted(t.declared_as for t in tools if t.match.tool is None)


def test_nineteen_of_twenty_go_to_market_rows_resolve_over_all_lists() -> None:
    tools = [t for n in FLOORS for t in audited(n).tools if t.declared_as not in FLOORS[n]["not_go_to_market"]]
    misses = sorted(t.declared_as for t in tools if t.match.tool is None)
    assert len(misses) <= len(tools) * 0.05, misses


def test_a_misspelt_name_asks_and_never_matches() -> None:
    (tool,) = (t for t in audited("sourcegraph-2021").tools if t.declared_as == "Sandoso")
    assert tool.match.tool is None
    assert tool.candidates[0] == "sendoso"


@pytest.mark.parametrize("name", FLOORS)
def test_a_list_with_few_stated_integrations_says_not_assessed_instead_of_a_wall_of_findings(name: str) -> None:
    result = audited(name)
    resting_on_absence = ("DEP-", "HND-", "INT-001", "GAP-006", "GAP-008", "SIG-001", "SIG-003", "MET-")
    assert not [f for f in result.findings if f.outcome == "fail" and f.rule.startswith(resting_on_absence)]
    assert [f for f in result.findings if f.outcome == "not_assessed"]
    loud = [f for f in result.findings if f.outcome == "fail" and f.severity in {"critical", "high"}]
    loud = [f for f in loud if f.rule != "RISK-002"]  # what became of a product is a fact about the product
    assert not loud, [f.message for f in loud]


@pytest.mark.parametrize("name", FLOORS)
def test_an_unresolved_name_stays_in_the_audit_with_where_it_stands(name: str) -> None:
    for tool in audited(name).tools:
        assert tool.line
        if tool.match.tool is None:
            assert tool.layer is None
            assert tool.id in audited(name).coverage.unresolved
