"""A first inventory: from names, from an example, from a conversation; never over another, never without a word."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackaudit.cli.init import converse
from stackaudit.inventory_writer import first_text
from tests.support import load_text, plugins
from tests.test_cli import run


def test_names_make_a_valid_inventory_with_a_line_for_editors(tmp_path: Path) -> None:
    done = run("init", "--tools", "Salesforce, Gong, Salesforce,", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "stack.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=inventory.schema.json\n")
    assert [t.tool for t in load_text(text).inventory.tools] == ["Salesforce", "Gong"]
    assert "next: stackaudit check stack.yaml" in done.stderr


def test_the_schema_that_the_first_line_names_is_written_on_request(tmp_path: Path) -> None:
    done = run("init", "--tools", "Gong", "--schema", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    named = (tmp_path / "stack.yaml").read_text().splitlines()[0].rpartition("=")[2]
    assert json.loads((tmp_path / named).read_text(encoding="utf-8"))["$defs"]["ToolEntry"]


def test_an_example_is_copied_as_it_is(tmp_path: Path) -> None:
    assert run("init", "mine.yaml", "--example", "starter", cwd=tmp_path).returncode == 0
    assert run("check", "mine.yaml", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "there is no terminal to ask on; pass --tools"),
        (["--tools", ","], "expected names"),
        (["--tools", "Gong", "--example", "starter"], "one of the two"),
        (["--example", "nope"], "northfield, starter"),
        (["stack.txt", "--tools", "Gong"], "ends in .yaml"),
        (["none/stack.yaml", "--tools", "Gong"], "does not exist"),
        (["old.yaml", "--tools", "Gong"], "--force overwrites"),
    ],
)
def test_what_cannot_be_done_ends_with_two_and_says_what_to_pass(
    tmp_path: Path, arguments: list[str], says: str
) -> None:
    (tmp_path / "old.yaml").write_text("- Gong\n")
    done = run("init", *arguments, cwd=tmp_path, stdin="")
    assert done.returncode == 2
    assert says in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["old.yaml"]


def test_the_conversation_asks_again_where_an_answer_makes_no_sense() -> None:
    answers: Iterator[str] = iter(
        ["Acme", "many", "140", "Series B", "outbound", "", "Salesforce", "Outreech", "y", "Homegrown", "", "2 1", "9 9", "x", "2 1", ""]
    )  # fmt: skip
    first = converse(lambda _: next(answers), plugins())
    assert first.company == {"name": "Acme", "employees": 140, "funding_stage": "series_b", "motions": "outbound"}
    assert first.tools == ["Salesforce", "Outreach", "Homegrown"]
    assert first.wires == [("Outreach", "Salesforce")]
    stack = load_text(first_text(first.company, first.tools, first.wires)).inventory
    assert stack.company.motions == ("outbound",)
    assert stack.integrations is not None
    assert [(w.source, w.target) for w in stack.integrations] == [("outreach", "salesforce")]
    assert next(answers, None) is None


def test_names_that_make_one_id_get_two() -> None:
    stack = load_text(first_text({}, ["A b", "a-b"], [])).inventory
    assert [t.id for t in stack.tools] == ["a_b", "a_b_2"]


def test_on_a_terminal_it_asks_its_way_to_a_file(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "stackaudit", "init"],
        cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE,
        env={**os.environ, "TERM": "dumb"},
    )  # fmt: skip
    os.write(ours, b"\n\n\n\nSalesforce\nGong\n\n\n")
    _, err = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 0, err
    assert [t.tool for t in load_text((tmp_path / "stack.yaml").read_text()).inventory.tools] == ["Salesforce", "Gong"]
