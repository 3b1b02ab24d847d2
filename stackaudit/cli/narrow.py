"""The program with the one command that was asked for: to make all of them ready takes a twentieth of a check."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typer import Typer
    from typer.models import CommandInfo


def narrowed(app: Typer, arguments: Sequence[str]) -> Typer:
    """A program that answers these arguments as ``app`` does.

    That is ``app`` itself unless the first argument is exactly the name of a command or of a group: help, completion and
    the suggestion of a name that is close need all of them.
    """
    asked = next(iter(arguments), "")
    commands = [c for c in app.registered_commands if _name(c) == asked]
    groups = [g for g in app.registered_groups if g.name == asked]
    if not (commands or groups):
        return app
    alone = copy(app)
    alone.registered_commands, alone.registered_groups = commands, groups
    return alone


def _name(command: CommandInfo) -> str:
    """The name of a command: its own, or that of its function as the library spells it."""
    from typer.main import get_command_name

    return command.name or get_command_name(getattr(command.callback, "__name__", ""))
