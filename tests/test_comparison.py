"""Two audits side by side, and the same stack as it would be."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from stackaudit import whatif
from stackaudit.cli.app import app
from stackaudit.diff import compare
from stackaudit.errors import UsageError
from stackaudit.model.comparison import Comparison
from stackaudit.model.inventory import Scenario
from stackaudit.model.result import AuditResult, Names
from stackaudit.report.comparison import headline, markdown, plain
from stackaudit.report.comparison_html import render
from tests.support import CASES, audit_data, audit_loaded, audit_text, case, load_text, plugins, read_yaml

STACK: dict[str, Any] = {
    "as_of": "2026-09-01",
    "company": {"currency": "USD"},
    "tools": [
        {"tool": "Salesforce", "id": "crm", "in_use": ["opportunity_mgmt", "lead_mgmt"], "annual_cost": 1000},
        {
            "tool": "Gong",
            "id": "gong",
            "owner": "Ana",
            "in_use": ["call_recording", "topic_trackers"],
            "annual_cost": 36500,
            "contract_end": "2026-12-10",
            "notice_days": 30,
        },
        {"tool": "Outreach", "id": "seq", "in_use": ["sequencing", "rep_task_queue"]},
    ],
    "integrations": [
        {"from": "gong", "to": "crm", "objects": ["activity"], "method": "native"},
        {"from": "crm", "to": "seq", "objects": ["lead"], "method": "native"},
    ],
    "plays": [{"signal": "call_risk_or_intent", "tool": "Gong"}],
}


def tried(scenario: dict[str, Any], stack: dict[str, Any] = STACK) -> tuple[AuditResult, Comparison]:
    loaded = load_text(yaml.safe_dump(stack))
    _, after, comparison = whatif.run(loaded, Scenario.model_validate(scenario), plugins(), audit_loaded)
    return after, comparison


def test_a_result_compared_with_itself_differs_in_nothing() -> None:
    same = compare(case("quillstone"), case("quillstone"))
    assert {f.kind for f in same.findings} == {"unchanged"}
    assert not same.states
    assert not same.method_changed
    assert headline(same) == "The stack stays Sales Ops (42.9)."


def test_a_removed_tool_takes_its_connections_and_plays_along_and_lines_stay_true() -> None:
    after, comparison = tried({"remove": ["Gong"]})
    assert [t.id for t in after.tools] == ["crm", "seq"]
    assert [(i.from_, i.to) for i in after.integrations] == [("crm", "seq")]
    assert not [f for f in after.findings if f.rule == "INV-002"]
    assert comparison.tools_removed == ("Gong",)
    assert comparison.capabilities_lost == ("call_recording", "topic_trackers")
    as_is = {t.id: t.line for t in audit_text(yaml.safe_dump(STACK)).tools}
    assert {t.id: t.line for t in after.tools} == {k: v for k, v in as_is.items() if k != "gong"}


def test_money_that_is_freed_is_told_from_money_that_is_still_owed() -> None:
    _, comparison = tried({"remove": ["gong"]})
    assert comparison.money is not None
    assert comparison.money.freed == 36500
    assert comparison.money.owed == pytest.approx(36500 * 100 / 365)
    assert "paid until 2026-12-10" in " ".join(comparison.money.notes)


def test_a_contract_whose_notice_was_due_and_that_renews_is_owed_for_another_year() -> None:
    stack = json.loads(json.dumps(STACK))
    stack["tools"][1] |= {"contract_end": "2026-09-20", "auto_renew": True}
    _, comparison = tried({"remove": ["gong"]}, stack)
    assert comparison.money is not None
    assert comparison.money.owed == pytest.approx(36500 * (dt.date(2027, 9, 20) - dt.date(2026, 9, 1)).days / 365)


def test_a_successor_takes_over_the_work_that_it_offers_and_the_connections() -> None:
    after, comparison = tried({"replace": {"Gong": "Fathom"}})
    new = next(t for t in after.tools if t.id == "gong")
    assert (new.name, new.owner) == ("Fathom", "Ana")
    assert new.capabilities.in_use == ("call_recording",)
    assert comparison.capabilities_lost == ("topic_trackers",)
    assert [(i.from_, i.to) for i in after.integrations] == [("crm", "seq"), ("gong", "crm")]
    assert "one connection of Gong" in " ".join(comparison.assumptions)


def test_an_added_tool_stands_in_no_file() -> None:
    after, comparison = tried({"add": ["Gong", "Clari"]})
    assert comparison.tools_added == ("Clari", "Gong")
    assert {t.id: t.line for t in after.tools}["gong_2"] is None


def test_added_connections_raise_the_score_as_the_counterfactual_says() -> None:
    data = read_yaml(CASES / "quillstone.yaml")
    step = case("quillstone").counterfactual[0]
    edge = {"from": step.from_, "to": step.to, "direction": "two_way", "objects": list(step.objects)}
    loaded = load_text(yaml.safe_dump(data))
    scenario = Scenario.model_validate({"integrations": [edge | {"method": "native", "latency": "hourly"}]})
    _, after, comparison = whatif.run(loaded, scenario, plugins(), audit_loaded)
    assert after.shape.stack.score == step.score
    assert {"H07", "H09"} <= {s.id for s in comparison.states if s.better}
    assert all(s.better for s in comparison.states)
    assert "goes from Sales Ops (42.9) to hybrid (58.4)" in headline(comparison)


def test_what_runs_through_a_tool_goes_and_moves_with_it() -> None:
    flow = {"from": "seq", "to": "crm", "objects": ["activity"], "method": "ipaas", "via": "Zapier"}
    stack = {**STACK, "tools": [*STACK["tools"], {"tool": "Zapier", "id": "zap"}], "integrations": [flow]}
    assert tried({"remove": ["zap"]}, stack)[0].integrations == ()
    moved, _ = tried({"replace": {"zap": "Workato"}}, stack)
    assert [i.via for i in moved.integrations] == ["zap"]


def test_what_is_still_owed_is_not_nothing_where_nobody_knows_it() -> None:
    _, comparison = tried({"remove": ["seq"]})
    assert comparison.money is not None
    assert comparison.money.owed is None
    assert "Still owed" not in plain(comparison)


def test_two_audits_are_not_called_a_stack_as_it_would_be() -> None:
    one, other = case("quillstone"), case("pinecrest")
    assert plain(compare(one, one)).startswith("Quillstone: two audits of 2026-09-01\n")
    assert plain(compare(one, other)).startswith("Quillstone, as of 2026-09-01, and Pinecrest, as of 2026-09-01\n")
    _, comparison = tried({"remove": ["gong"]})
    assert "as it is, and as it would be" in plain(comparison)
    assert "as it would be" not in render(compare(one, one))


def test_a_state_that_is_open_is_neither_better_nor_worse() -> None:
    known, open_ = audit_data(STACK), audit_data({**STACK, "integrations": None})
    for before, after in ((known, open_), (open_, known)):
        ways = {s.better for s in compare(before, after).states if {"unknown", "not_assessed"} & {s.before, s.after}}
        assert ways == {None}
    assert "changed: X1" in plain(compare(known, open_)) or "changed: H0" in plain(compare(known, open_))


def test_one_finding_stands_and_two_stand() -> None:
    same = compare(case("quillstone"), case("quillstone"))
    for count, words in ((1, "1 finding stands as before."), (2, "2 findings stand as before.")):
        assert words in plain(same.model_copy(update={"findings": same.findings[:count]}))


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        ({"remove": ["Gnog"]}, "Gong"),
        ({"remove": ["gong"], "replace": {"Gong": "Chorus"}}, "removed and replaced at once"),
        ({"replace": {"nothing": "Chorus"}}, "no tool of the stack"),
        ({"replace": {"Gong": "seq"}}, "'seq' is in the stack already; to keep it alone, remove 'Gong'"),
    ],
)
def test_a_name_that_the_stack_does_not_have_is_said(scenario: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        tried(scenario)


def test_a_name_that_two_tools_share_asks_for_an_id() -> None:
    stack = json.loads(json.dumps(STACK))
    stack["tools"].append({"tool": "Gong", "id": "gong_emea"})
    with pytest.raises(UsageError, match="use one of the ids gong, gong_emea"):
        tried({"remove": ["Gong"]}, stack)


def test_a_signal_that_another_tool_captures_too_is_no_new_finding() -> None:
    crm = {"tool": "Salesforce", "id": "crm", "in_use": ["opportunity_mgmt", "rep_task_queue"]}
    form, chat = (
        {"tool": t, "id": t.lower(), "in_use": [c]}
        for t, c in (("Marketo", "forms_landing"), ("Intercom", "live_chat"))
    )
    edges = [
        {"from": t, "to": "crm", "objects": ["lead"], "method": "native", "latency": "realtime"}
        for t in ("marketo", "intercom")
    ]
    company = {"employees": 300, "arr": 40_000_000, "currency": "USD"}
    before, after = (
        audit_data({"company": company, "tools": [crm, *own], "integrations": edges[: len(own)]})
        for own in ([form], [form, chat])
    )
    kinds = {f.kind for f in compare(before, after).findings if f.rule == "SIG-002"}
    assert kinds == {"unchanged"}


def test_other_thresholds_are_named_as_what_changed() -> None:
    stack = json.loads(json.dumps(STACK))
    before = audit_data(stack)
    after = audit_data(
        stack | {"settings": {"rules": {"INV-001": {"severity": "low"}}, "thresholds": {"overlap_direct": 0.5}}}
    )
    comparison = compare(before, after)
    assert comparison.method_changed
    assert {f.kind for f in comparison.findings if f.rule == "INV-001"} == {"method_changed"}
    assert "different rules or thresholds" in plain(comparison)


def test_markdown_of_a_comparison_holds_no_markup_of_the_file() -> None:
    stack = json.loads(json.dumps(STACK))
    stack["tools"][1] |= {"tool": "<script>alert(1)</script> [x](javascript:y)", "id": "odd"}
    stack["integrations"], stack["plays"] = [], []
    text = markdown(tried({"remove": ["odd"]}, stack)[1])
    assert "<script" not in text
    assert "[x](" not in text


def test_the_commands_write_what_is_asked_for_and_exit_as_promised(tmp_path: Path) -> None:
    run = CliRunner().invoke
    file = tmp_path / "stack.yaml"
    file.write_text(yaml.safe_dump(STACK | {"scenarios": {"lean": {"remove": ["gong"]}}}))
    one, two, text = tmp_path / "one.json", tmp_path / "two.json", tmp_path / "change.md"
    assert run(app, ["audit", str(file), "-o", str(one)]).exit_code == 0
    done = run(app, ["whatif", str(file), "--scenario", "lean", "-o", str(two), "-o", str(text)])
    assert done.exit_code == 0
    assert json.loads(two.read_text())["tools_removed"] == ["Gong"]
    assert text.read_text().startswith("# This stack")
    shown = run(app, ["diff", str(one), str(one)])
    assert shown.exit_code == 0
    assert "findings stand as before" in shown.stdout
    for wrong in (
        ["whatif", str(file)],
        ["whatif", str(file), "--scenario", "fat"],
        ["whatif", str(file), "--replace", "gong"],
        ["whatif", str(file), "--remove", "gong", "-o", "x.pdf"],
        ["whatif", str(file), "--scenario", "lean", "--remove", "gong"],
    ):
        assert isinstance(run(app, wrong).exception, UsageError), wrong


def test_capabilities_are_told_by_name_to_readers_and_by_id_to_programs() -> None:
    stack = STACK | {
        "tools": [*STACK["tools"], {"tool": "LeanData", "id": "ld", "in_use": ["l2a_match", "lead_routing"]}]
    }
    _, comparison = tried({"remove": ["ld"]}, stack)
    for text in (plain(comparison), markdown(comparison), render(comparison)):
        assert "Capabilities lost: lead-to-account matching, lead routing" in text
    assert json.loads(comparison.to_json())["capabilities_lost"] == ["l2a_match", "lead_routing"]


def test_capabilities_are_called_as_the_results_call_them_and_in_results_without_names_as_the_catalogue_does() -> None:
    before, after = audit_data(STACK), tried({"remove": ["gong"]})[0]
    packed = before.names.capabilities | {"call_recording": "Taping of calls"}
    own = before.model_copy(update={"names": Names(capabilities=packed)})
    old = before.model_copy(update={"names": Names()})
    catalogue = {c: before.names.capabilities[c] for c in ("call_recording", "topic_trackers")}
    assert compare(after, own).capability_names == catalogue | {"call_recording": "Taping of calls"}
    assert compare(old, after).capability_names == compare(before, after).capability_names == catalogue
    assert compare(after, old).capability_names == catalogue


def test_a_capability_that_the_catalogue_does_not_know_keeps_its_word() -> None:
    unknown = Comparison.model_validate(tried({})[1].model_dump() | {"capabilities_won": ["mind_reading"]})
    assert "Capabilities won: mind reading" in plain(unknown)


def test_what_a_successor_of_unknown_price_frees_is_not_called_a_saving() -> None:
    _, comparison = tried({"replace": {"Gong": "Fathom"}})
    assert comparison.money is not None
    assert "Fathom: what it would cost is not known; the spend is told without it" in " ".join(comparison.money.notes)
    assert "no saving yet" in " ".join(comparison.money.notes)
    _, cheap = tried({"remove": ["Gong"], "add": [{"tool": "Fathom", "annual_cost": 5000}]})
    assert cheap.money is not None
    assert "no saving yet" not in " ".join(cheap.money.notes)


def test_a_handoff_that_fails_for_another_reason_is_one_finding_that_changed() -> None:
    company = {"employees": 300, "arr": 40000000, "currency": "USD", "business_model": "saas_subscription"}
    stack = {**STACK, "company": company}
    _, comparison = tried({"add": ["Gainsight"]}, stack)
    changes = [f for f in comparison.findings if f.rule == "HND-001" and "Closed-won" in f.message]
    assert [f.kind for f in changes] == ["changed"]
    assert "no path carries" in changes[0].message


def test_states_are_told_in_words() -> None:
    _, comparison = tried({"remove": ["seq"]})
    lines = plain(comparison)
    assert "broken" not in lines
    assert "not_computable" not in lines
    assert "speed_to_lead" not in lines


def test_spend_without_one_total_is_not_assessed_and_not_left_out_of_the_sentence() -> None:
    stack = {
        "company": {"currency": "EUR"},
        "tools": [{"tool": "Salesforce", "annual_cost": 100, "currency": "USD"}, {"tool": "Gong", "annual_cost": 50}],
    }
    rated = {**stack, "settings": {"fx": {"USD": 0.5}}}
    assert "Spend a year: not assessed, then €100" in plain(compare(audit_data(stack), audit_data(rated)))
