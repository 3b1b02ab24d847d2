"""Importing into an inventory: a person's words stay, nothing comes in twice, every change is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import load_text
from tests.test_cli import run

HAND = """# Our stack. Ask Ana.
version: 1
company: {name: Acme, employees: 140}   # counted in May
tools:
  - tool: Salesforce      # the CRM
    id: sfdc
    owner: Ana
    seats: 70

  # calls
  - Gong                  # keep!
  - {tool: Outreach, id: out}
integrations:
  - {from: out, to: sfdc, objects: [activity]}
"""
SHEET = "Tool,Owner,Seats,Annual cost\nSFDC,Bob,75,148000\nGong,Ben,40,66000.5\nZoomInfo,Cy,10,30000\n"
OKTA = "Login,Application name,Application login,Assigned on\na@x.com,Salesforce.com,a,2025-01-01\nb@x.com,Gong,b,2025-01-01\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "stack.yaml").write_text(HAND)
    (tmp_path / "tools.csv").write_text(SHEET)
    (tmp_path / "okta.csv").write_text(OKTA)
    return tmp_path


def merge(folder: Path, *arguments: str) -> tuple[str, str, str]:
    done = run("import", *arguments, "--into", "stack.yaml", cwd=folder, SOURCE_DATE_EPOCH="1788220800")
    assert done.returncode == 0, done.stderr
    return (folder / "stack.yaml").read_text(encoding="utf-8"), done.stdout, done.stderr


def test_what_a_person_wrote_stays_and_what_differs_is_said(folder: Path) -> None:
    text, _, err = merge(folder, "tools.csv")
    for line in ("# Our stack. Ask Ana.", "company: {name: Acme, employees: 140}   # counted in May", "  # calls"):
        assert line in text
    assert "  - tool: Salesforce      # the CRM\n    id: sfdc\n    owner: Ana\n    seats: 70\n" in text
    assert "# keep!" in text
    assert "SFDC: owner stays Ana; spreadsheet says Bob" in err
    assert "SFDC: seats stays 70; spreadsheet says 75" in err
    stack = load_text(text).inventory
    assert [t.tool for t in stack.tools] == ["Salesforce", "Gong", "Outreach", "ZoomInfo"]
    assert [t.annual_cost for t in stack.tools] == [148000, 66000.5, None, 30000]


def test_the_change_is_shown_and_the_old_file_kept(folder: Path) -> None:
    _, out, err = merge(folder, "tools.csv")
    assert "\n+    annual_cost: 148000\n" in out
    assert (folder / "stack.yaml.bak").read_text() == HAND
    assert "1 added, 2 updated; the old one is stack.yaml.bak" in err


def test_the_same_file_twice_changes_not_a_byte(folder: Path) -> None:
    first, _, _ = merge(folder, "tools.csv")
    again, _, err = merge(folder, "tools.csv")
    assert again == first
    assert "nothing to change" in err


def test_two_sources_give_one_row_a_tool_and_each_is_remembered(folder: Path) -> None:
    merge(folder, "tools.csv")
    first, _, _ = merge(folder, "okta.csv")
    stack = load_text(first).inventory
    assert [t.tool for t in stack.tools] == ["Salesforce", "Gong", "Outreach", "ZoomInfo"]
    gong = stack.tools[1]
    assert isinstance(gong.imported, tuple)
    assert [(o.source, o.key) for o in gong.imported] == [("spreadsheet", "Gong"), ("okta_assignments", "Gong")]
    merge(folder, "tools.csv")
    assert merge(folder, "okta.csv")[0] == first


def test_a_later_export_updates_what_came_from_the_source(folder: Path) -> None:
    merge(folder, "tools.csv")
    (folder / "tools.csv").write_text(SHEET.replace("66000.5", "70000"))
    text, out, _ = merge(folder, "tools.csv")
    assert load_text(text).inventory.tools[1].annual_cost == 70000
    assert "70000" in out


def test_an_imported_value_that_a_person_has_changed_since_stays(folder: Path) -> None:
    text, _, _ = merge(folder, "tools.csv")
    assert "annual_cost: 66000.5" in text
    (folder / "stack.yaml").write_text(text.replace("annual_cost: 66000.5", "annual_cost: 61000"))
    (folder / "tools.csv").write_text(SHEET.replace("66000.5", "70000"))
    text, _, err = merge(folder, "tools.csv")
    assert load_text(text).inventory.tools[1].annual_cost == 61000
    assert "annual_cost stays 61000; spreadsheet says 70000" in err


def test_a_name_that_was_decided_later_settles_its_entry_and_its_question(folder: Path) -> None:
    (folder / "tools.csv").write_text("Tool\nSalesloftt\n")
    text, _, _ = merge(folder, "tools.csv")
    assert "'Salesloftt' to confirm" in text
    text, _, _ = merge(folder, "tools.csv", "--alias", "Salesloftt=salesloft")
    assert "to confirm" not in text
    assert [t.tool for t in load_text(text).inventory.tools][-1] == "Salesloft"
    assert len(load_text(text).inventory.tools) == 4


def test_a_bare_list_of_names_becomes_a_list_under_tools(folder: Path) -> None:
    (folder / "stack.yaml").write_text("# mine\n- Salesforce   # the CRM\n- Gong\n")
    text, _, _ = merge(folder, "okta.csv")
    assert text.startswith("# mine\nversion: 1\ntools:\n")
    assert "# the CRM" in text
    assert {t.notes for t in load_text(text).inventory.tools} == {"accounts assigned in Okta: 1"}


def test_a_source_that_lists_all_software_leaves_its_question_once(folder: Path) -> None:
    (folder / "okta.csv").write_text(OKTA + "c@x.com,Apollo,c,2025-01-01\nc@x.com,Lunch Planner 3000,c,2025-01-01\n")
    first, _, _ = merge(folder, "okta.csv")
    assert first.count("# okta_assignments: Apollo (row 4): 'Apollo' to confirm") == 1
    assert first.count("# okta_assignments: Lunch Planner 3000 (row 5): set aside") == 1
    assert len(load_text(first).inventory.tools) == 3
    assert merge(folder, "okta.csv")[0] == first


def test_an_inventory_with_mistakes_is_left_alone(folder: Path) -> None:
    (folder / "stack.yaml").write_text("tools:\n- {tool: Gong, seatz: 3}\n")
    done = run("import", "tools.csv", "--into", "stack.yaml", cwd=folder)
    assert done.returncode == 2
    assert "did you mean seats" in done.stderr
    assert sorted(p.name for p in folder.iterdir()) == ["okta.csv", "stack.yaml", "tools.csv"]


@pytest.mark.parametrize(
    "name", ["yes", "1.10", "null", "# x", "a: b", "- x", "{x}", "'x", "&a", "*a", "@x", "%x", "?"]
)
def test_a_name_that_yaml_could_misread_stays_the_text_it_is(folder: Path, name: str) -> None:
    (folder / "tools.csv").write_text(f'Tool,Notes\n"{name} tool","{name}"\n"{name}","{name}"\n')
    text, _, _ = merge(folder, "tools.csv")
    names = [t.tool for t in load_text(text).inventory.tools]
    assert f"{name} tool" in names
    if name not in ("null", "?"):
        assert name in names


def test_names_of_signs_alone_are_not_taken_for_each_other(folder: Path) -> None:
    (folder / "tools.csv").write_text("Tool\n«\n»\n")
    text, _, _ = merge(folder, "tools.csv")
    assert [t.tool for t in load_text(text).inventory.tools][-2:] == ["«", "»"]
