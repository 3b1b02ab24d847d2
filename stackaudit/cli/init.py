"""``stackaudit init``: a first inventory from a short conversation, from names, or from an example."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from msgspec import Struct, field

from stackaudit.cli.inputs import PluginChoice, open_plugins
from stackaudit.cli.output import clean, note, write_atomically
from stackaudit.errors import UsageError

if TYPE_CHECKING:
    from stackaudit.pluginmanager import Plugins

Ask = Callable[[str], str]


class First(Struct):
    """What a first inventory says."""

    company: dict[str, str | int] = field(default_factory=dict)
    tools: list[str] = field(default_factory=list)
    wires: list[tuple[str, str]] = field(default_factory=list)


SCHEMA = "inventory.schema.json"  # the name that the first line of an inventory gives


def init(file: Path, *, example: str, tools: str, force: bool, choice: PluginChoice, schema: bool = False) -> int:
    """Write a first inventory, and on request the schema that its first line names for editors."""
    if file.suffix.casefold() not in (".yaml", ".yml"):
        raise UsageError(f"{file}: an inventory ends in .yaml or .yml")
    if file.exists() and not force:
        raise UsageError(f"{file}: exists already; name another file, or --force overwrites")
    if not file.parent.is_dir():
        raise UsageError(f"{file}: the folder {file.parent} does not exist")
    if example and tools:
        raise UsageError("--example copies one, --tools makes one from names: give one of the two")
    if example:
        text = _example(example)
    elif tools:
        names = list(dict.fromkeys(n.strip() for n in tools.split(",") if n.strip()))
        if not names:
            raise UsageError('--tools: expected names, e.g. --tools "Salesforce, Gong"')
        text = _written(First(tools=names), choice)
    elif sys.stdin.isatty():
        text = _written(_talk(_plugins(choice)), choice)
    else:
        raise UsageError(
            'init asks questions, and there is no terminal to ask on; pass --tools "Salesforce, Gong", '
            f"or --example NAME ({', '.join(sorted(examples()))})"
        )
    write_atomically(file, text)
    if schema:
        _write_schema(file.parent / SCHEMA)
    note(f"{file} written; next: stackaudit check {file}, then stackaudit audit {file}")
    return 0


def _write_schema(path: Path) -> None:
    """Write what an editor completes from; it holds nothing of a person, so an older one is replaced."""
    import json

    from stackaudit.editor import inventory_schema

    write_atomically(path, json.dumps(inventory_schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    note(f"{path} written; an editor with YAML support completes from it")


def _plugins(choice: PluginChoice) -> Plugins:
    plugins, _, _ = open_plugins(choice)
    return plugins


def examples() -> dict[str, Path]:
    """The examples that come with the program, by name."""
    from stackaudit.resources import data_dir

    folder = data_dir("catalogs") / "examples"
    return {path.stem: path for path in folder.iterdir() if path.suffix in (".yaml", ".yml")}


def _example(name: str) -> str:
    found = examples().get(name)
    if found is None:
        raise UsageError(f"--example {name!r}: no such example; one of {', '.join(sorted(examples()))}")
    return found.read_text(encoding="utf-8")


def _written(first: First, choice: PluginChoice) -> str:
    """The inventory as text, checked before anybody sees it."""
    from stackaudit import audit
    from stackaudit.inventory import load_inventory
    from stackaudit.inventory_writer import first_text

    text = first_text(first.company, first.tools, first.wires)
    plugins, catalog, _ = open_plugins(choice)
    vocabulary = audit.vocabulary(catalog, plugins)
    load_inventory(None, vocabulary=vocabulary, root=Path.cwd(), data=text.encode("utf-8"))
    return text


def _talk(plugins: Plugins) -> First:
    with _completion([text for text, _ in plugins.index.all_names()]):
        try:
            return converse(input, plugins)
        except EOFError:
            raise UsageError("init: the answers ended early; nothing was written") from None


def converse(ask: Ask, plugins: Plugins) -> First:
    """The conversation; every question may be passed over with an empty answer, except that one tool is needed.

    Args:
        ask: Shows a question and returns the answer.
        plugins: The catalogue that knows tools by name.
    """
    from stackaudit.model.vocabulary import FundingStage, Motion

    first = First()
    note("A first inventory. An empty answer passes over a question.")
    if name := ask("Company: ").strip():
        first.company["name"] = clean(name)[:200]
    if (people := _number(ask, "Employees: ")) is not None:
        first.company["employees"] = people
    if stage := _choice(ask, "Funding stage", get_args(FundingStage)):
        first.company["funding_stage"] = stage
    if motion := _choice(ask, "Main motion", get_args(Motion)):
        first.company["motions"] = motion
    _tools(ask, plugins, first)
    _connections(ask, first)
    return first


def _tools(ask: Ask, plugins: Plugins, first: First) -> None:
    note("Tools, one a line (Tab completes); an empty line ends the list.")
    while True:
        name = clean(ask(f"Tool {len(first.tools) + 1}: ").strip())[:200]
        if not name and first.tools:
            return
        if not name:
            note("At least one tool is needed.")
            continue
        if not plugins.find(name):
            close = [s.name for s in plugins.suggest(name)]
            hint = f" Close to it: {', '.join(close)}." if close else ""
            note(f"The catalogue does not know {name!r}.{hint}")
            if close and ask(f"Use {close[0]}? [y/N] ").strip().casefold() in ("y", "yes"):
                name = close[0]
        if name not in first.tools:
            first.tools.append(name)


def _connections(ask: Ask, first: First) -> None:
    if len(first.tools) < 2:
        return
    for i, name in enumerate(first.tools, 1):
        note(f"  {i}  {name}")
    note("What sends data to what? Two numbers a line, e.g. 2 1; an empty line ends the list.")
    while answer := ask("From, to: ").replace(",", " ").split():
        numbers = [int(a) for a in answer if a.isdecimal() and 1 <= int(a) <= len(first.tools)]
        if len(answer) != 2 or len(numbers) != 2 or numbers[0] == numbers[1]:
            note(f"Expected two different numbers from 1 to {len(first.tools)}.")
            continue
        pair = first.tools[numbers[0] - 1], first.tools[numbers[1] - 1]
        if pair not in first.wires:
            first.wires.append(pair)


def _number(ask: Ask, question: str) -> int | None:
    while answer := ask(question).strip():
        if answer.isdecimal() and len(answer) < 9:
            return int(answer)
        note("Expected a whole number such as 140.")
    return None


def _choice(ask: Ask, question: str, choices: Iterable[str]) -> str:
    known = list(choices)
    while answer := ask(f"{question} ({', '.join(known)}): ").strip().casefold().replace(" ", "_"):
        if answer in known:
            return answer
        note("Expected one of these words, or nothing.")
    return ""


class _completion:  # noqa: N801 - used as a verb, like contextlib's own
    """Completion of tool names at the terminal, where the system has readline."""

    def __init__(self, names: list[str]) -> None:
        self._names = sorted(set(names), key=str.casefold)

    def __enter__(self) -> None:
        with suppress(ImportError):
            import readline

            readline.set_completer_delims("")
            readline.set_completer(self._complete)
            readline.parse_and_bind("tab: complete")

    def __exit__(self, *_: object) -> None:
        with suppress(ImportError):
            import readline

            readline.set_completer(None)

    def _complete(self, text: str, state: int) -> str | None:
        found = [n for n in self._names if n.casefold().startswith(text.casefold())]
        return found[state] if state < len(found) else None
