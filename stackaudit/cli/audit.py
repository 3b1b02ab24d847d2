"""``stackaudit audit``: run the audit, say the verdict, write what was asked for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from stackaudit.cli.inputs import STDIN, PluginChoice, day_of, open_with, refuse_broken, tell
from stackaudit.cli.look import for_readers, themed
from stackaudit.cli.output import console, real
from stackaudit.cli.progress import stages
from stackaudit.cli.readers import Readers, write_key
from stackaudit.cli.targets import Target, keep_input, parse_targets, write
from stackaudit.errors import UsageError
from stackaudit.model.vocabulary import Severity
from stackaudit.report.look import PLAIN, Look

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult

DONE, FOUND, INCOMPLETE = 0, 1, 3
STAGES = 6
"""Stages of an audit before its outputs are written, as the bar counts them."""


def audit(
    file: str,
    outputs: list[str],
    *,
    as_of: str,
    fail_on: str,
    min_coverage: float,
    choice: PluginChoice,
    root: Path | None,
    readers: Readers,
    quiet: bool,
    verbose: bool,
    look: Look = PLAIN,
    theme: str = "",
    timings: bool = False,
) -> int:
    """Audit a file; returns the exit code of the contract."""
    from stackaudit import audit as engine

    limit = _severity(fail_on)
    if not 0 <= min_coverage <= 1:
        raise UsageError("--min-coverage: expected a share from 0 to 1, such as 0.8")
    targets = parse_targets(outputs) or (_default_target(file),)
    keep_input(file, targets, readers.key, also=look.files)
    with stages(STAGES + len(targets), quiet=quiet, timed=timings) as run:
        with run.stage("load", "reading the stack file"):
            opened = open_with(file, choice, root=root)
        loaded = opened.loaded
        look = themed(look, opened.plugins, theme)
        day, source = day_of(as_of, loaded.inventory.as_of)
        result = engine.run(
            loaded,
            opened.plugins,
            opened.catalog,
            as_of=day,
            as_of_source=source,
            changes=opened.changes,
            stages=run,
        )
        if choice.strict:
            refuse_broken(result.problems)
        shown = readers.shown(result)
        for target in targets:
            with run.stage(f"write {target.format}", f"writing {target.format.upper()}"):
                write(target, shown.result, for_readers(look, shown.result.privacy))
        write_key(readers.key, shown)
    if not quiet:
        _summary(shown.result, targets, verbose=verbose)
    else:
        tell(shown.result.problems)
    return exit_code(result, limit or loaded.inventory.settings.fail_on, min_coverage)


def exit_code(result: AuditResult, fail_on: Severity | None, min_coverage: float) -> int:
    """0 done, 1 findings at or above a severity, 3 incomplete; 3 wins over 1."""
    broken = any(p.kind != "input" for p in result.problems) or any(f.outcome == "error" for f in result.findings)
    if broken or result.coverage.share < min_coverage:
        return INCOMPLETE
    if fail_on is not None and any(f.stands and f.severity.rank <= fail_on.rank for f in result.findings):
        return FOUND
    return DONE


def _severity(text: str) -> Severity | None:
    if not text:
        return None
    try:
        return Severity(text.casefold())
    except ValueError:
        raise UsageError(f"--fail-on: {text!r}; expected one of {', '.join(Severity)}") from None


def _default_target(file: str) -> Target:
    """Beside the file, or in the working folder where that is no place to write."""
    if file == STDIN:
        return Target("html", Path("stack.report.html"))
    path = Path(file)
    folder = path.parent if not _is_shipped(path) and os.access(path.parent, os.W_OK) else Path()
    return Target("html", folder / f"{path.stem}.report.html")


def _is_shipped(path: Path) -> bool:
    """Whether a file is shipped data, or a checkout's copy of it: no place for somebody's reports."""
    from stackaudit.catalog import example_names, example_path
    from stackaudit.resources import data_dir

    if real(path).is_relative_to(real(data_dir("catalogs"))):
        return True
    return path.stem in example_names() and path.parts[-3:-1] == example_path(path.stem).parts[-3:-1]


def _summary(result: AuditResult, targets: tuple[Target, ...], *, verbose: bool) -> None:
    from stackaudit.report.terminal import summary

    to_stdout = any(t.path is None for t in targets)
    written = [str(t.path) for t in targets if t.path is not None]
    summary(result, console(err=to_stdout), written, verbose=verbose)
