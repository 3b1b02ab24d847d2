"""``stackaudit graph``: the stack's graph for Graphviz, Markdown and graph tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stackaudit.cli.inputs import PluginChoice, day_of, open_with, path_of, refuse_broken, tell
from stackaudit.cli.output import write_atomically
from stackaudit.cli.streams import write_data
from stackaudit.cli.targets import keep_inputs
from stackaudit.errors import UsageError

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult


def graph(file: str, outputs: list[str], *, form: str, missing: bool, choice: PluginChoice) -> int:
    """Write the graph of a stack file or a saved result: to standard output, or to what ``-o`` names by its ending."""
    from stackaudit.graph_export import WRITERS, build

    if form not in WRITERS:
        raise UsageError(f"--format {form!r}: expected one of {', '.join(WRITERS)}")
    targets = [_target(output, file, form) for output in outputs] or [(None, form)]
    made = build(_result(file, choice), missing=missing)
    for path, name in targets:
        text = WRITERS[name](made)
        if path is None:
            write_data(text)
        else:
            write_atomically(path, text)
    return 0


def _target(output: str, file: str, form: str) -> tuple[Path | None, str]:
    from stackaudit.graph_export import ENDINGS

    if output == "-":
        return None, form
    path = Path(output)
    name = ENDINGS.get(path.suffix.casefold())
    if name is None:
        raise UsageError(f"-o {output}: unknown ending; expected {', '.join(ENDINGS)}, or - for standard output")
    if not path.parent.is_dir():
        raise UsageError(f"-o {output}: the folder {path.parent} does not exist")
    keep_inputs([path_of(file)], [path])
    return path, name


def _result(file: str, choice: PluginChoice) -> AuditResult:
    if Path(file).suffix.casefold() == ".json":
        from stackaudit.cli.report import read_result

        return read_result(file)
    from stackaudit import audit as engine

    opened = open_with(file, choice)
    day, source = day_of("", opened.loaded.inventory.as_of)
    result = engine.run(
        opened.loaded, opened.plugins, opened.catalog, as_of=day, as_of_source=source, changes=opened.changes
    )
    if choice.strict:
        refuse_broken(result.problems)
    tell(result.problems)
    return result
