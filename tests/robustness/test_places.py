"""Whatever a file is, and wherever words go: devices, pipes, links, folders, streams that are closed, odd names."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.robustness.support import contents, environment, run

pytestmark = pytest.mark.slow
STACK = "as_of: 2026-09-01\ncompany: {name: Müller → 株式会社}\ntools: [Salesforce, {tool: Gong, owner: Zoë}]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    (made / "stack.yaml").write_text(STACK, encoding="utf-8")
    return made


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


THINGS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a folder": (Path.mkdir, "is a folder"),
    "a pipe": (os.mkfifo, "no regular file"),
    "a socket": (_socket, "no regular file"),
    "an endless device": (lambda p: p.symlink_to("/dev/zero"), "no regular file"),
    "an empty device": (lambda p: p.symlink_to("/dev/null"), "no regular file"),
    "a link in a circle": (_loop, "cannot be read"),
    "a link to nothing": (lambda p: p.symlink_to("nothing"), "does not exist"),
    "an empty file": (Path.touch, "empty"),
}
WORST = ("a folder", "an endless device", "a link in a circle")
COMMANDS = {
    "audit": (["audit", "{}.yaml"], ".yaml"),
    "report": (["report", "{}.json"], ".json"),
    "import": (["import", "{}.csv"], ".csv"),
    "brand": (["audit", "stack.yaml", "--brand", "{}.yaml"], ".yaml"),
}


@pytest.mark.parametrize(
    ("command", "thing"),
    [*(("audit", thing) for thing in THINGS), *((c, t) for c in COMMANDS if c != "audit" for t in WORST)],
)
def test_what_is_no_file_is_refused_in_words_by_every_command(command: str, thing: str, folder: Path) -> None:
    make, words = THINGS[thing]
    arguments, ending = COMMANDS[command]
    make(folder / f"thing{ending}")
    done = run(*(a.format("thing") for a in arguments), cwd=folder)
    assert done.code == 2, done.said
    assert words in done.said or (thing == "an empty file" and "is no JSON" in done.said)
    assert "Traceback" not in done.said
    assert "should not" not in done.said
    assert not list(folder.glob("*.html"))


def test_a_link_to_a_stack_file_is_as_good_as_the_file(folder: Path) -> None:
    (folder / "link.yaml").symlink_to("stack.yaml")
    assert run("audit", "link.yaml", "-q", "-o", "a.json", cwd=folder).code == 0


def test_what_somebody_may_not_read_or_enter_is_said(folder: Path) -> None:
    (folder / "stack.yaml").chmod(0)
    secret = folder / "secret"
    secret.mkdir(mode=0)
    for name, words in (("stack.yaml", "Permission denied"), ("secret/stack.yaml", "Permission denied")):
        done = run("check", name, cwd=folder, mortal=True)
        assert done.code == 2, done.said
        assert words in done.said
        assert "should not" not in done.said


@pytest.mark.parametrize(
    ("stdin", "words"),
    [
        (b"", "is empty"),
        (b"\xff\xfe\x00", "UTF-16"),
        (b"tools: [", "no valid YAML"),
        (Path("/dev/zero"), "is larger than"),
    ],
    ids=["nothing", "binary", "half a file", "without end"],
)
def test_standard_input_is_held_to_the_same_bounds(stdin: bytes | Path, words: str, folder: Path) -> None:
    for command in (["audit", "-"], ["check", "-"]):
        done = run(*command, cwd=folder, stdin=stdin)
        assert done.code == 2
        assert words in done.said
    done = run("report", "-", cwd=folder, stdin=stdin)
    assert done.code == 2
    assert "<stdin>" in done.said


@pytest.mark.parametrize(
    ("command", "closed", "code"),
    [
        (["audit", "-"], "<&-", 2),
        (["report", "-"], "<&-", 2),
        (["audit", "stack.yaml", "-o", "a.json"], ">&-", 0),
        (["check", "stack.yaml"], ">&- 2>&-", 0),
        (["check", "none.yaml"], "2>&-", 2),
        (["audit", "stack.yaml", "-o", "-"], "> /dev/full", 2),
        (["catalog", "stats"], "> /dev/full", 2),
        (["check", "none.yaml"], "> /dev/full", 2),
    ],
    ids=str,
)
def test_a_stream_that_is_closed_or_full_ends_in_the_promised_exit_code(
    command: list[str], closed: str, code: int, folder: Path
) -> None:
    line = f'exec "$@" {closed}'
    done = subprocess.run(
        ["/bin/sh", "-c", line, "sh", sys.executable, "-m", "stackaudit", *command],
        cwd=folder, capture_output=True, timeout=60, check=False, env=environment(),
    )  # fmt: skip
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == code, said
    assert "Traceback" not in said
    assert "should not" not in said


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_words_that_a_terminal_cannot_show_stop_nothing(encoding: str, folder: Path) -> None:
    done = run("audit", "stack.yaml", "-v", "-o", "a.json", cwd=folder, PYTHONIOENCODING=encoding)
    assert done.code == 0, done.said
    assert "株式会社" in (folder / "a.json").read_text(encoding="utf-8")


NAMES: dict[str, str | bytes] = {
    "longer than systems allow": "x" * 5000 + ".yaml",
    "a part longer than systems allow": "x" * 300 + ".yaml",
    "a line end": "a\nb.yaml",
    "an escape": "a\x1b[31m.yaml",
    "markup": "<b>&'\".yaml",
    "a dash": "./-o.yaml",
    "bytes that are no text": b"\xff\xfe.yaml",
    "text that runs backwards": "a\u202eb.yaml",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_may_be_called_anything(name: str, folder: Path) -> None:
    called = os.fsencode(NAMES[name])
    if len(called) < 255:
        (folder / os.fsdecode(called)).write_text(STACK, encoding="utf-8")
    commands: list[list[str | bytes]] = [["check", called], ["audit", called, "-q", "-o", "r.json"]]
    for command in commands:
        done = run(*command, cwd=folder)
        assert done.code == (0 if len(called) < 255 else 2), done.said
        assert "should not" not in done.said
        assert b"\x1b" not in done.out + done.err
    if len(called) < 255:
        (folder / "r.json").read_text(encoding="utf-8")
        assert run("report", "r.json", "-o", "r.html", cwd=folder).code == 0


@pytest.mark.parametrize("output", ["x" * 300 + ".html", "x" * 5000 + ".html", "csv=" + "x" * 300, b"\xff.html"])
def test_an_output_may_be_called_anything_that_the_system_takes(output: str | bytes, folder: Path) -> None:
    before = contents(folder)
    done = run("audit", "stack.yaml", "-q", "-o", output, cwd=folder)
    assert done.code == (0 if isinstance(output, bytes) else 2), done.said
    assert "should not" not in done.said
    if done.code:
        assert contents(folder) == before
        assert [p.name for p in folder.iterdir()] == ["stack.yaml"]
