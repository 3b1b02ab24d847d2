"""Every rule against its case file: what fires, what stays silent, the guard, and what is not assessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from stackaudit import rules
from stackaudit.model.vocabulary import Severity
from stackaudit.testing import RuleCase, load_rule_cases
from tests.support import HERE, audit_data, fired, plugins, read_yaml

FOLDER = HERE / "rules"
FILES = {path.stem: read_yaml(path) for path in sorted(FOLDER.glob("*.yaml"))}


def stack(rule: str, case: Mapping[str, Any]) -> dict[str, Any]:
    return RuleCase(rule, "", "", FILES[rule]["base"], case).stack()


def test_every_rule_has_a_case_file_and_every_file_a_rule() -> None:
    assert sorted(FILES) == sorted(rules.checks())


@pytest.mark.parametrize("rule", FILES)
def test_a_case_file_holds_every_kind_of_case(rule: str) -> None:
    kinds = {case["expect"] for case in FILES[rule]["cases"]}
    assert {"fires", "silent", "guard"} <= kinds
    assert ("not_assessed" in kinds) != bool(FILES[rule].get("always_assessed"))
    names = [case["name"] for case in FILES[rule]["cases"]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("case", load_rule_cases(FOLDER), ids=lambda c: f"{c.rule}: {c.name}")
def test_a_rule_does_what_its_case_says(case: RuleCase) -> None:
    result = case.run(plugins())
    for finding in result.findings:
        texts = [finding.title, finding.message, finding.why, finding.fix, *(e.text for e in finding.evidence)]
        assert not [t for t in texts if not t.strip() or re.search(r"\bNone\b|,,|\.\.|  ", t)], finding


@pytest.mark.parametrize("rule", FILES)
def test_a_severity_can_be_overridden_and_a_rule_turned_off(rule: str) -> None:
    case = next(c for c in FILES[rule]["cases"] if c["expect"] == "fires")
    data = stack(rule, case)
    low = audit_data({**data, "settings": {"rules": {rule: {"severity": "low"}}}})
    assert {f.severity for f in fired(low, rule)} == {Severity.LOW}
    off = audit_data({**data, "settings": {"rules": {rule: {"enabled": "no"}}}})
    assert not fired(off, rule)


@pytest.mark.parametrize("rule", FILES)
def test_a_finding_keeps_its_id_when_lines_and_names_change(rule: str) -> None:
    case = next(c for c in FILES[rule]["cases"] if c["expect"] == "fires")
    data = stack(rule, case)
    one = audit_data(data)
    two = audit_data(
        {
            "x-note": ["a", "b"],
            "company": {"name": "Renamed"},
            **{k: v for k, v in reversed(data.items()) if k != "company"},
            **({"company": {**data["company"], "name": "Renamed"}} if "company" in data else {}),
        }
    )
    assert [f.id for f in one.findings] == [f.id for f in two.findings]


def test_a_waiver_is_listed_with_what_it_holds_back_and_findings_are_counted_with_and_without_it() -> None:
    data = stack("INV-004", {})
    result = audit_data(data)
    (waiver,) = result.waivers
    held = [f.id for f in result.findings if f.waiver]
    assert (waiver.state, list(waiver.findings)) == ("in_force", held)
    assert sum(result.tally.without_waivers.values()) - sum(result.tally.with_waivers.values()) == len(held) == 1
    late = audit_data({**data, "as_of": "2027-02-01"})
    assert late.waivers[0].state == "expired"
    assert late.tally.with_waivers == late.tally.without_waivers


@pytest.mark.parametrize(
    ("day", "state"), [("2026-12-31", "in_force"), ("2027-01-01", "in_force"), ("2027-01-02", "expired")]
)
def test_a_waiver_holds_to_the_end_of_its_last_day(day: str, state: str) -> None:
    result = audit_data({**stack("INV-004", {}), "as_of": day})
    assert result.waivers[0].state == state
    (finding,) = fired(result, "RED-001")
    assert finding.waiver is not None
    assert finding.waiver.expired == (state == "expired")


def test_of_two_waivers_the_one_in_force_holds() -> None:
    both = [
        {"rule": "RED-001", "tools": ["a", "b"], "reason": "old", "expires": "2026-01-01"},
        {"rule": "RED-001", "tools": ["a", "b"], "reason": "new", "expires": "2027-01-01"},
    ]
    for waivers in (both, both[::-1]):
        (finding,) = fired(audit_data({**stack("INV-004", {}), "waivers": waivers}), "RED-001")
        assert finding.waiver is not None
        assert (finding.waiver.reason, finding.waiver.expired) == ("new", False)


def test_a_waiver_names_its_tools_by_id_or_by_name() -> None:
    data = stack(
        "INV-004", {"with": {"waivers": [{"rule": "RED-001", "tools": ["Outreach", "Salesloft"], "reason": "r"}]}}
    )
    assert audit_data(data).waivers[0].findings


def test_a_rule_cannot_change_the_graph_or_what_is_known() -> None:
    from dataclasses import FrozenInstanceError

    import networkx as nx

    from tests.support import known, load_text

    analysis = known(load_text("[Salesforce, Outreach]"))
    with pytest.raises(nx.NetworkXError, match=r"[Ff]rozen"):
        analysis.graph.graph.add_edge("salesforce", "outreach")
    with pytest.raises(AttributeError, match="immutable"):
        analysis.stack.tools = ()  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        analysis.graph.edges = ()  # type: ignore[misc]
