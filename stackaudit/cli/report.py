"""``stackaudit report``: render a saved result."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from stackaudit.cli.output import console
from stackaudit.cli.targets import Target, parse_targets, write
from stackaudit.errors import InputError, InputProblem
from stackaudit.report.look import PLAIN, Look

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult

MAX_BYTES = 64 * 1024 * 1024


def report(file: str, outputs: list[str], look: Look = PLAIN) -> int:
    """Render a result; without ``-o`` an HTML report in the working folder."""
    result = read_result(file)
    targets = parse_targets(outputs)
    if not targets:
        stem = "stack" if file == "-" else Path(file).stem
        targets = (Target("html", Path(f"{stem.removesuffix('.report')}.report.html")),)
    for target in targets:
        write(target, result, look)
    if not any(t.path is None for t in targets):
        from stackaudit.report.terminal import summary

        summary(result, console(err=False), [str(t.path) for t in targets], verbose=False)
    return 0


def read_result(file: str) -> AuditResult:
    """Read a saved result.

    Raises:
        InputError: It is no result, or one of a later version.
    """
    from pydantic import ValidationError

    from stackaudit.model.result import SCHEMA_VERSION, AuditResult
    from stackaudit.yamlio import read_bytes

    name = "<stdin>" if file == "-" else Path(file).name
    data = sys.stdin.buffer.read(MAX_BYTES + 1) if file == "-" else read_bytes(Path(file), name, MAX_BYTES)

    def fail(what: str, expected: str) -> InputError:
        return InputError([InputProblem(name, 0, 0, what, expected)])

    if len(data) > MAX_BYTES:
        raise fail(f"is larger than {MAX_BYTES:,} bytes", "a smaller file")
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise fail(f"is no JSON: {str(error)[:120]}", "a result that stackaudit wrote") from None
    if not isinstance(content, dict) or "schema_version" not in content:
        raise fail("is no result of an audit", "a file written with -o result.json")
    version = content["schema_version"]
    if version != SCHEMA_VERSION:
        raise fail(
            f"has schema version {str(version)[:20]!r}", f"version {SCHEMA_VERSION}; a later stackaudit may read it"
        )
    try:
        json.dumps(content, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise fail("holds broken characters", "a result as it was written") from None
    try:
        return AuditResult.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise fail(f"is damaged at {where}: {first['msg']}", "a result as it was written") from None
