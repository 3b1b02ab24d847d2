"""What one process does: audit one client from bytes alone, and turn whatever goes wrong into words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from stackaudit.errors import StackauditError, UsageError
from stackaudit.model.portfolio import Client, Failure
from stackaudit.portfolio.garbage import collected_after
from stackaudit.portfolio.summary import summary

if TYPE_CHECKING:
    from stackaudit.model.catalog import Catalog
    from stackaudit.model.part import Override
    from stackaudit.model.result import AuditResult
    from stackaudit.pluginmanager import Plugins

Render = Callable[["AuditResult"], str]
REPORTS = "clients"
"""The folder of the reports, beside the index."""


class Using(Struct, frozen=True):
    """Which plugins and packs clients are audited with.

    Attributes:
        installed: Whether installed distributions may contribute.
        only: Names of the installed plugins to use; None for all.
        packs: Folders of private packs.
        strict: Refuse a client where a plugin or a rule has a problem.
    """

    installed: bool = True
    only: frozenset[str] | None = None
    packs: tuple[Path, ...] = ()
    strict: bool = False


class Job(Struct, frozen=True):
    """One client to audit; it can be sent to another process, or to another machine.

    Jobs of one ``run`` share what they find on their way; without a name of a run, nothing is shared.
    """

    name: str
    file: str
    data: bytes
    today: dt.date
    as_of: dt.date | None = None
    using: Using = field(default_factory=Using)
    render: Render | None = None
    run: str = ""


class Outcome(Struct, frozen=True):
    """What came of one client: its figures and its page in UTF-8, or why there are none; and the names of its layers.

    The page is bytes, as it is written: from another process it comes twice as fast as text does.
    """

    client: Client | None = None
    failure: Failure | None = None
    page: bytes | None = None
    layers: tuple[tuple[str, str], ...] = ()


class _OfThread(local):
    """What a thread found for a run."""

    run: str = ""
    found: _Given | None = None


_OF_THREAD = _OfThread()


def work(job: Job) -> Outcome:
    """Audit one client, or read its saved result; never raises what a bad client can cause."""
    with collected_after():
        return _outcome(job)


def _outcome(job: Job) -> Outcome:
    try:
        result = _result(job)
        page = job.render(result).encode() if job.render else None
        report = f"{REPORTS}/{job.name}.html" if page is not None else None
        client = summary(result, job.name, job.file, report)
        return Outcome(client, page=page, layers=tuple((x.id, x.name) for x in result.layers))
    except StackauditError as error:
        return failed(job.name, job.file, *str(error).splitlines())
    except Exception as error:  # whatever one client causes must not stop the others
        return failed(
            job.name, job.file, f"something went wrong that should not: {type(error).__name__}: {error}"[:500]
        )


def failed(name: str, file: str, *problems: str) -> Outcome:
    """A client that could not be audited."""
    return Outcome(failure=Failure(id=name, file=file, problems=problems))


class _Given(Struct, frozen=True):
    """What clients are audited with; ``changes`` are those that packs made to the catalogue."""

    catalog: Catalog
    plugins: Plugins
    changes: tuple[Override, ...]


def _given(job: Job) -> _Given:
    """The catalogue, and plugins for one client alone: they remember what they were asked, and no result may tell.

    All are looked for once a run in each thread, as a compiled index stays in the thread that opened it.
    """
    from stackaudit import audit
    from stackaudit.catalog import load_catalog
    from stackaudit.packs import open_packs

    if not job.run or _OF_THREAD.run != job.run or _OF_THREAD.found is None:
        using = job.using
        catalog, packs = open_packs(using.packs, load_catalog())
        plugins = audit.open_plugins(
            installed=using.installed,
            only=using.only,
            packs=[p.plugin for p in packs],
            catalog=catalog if packs else None,
        )
        changes = tuple(change for pack in packs for change in pack.changes)
        _OF_THREAD.run, _OF_THREAD.found = job.run, _Given(catalog, plugins, changes)
    found = _OF_THREAD.found
    return replace(found, plugins=found.plugins.again())


def _result(job: Job) -> AuditResult:
    if Path(job.file).suffix.casefold() == ".json":
        from stackaudit.saved import parse_result

        return parse_result(job.data, job.file)
    from stackaudit import audit
    from stackaudit.inventory import load_inventory

    given = _given(job)
    catalog, plugins = given.catalog, given.plugins
    words = audit.vocabulary(catalog, plugins)
    loaded = load_inventory(Path(job.file), vocabulary=words, root=Path(), data=job.data)
    declared = loaded.inventory.as_of
    day, source = (
        (job.as_of, "option") if job.as_of else (declared, "inventory") if declared else (job.today, "default")
    )
    result = audit.run(loaded, plugins, catalog, as_of=day, as_of_source=source, changes=given.changes)
    broken = [f"{p.source}: {p.stage}: {p.message}" for p in result.problems if p.kind != "input"]
    if job.using.strict and broken:
        raise UsageError("\n".join(["stopped by --strict-plugins:", *broken]))
    return result
