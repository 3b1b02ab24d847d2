"""The command line: outputs, exit codes, standard input, and what a person reads when something is wrong."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stackaudit.model.result import AuditResult
from tests.support import CASES, TODAY, case

STACK = "as_of: 2026-09-01\ncompany: {name: Acme}\ntools:\n- {tool: Salesforce, owner: A}\n- Outreach\n- Salesloft\n"


def run(*arguments: str, cwd: Path, stdin: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stackaudit", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(CASES.parents[1]), str(cwd / "plugins")]), **environment},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "stack.yaml").write_text(STACK)
    return tmp_path


PLUGIN = "from stackaudit.api import Draft, Effort, Rule, Severity, hookimpl\n"
RULE = "Rule(id='OWN-001', severity=Severity.LOW, title='t', checks='c', why='w', fix='f', waive_when='n', threshold='none', source='s', effort=Effort.S, check=check)"


def install(folder: Path, code: str) -> None:
    info = folder / "plugins" / "fake_own-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fake-own\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[stackaudit]\nown = fake_own\n")
    (folder / "plugins" / "fake_own.py").write_text(code)


def test_an_audit_writes_its_report_beside_the_file_and_sums_up(folder: Path) -> None:
    done = run("audit", "stack.yaml", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert (folder / "stack.report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "Acme, as of 2026-09-01" in done.stdout
    assert "stack.report.html" in done.stdout
    assert "Outreach and Salesloft do the same job" in done.stdout
    assert done.stderr == ""


def test_only_the_named_outputs_are_written(folder: Path) -> None:
    assert run("audit", "stack.yaml", "-o", "a.json", "-o", "b.html", cwd=folder).returncode == 0
    assert sorted(p.name for p in folder.iterdir()) == ["a.json", "b.html", "stack.yaml"]


def test_json_on_standard_output_is_nothing_but_json(folder: Path) -> None:
    done = run("audit", "stack.yaml", "-o", "-", cwd=folder)
    result = AuditResult.model_validate_json(done.stdout)
    assert result.company.name == "Acme"
    assert result.as_of == TODAY
    assert "What to repair first" in done.stderr or "root cause" in done.stderr


def test_standard_input_is_audited_in_the_working_folder(folder: Path) -> None:
    done = run("audit", "-", cwd=folder, stdin="- Salesforce\n")
    assert done.returncode == 0
    assert (folder / "stack.report.html").exists()


def test_a_saved_result_renders_to_the_same_report(folder: Path) -> None:
    run("audit", "stack.yaml", "-o", "a.json", "-o", "a.html", cwd=folder)
    assert run("report", "a.json", "-o", "b.html", "-o", "b.json", cwd=folder).returncode == 0
    assert (folder / "a.html").read_bytes() == (folder / "b.html").read_bytes()
    assert (folder / "a.json").read_bytes() == (folder / "b.json").read_bytes()


def test_the_same_input_gives_the_same_bytes_wherever_it_stands(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere"
    other.mkdir()
    shutil.copy(folder / "stack.yaml", other)
    one = run("audit", "stack.yaml", "-o", "-", "-q", cwd=folder, PYTHONHASHSEED="1")
    two = run("audit", "stack.yaml", "-o", "-", "-q", cwd=other, PYTHONHASHSEED="2")
    assert one.stdout == two.stdout
    assert str(tmp_path) not in one.stdout


def test_the_day_comes_from_the_option_the_file_the_variable_in_this_order(folder: Path) -> None:
    def day(*more: str, **environment: str) -> tuple[str, str]:
        out = json.loads(run("audit", *more, "-o", "-", "-q", cwd=folder, **environment).stdout)
        return out["as_of"], out["as_of_source"]

    (folder / "undated.yaml").write_text("- Salesforce\n")
    assert day("stack.yaml", "--as-of", "2027-01-02") == ("2027-01-02", "option")
    assert day("stack.yaml", SOURCE_DATE_EPOCH="0") == ("2026-09-01", "inventory")
    assert day("undated.yaml", SOURCE_DATE_EPOCH="86400") == ("1970-01-02", "default")


def test_bad_input_exits_2_with_every_problem_and_writes_nothing(folder: Path) -> None:
    (folder / "bad.yaml").write_text("tools:\n- {tool: A, onwer: x, seats: -1}\n")
    for command in ("audit", "check"):
        done = run(command, "bad.yaml", cwd=folder)
        text = done.stdout + done.stderr
        assert done.returncode == 2
        assert "bad.yaml:2:13: unknown key 'onwer'; did you mean owner?" in text
        assert "bad.yaml:2:30: seats" in text
        assert "Traceback" not in text
    assert not (folder / "bad.report.html").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["audit"], "Missing argument"),
        (["audit", "none.yaml"], "none.yaml: does not exist"),
        (["audit", "."], "is a folder"),
        (["audit", "stack.yaml", "-o", "a.docx"], "unknown ending"),
        (["audit", "stack.yaml", "-o", "none/a.html"], "does not exist"),
        (["audit", "stack.yaml", "-o", "stack.yaml"], "unknown ending"),
        (["audit", "stack.yaml", "--fail-on", "worst"], "expected one of critical"),
        (["audit", "stack.yaml", "--as-of", "tomorrow"], "no ISO date"),
        (["audit", "stack.yaml", "--min-coverage", "80"], "from 0 to 1"),
        (["audit", "stack.yaml", "--frobnicate"], "No such option"),
        (["rules", "RED-01"], "did you mean RED-001"),
        (["schema", "resullt"], "did you mean result"),
        (["catalog", "show", "Salesfroce"], "did you mean salesforce"),
        (["report", "stack.yaml"], "is no JSON"),
        (["frobnicate"], "No such command"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) else None,
)
def test_bad_usage_exits_2_with_a_message(folder: Path, arguments: list[str], words: str) -> None:
    done = run(*arguments, cwd=folder)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_stack_file_itself_is_never_overwritten(folder: Path) -> None:
    (folder / "stack.json").write_text('["Salesforce"]')
    done = run("audit", "stack.json", "-o", "stack.json", cwd=folder)
    assert done.returncode == 2
    assert (folder / "stack.json").read_text() == '["Salesforce"]'


def test_findings_at_or_above_a_severity_exit_1_and_the_flag_wins(folder: Path) -> None:
    assert run("audit", "stack.yaml", "-q", cwd=folder).returncode == 0
    assert run("audit", "stack.yaml", "-q", "--fail-on", "medium", cwd=folder).returncode == 1
    assert run("audit", "stack.yaml", "-q", "--fail-on", "critical", cwd=folder).returncode == 0
    (folder / "strict.yaml").write_text(STACK + "settings: {fail_on: low}\n")
    assert run("audit", "strict.yaml", "-q", cwd=folder).returncode == 1
    assert run("audit", "strict.yaml", "-q", "--fail-on", "critical", cwd=folder).returncode == 0


def test_too_little_coverage_exits_3_and_wins_over_1(folder: Path) -> None:
    assert run("audit", "stack.yaml", "-q", "--min-coverage", "0.95", "--fail-on", "low", cwd=folder).returncode == 3


@pytest.mark.parametrize(
    ("code", "where"),
    [
        ("raise ValueError('broken on purpose')\n", "import"),
        (
            PLUGIN + "@hookimpl\ndef stackaudit_rules():\n    raise ValueError('broken on purpose')\n",
            "hook stackaudit_rules",
        ),
        (
            PLUGIN
            + f"def check(context):\n    raise ValueError('broken on purpose')\n@hookimpl\ndef stackaudit_rules():\n    return [{RULE}]\n",
            "check",
        ),
    ],
    ids=["plugin that fails to import", "hook that raises", "rule that crashes"],
)
def test_what_breaks_is_named_everywhere_and_the_audit_finishes_with_3(folder: Path, code: str, where: str) -> None:
    install(folder, code)
    done = run("audit", "stack.yaml", "-o", "a.json", "-o", "a.html", "--fail-on", "low", cwd=folder)
    assert done.returncode == 3, done.stderr
    assert "broken on purpose" in done.stdout
    result = AuditResult.model_validate_json((folder / "a.json").read_text())
    assert [(p.stage, "broken on purpose" in p.message) for p in result.problems] == [(where, True)]
    page = (folder / "a.html").read_text(encoding="utf-8")
    assert "This audit is incomplete" in page
    assert "broken on purpose" in page
    assert len([f for f in result.findings if f.outcome == "fail"]) >= 1
    assert run("audit", "stack.yaml", "--no-plugins", "-q", cwd=folder).returncode == 0


def test_a_crashing_rule_becomes_an_error_finding_under_its_own_id(folder: Path) -> None:
    code = (
        PLUGIN
        + f"def check(context):\n    yield Draft(message='x')\n    raise KeyError('y')\n@hookimpl\ndef stackaudit_rules():\n    return [{RULE}]\n"
    )
    install(folder, code)
    run("audit", "stack.yaml", "-o", "a.json", cwd=folder)
    result = AuditResult.model_validate_json((folder / "a.json").read_text())
    assert [(f.rule, f.outcome) for f in result.findings if f.rule == "OWN-001"] == [("OWN-001", "error")]


def test_a_rule_that_names_no_tool_of_the_stack_is_a_problem(folder: Path) -> None:
    code = (
        PLUGIN
        + f"def check(context):\n    yield Draft(message='x', subjects=('ghost',))\n@hookimpl\ndef stackaudit_rules():\n    return [{RULE}]\n"
    )
    install(folder, code)
    assert run("audit", "stack.yaml", "-q", cwd=folder).returncode == 3


def test_a_rule_cannot_change_what_other_rules_read(folder: Path) -> None:
    code = PLUGIN + (
        "def check(context):\n    context.analysis.graph.graph.add_edge('salesforce', 'outreach')\n    yield Draft(message='x')\n"
        f"@hookimpl\ndef stackaudit_rules():\n    return [{RULE}]\n"
    )
    install(folder, code)
    done = run("audit", "stack.yaml", cwd=folder)
    assert done.returncode == 3
    assert "Frozen graph" in done.stdout


def test_check_is_silent_about_a_good_file_but_for_one_line(folder: Path) -> None:
    done = run("check", "stack.yaml", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")
    assert "valid: 3 tools" in done.stderr


def test_check_warns_of_unknown_tools_and_undeclared_ends_and_exits_0(folder: Path) -> None:
    (folder / "w.yaml").write_text("tools: [Salesfroce]\nintegrations: [{from: salesfroce, to: gong}]\n")
    done = run("check", "w.yaml", cwd=folder)
    assert done.returncode == 0
    assert "no plugin knows 'Salesfroce'" in done.stdout
    assert "did you mean salesforce" in done.stdout
    assert "'gong', which is not declared" in done.stdout


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[]", "is no result"),
        ('{"schema_version": "9"}', "schema version '9'"),
        ('{"schema_version": "1"}', "is damaged"),
        ("[" * 100_000, "nested too deeply"),
        ('{"schema_version": "1", "x": ' + "9" * 5000 + "}", "number that is too long"),
    ],
)
def test_a_result_that_is_none_is_refused_in_words(folder: Path, content: str, words: str) -> None:
    (folder / "r.json").write_text(content)
    done = run("report", "r.json", cwd=folder)
    assert done.returncode == 2
    assert words in done.stderr


def test_whoever_audits_a_saved_result_is_sent_to_report(folder: Path) -> None:
    (folder / "r.json").write_text('{"schema_version": "1", "findings": []}')
    done = run("audit", "r.json", cwd=folder)
    assert done.returncode == 2
    assert done.stderr.count("expected") == 1
    assert "'stackaudit report' renders a saved result" in done.stderr


def test_names_cannot_steer_the_terminal(folder: Path) -> None:
    result = case("quillstone").model_dump(mode="json", by_alias=True)
    result["company"]["name"] = "A\x1b[31mB\u202ec"
    result["tools"][0]["name"] = "X\x1b]0;t\x07"
    (folder / "evil.json").write_text(json.dumps(result))
    done = run("report", "evil.json", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout


def test_lists_in_a_pipe_are_one_a_line_and_whole(folder: Path) -> None:
    lines = run("plugins", cwd=folder).stdout.splitlines()
    assert len(lines) > 50
    assert all(line.count("\t") == 5 for line in lines)
    rules = run("rules", cwd=folder).stdout.splitlines()
    assert all(line.count("\t") == 2 for line in rules)
    assert {"RED-001", "SHP-006"} <= {line.split("\t")[0] for line in rules}


def test_a_rule_is_explained_in_full(folder: Path) -> None:
    text = run("rules", "red-002", cwd=folder).stdout
    for part in ("What it checks", "Why it matters", "What to do", "When to waive it", "Threshold", "Source"):
        assert part in text


def test_the_catalogue_shows_each_fact_with_its_basis(folder: Path) -> None:
    text = run("catalog", "show", "Bizible", cwd=folder).stdout
    assert "Adobe Marketo Measure" in text
    assert "Status: renamed" in text
    assert re.search(r"\[classified, 20\d\d-\d\d-\d\d\]", text)
    assert "gong\tGong" in run("catalog", "search", "gon", cwd=folder).stdout


@pytest.mark.parametrize("kind", ["inventory", "result", "vendor"])
def test_schemas_are_json(folder: Path, kind: str) -> None:
    assert "$defs" in json.loads(run("schema", kind, cwd=folder).stdout)


def test_a_report_lands_in_the_working_folder_where_the_stack_is_shipped_data(folder: Path) -> None:
    example = CASES.parents[1] / "catalogs" / "examples" / "starter.yaml"
    done = run("audit", str(example), "-q", cwd=folder)
    assert done.returncode == 0
    assert (folder / "starter.report.html").exists()


def test_a_closed_pipe_ends_quietly(folder: Path) -> None:
    done = subprocess.run(
        f"'{sys.executable}' -m stackaudit schema result | head -1",
        shell=True,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(CASES.parents[1])},
    )
    assert done.stdout == "{\n"
    assert "Traceback" not in done.stderr
