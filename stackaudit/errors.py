"""The error tree: everything the program raises on purpose, and problems that are values, not exceptions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class InputProblem(NamedTuple):
    """One thing wrong with a file. Lines and columns count from 1; 0 means the file as a whole.

    ``warning`` marks what is worth saying and changes no exit code.
    """

    file: str
    line: int
    column: int
    what: str
    expected: str = ""
    suggestion: str = ""
    warning: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        text = f"{place}: {'warning: ' if self.warning else ''}{self.what}"
        if self.expected:
            text += f"; expected {self.expected}"
        if self.suggestion:
            text += f"; did you mean {self.suggestion}?"
        return text


class StackauditError(Exception):
    """Base of all errors that end a command with exit code 2 and a message instead of a traceback."""


class UsageError(StackauditError):
    """The command line asks for something that cannot be done."""


class InputError(StackauditError):
    """A file cannot be used; carries every problem found in it."""

    def __init__(self, problems: Iterable[InputProblem]) -> None:
        self.problems: tuple[InputProblem, ...] = tuple(sorted(problems))
        super().__init__("\n".join(str(p) for p in self.problems))


class CatalogError(StackauditError):
    """The shipped data is damaged or contradicts itself."""
