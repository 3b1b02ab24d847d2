"""``stackaudit check``: every problem of a stack file at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from stackaudit.cli.inputs import PluginChoice, open_stack
from stackaudit.cli.output import note, out
from stackaudit.errors import InputError, InputProblem, UsageError
from stackaudit.wording import plural


def check(file: str, *, form: str, choice: PluginChoice, root: Path | None) -> int:
    """Print the problems; 0 where the file is valid, warnings included, 2 where it is not."""
    from stackaudit import audit as engine

    show = _FORMS.get(form)
    if show is None:
        raise UsageError(f"--format {form!r}: expected one of {', '.join(_FORMS)}")
    try:
        loaded, plugins, catalog = open_stack(file, choice, root=root)
    except InputError as error:
        show(error.problems)
        bad = sum(not p.warning for p in error.problems)
        note(plural(bad, "problem"))
        return 2
    warnings = sorted({*loaded.problems, *engine.check(loaded, plugins, catalog)})
    show(warnings)
    for broken in plugins.problems:
        note(f"plugin {broken.plugin}: {broken.stage}: {broken.message}")
    tools = plural(len(loaded.inventory.tools), "tool")
    note(f"{loaded.file} is valid: {tools}, {plural(len(warnings), 'warning')}")
    return 0


def _text(problems: Sequence[InputProblem]) -> None:
    for problem in problems:
        out(str(problem))


def _json(problems: Sequence[InputProblem]) -> None:
    out(json.dumps([p._asdict() for p in problems], indent=2, ensure_ascii=False))


def _github(problems: Sequence[InputProblem]) -> None:
    """Workflow commands, which the platform shows beside the lines of a change."""
    from stackaudit.report.escape import command_data, command_property

    for problem in problems:
        place = f"file={command_property(problem.file)}"
        if problem.line:
            place += f",line={problem.line},col={problem.column}"
        message = str(problem).removeprefix(f"{problem.file}:{problem.line}:{problem.column}: ")
        kind = "warning" if problem.warning else "error"
        out(f"::{kind} {place}::{command_data(message.removeprefix('warning: '))}")


_FORMS: dict[str, Callable[[Sequence[InputProblem]], None]] = {"text": _text, "json": _json, "github": _github}
