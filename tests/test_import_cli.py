"""The import command: a preview first, whole files or none, nothing overwritten, choices kept for next time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importers.support import workbook
from tests.support import HERE, load_text
from tests.test_cli import run

ROOT = HERE.parent
SHEET = "Tool;Business Owner;Annual cost;Renewal;Seats\nSalesforce (Enterprise Edition);Ana;148.000,50 €;31.01.2027;75\nGong;Ben;66.000,00 €;01.02.2027;40\nOutreech;;;;\nHomegrown Router;Zoe;;;\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tools.csv").write_text(SHEET, encoding="utf-8")
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_preview_shows_columns_and_outcomes_and_writes_nothing(folder: Path) -> None:
    done = run("import", "tools.csv", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "owner <- 'Business Owner'" in done.stdout
    assert [line.split("  ")[0] for line in done.stdout.splitlines() if "to confirm" in line] == ["Outreech"]
    assert "looks like Outreach" in done.stdout
    assert "nothing was written; add -o" in done.stderr
    assert names(folder) == ["tools.csv"]


def test_a_new_inventory_is_valid_and_holds_what_was_not_understood_with_its_row(folder: Path) -> None:
    done = run("import", "tools.csv", "-o", "stack.yaml", cwd=folder, SOURCE_DATE_EPOCH="1788220800")
    assert done.returncode == 0, done.stderr
    text = (folder / "stack.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=")
    assert "annual_cost: 148000.5\n" in text
    assert "imported: {source: spreadsheet, key: Gong, on: 2026-09-01, fields: [" in text
    assert "# row 4: 'Outreech' to confirm (looks like Outreach)" in text
    assert "# row 5: 'Homegrown Router' is unknown" in text
    assert run("check", "stack.yaml", cwd=folder).returncode == 0


def test_an_inventory_is_never_overwritten_without_force(folder: Path) -> None:
    (folder / "stack.yaml").write_text("- Gong\n")
    done = run("import", "tools.csv", "-o", "stack.yaml", cwd=folder)
    assert done.returncode == 2
    assert "--into stack.yaml merges, --force overwrites" in done.stderr
    assert (folder / "stack.yaml").read_text() == "- Gong\n"
    assert run("import", "tools.csv", "-o", "stack.yaml", "--force", cwd=folder).returncode == 0


def test_on_standard_output_stands_the_inventory_alone(folder: Path) -> None:
    done = run("import", "tools.csv", "-o", "-", cwd=folder)
    assert done.stdout.startswith("# yaml-language-server")
    assert "to confirm" in done.stderr
    assert run("check", "-", cwd=folder, stdin=done.stdout).returncode == 0


def test_choices_are_kept_in_a_small_file_and_used_next_time(folder: Path) -> None:
    (folder / "odd.csv").write_text("Bezeichnung,Wer\nThe CRM,Ana\nGong,Ben\n")
    first = run(
        *("import", "odd.csv", "--map", "tool=Bezeichnung", "--map", "owner=Wer", "--alias", "The CRM=salesforce"),
        *("-o", "stack.yaml"),
        cwd=folder,
    )
    assert first.returncode == 0, first.stderr
    assert "The CRM" in (folder / "stackaudit-import.yaml").read_text()
    before = (folder / "stack.yaml").read_bytes()
    again = run("import", "odd.csv", "--into", "stack.yaml", cwd=folder)
    assert "nothing to change" in again.stderr
    assert (folder / "stack.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nope.csv"], "does not exist"),
        (["tools.csv", "-o", "stack.txt"], "ends in .yaml"),
        (["tools.csv", "-o", "none/stack.yaml"], "does not exist"),
        (["tools.csv", "--into", "none.yaml"], "does not exist"),
        (["tools.csv", "-o", "a.yaml", "--into", "b.yaml"], "one of the two"),
        (["tools.csv", "--map", "owner"], "expected NAME=VALUE"),
        (["tools.csv", "--map", "onwer=Seats"], "no such field"),
        (["tools.csv", "--alias", "Gong=gogn"], "no such tool"),
        (["tools.csv", "--source", "octa"], "no such source"),
        (["tools.csv", "--encoding", "klingon"], "is not known"),
        ([], "name a FILE"),
    ],
)
def test_bad_usage_and_bad_input_end_with_two_and_say_what_to_do(folder: Path, arguments: list[str], says: str) -> None:
    done = run("import", *arguments, cwd=folder)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert names(folder) == ["tools.csv"]


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"Tool\n" * 200_000, b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")],
    ids=["nothing", "half an archive", "too many rows", "a password"],
)
def test_a_hostile_file_ends_with_two_and_leaves_nothing_half_written(folder: Path, data: bytes) -> None:
    (folder / "bad.csv").write_bytes(data)
    done = run("import", "bad.csv", "-o", "stack.yaml", cwd=folder)
    assert done.returncode == 2
    assert done.stderr.startswith("bad.csv")
    assert names(folder) == ["bad.csv", "tools.csv"]


def test_a_sheet_of_a_workbook_can_be_chosen(folder: Path) -> None:
    (folder / "tools.xlsx").write_bytes(workbook([["Tool", "Seats"], ["Gong", 40]]))
    assert "gong" in run("import", "tools.xlsx", "--sheet", "Tools", cwd=folder).stdout
    done = run("import", "tools.xlsx", "--sheet", "Nope", cwd=folder)
    assert (done.returncode, "one of Tools" in done.stderr) == (2, True)


def test_the_sources_are_listed_with_what_is_known_of_their_formats(folder: Path) -> None:
    lines = dict(line.split("\t", 1) for line in run("import", "--sources", cwd=folder).stdout.splitlines())
    assert "confirmed from" in lines["okta_assignments"]
    assert "--map" in lines["ledger"]
    assert "har" in lines


IMPORTER = """
from stackaudit.api import Export, Importer, Parsed, Record, hookimpl

def read(export: Export) -> Parsed:
    return Parsed(tuple(Record(str(cells[0]), str(cells[0]), f"row {n}") for n, cells in export.tables[0].rows))

@hookimpl
def stackaudit_importers():
    return [Importer("acme", "Acme export", (("acme name",), ("acme id",)), read)]
"""


def test_a_plugin_may_bring_a_source(folder: Path) -> None:
    info = folder / "plugins" / "acme-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[stackaudit]\nacme = acme_source\n")
    (folder / "plugins" / "acme_source.py").write_text(IMPORTER)
    (folder / "acme.csv").write_text("Acme name,Acme id\nGong,1\n")
    done = run("import", "acme.csv", cwd=folder)
    assert "Read as Acme export (acme)" in done.stdout


def test_the_readme_goes_from_the_example_spreadsheet_to_a_report_in_at_most_five_commands(tmp_path: Path) -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## From a spreadsheet")[1]
    commands = section.split("```sh\n")[1].split("```")[0].splitlines()
    assert 1 < len(commands) <= 5
    for command in commands:
        words = command.replace("catalogs/", f"{ROOT}/catalogs/").split()
        assert words[0] == "stackaudit"
        done = run(*words[1:], cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert "Salesforce" in (tmp_path / "stack.report.html").read_text(encoding="utf-8")
    stack = load_text((tmp_path / "stack.yaml").read_text(encoding="utf-8")).inventory
    assert sum(t.annual_cost or 0 for t in stack.tools) == 508_888.5
