"""``stackaudit report``: render a saved result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stackaudit.cli.look import for_readers
from stackaudit.cli.output import console
from stackaudit.cli.readers import Readers, write_key
from stackaudit.cli.streams import read_stdin
from stackaudit.cli.targets import Target, keep_input, parse_targets, write
from stackaudit.report.look import PLAIN, Look

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult


def report(file: str, outputs: list[str], readers: Readers, look: Look = PLAIN) -> int:
    """Render a result; without ``-o`` an HTML report in the working folder."""
    targets = parse_targets(outputs)
    keep_input(file, targets, readers.key)
    shown = readers.shown(read_result(file))
    result = shown.result
    if not targets:
        stem = "stack" if file == "-" else Path(file).stem
        targets = (Target("html", Path(f"{stem.removesuffix('.report')}.report.html")),)
    for target in targets:
        write(target, result, for_readers(look, shown.result.privacy))
    write_key(readers.key, shown)
    if not any(t.path is None for t in targets):
        from stackaudit.report.terminal import summary

        summary(result, console(err=False), [str(t.path) for t in targets], verbose=False)
    return 0


def read_result(file: str) -> AuditResult:
    """Read a saved result.

    Raises:
        InputError: It is no result, or one of a later version.
    """
    from stackaudit.saved import MAX_BYTES, parse_result
    from stackaudit.yamlio import read_bytes

    name = "<stdin>" if file == "-" else Path(file).name
    data = read_stdin(MAX_BYTES) if file == "-" else read_bytes(Path(file), name, MAX_BYTES)
    return parse_result(data, name)
