"""Options that several commands share, each group in one place: which plugins a command uses, how its pages look."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from stackaudit.cli.inputs import PluginChoice

Command = Callable[..., None]

Installed = Annotated[
    bool, typer.Option("--plugins/--no-plugins", help="Whether installed plugins may contribute.", show_default=False)
]
Only = Annotated[str, typer.Option("--only-plugins", metavar="A,B", help="Use only these installed plugins.")]
Packs = Annotated[list[Path] | None, typer.Option("--pack", metavar="DIR", help="Add a private pack. Repeatable.")]
Locked = Annotated[bool, typer.Option("--locked", help="Refuse plugins that differ from stackaudit.lock.")]
Strict = Annotated[bool, typer.Option("--strict-plugins", help="Stop where a plugin has a problem.")]
Branded = Annotated[
    Path | None, typer.Option("--brand", metavar="FILE", help="Dress pages in this brand, a YAML file: white label.")
]
Themed = Annotated[str, typer.Option("--theme", metavar="NAME", help="Dress pages in a plugin's theme.")]
Templates = Annotated[
    Path | None,
    typer.Option(
        "--template",
        metavar="FOLDER",
        help="Templates (*.j2) that stand in for the shipped ones of the same name. They are code: use only what you trust.",
    ),
]


class Dress(NamedTuple):
    """How pages shall look: a brand file, a plugin's theme, a folder of templates."""

    brand: Path | None = None
    theme: str = ""
    templates: Path | None = None


def _choice(
    plugins: Installed = True,
    only_plugins: Only = "",
    strict_plugins: Strict = False,
    pack: Packs = None,
    locked: Locked = False,
) -> PluginChoice:
    return PluginChoice(plugins, only_plugins, tuple(pack or ()), locked, strict_plugins)


def _dress(brand: Branded = None, theme: Themed = "", template: Templates = None) -> Dress:
    return Dress(brand, theme, template)


def with_plugins(command: Command) -> Command:
    """Give a command the options about plugins; it takes what they say as ``choice``."""
    return _grouped(command, "choice", _choice)


def with_look(command: Command) -> Command:
    """Give a command the options about the look of its pages; it takes what they say as ``dress``."""
    return _grouped(command, "dress", _dress)


@functools.cache
def _parameters(make: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(make, eval_str=True).parameters


def _grouped(command: Command, name: str, make: Callable[..., Any]) -> Command:
    """The command with the parameters of ``make`` in the place of one parameter, which gets what ``make`` returns."""
    group = _parameters(make)
    signature = inspect.signature(command, eval_str=True)

    @functools.wraps(command)
    def grouped(**given: Any) -> None:
        said = {key: given.pop(key) for key in group if key in given}
        command(**given, **{name: make(**said)})

    parameters = [
        p.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for own in signature.parameters.values()
        for p in (group.values() if own.name == name else (own,))
    ]
    grouped.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    grouped.__annotations__ = {p.name: p.annotation for p in parameters}
    return grouped
