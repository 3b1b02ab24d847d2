"""``stackaudit plugins check``: what it says of manifests, projects, packs and distributions, without running them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from stackaudit.conformance import Report, check_target
from stackaudit.conformance.report import Item, make_report
from stackaudit.errors import UsageError
from stackaudit.model.plugins import Limits
from tests.support import HERE, plugins

EXAMPLE = HERE / "plugins" / "stackaudit-example"
BROKEN = HERE / "plugins" / "broken"
DAY = dt.date(2026, 9, 1)
MANIFEST = """\
vendor: {id: acme, name: Acme, website: "https://example.com"}
tools:
- id: acme_crm
  name: Acme CRM
  layer: crm
  capabilities: {core: [opportunity_mgmt]}
  sources:
  - {claim: opportunity_mgmt, url: "https://example.com/a", checked: 2026-06-01, basis: sourced}
"""
SOURCE = '  - {claim: opportunity_mgmt, url: "https://example.com/a", checked: 2026-06-01, basis: sourced}\n'
Check = Callable[[str], Report]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    def run(text: str) -> Report:
        path = tmp_path / "acme.yaml"
        path.write_text(text)
        return check_target(str(path), as_of=DAY)

    return run


def said(report: Report) -> list[tuple[str, str, int]]:
    return [(item.level, item.check, item.line) for item in report.items]


def test_a_good_manifest_passes_without_a_word(check: Check) -> None:
    assert said(check(MANIFEST)) == []


@pytest.mark.parametrize(
    ("old", "new", "level", "kind", "words"),
    [
        ("layer: crm", "layer: crmm", "error", "references", "did you mean crm?"),
        ("[opportunity_mgmt]", "[oportunity_mgmt]", "error", "references", "did you mean opportunity_mgmt?"),
        ("  layer: crm", "  layer: crm\n  signals: [pqll]", "error", "references", "pql"),
        ("  layer: crm", "  layr: crm\n  layer: crm", "error", "schema", "did you mean layer?"),
        ("name: Acme CRM", "name: [Acme]", "error", "schema", "tools.0.name"),
        ("name: Acme CRM", "name: Salesforce", "error", "conflict", "belongs to 'salesforce'"),
        ("id: acme_crm", "id: salesforce", "error", "conflict", "its own tools only"),
        ("  layer: crm", "  layer: crm\n  aliases: [SFDC]", "error", "conflict", "'SFDC'"),
        ("2026-06-01", "2026-12-01", "error", "facts", "yet to come"),
        ("2026-06-01", "2025-06-01", "warning", "stale", "more than 12 months"),
        (", checked: 2026-06-01", "", "error", "facts", "on which day"),
        (", checked: 2026-06-01, basis: sourced", ", basis: snapshot", "warning", "facts", "no day"),
        ("https://example.com/a", "example.com", "error", "manifest", "no web address"),
        (SOURCE, "  - {claim: ours, checked: 2026-06-01, basis: classified}\n", "warning", "claims", "judgement alone"),
        ("  layer: crm", "  layer: crm\n  former_names: [{name: Old}]", "warning", "facts", "no address (source)"),
        (
            "  layer: crm",
            '  layer: crm\n  status: {state: renamed, source: "https://example.com"}',
            "warning",
            "facts",
            "no day (as_of)",
        ),
        ("{core: [opportunity_mgmt]}", "{}", "warning", "claims", "names no capability"),
        (
            "core: [opportunity_mgmt]",
            "core: [opportunity_mgmt, sequencing, health_scoring]",
            "warning",
            "claims",
            "core capabilities in 3 layers",
        ),
        (
            "core: [opportunity_mgmt]",
            "core: [opportunity_mgmt, sequencing, health_scoring, mta]",
            "error",
            "claims",
            "at most 3",
        ),
        (
            "core: [opportunity_mgmt]",
            "core: [opportunity_mgmt], secondary: [opportunity_mgmt]",
            "error",
            "capabilities",
            "at once",
        ),
        ("  layer: crm", "  layer: crm\n  objects: {holds: [leed]}", "warning", "references", "did you mean lead?"),
        ("  layer: crm", "  layer: crm\n  functions: [saless]", "warning", "references", "did you mean sales?"),
        ("vendor:", "api: 7\nvendor:", "error", "api", "version 7"),
        ("tools:", "tools: [", "error", "file", "no valid YAML"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    old: str, new: str, level: str, kind: str, words: str, check: Check
) -> None:
    assert old in MANIFEST
    report = check(MANIFEST.replace(old, new, 1))
    matching = [i for i in report.items if (i.level, i.check) == (level, kind) and words in i.message]
    assert matching, report.items
    assert matching[0].line > 0
    assert report.passed == (level != "error")


def test_every_problem_of_a_manifest_is_said_at_once(check: Check) -> None:
    report = check(MANIFEST.replace("layer: crm", "layer: crmm").replace("[opportunity_mgmt]", "[nothing]"))
    assert [(i.check, i.line) for i in report.errors] == [("references", 5), ("references", 6)]


INTEGRATION = (
    '  integrations:\n  - {{to: {to}{more}, basis: sourced, source: "https://example.com", checked: 2026-06-01}}\n'
)


@pytest.mark.parametrize(
    ("to", "more", "level", "words"),
    [
        ("salesforec", "", "warning", "did you mean salesforce?"),
        ("acme_crm", "", "error", "to itself"),
        ("gong", "", "note", "shown as claimed"),
    ],
)
def test_a_connection_is_compared_with_the_other_side(to: str, more: str, level: str, words: str, check: Check) -> None:
    report = check(MANIFEST + INTEGRATION.format(to=to, more=more))
    (item,) = [i for i in report.items if i.check == "integrations"]
    assert item.level == level
    assert words in item.message


@pytest.mark.parametrize(
    ("first", "second", "twice"),
    [
        ("", "", True),
        (", direction: inbound, objects: [contact]", ", direction: outbound, objects: [activity]", False),
        (", direction: inbound, objects: [contact, lead]", ", direction: outbound, objects: [lead]", True),
    ],
)
def test_a_record_stands_in_one_row_to_a_partner(first: str, second: str, twice: bool, check: Check) -> None:
    rows = INTEGRATION.format(to="gong", more=first) + INTEGRATION.format(to="gong", more=second).partition("\n")[2]
    found = [i.message for i in check(MANIFEST + rows).items if i.check == "integrations" and i.level == "warning"]
    assert found == (["the connection to 'gong' stands twice"] if twice else [])


def test_a_connection_that_the_other_side_describes_otherwise_is_a_warning(check: Check) -> None:
    text = MANIFEST.replace("id: acme,", "id: zoom,").replace("acme_crm", "zoom").replace("Acme CRM", "Zoom")
    direction = ", direction: one_way, method: csv"
    found = check(text + INTEGRATION.format(to="hubspot", more=direction)).items
    (item,) = [i for i in found if i.check == "integrations"]
    assert (item.level, item.check) == ("warning", "integrations")
    assert "'hubspot' says otherwise: native, inbound; native, two_way" in item.message


def test_a_manifest_that_would_make_audits_forget_tools_is_a_warning(check: Check) -> None:
    text = MANIFEST.replace("id: acme,", "id: gong,").replace("acme_crm", "gong").replace("Acme CRM", "Gong")
    (item,) = [i for i in check(text).items if i.check == "replaces"]
    assert (item.level, item.line) == ("warning", 1)
    assert "'gong_forecast'" in item.message


def test_the_example_project_passes_and_its_code_runs_only_when_asked_to() -> None:
    report = check_target(str(EXAMPLE), as_of=DAY)
    assert report.passed
    assert ("import", "its code was read, not run; --import runs it") in [(i.check, i.message) for i in report.items]
    ran = check_target(str(EXAMPLE), as_of=DAY, run=True)
    assert ran.passed
    assert ran.ran
    assert "import" not in {i.check for i in ran.items}


@pytest.mark.parametrize("case", sorted(p.name for p in BROKEN.iterdir() if p.name.startswith(("import_", "hook_"))))
def test_without_import_no_code_of_a_distribution_runs(
    case: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(str(BROKEN / case))
    report = check_target(f"fake-{case.replace('_', '-')}", as_of=DAY)
    assert report.kind == "distribution"
    assert not report.ran
    assert not report.errors, report.errors


STATIC = {
    "unknown_hook": ("hooks", "did you mean stackaudit_rules?"),
    "unmarked_hook": ("hooks", "not marked"),
    "wrong_signature": ("hooks", "takes 'inventory'"),
    "newer_api": ("api", "version 9"),
    "ten_layers": ("claims", "10 layers"),
    "path_out": ("manifest", "not name a file inside"),
    "missing_module": ("import", "no module"),
}


@pytest.mark.parametrize("case", STATIC)
def test_what_the_text_of_a_distribution_shows_is_found_without_running_it(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(BROKEN / case))
    report = check_target(case, as_of=DAY)
    kind, words = STATIC[case]
    assert any(i.check == kind and words in i.message for i in report.errors), report.items


WORK = {
    "network": ("import socket\nsocket.create_connection(('127.0.0.1', 9))\n", "network", "uses the network"),
    "process": ("import subprocess\nsubprocess.run(['true'])\n", "import", "starts another process"),
    "file": ("open('left-behind', 'w').close()\n", "import", "writes a file"),
    "thread": (
        "import threading, time\nthreading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n",
        "import",
        "starts a thread",
    ),
    "slow": ("import time\ntime.sleep(0.7)\n", "import", "to import"),
    "killed": ("import os\nos._exit(4)\n", "import", "exit code 4"),
    "raises": ("raise ValueError('no')\n", "import", "ValueError: no"),
}
HOOK = "\nfrom stackaudit.api import hookimpl\n\n@hookimpl\ndef stackaudit_rules():\n    return []\n"


@pytest.mark.parametrize("kind", WORK)
def test_work_at_import_is_seen_when_the_code_is_run(kind: str, tmp_path: Path) -> None:
    code, check, words = WORK[kind]
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "stackaudit-busy"\nversion = "1"\n[project.entry-points.stackaudit]\nbusy = "stackaudit_busy"\n'
    )
    (tmp_path / "stackaudit_busy").mkdir()
    (tmp_path / "stackaudit_busy" / "__init__.py").write_text(code + HOOK)
    report = check_target(str(tmp_path), as_of=DAY, run=True)
    assert any(i.check == check and words in i.message for i in report.items), report.items


def test_an_import_that_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stackaudit.lookup.words.plugin_limits", lambda _: Limits(check_seconds=3))
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "stackaudit-busy"\nversion = "1"\n[project.entry-points.stackaudit]\nbusy = "stackaudit_busy"\n'
    )
    (tmp_path / "stackaudit_busy").mkdir()
    (tmp_path / "stackaudit_busy" / "__init__.py").write_text("while True:\n    pass\n")
    report = check_target(str(tmp_path), as_of=DAY, run=True)
    assert any("still running after 3 seconds" in i.message for i in report.errors)


def test_text_that_works_at_import_is_suspected_without_running_it(tmp_path: Path) -> None:
    (tmp_path / "rules.py").write_text("import requests\nopen('x')\nfor _ in range(9):\n    pass\n" + HOOK)
    messages = [i.message for i in check_target(str(tmp_path), as_of=DAY).items]
    for words in ("imports requests", "open() runs at import", "a loop runs at import"):
        assert any(words in m for m in messages), messages


@pytest.mark.parametrize("target", ["no-such-plugin", "stackaudit-nothing"])
def test_an_unknown_target_is_bad_usage(target: str) -> None:
    with pytest.raises(UsageError, match="no installed plugin"):
        check_target(target, as_of=DAY)


def test_a_folder_of_nothing_is_bad_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing of a pack"):
        check_target(str(tmp_path), as_of=DAY)


def test_our_own_manifests_pass() -> None:
    newest = max(fact.checked for fact in plugins().index.facts() if fact.checked)
    folder = HERE.parent / "plugins" / "stackaudit_vendors"
    report = check_target(str(folder), as_of=dt.date.fromisoformat(newest))
    assert not report.errors, report.errors[:5]


def test_text_says_once_what_a_file_says_many_times_and_counts_notes_on_many_files() -> None:
    undated = [Item("warning", "facts", "carries no day", "a.yaml", line, 1) for line in (3, 4, 5)]
    few = make_report("a", "manifests", [*undated, Item("note", "x", "n", "a.yaml")])
    assert few.lines() == (
        "a.yaml:3:1: warning: carries no day [facts], and 2 more like it in this file",
        "a.yaml: note: n [x]",
    )
    many = make_report("a", "manifests", [Item("note", "x", "n", f"{n}.yaml") for n in range(11)])
    assert many.lines() == ("notes that are left out here: 11; --format json has them",)


def test_a_folder_of_manifests_is_checked_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text(MANIFEST)
    (tmp_path / "other.yaml").write_text(MANIFEST)
    report = check_target(str(tmp_path), as_of=DAY)
    assert report.kind == "manifests"
    assert ["under the name 'other'" in i.message for i in report.errors] == [True]


def test_a_project_without_a_plugin_is_not_passed(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n')
    assert "declares no plugin" in check_target(str(tmp_path), as_of=DAY).errors[0].message
    (tmp_path / "pyproject.toml").write_text("[project\n")
    assert "cannot be read" in check_target(str(tmp_path), as_of=DAY).errors[0].message


def test_the_command_speaks_text_and_json_and_ends_as_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from stackaudit.cli.app import app

    path = tmp_path / "acme.yaml"
    path.write_text(MANIFEST.replace("layer: crm", "layer: crmm"))
    assert app(["plugins", "check", str(path)], standalone_mode=False) == 2
    spoken = capsys.readouterr()
    assert spoken.out.startswith(f"{path}:5:10: error: ")
    assert "not passed, 1 error" in spoken.err
    assert app(["plugins", "check", str(path), "--format", "json"], standalone_mode=False) == 2
    data = json.loads(capsys.readouterr().out)
    assert (data["passed"], data["ran_code"], data["items"][0]["line"]) == (False, False, 5)
    path.write_text(MANIFEST)
    assert app(["plugins", "check", str(path), "--as-of", "2028-01-01"], standalone_mode=False) == 0
    assert "[stale]" in capsys.readouterr().out
