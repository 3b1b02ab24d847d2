"""Where in the stack file a finding stands, for formats that point into files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult, Finding


class Place(Struct, frozen=True):
    """A line of a file, with the evidence that stands there."""

    file: str
    line: int
    text: str = ""


def places(result: AuditResult, finding: Finding) -> tuple[Place, ...]:
    """The lines that a finding rests on, each once; else where its tools are declared, else the file's first line.

    A stack file that was read from standard input is no file, so nothing points into it.
    """
    found = [Place(e.file, e.line or 1, e.text) for e in finding.evidence if e.file and is_file(e.file)]
    file = result.input
    if not found and file and is_file(file):
        lines = {t.id: t.line for t in result.tools}
        found = [Place(file, at) for s in finding.subjects if (at := lines.get(s))] or [Place(file, 1)]
    return tuple({(p.file, p.line): p for p in reversed(found)}.values())[::-1]


def place(result: AuditResult, finding: Finding) -> Place | None:
    """The first of a finding's places."""
    return next(iter(places(result, finding)), None)


def is_file(name: str) -> bool:
    """Whether a name is one of a file, and not of standard input."""
    return not name.startswith("<")
