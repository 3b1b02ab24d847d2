"""``stackaudit plugins fmt``: bring manifests into their one form, or say which are not in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from stackaudit.cli.output import note, out, write_atomically
from stackaudit.errors import InputError, InputProblem, UsageError
from stackaudit.wording import plural

_HERE = Path("plugins/stackaudit_vendors")
_ENDINGS = (".yaml", ".yml")


def fmt(paths: list[Path], *, check: bool) -> int:
    """Format manifests in place, each whole or not at all; with ``check`` only name those that would change.

    Returns 0, with ``check`` 1 where a file is not in form. A file that is no manifest stops nothing: the others are
    still formatted, and all problems come at the end.
    """
    from stackaudit.formatting import format_manifest
    from stackaudit.yamlio import MAX_BYTES, read_bytes

    problems: list[InputProblem] = []
    seen = changed = 0
    for path in _files(paths or [_default()]):
        seen += 1
        try:
            data = read_bytes(path, str(path), MAX_BYTES)
            shaped = format_manifest(data, str(path)).encode()
        except InputError as error:
            problems.extend(error.problems)
            continue
        if shaped == data:
            continue
        changed += 1
        if not check:
            write_atomically(path, shaped)
        out(f"{'would change' if check else 'formatted'}\t{path}")
    note(f"{plural(seen, 'manifest')}, {changed} {'not in form' if check else 'formatted'}")
    if problems:
        raise InputError(problems)
    return 1 if check and changed else 0


def _default() -> Path:
    if not _HERE.is_dir():
        raise UsageError(f"name the manifests, or a folder of them; there is no {_HERE} here")
    return _HERE


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            found = sorted(p for p in path.iterdir() if p.suffix in _ENDINGS and p.is_file())
            if not found:
                raise UsageError(f"{path}: holds no manifest (.yaml)")
            yield from found
        else:
            yield path
