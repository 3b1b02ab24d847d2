"""Outputs by file ending, and how each is written from the one result."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stackaudit.cli.output import write_atomically
from stackaudit.errors import UsageError
from stackaudit.report.look import PLAIN, Look

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult

FORMATS = {".html": "html", ".json": "json"}


@dataclass(frozen=True, slots=True)
class Target:
    """One output: its format and its file; None is standard output."""

    format: str
    path: Path | None


def parse_targets(outputs: list[str]) -> tuple[Target, ...]:
    """The outputs that ``-o`` names, each once.

    Raises:
        UsageError: An ending is not known.
    """
    targets: dict[str, Target] = {}
    for output in outputs:
        if output == "-":
            targets[output] = Target("json", None)
            continue
        path = Path(output)
        found = FORMATS.get(path.suffix.casefold())
        if found is None:
            known = ", ".join(FORMATS)
            raise UsageError(f"-o {output}: unknown ending; expected {known}, or - for JSON on standard output")
        if not path.parent.is_dir():
            raise UsageError(f"-o {output}: the folder {path.parent} does not exist")
        targets[str(path)] = Target(found, path)
    return tuple(targets.values())


def write(target: Target, result: AuditResult, look: Look = PLAIN) -> None:
    """Render a result in the target's format and write it."""
    if target.format == "html":
        from stackaudit.report.html import render

        content = render(result, look)
    else:
        content = result.to_json()
    if target.path is None:
        sys.stdout.write(content)
    else:
        write_atomically(target.path, content)
