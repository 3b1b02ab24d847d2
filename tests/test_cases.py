"""The four worked cases: shapes, gates, scores, findings that must be there and findings that must not."""

from __future__ import annotations

from typing import Any

import pytest

from stackaudit.model.result import AuditResult, Finding
from stackaudit.model.vocabulary import Severity
from tests.support import CASES, case, fired, read_yaml

NAMES = sorted(p.name.removesuffix(".expected.yaml") for p in CASES.glob("*.expected.yaml"))
WITHIN = 3.0


def expected(name: str) -> Any:
    return read_yaml(CASES / f"{name}.expected.yaml")


def built(rule: str, result: AuditResult) -> bool:
    return any(r.startswith(rule) for r in result.rules)


def matches(finding: Finding, want: dict[str, Any]) -> bool:
    return (
        ("severity" not in want or finding.severity == want["severity"])
        and ("subjects" not in want or set(finding.subjects) == set(want["subjects"]))
        and ("includes" not in want or set(want["includes"]) <= set(finding.subjects))
        and ("facet" not in want or finding.facet == want["facet"])
    )


def test_there_are_four_cases() -> None:
    assert NAMES == ["atlasbridge", "meridian_loom", "pinecrest", "quillstone"]


@pytest.mark.parametrize("name", NAMES)
def test_the_stack_has_the_expected_shape_gates_and_overlays(name: str) -> None:
    want, stack = expected(name)["stack"], case(name).shape.stack
    assert stack.label == want["label"]
    assert stack.score == pytest.approx(want["score"], abs=WITHIN)
    assert [g.id for g in stack.gates] == want["gates"]
    assert [o.id for o in stack.overlays] == want["overlays"]
    for dimension in stack.dimensions:
        if dimension.id in want.get("dimensions", {}):
            assert dimension.score == pytest.approx(want["dimensions"][dimension.id], abs=0.005), dimension.id


@pytest.mark.parametrize("name", NAMES)
def test_a_fully_declared_case_leaves_no_open_interval(name: str) -> None:
    stack = case(name).shape.stack
    assert stack.low == stack.high == stack.score


@pytest.mark.parametrize("name", NAMES)
def test_the_organisation_has_the_expected_shape(name: str) -> None:
    want, org = expected(name)["org"], case(name).shape.org
    assert org.label == want["label"]
    assert org.score == (None if want["score"] is None else pytest.approx(want["score"], abs=WITHIN))


@pytest.mark.parametrize("name", NAMES)
def test_the_need_is_as_expected_and_says_whether_it_is_contested(name: str) -> None:
    want, need = expected(name)["need"], case(name).shape.need
    assert (need.label, need.contested) == (want["label"], want["contested"])
    assert need.because
    assert all(v.source for v in need.votes)


@pytest.mark.parametrize("name", NAMES)
def test_the_shapes_are_compared_as_expected(name: str) -> None:
    assert [m.pattern for m in case(name).shape.mismatch] == expected(name)["mismatch"]


@pytest.mark.parametrize(
    ("name", "want"), [(n, w) for n in NAMES for w in expected(n)["fires"]], ids=lambda v: str(v)[:70]
)
def test_a_finding_that_must_be_there_is_there(name: str, want: dict[str, Any]) -> None:
    result = case(name)
    assert built(want["rule"], result), f"{want['rule']} is not among the rules"
    found = fired(result, want["rule"])
    assert any(matches(f, want) for f in found), [(f.severity, f.subjects, f.facet) for f in found]


@pytest.mark.parametrize(
    ("name", "want"), [(n, w) for n in NAMES for w in expected(n)["silent"]], ids=lambda v: str(v)[:70]
)
def test_a_finding_that_must_not_be_there_is_not_there(name: str, want: dict[str, Any]) -> None:
    found = [f for f in fired(case(name), want["rule"]) if matches(f, want)]
    if "above" in want:
        found = [f for f in found if f.severity.rank < Severity(want["above"]).rank]
    assert not found, [f.message for f in found]


@pytest.mark.parametrize("name", NAMES)
def test_no_rule_breaks_and_every_subject_is_declared(name: str) -> None:
    result = case(name)
    ids = {t.id for t in result.tools}
    assert not result.problems
    assert not [f for f in result.findings if f.outcome == "error"]
    for finding in result.findings:
        assert set(finding.subjects) <= ids
        assert finding.message
        assert finding.why
        assert finding.fix


def test_signals_that_reach_an_action_are_counted_as_the_case_says() -> None:
    want = expected("quillstone")["signals"]
    captured = [s for s in case("quillstone").signals if s.level > 0]
    assert len(captured) == want["captured"]
    assert sum(s.level >= 3 for s in captured) / len(captured) == want["reach"]
    assert sum(s.level >= 4 for s in captured) / len(captured) == want["coverage"]


def test_handoffs_are_weighted_by_the_seats_of_each_crm() -> None:
    scores = {h.id: h.score for h in case("atlasbridge").handoffs}
    for handoff, want in expected("atlasbridge")["handoffs"].items():
        assert scores[handoff] == pytest.approx(want, abs=0.001)


def test_findings_are_grouped_by_the_causes_that_the_case_names() -> None:
    result = case("quillstone")
    findings = {f.id: f for f in result.findings}
    for want in expected("quillstone")["root_causes"]:
        cause = next(c for c in result.root_causes if want.get("tool") in c.subjects or c.id == f"rc-{want.get('key')}")
        have = set()
        for finding in (findings[i] for i in cause.findings):
            have |= {
                finding.rule,
                f"{finding.rule}:{finding.facet}",
                *(f"{finding.rule}:{s}" for s in finding.subjects),
            }
        assert set(want["findings"]) <= have, cause.title
    assert len(result.root_causes) <= 7


def test_every_grouped_finding_names_its_group_and_every_group_its_findings() -> None:
    for name in NAMES:
        result = case(name)
        for cause in result.root_causes:
            for finding in cause.findings:
                assert next(f for f in result.findings if f.id == finding).root_cause == cause.id


def test_a_healthy_stack_gets_a_short_report() -> None:
    result = case("meridian_loom")
    assert len([f for f in result.findings if f.outcome == "fail" and f.severity != "info"]) <= 2
    assert len(result.root_causes) == 0
