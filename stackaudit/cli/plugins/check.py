"""``stackaudit plugins check``: say everything that a plugin must keep to and does not."""

from __future__ import annotations

import json

from stackaudit.cli.inputs import day_of
from stackaudit.cli.output import note, out
from stackaudit.errors import UsageError


def check(target: str, *, run: bool, form: str, as_of: str) -> int:
    """Check a manifest, a folder or a distribution; 0 where nothing but warnings was found, 2 where more was."""
    if form not in {"text", "json"}:
        raise UsageError(f"--format {form!r}: expected text or json")
    from stackaudit.conformance import check_target

    day, _ = day_of(as_of, None)
    report = check_target(target, as_of=day, run=run)
    if form == "json":
        out(json.dumps(report.to_data(), indent=2, ensure_ascii=False))
    else:
        for line in report.lines():
            out(line)
        note(report.summary())
    return 0 if report.passed else 2
