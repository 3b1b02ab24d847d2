"""Where the time of an audit goes, and what a person sees meanwhile."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stackaudit.cli import progress
from stackaudit.cli.app import app
from stackaudit.stages import Stages

STACK = "- Salesforce\n- HubSpot Marketing Hub\n- Outreach\n"
LINE = re.compile(r"^ *(\d+\.\d{3})  +(\d+\.\d%)  (.+)$")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "stack.yaml"
    path.write_text(STACK)
    return path


def timed(file: Path, *more: str) -> dict[str, float]:
    done = CliRunner().invoke(app, ["audit", str(file), "--timings", "-o", str(file.with_suffix(".json")), *more])
    assert done.exit_code == 0, done.output
    lines = [m for line in done.stderr.splitlines() if (m := LINE.match(line))]
    return {m[3]: float(m[1]) for m in lines}


def test_timings_name_every_stage_each_rule_and_each_analysis(file: Path) -> None:
    parts = timed(file, "-q")
    assert {"load", "resolve", "shape", "findings", "counterfactual", "roadmap", "result", "write json"} <= set(parts)
    assert {"analysis graph", "analysis overlaps", "analysis signals", "rule RED-001", "rule INT-004"} <= set(parts)


def test_timings_add_up_to_the_whole_because_a_part_inside_another_counts_once(file: Path) -> None:
    parts = timed(file)
    whole = parts.pop("in all")
    assert sum(parts.values()) == pytest.approx(whole, abs=0.001 * len(parts))


def test_timings_leave_the_result_and_standard_output_alone(file: Path) -> None:
    runner = CliRunner()
    plain = runner.invoke(app, ["audit", str(file), "-o", "-", "--as-of", "2026-09-01"])
    timed_ = runner.invoke(app, ["audit", str(file), "-o", "-", "--as-of", "2026-09-01", "--timings"])
    assert timed_.stdout == plain.stdout
    assert "in all" not in plain.stderr


def test_nobody_is_timed_who_did_not_ask() -> None:
    stages = Stages()
    with stages.stage("a", "doing a"), stages.part("b"):
        pass
    assert stages.seconds == {}


def test_a_part_that_breaks_off_is_timed_up_to_there() -> None:
    stages = Stages(timed=True)
    with pytest.raises(ValueError, match="no"), stages.part("outer"), stages.part("inner"):
        raise ValueError("no")
    assert list(stages.seconds) == ["outer", "inner"]


def on_a_terminal(code: str) -> str:
    """What a program writes to a terminal."""
    leader, follower = pty.openpty()
    process = subprocess.Popen([sys.executable, "-c", code], stdout=follower, stderr=follower, stdin=follower)
    os.close(follower)
    shown = b""
    try:
        while chunk := os.read(leader, 65536):
            shown += chunk
    except OSError:
        pass  # the other end is closed
    finally:
        os.close(leader)
        assert process.wait() == 0
    return shown.decode()


SLOW = """
import time
from stackaudit.cli import progress
progress.PATIENCE = {patience}
with progress.stages(2, quiet={quiet}) as run:
    with run.stage("one", "counting sheep"):
        time.sleep(0.6)
"""


def test_a_bar_shows_on_a_terminal_once_a_run_takes_its_time() -> None:
    shown = on_a_terminal(SLOW.format(patience=0.1, quiet=False))
    assert "counting sheep ..." in shown


def test_a_short_run_and_a_quiet_one_show_no_bar() -> None:
    assert "sheep" not in on_a_terminal(SLOW.format(patience=30, quiet=False))
    assert "sheep" not in on_a_terminal(SLOW.format(patience=0.1, quiet=True))


def test_no_bar_goes_into_a_pipe(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    with progress.stages(1, quiet=False) as run, run.stage("one", "counting sheep"):
        time.sleep(0.05)
    assert capsys.readouterr() == ("", "")
