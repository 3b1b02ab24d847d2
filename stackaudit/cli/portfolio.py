"""``stackaudit portfolio``: many clients into one folder of reports with an index and a benchmark."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from stackaudit.cli.inputs import PluginChoice, day_of, named_plugins
from stackaudit.cli.output import console, is_terminal, note, out, real, write_atomically
from stackaudit.cli.targets import keep_inputs
from stackaudit.errors import UsageError
from stackaudit.report.look import Look

if TYPE_CHECKING:
    from collections.abc import Callable

    from stackaudit.model.portfolio import Portfolio
    from stackaudit.portfolio import Outcome

DONE, INCOMPLETE = 0, 3
INDEX = "index"


def portfolio(
    paths: list[Path],
    folder: Path,
    *,
    as_of: str,
    choice: PluginChoice,
    look: Look,
    brand: Path | None,
    quiet: bool,
) -> int:
    """Audit every client and write the folder; returns the exit code of the contract."""
    from stackaudit.portfolio import client_files, run
    from stackaudit.portfolio.work import REPORTS, Using
    from stackaudit.report import portfolio_html
    from stackaudit.report.html import render

    look = _for_many(look)
    asked = day_of(as_of, None)[0] if as_of else None
    today = day_of("", None)[0]
    using = Using(choice.installed, named_plugins(choice), choice.packs, choice.strict)
    files = client_files(paths, leave_out=[brand] if brand else [])
    keep_inputs([*files, *look.files], [folder / f"{INDEX}.json", folder / f"{INDEX}.html"])
    _prepare(folder, folder / REPORTS, [p for p in paths if p.is_dir()])
    with ExitStack() as stack:
        count = _progress(stack, len(files), quiet=quiet)

        def done(outcome: Outcome) -> None:
            if outcome.client and outcome.page is not None:
                _write(folder, folder / REPORTS / f"{outcome.client.id}.html", outcome.page)
            count()

        made = run(
            files,
            today=today,
            as_of=asked,
            using=using,
            render=partial(render, look=look),
            done=done,
        )
    _write(folder, folder / f"{INDEX}.json", made.to_json())
    _write(folder, folder / f"{INDEX}.html", portfolio_html.render(made, look))
    _say(made, folder / f"{INDEX}.html", quiet=quiet)
    return INCOMPLETE if made.failures or any(c.incomplete for c in made.clients) else DONE


def _for_many(look: Look) -> Look:
    """The look without what is true of one client alone."""
    if look.brand and (look.brand.client or look.brand.prepared_for):
        note("client and prepared_for of the brand file are left out: a portfolio has many clients")
    return look.without("client", "prepared_for")


def _prepare(folder: Path, reports: Path, read: list[Path]) -> None:
    """Make the folders.

    Raises:
        UsageError: They cannot be made, lead elsewhere, or are folders that are read.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"-o {folder}: is a file; name a folder")
    if not folder.parent.is_dir():
        raise UsageError(f"-o {folder}: the folder {folder.parent} does not exist")
    for one in read:
        if real(one) in {real(folder), real(reports)}:
            raise UsageError(f"-o {folder}: is a folder that is read; name another")
    try:
        folder.mkdir(exist_ok=True)
        if reports.is_symlink():
            raise UsageError(f"-o {folder}: {reports.name} in it leads elsewhere; name another folder")
        reports.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(f"-o {folder}: cannot be written: {error.strerror or error}") from None


def _write(folder: Path, path: Path, content: str | bytes) -> None:
    """Write one file of the folder; a link in its place is replaced, not followed."""
    if path.is_symlink():
        path.unlink()
    if not real(path).is_relative_to(real(folder)):
        raise UsageError(f"{path}: leads out of {folder}")
    write_atomically(path, content)


def _progress(stack: ExitStack, total: int, *, quiet: bool) -> Callable[[], None]:
    """Count the clients that are done, on a terminal."""
    if quiet or not is_terminal():
        return lambda: None
    status = stack.enter_context(console().status(f"0 of {total} clients"))
    finished = 0

    def count() -> None:
        nonlocal finished
        finished += 1
        status.update(f"{finished} of {total} clients")

    return count


def _say(made: Portfolio, index: Path, *, quiet: bool) -> None:
    for failure in made.failures:
        note(f"{failure.file}: could not be audited")
        for problem in failure.problems:
            note(f"  {problem}")
    for client in made.clients:
        if client.incomplete:
            note(f"{client.file}: incomplete, a plugin or a rule failed; its report says which")
    if quiet:
        return
    from stackaudit.report.words import plural

    failed = f", {len(made.failures)} could not be audited" if made.failures else ""
    out(f"{index}: {plural(len(made.clients), 'client')}{failed}")
