"""``stackaudit plugins new`` and the kit: what is written passes its own checks and tests at once."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from stackaudit.catalog import load_catalog
from stackaudit.conformance import check_target
from stackaudit.errors import UsageError
from stackaudit.scaffold import PARTS, Answers, in_tree_manifest, name_problem, project_files

DAY = dt.date(2026, 9, 1)


def run(*arguments: str) -> int:
    from stackaudit.cli.app import app

    code = app(list(arguments), standalone_mode=False)
    return code if isinstance(code, int) else 0


def python(*arguments: str, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("parts", [(), PARTS], ids=["manifest only", "with everything"])
def test_what_is_written_passes_its_checks_and_its_own_tests(
    parts: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    flags = [f"--with-{part}" for part in parts]
    wanted = ["--tool", "Zirkel Dialer", "--website", "https://example.com"]
    assert run("plugins", "new", "zirkel", *wanted, *flags) == 0
    project = tmp_path / "stackaudit-zirkel"
    declared = tomllib.loads((project / "pyproject.toml").read_text())["project"]
    assert declared["name"] == "stackaudit-zirkel"
    assert declared["entry-points"]["stackaudit"]["zirkel"] == "stackaudit_zirkel:vendor.yaml"
    assert (project / "stackaudit_zirkel").is_dir()
    assert run("plugins", "check", "stackaudit-zirkel") == 0
    report = check_target(str(project), as_of=dt.datetime.now(tz=dt.UTC).date(), run=True)
    assert [(i.level, i.check) for i in report.items] == [("warning", "claims")]
    assert "rest on judgement alone" in report.items[0].message
    assert f"{2 + len(parts)} passed" in python("-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=project)


@pytest.mark.parametrize("title", ['He said "no" & <b>', "It's: {a} [b], #c", "Ünïcode Ω", "$name ${x}", "back\\slash"])
def test_any_title_makes_files_that_can_be_read(title: str, tmp_path: Path) -> None:
    files = project_files(Answers("odd", title=title), PARTS, load_catalog(), DAY)
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        if name.endswith(".py"):
            compile(text, name, "exec")
    report = check_target(str(tmp_path), as_of=DAY)
    assert report.passed, report.errors


@pytest.mark.parametrize("name", ["red", "inv", "x", "a-b-c", "two_words"])
def test_a_new_rule_never_takes_a_built_in_id(name: str) -> None:
    files = project_files(Answers(name), ("rules",), load_catalog(), DAY)
    (rule,) = [Path(f).stem for f in files if f.startswith("tests/rules/")]
    assert rule not in load_catalog().rules
    assert f'id="{rule}"' in files[f"stackaudit_{name.replace('-', '_')}/plugin.py"]


@pytest.mark.parametrize(
    "name", ["Acme Corp", "../up", "", "1st", "a" * 80, "acme.yaml", "stack audit", "-x", "stackaudit-acme"]
)
def test_a_name_that_cannot_be_one_is_refused_with_the_nearest(name: str) -> None:
    assert name_problem(name)
    with pytest.raises(UsageError, match="no name for a plugin"):
        run("plugins", "new", "--", name)
    assert "did you mean acme-corp?" in str(name_problem("Acme Corp"))
    assert "did you mean acme?" in str(name_problem("stackaudit-acme"))


def test_nothing_that_exists_is_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("plugins", "new", "acme")
    with pytest.raises(UsageError, match="exists already"):
        run("plugins", "new", "acme")


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--layer", "sales_engagment", "did you mean sales_engagement?"),
        ("--capability", "sequencin", "did you mean sequencing?"),
        ("--website", "example", "no web address"),
        ("--tool", "two\nlines", "one line"),
    ],
)
def test_an_answer_that_cannot_be_used_is_refused_and_nothing_is_written(
    option: str, value: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        run("plugins", "new", "acme", option, value)
    assert words in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_on_a_terminal_it_asks_and_an_empty_answer_takes_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked: list[str] = []

    def answer(text: str, *, default: str, **_: object) -> str:
        asked.append(text)
        return {"Vendor, as people write it": "Acme Limited"}.get(text, default)

    monkeypatch.setattr("stackaudit.cli.plugins.new.sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("stackaudit.cli.plugins.new.is_terminal", lambda: True)
    monkeypatch.setattr("typer.prompt", answer)
    run("plugins", "new", "acme")
    assert len(asked) == 4
    text = (tmp_path / "stackaudit-acme" / "stackaudit_acme" / "vendor.yaml").read_text()
    assert 'name: "Acme Limited"' in text
    assert "layer: sales_engagement" in text


def test_on_a_terminal_an_answer_that_cannot_be_used_is_asked_for_again_with_the_nearest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    answers = iter(["Acme", "Acme Dialer", "acme.example", "https://acme.example", "dialler", "dialer"])
    monkeypatch.setattr("stackaudit.cli.plugins.new.sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("stackaudit.cli.plugins.new.is_terminal", lambda: True)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(answers))
    assert run("plugins", "new", "acme") == 0
    said = capsys.readouterr().err
    assert "'acme.example' is no web address" in said
    assert "did you mean dialer?" in said
    text = (tmp_path / "stackaudit-acme" / "stackaudit_acme" / "vendor.yaml").read_text()
    assert re.search(r"# This layer has: .*dialer", text)
    assert "Until you say so" not in text


def test_in_tree_writes_one_manifest_in_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from stackaudit.formatting import format_manifest

    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="top of a checkout"):
        run("plugins", "new", "zirkel", "--in-tree")
    folder = tmp_path / "plugins" / "stackaudit_vendors"
    folder.mkdir(parents=True)
    run("plugins", "new", "zirkel", "--in-tree", "--tool", "Zirkel One")
    path = folder / "zirkel.yaml"
    assert format_manifest(path.read_bytes(), "zirkel.yaml").encode() == path.read_bytes()
    assert check_target(str(path), as_of=dt.datetime.now(tz=dt.UTC).date()).passed
    assert in_tree_manifest(Answers("zirkel"), load_catalog(), DAY).startswith("vendor:")
    with pytest.raises(UsageError, match="exists already"):
        run("plugins", "new", "zirkel", "--in-tree")
    with pytest.raises(UsageError, match="of their own"):
        run("plugins", "new", "other", "--in-tree", "--with-rules")


def test_pytest_in_a_foreign_project_loads_the_kit_and_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import sys\n\ndef test_it(request):\n"
        "    assert 'stackaudit.testing.plugin' in sys.modules\n"
        "    heavy = {'pydantic', 'networkx', 'yaml', 'jinja2', 'stackaudit.model.result', 'stackaudit.pluginmanager'}\n"
        "    assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "    assert request.getfixturevalue('stackaudit_plugins')().find('Gong')\n"
    )
    assert "1 passed" in python("-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=tmp_path)
