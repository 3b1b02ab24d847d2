"""What a person who edits a stack file is given: commands that run again on save, and a schema to complete from."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from stackaudit.cli import watch as room
from stackaudit.editor import inventory_schema
from stackaudit.errors import UsageError
from tests.test_cli import run


def test_a_save_runs_the_command_again_and_a_broken_file_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("1")
    saves = iter([None, "22", None, "", "333"])

    def sleep(_: float) -> None:
        text = next(saves)
        if text == "":
            path.unlink()
        elif text is not None:
            path.write_text(text)

    monkeypatch.setattr(time, "sleep", sleep)
    seen: list[str] = []

    def action() -> int:
        seen.append(path.read_text())
        if seen[-1] == "22":
            raise UsageError("broken for now")
        return 0

    assert room.watch(str(path), action, looks=5) == 0
    assert seen == ["1", "22", "333"]


def test_standard_input_cannot_be_watched(tmp_path: Path) -> None:
    done = run("check", "-", "--watch", cwd=tmp_path, stdin="- Gong\n")
    assert done.returncode == 2
    assert "cannot be watched" in done.stderr


def test_an_audit_that_watches_renders_again_on_save(tmp_path: Path) -> None:
    stack, report = tmp_path / "a.yaml", tmp_path / "a.report.html"
    stack.write_text("- Gong\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "stackaudit", "audit", "a.yaml", "-q", "--watch"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )

    def wait_for(word: str) -> bool:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if report.exists() and word in report.read_text(encoding="utf-8"):
                return True
            time.sleep(0.1)
        return False

    with process:
        try:
            assert wait_for("Gong")
            assert process.stderr is not None
            reader = threading.Thread(target=process.stderr.readline)
            reader.start()
            reader.join(60)
            stack.write_text("- Gong\n- Frobnicator\n")
            assert wait_for("Frobnicator")
        finally:
            process.send_signal(signal.SIGINT)
    assert process.returncode == 130


def test_the_schema_offers_tools_and_requires_ids_of_the_catalogue() -> None:
    schema = inventory_schema()
    definitions = schema["$defs"]
    assert "SFDC" in definitions["ToolName"]["anyOf"][0]["enum"]
    assert {"type": "string", "minLength": 1, "maxLength": 200} in definitions["ToolName"]["anyOf"]
    assert "call_recording" in definitions["Capability"]["enum"]
    assert {"opportunity", "deal"} <= set(definitions["Object"]["enum"])
    assert "RED-001" in definitions["Rule"]["enum"]
    for name in ("Capability", "Layer", "Rule"):
        assert len(definitions[name]["markdownEnumDescriptions"]) == len(definitions[name]["enum"])
    text = json.dumps(schema)
    for name in ("ToolName", "Capability", "Layer", "Object", "Rule"):
        assert f"#/$defs/{name}" in text


def test_the_printed_schema_is_the_editors_one(tmp_path: Path) -> None:
    assert json.loads(run("schema", "inventory", cwd=tmp_path).stdout) == json.loads(json.dumps(inventory_schema()))


def test_an_editor_takes_yes_and_no_wherever_an_answer_stands() -> None:
    found = []

    def look(part: object) -> None:
        if isinstance(part, list):
            for inner in part:
                look(inner)
        elif isinstance(part, dict):
            kinds = [p.get("type") for p in part.get("anyOf", ()) if isinstance(p, dict)]
            if "boolean" in kinds:
                found.append({"enum": ["yes", "no"]} in part["anyOf"])
            for name, inner in part.items():
                if name == "anyOf":
                    look([p for p in inner if p.get("type") != "boolean"])
                else:
                    assert not (name == "type" and inner == "boolean"), part
                    look(inner)

    look(inventory_schema())
    assert len(found) > 5
    assert all(found)
