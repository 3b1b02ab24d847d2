"""Outputs of the command line: endings and prefixes, what is missing, and files that are never lost."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from stackaudit.cli.output import write_folder_atomically
from stackaudit.cli.targets import FORMATS, Target, keep_input, parse_targets, write
from stackaudit.errors import UsageError
from tests.support import case
from tests.test_cli import run

STACK = "as_of: 2026-09-01\ncompany: {name: Acme}\ntools:\n- {tool: Salesforce, owner: A}\n- Outreach\n- Salesloft\n"
ALL = ("a.html", "a.json", "a.md", "a.xlsx", "a.sarif", "a.jsonl", "github=a.txt", "csv=tables")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "stack.yaml").write_text(STACK)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_audit_and_report_write_the_same_in_every_format(folder: Path) -> None:
    options = [o for name in ALL for o in ("-o", name)]
    assert run("audit", "stack.yaml", *options, cwd=folder).returncode == 0
    first = contents(folder)
    assert {"a.html", "a.txt", "tables/findings.csv", "tables/renewals.csv"} <= set(first)
    (folder / "saved.json").write_bytes(first["a.json"])
    assert run("report", "saved.json", *options, cwd=folder).returncode == 0
    assert {k: v for k, v in contents(folder).items() if k != "saved.json"} == first
    assert not list(folder.rglob("*.tmp"))


def test_annotations_can_be_printed_for_a_step(folder: Path) -> None:
    done = run("audit", "stack.yaml", "-o", "github=-", cwd=folder)
    assert done.stdout.startswith("::")
    assert "Acme, as of" in done.stderr


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("a.docx", "unknown ending"),
        ("a", "unknown ending"),
        ("a.csv", "unknown ending; expected .html"),
        ("github=", "expected github=PATH"),
        ("csv=-", "expected csv=PATH"),
        ("none/a.md", "does not exist"),
        ("csv=none/tables", "does not exist"),
    ],
)
def test_an_output_that_cannot_be_is_refused_before_the_audit(folder: Path, output: str, words: str) -> None:
    done = run("audit", "stack.yaml", "-o", output, cwd=folder)
    assert done.returncode == 2
    assert words in done.stderr
    assert contents(folder).keys() == {"stack.yaml"}


def test_endings_are_read_in_any_case_and_each_output_is_written_once(folder: Path) -> None:
    assert parse_targets(["A.MD", "A.MD", "github=x.md"]) == (
        Target("md", Path("A.MD")),
        Target("github", Path("x.md")),
    )
    with pytest.raises(UsageError, match="named for several formats"):
        parse_targets(["x.md", "github=./x.md"])


@pytest.mark.parametrize("name", ["pdf", "xlsx"])
def test_a_missing_extra_says_what_to_install(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, FORMATS[name].library, None)
    with pytest.raises(UsageError, match=rf"pip install 'stackaudit\[{FORMATS[name].extra}\]'"):
        parse_targets([f"a.{name}"])


def test_a_missing_system_library_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "weasyprint.py").write_text("raise OSError('cannot load library pango')\n")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    with pytest.raises(UsageError, match="apt-get install libpango"):
        parse_targets(["a.pdf"])


@pytest.mark.parametrize("output", ["alias.md", "github=stack.yaml", "csv=."])
def test_the_file_that_is_read_is_never_replaced(folder: Path, output: str) -> None:
    source = folder / ("stack.csv" if output == "csv=." else "stack.yaml")
    source.write_text(STACK)
    if output == "alias.md":
        (folder / "alias.md").hardlink_to(source)
    with pytest.raises(UsageError, match="is the file that is read"):
        keep_input(str(source), parse_targets([output]))


def test_a_result_is_not_replaced_by_its_own_report(folder: Path) -> None:
    run("audit", "stack.yaml", "-q", "-o", "r.json", cwd=folder)
    before = (folder / "r.json").read_bytes()
    done = run("report", "r.json", "-o", "r.json", cwd=folder)
    assert done.returncode == 2
    assert (folder / "r.json").read_bytes() == before


def test_a_folder_keeps_what_else_is_in_it(folder: Path) -> None:
    (folder / "tables").mkdir()
    (folder / "tables" / "mine.txt").write_text("mine")
    (folder / "tables" / "findings.csv").write_text("old")
    write(Target("csv", folder / "tables"), case("quillstone"))
    assert (folder / "tables" / "mine.txt").read_text() == "mine"
    assert (folder / "tables" / "findings.csv").read_text().startswith("id,rule,severity")


def test_a_folder_that_cannot_be_written_is_left_as_it_was(folder: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        write_folder_atomically(folder / "new", {"a.csv": "a", "no/such/b.csv": "b"})
    assert contents(folder).keys() == {"stack.yaml"}
    assert [p.name for p in folder.iterdir()] == ["stack.yaml"]
    with pytest.raises(UsageError, match="is no folder"):
        write_folder_atomically(folder / "stack.yaml", {"a.csv": "a"})
