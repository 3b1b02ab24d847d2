"""Where words go: data to standard output, everything else to standard error, nothing that can steer a terminal."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from stackaudit import characters
from stackaudit.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console


def clean(text: str, *, lines: bool = False) -> str:
    """Text from a file without characters that could steer a terminal; line ends only where ``lines`` says so."""
    text = characters.clean(text).replace("\r", characters.REPLACEMENT)  # it would write over its own line
    return text if lines else text.replace("\n", " ")


def out(text: str) -> None:
    """One line of data on standard output, never wrapped."""
    sys.stdout.write(clean(text, lines=True) + "\n")


def note(text: str) -> None:
    """One line for the person, on standard error."""
    sys.stderr.write(clean(text, lines=True) + "\n")


def console(*, err: bool = True) -> Console:
    """A rich console that is plain in a pipe and honours NO_COLOR."""
    from rich.console import Console

    stream = sys.stderr if err else sys.stdout
    width = None if stream.isatty() else 10_000
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False, soft_wrap=not stream.isatty())


def is_terminal(*, err: bool = True) -> bool:
    """Whether a person looks on."""
    return (sys.stderr if err else sys.stdout).isatty()


def real(path: Path) -> Path:
    """Where a path leads; a circle of links leads to itself."""
    return Path(os.path.realpath(path))


def write_atomically(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Write a file whole or not at all; one that was there keeps its permissions.

    Args:
        path: The file.
        content: All of it.
        private: Never let anybody but its owner read it, not even for a moment.

    Raises:
        UsageError: The place cannot be written.
    """
    if path.is_dir():
        raise UsageError(f"{path}: is a folder; name a file")
    if path.exists() and not path.is_file():
        raise UsageError(f"{path}: is no regular file")
    target = real(path) if path.is_symlink() else path
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:50]}.", suffix=".tmp")
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        if not private:
            Path(temporary).chmod(_mode(target))
        Path(temporary).replace(target)
    except BaseException as error:
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink()
        if not isinstance(error, OSError):
            raise
        raise UsageError(f"{path}: cannot be written: {error.strerror or error}") from error


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, or those of a new one."""
    return stat.S_IMODE(target.stat().st_mode) & 0o777 if target.exists() else 0o666 & ~_umask()


def write_folder_atomically(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files of a folder: a new folder appears whole; in an old one all files are ready before one is replaced.

    Raises:
        UsageError: The place cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is no folder")
    staged = ""
    try:
        staged = tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name[:50]}.", suffix=".tmp")
        for name, content in files.items():
            (Path(staged) / name).write_bytes(content.encode("utf-8"))
            (Path(staged) / name).chmod(0o666 & ~_umask())
        Path(staged).chmod(0o777 & ~_umask())
        if folder.exists() or not _appeared(Path(staged), folder):
            for name in files:
                (Path(staged) / name).replace(folder / name)
            Path(staged).rmdir()
    except BaseException as error:
        if staged:
            shutil.rmtree(staged, ignore_errors=True)
        if not isinstance(error, OSError):
            raise
        raise UsageError(f"{folder}: cannot be written: {error.strerror or error}") from error


def _appeared(staged: Path, folder: Path) -> bool:
    """Move a folder to its place; False where another process has put one there meanwhile."""
    try:
        staged.replace(folder)
    except OSError:
        if folder.is_dir():
            return False
        raise
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
