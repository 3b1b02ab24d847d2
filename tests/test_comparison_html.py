"""A comparison as a page: what differs stands in it, what does not is folded, and the policy is the report's."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from stackaudit.diff import compare
from stackaudit.model.brand import Brand, Tone
from stackaudit.model.comparison import Comparison
from stackaudit.model.inventory import Scenario
from stackaudit.report.comparison_html import render
from stackaudit.report.look import Look
from stackaudit.whatif import run
from tests.support import CASES, audit_data, audit_loaded, audit_text, case, load_text, plugins
from tests.test_brand import EVIL
from tests.test_report import Page


@pytest.fixture(scope="module")
def change() -> Comparison:
    loaded = load_text((CASES / "quillstone.yaml").read_text())
    scenario = Scenario(remove=("gong",), replace={"outreach": "Salesloft"})
    return run(loaded, scenario, plugins(), audit_loaded)[2]


def test_every_finding_of_both_audits_stands_in_the_page_once(change: Comparison) -> None:
    ids = Page(render(change)).ids
    assert len(ids) == len(set(ids))
    assert {f"finding-{f.id}" for f in change.findings} == {i for i in ids if i.startswith("finding-")}


def test_what_changed_is_open_and_what_did_not_is_folded(change: Comparison) -> None:
    page = render(change)
    folded = page[page.index('<section id="unchanged"') : page.index('<section id="method"')]
    assert "<details>" in folded
    for finding in change.findings:
        assert (f'id="finding-{finding.id}"' in folded) == (finding.kind == "unchanged")


def test_money_states_shapes_and_assumptions_are_told(change: Comparison) -> None:
    page = render(change)
    assert "$579,200 → $455,200" in page
    assert "Still owed" in page
    assert "<td>reaches an action (L3)<td>not captured (L0)<td>worse" in page
    assert "Salesloft takes over one connection of Outreach" in page
    assert "The stack stays Sales Ops (42.9)." in page


def test_the_policy_allows_the_style_and_the_script_and_nothing_else(change: Comparison) -> None:
    look = Look(Brand(footer="Ours", accent=Tone("#7a1f5c", "#e08cc4")))
    page = render(change, look)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    for tag in ("style", "script"):
        (body,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.S)
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy[1].replace("&#39;", "'")
    assert ".f-accent { fill: #7a1f5c; }" in page
    assert page.lower().count("stackaudit") == 1
    assert "Ours" in page


def test_a_stack_that_stays_the_same_says_so() -> None:
    page = render(compare(case("pinecrest"), case("pinecrest")))
    assert "No finding is new, gone or changed." in page
    assert "The method changed" not in page


def test_a_changed_method_is_said_first() -> None:
    old = case("pinecrest")
    page = render(compare(old, old.model_copy(update={"ruleset_hash": "other"})))
    assert page.index("The method changed, too") < page.index("<h1>")


def test_what_is_not_assessed_has_no_place_on_the_line() -> None:
    page = render(compare(audit_text("- Salesforce\n"), audit_text("- Salesforce\n- Gong\n")))
    assert "not assessed before and after" in page


def test_hostile_text_never_becomes_markup() -> None:
    one = audit_data({"company": {"name": EVIL}, "tools": [{"tool": EVIL, "id": "a", "layer": "crm"}]})
    two = audit_data({"company": {"name": EVIL}, "tools": [{"tool": f"x{EVIL}", "id": "b", "layer": "crm"}]})
    page = render(compare(one, two))
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<b>" not in page


def test_the_same_comparison_gives_the_same_bytes(change: Comparison) -> None:
    assert render(change) == render(Comparison.model_validate_json(change.to_json()))
