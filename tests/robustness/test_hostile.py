"""Whatever a file holds, the program answers in words or audits it: never a traceback, a hang, or a file out of place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.robustness.hostile import BAD, OTHERS, STACKS, Case
from tests.robustness.support import contents, run

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.slow
@pytest.mark.parametrize("case", [*STACKS, *OTHERS], ids=lambda c: c.name)
def test_a_hostile_file_gets_a_clear_answer(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "t.csv").write_text("Tool\nGong\n")
    (folder / case.file).write_bytes(case.make())
    before = contents(tmp_path)
    done = run(*(word.format(case.file) if word == "{}" else word for word in case.command), cwd=folder)
    assert done.code == case.code, done.said[-2000:]
    assert case.words in done.said
    assert "Traceback" not in done.said
    assert "should not" not in done.said
    assert not STEERING.search(done.said.replace("\r\n", "\n"))
    assert max(map(len, done.said.splitlines()), default=0) < 5000
    made = contents(tmp_path).keys() - before.keys()
    named = {f"in/{word}" for word in case.command if word.startswith("out.")}
    assert made == (set() if case.code == BAD else named)
    assert {name: data for name, data in contents(tmp_path).items() if name in before} == before
