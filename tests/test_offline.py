"""No command opens a socket, ever."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import CASES

GUARD = (
    "import sys\n"
    "def guard(event, args):\n"
    "    if event.startswith('socket.') and event not in ('socket.__new__',):\n"
    "        raise SystemExit('NETWORK ' + event)\n"
    "    if event == 'socket.__new__' and args[1] != 1:\n"
    "        raise SystemExit('NETWORK socket')\n"
    "sys.addaudithook(guard)\n"
    "sys.argv = ['stackaudit', *{arguments!r}]\n"
    "from stackaudit.cli import main\n"
    "main()\n"
)
STACK = str(CASES / "quillstone.yaml")
COMMANDS = [
    ["audit", STACK, "-o", "a.html", "-o", "a.json"],
    ["check", STACK],
    ["rules"],
    ["plugins"],
    ["plugins", "check", str(CASES.parent / "plugins" / "stackaudit-example"), "--import"],
    ["plugins", "new", "acme", "--with-rules"],
    ["plugins", "lock"],
    ["catalog", "search", "gong"],
    ["catalog", "show", "gong"],
    ["schema", "vendor"],
    ["--help"],
]


@pytest.mark.parametrize(
    "arguments", COMMANDS, ids=lambda c: " ".join(c[:2]) if c[0] in {"catalog", "plugins"} else c[0]
)
def test_a_command_opens_no_socket(arguments: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", GUARD.format(arguments=arguments)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "NETWORK" not in done.stderr


def test_the_guard_would_notice() -> None:
    code = GUARD.split("sys.argv")[0] + "import socket; socket.create_connection(('127.0.0.1', 9))\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "NETWORK" in done.stderr
