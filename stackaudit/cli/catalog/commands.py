"""The options of the catalogue commands, and what a shell may complete in them."""

from __future__ import annotations

from typing import Annotated

import typer

from stackaudit.cli.inputs import PluginChoice
from stackaudit.cli.options import with_plugins

catalog_app = typer.Typer(help="Ask the catalogue: tools, capabilities, layers, connections.", no_args_is_help=True)


def complete_tool(incomplete: str) -> list[tuple[str, str]]:
    """Ids that begin with what was typed, with the tools' names; read from the index, silent where it fails."""
    try:
        from stackaudit.lookup.words import open_plugins

        index = open_plugins().index
        ids = {known.tool_id for known in index.names_beginning(incomplete)} if incomplete else None
        rows = index.tools() if ids is None else index.tools_of(ids).values()
        return [(row.id, row.name) for row in rows]
    except Exception:  # a shell that is asked to complete must not show a traceback
        return []


def complete_layer(incomplete: str) -> list[tuple[str, str]]:
    """Ids of layers that begin with what was typed, with their names."""
    try:
        from stackaudit.catalog import load_catalog

        return [(x.id, x.name) for x in load_catalog().layers.values() if x.id.startswith(incomplete)]
    except Exception:  # as above
        return []


Form = Annotated[str, typer.Option("--format", metavar="text|json|md", help="How to print it.")]
AsOf = Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day on which ages are counted.")]
Limit = Annotated[int | None, typer.Option("--limit", min=0, help="Rows to print; 0 for all.", show_default=False)]


def _tool(metavar: str, text: str) -> typer.models.ArgumentInfo:
    argument: typer.models.ArgumentInfo = typer.Argument(metavar=metavar, help=text, autocompletion=complete_tool)
    return argument


@catalog_app.command()
@with_plugins
def search(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A name, or what a tool should do.")],
    form: Form = "text",
    limit: Limit = None,
    *,
    choice: PluginChoice,
) -> None:
    """Find tools by name, by capability or by layer, and say why."""
    from stackaudit.cli.catalog.page import check_format
    from stackaudit.cli.catalog.search import search as command

    raise typer.Exit(command(text, check_format(form), limit=limit, choice=choice))


@catalog_app.command()
@with_plugins
def show(
    name: Annotated[str, _tool("NAME", "A tool, layer or capability.")],
    form: Form = "text",
    as_of: AsOf = "",
    *,
    choice: PluginChoice,
) -> None:
    """Show what is known of a tool, a layer or a capability, each fact with its source."""
    from stackaudit.cli.catalog.page import check_format
    from stackaudit.cli.catalog.show import show_thing
    from stackaudit.cli.inputs import day_of

    raise typer.Exit(show_thing(name, check_format(form), as_of=day_of(as_of, None)[0], choice=choice))


@catalog_app.command()
@with_plugins
def compare(
    tools: Annotated[list[str], _tool("TOOL TOOL...", "Two tools or more.")],
    form: Form = "text",
    *,
    choice: PluginChoice,
) -> None:
    """Compare tools: what all offer, what only one offers, what they connect to."""
    from stackaudit.cli.catalog.compare import compare as command
    from stackaudit.cli.catalog.page import check_format

    raise typer.Exit(command(tools, check_format(form), choice=choice))


@catalog_app.command()
@with_plugins
def path(
    source: Annotated[str, _tool("FROM", "Where records come from.")],
    target: Annotated[str, _tool("TO", "Where they should arrive.")],
    through: Annotated[str, typer.Option("--through", metavar="FILE", help="A stack file: prefer what it owns.")] = "",
    form: Form = "text",
    limit: Limit = None,
    *,
    choice: PluginChoice,
) -> None:
    """List known ways to connect two tools: directly, or through one or two that pass records on."""
    from stackaudit.cli.catalog.page import check_format
    from stackaudit.cli.catalog.path import path as command

    raise typer.Exit(command(source, target, check_format(form), through=through, limit=limit, choice=choice))


@catalog_app.command()
@with_plugins
def layers(
    layer: Annotated[
        str, typer.Argument(metavar="[LAYER]", help="One layer; all without it.", autocompletion=complete_layer)
    ] = "",
    form: Form = "text",
    *,
    choice: PluginChoice,
) -> None:
    """List the layers, or show one with its tools."""
    from stackaudit.cli.catalog.layers import layers as command
    from stackaudit.cli.catalog.page import check_format

    raise typer.Exit(command(layer, check_format(form), choice=choice))


@catalog_app.command()
@with_plugins
def stats(
    listed: Annotated[
        str, typer.Option("--list", metavar="stale|undated|holes|differences", help="The rows behind a number.")
    ] = "",
    form: Form = "text",
    as_of: AsOf = "",
    *,
    choice: PluginChoice,
) -> None:
    """Count tools, facts and integrations by grade, basis and age, and the holes by layer."""
    from stackaudit.cli.catalog.page import check_format
    from stackaudit.cli.catalog.stats import stats as command
    from stackaudit.cli.inputs import day_of

    raise typer.Exit(command(check_format(form), as_of=day_of(as_of, None)[0], listed=listed, choice=choice))
