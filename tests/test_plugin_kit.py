"""The kit that authors get: managers that see what they should, rule cases, checks, and what a plugin changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

import stackaudit.testing as kit
from stackaudit.pluginmanager import Plugins
from stackaudit.testing import (
    CaseError,
    audit_stack,
    check_manifest,
    check_project,
    effect_of,
    load_rule_cases,
    project_plugins,
    run_rule_cases,
    small_stack,
)
from tests.support import HERE

EXAMPLE = HERE / "plugins" / "stackaudit-example"
Make = Callable[..., Plugins]


def test_everything_that_the_kit_names_is_there() -> None:
    assert all(hasattr(kit, name) for name in kit.__all__)
    with pytest.raises(AttributeError, match="no attribute"):
        kit.nothing  # noqa: B018


def test_a_manager_sees_the_named_plugins_only(stackaudit_plugins: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    for case in ("two_distributions", "hook_raises"):
        monkeypatch.syspath_prepend(str(HERE / "plugins" / "broken" / case))
    alone = stackaudit_plugins()
    alone.collect()
    assert not alone.problems
    assert not alone.find("Acme One")
    assert stackaudit_plugins("fake-one").find("Acme One")
    both = stackaudit_plugins("acme")
    both.collect()
    assert {p.distribution for p in both.problems} == {"fake-two"}


def test_a_project_is_seen_without_being_installed(stackaudit_plugins: Make) -> None:
    found = stackaudit_plugins(project=EXAMPLE)
    assert {hit.tool_id for hit in found.find("Example Caller")} == {"example_dialer"}
    assert "EXAMPLE-001" in {rule.id for rule in found.rules()}
    assert [i.id for i in found.importers()] == ["example"]
    assert [t.name for t in found.themes()] == ["example"]
    assert not found.problems


def test_a_snapshot_says_what_a_plugin_changes_and_nothing_else() -> None:
    plugins = project_plugins(EXAMPLE)
    assert effect_of(plugins, small_stack("Salesforce", "Example Dialer")) == {
        "tools": {"example_dialer": (None, "example")},
        "findings": {"gone": ["INV-002 example_dialer"], "new": ["EXAMPLE-001 example_dialer"]},
    }
    assert effect_of(plugins, small_stack("Salesforce")) == {}


def test_a_report_says_what_rests_on_a_vendors_own_words_only() -> None:
    result = audit_stack(small_stack("Example Dialer", "Outreach"), project_plugins(EXAMPLE))
    (line,) = [a for a in result.coverage.assumptions if "stackaudit-example" in a]
    assert "nothing that the file declares" in line
    assert "RED-001" in line
    declared = small_stack({"tool": "Example Dialer", "in_use": ["sequencing"]}, "Outreach")
    again = audit_stack(declared, project_plugins(EXAMPLE))
    assert not [a for a in again.coverage.assumptions if "stackaudit-example" in a]


def test_a_rule_of_a_plugin_names_its_plugin_as_the_source() -> None:
    result = audit_stack(small_stack("Example Dialer"), project_plugins(EXAMPLE))
    assert result.rules["EXAMPLE-001"].source.startswith("plugin example-code (stackaudit-example):")
    assert "plugin" not in result.rules["RED-001"].source


def test_what_a_plugin_offers_is_claimed_until_the_other_side_says_it_too() -> None:
    stack = small_stack(
        "Salesforce", "Gong", "Pendo", "Gainsight", "HubSpot Marketing Hub", company={"employees": 400}, integrations=[]
    )
    missing = audit_stack(stack).expected.integrations
    assert {m.evidence for m in missing if m.offered} <= {"claimed", "mutual"}
    assert {m.evidence for m in missing if m.offered}
    assert {m.evidence for m in missing if not m.offered} == {None}


def test_a_stack_is_built_from_names_maps_and_short_integrations() -> None:
    stack = small_stack("Salesforce", {"tool": "Gong", "id": "g"}, integrations=[("g", "salesforce", ["activity"])])
    assert stack["tools"] == ["Salesforce", {"tool": "Gong", "id": "g"}]
    assert stack["integrations"][0]["from"] == "g"
    assert audit_stack(stack).integrations[0].to == "salesforce"
    assert "integrations" not in small_stack("Salesforce")


def test_checks_are_there_for_tests() -> None:
    day = dt.date(2026, 9, 1)
    assert check_manifest(EXAMPLE / "stackaudit_example" / "vendor.yaml", as_of=day).passed
    assert check_project(EXAMPLE, as_of=day).passed
    assert check_manifest(EXAMPLE / "README.md").errors


def write(folder: Path, cases: str) -> Path:
    path = folder / "RED-001.yaml"
    path.write_text(
        "base: {tools: [{tool: Outreach, in_use: [sequencing]}, {tool: Salesloft, in_use: [sequencing]}]}\n"
        f"cases:\n- {{name: a case, {cases}}}\n"
    )
    return path


@pytest.mark.parametrize(
    "cases",
    [
        "expect: fires",
        "expect: fires, severity: high, subjects: [outreach, salesloft]",
        "expect: silent, with: {tools: [Outreach]}",
    ],
)
def test_a_case_that_holds_passes(cases: str, tmp_path: Path) -> None:
    assert len(run_rule_cases(write(tmp_path, cases))) == 1


@pytest.mark.parametrize(
    "cases",
    [
        "expect: silent",
        "expect: guard",
        "expect: not_assessed",
        "expect: fires, severity: info",
        "expect: fires, subjects: [outreach]",
        "expect: fires, says: something else",
        "expect: fires, shows: something else",
        "expect: fires, confidence: verified",
        "expect: fires, with: {tools: [Outreach]}",
    ],
)
def test_a_case_that_does_not_hold_fails_and_says_what_happened(cases: str, tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="RED-001: a case: expected"):
        run_rule_cases(write(tmp_path, cases))


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "base: {}\n",
        "base: {}\ncases: [{name: x, expect: explodes}]",
        "base: {}\ncases: [{name: x, expect: fires, says_: y}]",
    ],
)
def test_a_file_in_another_form_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "OWN-001.yaml").write_text(text)
    with pytest.raises(ValueError, match=r"OWN-001\.yaml"):
        load_rule_cases(tmp_path)


def test_a_folder_without_cases_is_a_failure_and_never_a_silent_pass(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="holds no case"):
        run_rule_cases(tmp_path)
