"""Running the real program within bounds of time and memory, as somebody who may not read everything."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support import CASES

SECONDS = 60
"""After which a program hangs; nothing here takes longer than a few."""
DATA = 512 * 1024 * 1024
"""Memory that a process may ask for, bytes: its own 256 MB, and room for what threads and libraries only reserve."""
_DROP = 24  # PR_CAPBSET_DROP
_OVERRIDES = (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


@dataclass(frozen=True, slots=True)
class Ended:
    """What a program left: its exit code and its words; output is bytes, as it may be no text."""

    code: int
    out: bytes
    err: bytes

    @property
    def said(self) -> str:
        """Everything it said."""
        return (self.out + self.err).decode("utf-8", "replace")


def environment(**more: str) -> dict[str, str]:
    """This process's, with the project to be found from any folder."""
    return {**os.environ, "PYTHONPATH": str(CASES.parents[1]), **more}


def run(
    *arguments: str | bytes,
    cwd: Path,
    stdin: bytes | Path | None = None,
    seconds: float = SECONDS,
    mortal: bool = False,
    file_size: int | None = None,
    memory: int = DATA,
    **variables: str,
) -> Ended:
    """Run ``stackaudit``.

    Args:
        arguments: The command line.
        cwd: The working folder.
        stdin: Bytes, or a file that is standard input; nothing where None.
        seconds: Guard against a hang.
        mortal: Without the right to read and write what permissions forbid, which the superuser has.
        file_size: Bytes after which writing a file fails, as on a full disk.
        memory: Bytes of data that it may hold.
        variables: More of the environment.
    """

    def bound() -> None:
        if mortal:
            for right in _OVERRIDES:
                libc.prctl(_DROP, right, 0, 0, 0)
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        if file_size is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))

    libc = ctypes.CDLL(None)
    stream = stdin.open("rb") if isinstance(stdin, Path) else None
    try:
        done = subprocess.run(
            [sys.executable, "-m", "stackaudit", *arguments],
            cwd=cwd,
            stdin=stream if stream else None if isinstance(stdin, bytes) else subprocess.DEVNULL,
            input=stdin if isinstance(stdin, bytes) else None,
            capture_output=True,
            timeout=seconds,
            check=False,
            preexec_fn=bound,
            env=environment(**variables),
        )
    finally:
        if stream:
            stream.close()
    return Ended(done.returncode, done.stdout, done.stderr)


def contents(folder: Path) -> dict[str, bytes]:
    """Every regular file below a folder, hidden ones too, with what it holds; links as where they lead."""
    return {
        str(p.relative_to(folder)): os.fsencode(p.readlink()) if p.is_symlink() else p.read_bytes()
        for p in folder.rglob("*")
        if p.is_symlink() or p.is_file()
    }
