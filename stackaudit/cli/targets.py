"""Outputs by file ending or prefix, and how each is written from the one result."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.cli.inputs import path_of
from stackaudit.cli.output import note, real, write_atomically, write_folder_atomically
from stackaudit.cli.streams import write_data
from stackaudit.errors import UsageError
from stackaudit.report.look import PLAIN, Look

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult

Content = str | bytes | Mapping[str, str]
"""What a format renders to: text, bytes, or the files of a folder by name."""


class Format(Struct, frozen=True):
    """How a format is made: the module whose ``render`` makes it, and the library and extra that it needs.

    ``dressed`` formats take a look, too: a brand and templates.
    """

    module: str
    library: str = ""
    extra: str = ""
    dressed: bool = False


FORMATS = {
    "html": Format("stackaudit.report.html", dressed=True),
    "json": Format("stackaudit.report.jsonfile"),
    "md": Format("stackaudit.report.markdown"),
    "pdf": Format("stackaudit.report.pdf", "weasyprint", "pdf", dressed=True),
    "xlsx": Format("stackaudit.report.xlsx", "xlsxwriter", "excel"),
    "sarif": Format("stackaudit.report.sarif"),
    "jsonl": Format("stackaudit.report.jsonl"),
    "csv": Format("stackaudit.report.csv_tables"),
    "github": Format("stackaudit.report.github"),
}
PREFIXED = ("github", "csv")
"""Formats that are asked for by ``name=PATH``; the others by the file's ending."""

STDOUT = "-"


class Target(Struct, frozen=True):
    """One output: its format and its file or folder; None is standard output."""

    format: str
    path: Path | None

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that it may replace, as far as they are known before it is written."""
        if self.path is None:
            return ()
        return tuple(self.path.glob("*.csv")) if self.format == "csv" else (self.path,)


def parse_targets(outputs: list[str]) -> tuple[Target, ...]:
    """The outputs that ``-o`` names, each once, in the order asked for.

    Raises:
        UsageError: An ending is not known, a folder does not exist, or what a format needs is not installed.
    """
    targets = tuple(dict.fromkeys(_target(output) for output in outputs))
    paths = [real(t.path) if t.path else None for t in targets]
    for target, path in zip(targets, paths, strict=True):
        if paths.count(path) > 1:
            raise UsageError(f"-o {target.path or STDOUT}: is named for several formats")
    for target in targets:
        _need(target)
    return targets


def keep_input(file: str, targets: Iterable[Target], *more: Path | None, also: Iterable[Path | None] = ()) -> None:
    """See that no output replaces a file that is read, or another output.

    Args:
        file: The file that is read.
        targets: What will be written.
        more: Further files that will be written.
        also: Further files that are read.

    Raises:
        UsageError: One would.
    """
    targets, others = tuple(targets), [m for m in more if m]
    named = [real(t.path) for t in targets if t.path]
    for other in others:
        if real(other) in named:
            raise UsageError(f"{other}: is named for two outputs")
    keep_inputs([path_of(file), *also], [*(f for t in targets for f in t.files), *others])


def keep_inputs(read: Iterable[Path | None], written: Iterable[Path]) -> None:
    """See that nothing that is written is a file that is read, by whatever name, link or redirection.

    Args:
        read: What is read; None is standard input.
        written: What will be written.

    Raises:
        UsageError: One is.
    """
    sources = [info for info in map(_info, read) if info]
    for path in written:
        info = _info(path)
        if info and any(os.path.samestat(info, source) for source in sources):
            raise UsageError(f"{path}: is the file that is read; name another output")


def _info(path: Path | None) -> os.stat_result | None:
    """What the system knows of a file, or of standard input; None where there is none."""
    try:
        return path.stat() if path is not None else os.fstat(0)
    except OSError:
        return None


def write(target: Target, result: AuditResult, look: Look = PLAIN) -> None:
    """Render a result in the target's format and write it, whole or not at all; pages are dressed in the look."""
    form = FORMATS[target.format]
    render = import_module(form.module).render
    content: Content = render(result, look) if form.dressed else render(result)
    if target.path is None:
        if isinstance(content, str):
            write_data(content)
    elif isinstance(content, str | bytes):
        write_atomically(target.path, content)
    else:
        write_folder_atomically(target.path, content)


def _target(output: str) -> Target:
    if output == STDOUT:
        return Target("json", None)
    prefix, sign, rest = output.partition("=")
    if sign and prefix in PREFIXED:
        if not rest or (rest == STDOUT and prefix == "csv"):
            raise UsageError(f"-o {output}: expected {prefix}=PATH")
        name, path = prefix, Path(rest)
        if rest == STDOUT:
            return Target(name, None)
    else:
        path = Path(output)
        name = path.suffix.casefold().removeprefix(".")
        if name not in FORMATS or name in PREFIXED:
            endings = ", ".join(f".{n}" for n in FORMATS if n not in PREFIXED)
            raise UsageError(f"-o {output}: unknown ending; expected {endings}, github=PATH, csv=FOLDER, or - for JSON")
    if not path.parent.is_dir():
        raise UsageError(f"-o {output}: the folder {path.parent} does not exist")
    return Target(name, path)


def _need(target: Target) -> None:
    form = FORMATS[target.format]
    if not form.library:
        return
    try:
        import_module(form.library)
    except ModuleNotFoundError:
        raise UsageError(
            f"-o {target.path}: needs {form.library}, which is not installed; "
            f"install it with: pip install 'stackaudit[{form.extra}]'"
        ) from None
    except OSError as error:
        note(str(error).splitlines()[0] if str(error) else type(error).__name__)
        raise UsageError(
            f"-o {target.path}: {form.library} is installed, but a system library that it needs is not; "
            "on Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        ) from None
