"""The check command: the same problems for people, for programs and beside the lines of a change."""

from __future__ import annotations

import json
from pathlib import Path

from tests.test_cli import run

BAD = "tools:\n- {tool: Gong, seatz: 3}\n- {tool: Gong, status: gone}\n"


def test_problems_in_json_have_their_place_and_suggestion(tmp_path: Path) -> None:
    (tmp_path / "stack.yaml").write_text(BAD)
    done = run("check", "stack.yaml", "--format", "json", cwd=tmp_path)
    first, second = json.loads(done.stdout)
    assert done.returncode == 2
    assert (first["file"], first["line"], first["column"], first["suggestion"]) == ("stack.yaml", 2, 16, "seats")
    assert (second["line"], second["warning"]) == (3, False)


def test_problems_for_github_are_workflow_commands(tmp_path: Path) -> None:
    (tmp_path / "a,b.yaml").write_text(BAD)
    done = run("check", "a,b.yaml", "--format", "github", cwd=tmp_path)
    assert done.stdout.splitlines()[0] == (
        "::error file=a%2Cb.yaml,line=2,col=16::unknown key 'seatz'; did you mean seats?"
    )


def test_no_text_of_the_file_is_a_workflow_command_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "stack.yaml").write_text('- "##[error]Frob %0A::error::100 %"\n')
    (line,) = run("check", "stack.yaml", "--format", "github", cwd=tmp_path).stdout.splitlines()
    assert line.startswith("::warning file=stack.yaml,line=1,col=1::")
    assert "##[" not in line
    assert "Frob %250A::error::100 %25" in line


def test_a_warning_is_one_in_every_form_and_changes_no_exit_code(tmp_path: Path) -> None:
    (tmp_path / "stack.yaml").write_text("- Frobnicator 3000\n")
    done = run("check", "stack.yaml", "--format", "github", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("::warning file=stack.yaml,line=1,col=1::no plugin knows")
    assert json.loads(run("check", "stack.yaml", "--format", "json", cwd=tmp_path).stdout)[0]["warning"] is True


def test_a_valid_file_is_an_empty_list_and_its_tools_are_counted(tmp_path: Path) -> None:
    (tmp_path / "stack.yaml").write_text("- Gong\n")
    done = run("check", "stack.yaml", "--format", "json", cwd=tmp_path)
    assert json.loads(done.stdout) == []
    assert done.stderr == "stack.yaml is valid: 1 tool, 0 warnings\n"


def test_an_unknown_form_is_bad_usage(tmp_path: Path) -> None:
    done = run("check", "stack.yaml", "--format", "xml", cwd=tmp_path)
    assert (done.returncode, "text, json, github" in done.stderr) == (2, True)
