"""The options of the plugin commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stackaudit.cli.inputs import PluginChoice
from stackaudit.cli.options import Installed, Only, Packs, with_plugins

plugins_app = typer.Typer(help="See, check and write plugins; alone it lists them.", invoke_without_command=True)

Form = Annotated[str, typer.Option("--format", metavar="text|json", help="How to print it.")]
AsOf = Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day on which ages are counted.")]
Provenance = Annotated[bool, typer.Option("--provenance", help="Also say what the facts of each rest on.")]


@plugins_app.callback()
@with_plugins
def _plugins(
    context: typer.Context, *, choice: PluginChoice, provenance: Provenance = False, form: Form = "text"
) -> None:
    if context.invoked_subcommand is None:
        from stackaudit.cli.plugins.listing import listing

        raise typer.Exit(listing(choice, provenance=provenance, form=form))


@plugins_app.command("list")
@with_plugins
def plugins_list(*, choice: PluginChoice, provenance: Provenance = False, form: Form = "text") -> None:
    """List every plugin: vendors of the catalogue, installed distributions, packs."""
    from stackaudit.cli.plugins.listing import listing

    raise typer.Exit(listing(choice, provenance=provenance, form=form))


@plugins_app.command("check")
def plugins_check(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="A manifest, a folder, or a distribution.")],
    run: Annotated[bool, typer.Option("--import", help="Also import the plugin's code, in a process apart.")] = False,
    form: Form = "text",
    as_of: AsOf = "",
) -> None:
    """Hold a plugin against everything it must keep to; its code is not run without --import.

    Example: stackaudit plugins check ./stackaudit-acme --import
    """
    from stackaudit.cli.plugins.check import check

    raise typer.Exit(check(target, run=run, form=form, as_of=as_of))


@plugins_app.command("new")
def plugins_new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The plugin's name, e.g. acme.")],
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="The vendor's name as people write it.")] = "",
    website: Annotated[str, typer.Option("--website", metavar="URL", help="The vendor's site.")] = "",
    tool: Annotated[str, typer.Option("--tool", metavar="TEXT", help="The first product's name.")] = "",
    layer: Annotated[str, typer.Option("--layer", metavar="ID", help="Its layer: stackaudit catalog layers.")] = "",
    capability: Annotated[
        list[str] | None, typer.Option("--capability", metavar="ID", help="What nearly every buyer uses. Repeatable.")
    ] = None,
    with_rules: Annotated[bool, typer.Option("--with-rules", help="Add a rule, in Python.")] = False,
    with_importer: Annotated[bool, typer.Option("--with-importer", help="Add an importer, in Python.")] = False,
    with_theme: Annotated[bool, typer.Option("--with-theme", help="Add a theme, in Python.")] = False,
    in_tree: Annotated[
        bool, typer.Option("--in-tree", help="Write plugins/stackaudit_vendors/NAME.yaml of a checkout instead.")
    ] = False,
) -> None:
    """Write a complete plugin distribution into ./stackaudit-NAME/, ready to be installed.

    Example: stackaudit plugins new acme --tool "Acme Dialer" --layer sales_engagement
    """
    from stackaudit.cli.plugins.new import Answers, new

    answers = Answers(name, title, website, tool, layer, tuple(capability or ()))
    parts = tuple(
        part for part, chosen in (("rules", with_rules), ("importer", with_importer), ("theme", with_theme)) if chosen
    )
    raise typer.Exit(new(answers, parts=parts, in_tree=in_tree))


@plugins_app.command("lock")
def plugins_lock(
    only_plugins: Only = "",
    plugins: Installed = True,
    pack: Packs = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="PATH", help="Where to write; stackaudit.lock.")
    ] = None,
) -> None:
    """Pin installed plugins and packs by name, version and content, for audit --locked."""
    from stackaudit.cli.plugins.lock import lock

    raise typer.Exit(lock(PluginChoice(plugins, only_plugins, tuple(pack or ())), output))


@plugins_app.command("fmt")
def plugins_fmt(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATHS", help="Manifests, or folders of them.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 where a file is not in form.")] = False,
) -> None:
    """Bring vendor manifests into their one form: sorted, keys in order, a record a line."""
    from stackaudit.cli.plugins.fmt import fmt

    raise typer.Exit(fmt(paths or [], check=check))
