"""``stackaudit audit``: run the audit, say the verdict, write what was asked for."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from stackaudit.cli.inputs import STDIN, PluginChoice, day_of, open_with, refuse
from stackaudit.cli.look import for_readers, themed
from stackaudit.cli.output import console, is_terminal, note
from stackaudit.cli.readers import Readers, write_key
from stackaudit.cli.targets import Target, keep_input, parse_targets, write
from stackaudit.errors import UsageError
from stackaudit.model.vocabulary import Severity
from stackaudit.report.look import PLAIN, Look

if TYPE_CHECKING:
    from collections.abc import Callable

    from stackaudit.model.result import AuditResult

DONE, FOUND, INCOMPLETE = 0, 1, 3
_PATIENCE = 1.0


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
) -> int:
    """Audit a file; returns the exit code of the contract."""
    from stackaudit import audit as engine

    limit = _severity(fail_on)
    if not 0 <= min_coverage <= 1:
        raise UsageError("--min-coverage: expected a share from 0 to 1, such as 0.8")
    targets = parse_targets(outputs)
    keep_input(file, targets, readers.key)
    with ExitStack() as stack:
        say = _progress(stack, quiet=quiet)
        say("reading the stack file")
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
            progress=say,
        )
        if choice.strict:
            refuse(f"{p.source}: {p.stage}: {p.message}" for p in result.problems if p.kind != "input")
        say("writing")
        if not targets:
            targets = (_default_target(file),)
        shown = readers.shown(result)
        for target in targets:
            write(target, shown.result, for_readers(look, shown.result.privacy))
        write_key(readers.key, shown)
    if not quiet:
        _summary(shown.result, targets, verbose=verbose)
    else:
        for problem in shown.result.problems:
            note(f"problem: {problem.source}: {problem.stage}: {problem.message}")
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

    if path.resolve().is_relative_to(data_dir("catalogs").resolve()):
        return True
    return path.stem in example_names() and path.parts[-3:-1] == example_path(path.stem).parts[-3:-1]


def _progress(stack: ExitStack, *, quiet: bool) -> Callable[[str], None]:
    """A word about each stage, on a terminal and only once the audit has taken a second."""
    if quiet or not is_terminal():
        return lambda _: None
    began = time.monotonic()
    status = console().status("")
    shown = False

    def say(text: str) -> None:
        nonlocal shown
        if not shown and time.monotonic() - began > _PATIENCE:
            shown = True
            stack.enter_context(status)
        status.update(f"{text} ...")

    return say


def _summary(result: AuditResult, targets: tuple[Target, ...], *, verbose: bool) -> None:
    from stackaudit.report.terminal import summary

    to_stdout = any(t.path is None for t in targets)
    written = [str(t.path) for t in targets if t.path is not None]
    summary(result, console(err=to_stdout), written, verbose=verbose)
