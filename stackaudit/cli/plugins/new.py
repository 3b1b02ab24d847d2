"""``stackaudit plugins new``: ask on a terminal, and write a plugin that can be installed."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from stackaudit.cli.inputs import day_of
from stackaudit.cli.output import is_terminal, note, out, write_atomically
from stackaudit.errors import UsageError
from stackaudit.scaffold import (
    DEFAULT_LAYER,
    Answers,
    in_tree_manifest,
    name_problem,
    project_files,
    unknown,
    website_problem,
)

__all__ = ["Answers", "new"]

_IN_TREE = Path("plugins/stackaudit_vendors")


def new(answers: Answers, *, parts: tuple[str, ...], in_tree: bool) -> int:
    """Write the plugin; nothing that exists is overwritten."""
    from stackaudit.catalog import load_catalog

    problem = name_problem(answers.name)
    if problem:
        raise UsageError(problem)
    if in_tree and parts:
        raise UsageError("--in-tree writes a manifest; rules, importers and themes need a distribution of their own")
    catalog = load_catalog()
    today, _ = day_of("", None)
    answers = _ask(answers, tuple(catalog.layers))
    return _in_tree(answers, today) if in_tree else _project(answers, parts, today)


def _project(answers: Answers, parts: tuple[str, ...], today: dt.date) -> int:
    from stackaudit.catalog import load_catalog

    folder = Path(f"stackaudit-{answers.name}")
    if folder.exists():
        raise UsageError(f"{folder}: exists already; nothing was written")
    files = project_files(answers, parts, load_catalog(), today)
    for name, text in files.items():
        path = folder / name
        _make(path.parent)
        write_atomically(path, text)
        out(str(path))
    _next(f"stackaudit plugins check {folder}", f"python -m pip install ./{folder}", "stackaudit plugins list")
    return 0


def _in_tree(answers: Answers, today: dt.date) -> int:
    from stackaudit.catalog import load_catalog

    if not _IN_TREE.is_dir():
        raise UsageError(f"--in-tree: there is no {_IN_TREE} here; run it at the top of a checkout")
    path = _IN_TREE / f"{answers.package}.yaml"
    if path.exists():
        raise UsageError(f"{path}: exists already; nothing was written")
    write_atomically(path, in_tree_manifest(answers, load_catalog(), today))
    out(str(path))
    _next(f"stackaudit plugins check {path}", f"stackaudit plugins fmt {path}")
    return 0


def _next(*commands: str) -> None:
    note("Fill it in; then:")
    for command in commands:
        note(f"  {command}")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be made: {error.strerror or error}") from error


def _ask(answers: Answers, layers: tuple[str, ...]) -> Answers:
    """Ask for what was not given, where a person can answer; an empty answer takes the default."""
    if not (sys.stdin.isatty() and is_terminal()):
        return answers
    import typer

    def ask(text: str, default: str, wrong: Callable[[str], str | None] = lambda _: None) -> str:
        while True:
            said = str(typer.prompt(text, default=default, err=True, show_default=bool(default))).strip()
            problem = wrong(said)
            if problem is None:
                return said
            note(problem)

    title = answers.title or ask("Vendor, as people write it", answers.default_title)
    tool = answers.tool or ask("First product", title)
    website = answers.website or ask("Website (empty for none)", "", website_problem)
    layer = answers.layer or ask("Layer (stackaudit catalog layers)", DEFAULT_LAYER, lambda x: unknown(x, layers))
    return replace(answers, title=title, tool=tool, website=website, layer=layer)
