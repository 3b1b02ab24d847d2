"""``stackaudit diff`` and ``stackaudit whatif``: two audits side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stackaudit.cli.inputs import PluginChoice, day_of, open_with, path_of, refuse_broken, tell
from stackaudit.cli.look import for_readers, themed
from stackaudit.cli.output import console, write_atomically
from stackaudit.cli.readers import CLIENT, FULL, Readers
from stackaudit.cli.report import read_result
from stackaudit.cli.streams import write_data
from stackaudit.cli.targets import keep_inputs
from stackaudit.errors import UsageError
from stackaudit.report.look import PLAIN, Look

if TYPE_CHECKING:
    from stackaudit.inventory import LoadedInventory
    from stackaudit.model.comparison import Comparison
    from stackaudit.model.inventory import Scenario
    from stackaudit.model.result import AuditResult

FORMATS = (".html", ".json", ".md")


def diff(old: str, new: str, outputs: list[str], readers: Readers, look: Look = PLAIN) -> int:
    """Compare two saved results; text on standard output, or what ``-o`` names."""
    from stackaudit.diff import compare

    _check([old, new], outputs, look)
    before, after = readers.compared(read_result(old), read_result(new))
    _write(compare(before, after), outputs, for_readers(look, before.privacy))
    return 0


def whatif(
    file: str,
    outputs: list[str],
    *,
    remove: list[str],
    add: list[str],
    replace: list[str],
    scenario: str,
    as_of: str,
    choice: PluginChoice,
    readers: Readers,
    look: Look = PLAIN,
    theme: str = "",
) -> int:
    """Audit a stack as it is and as it would be; text on standard output, or what ``-o`` names."""
    from stackaudit import audit as engine
    from stackaudit.diff import compare
    from stackaudit.whatif import run

    _check([file], outputs, look)
    opened = open_with(file, choice)
    loaded, plugins = opened.loaded, opened.plugins
    look = themed(look, plugins, theme)
    day, source = day_of(as_of, loaded.inventory.as_of)

    def audited(stack: LoadedInventory) -> AuditResult:
        return engine.run(stack, plugins, opened.catalog, as_of=day, as_of_source=source, changes=opened.changes)

    change = _scenario(loaded, remove, add, replace, scenario)
    before, after, comparison = run(loaded, change, plugins, audited)
    problems = sorted({*before.problems, *after.problems}, key=lambda p: (p.kind, p.source, p.stage, p.message))
    if choice.strict:
        refuse_broken(problems)
    tell(problems)
    if readers.level != FULL:
        before, after = readers.compared(before, after)
        known = readers.level == CLIENT
        money, assumed = (comparison.money, comparison.assumptions) if known else (None, ())
        comparison = compare(before, after, money=money, assumptions=assumed, what_if=True)
    _write(comparison, outputs, for_readers(look, readers.level))
    return 0


def _scenario(loaded: LoadedInventory, remove: list[str], add: list[str], replace: list[str], name: str) -> Scenario:
    from pydantic import ValidationError

    from stackaudit.model.inventory import Scenario
    from stackaudit.validation import near

    asked = bool(remove or add or replace)
    known = loaded.inventory.scenarios
    if name:
        if asked:
            raise UsageError("--scenario stands alone; leave out --remove, --add and --replace")
        if name not in known:
            have = f"the file has {', '.join(sorted(known))}" if known else "the file has no scenarios"
            raise UsageError(f"--scenario {name!r} is not in the file; {near(name, known) or have}")
        return known[name]
    if not asked:
        raise UsageError("say what would change: --remove X, --add Y, --replace A=B, or --scenario NAME")
    pairs = [pair.partition("=") for pair in replace]
    wrong = next((r for r, (old, sign, new) in zip(replace, pairs, strict=True) if not (sign and old and new)), None)
    if wrong is not None:
        raise UsageError(f"--replace {wrong!r}: expected OLD=NEW")
    try:
        return Scenario.model_validate(
            {"remove": remove, "add": add, "replace": {old.strip(): new.strip() for old, _, new in pairs}}
        )
    except ValidationError as error:
        raise UsageError(f"what would change: {error.errors(include_url=False)[0]['msg']}") from None


def _check(files: list[str], outputs: list[str], look: Look) -> None:
    keep_inputs([*map(path_of, files), *look.files], [Path(output) for output in outputs if output != "-"])
    for output in outputs:
        if output != "-" and Path(output).suffix.casefold() not in FORMATS:
            raise UsageError(f"-o {output}: unknown ending; expected {', '.join(FORMATS)}, or - for JSON")


def _write(comparison: Comparison, outputs: list[str], look: Look) -> None:
    from stackaudit.report.comparison import markdown, plain

    if not outputs:
        console(err=False).out(plain(comparison), end="", highlight=False)
    for output in outputs:
        if output == "-":
            write_data(comparison.to_json())
        elif Path(output).suffix.casefold() == ".json":
            write_atomically(Path(output), comparison.to_json())
        elif Path(output).suffix.casefold() == ".html":
            from stackaudit.report.comparison_html import render

            write_atomically(Path(output), render(comparison, look))
        else:
            write_atomically(Path(output), markdown(comparison))
