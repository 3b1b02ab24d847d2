"""The commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stackaudit import __version__
from stackaudit.cli.catalog.commands import catalog_app
from stackaudit.cli.complete import complete_alias, complete_example, complete_rule, complete_source
from stackaudit.cli.plugins.commands import plugins_app

OUTPUTS = ".html .json .md .pdf .xlsx .sarif .jsonl, github=FILE, csv=FOLDER, - for JSON"
HELP = "Audit a company's go-to-market tool stack. No network, ever."

app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)
app.add_typer(catalog_app, name="catalog")
app.add_typer(plugins_app, name="plugins")

Installed = Annotated[
    bool, typer.Option("--plugins/--no-plugins", help="Whether installed plugins may contribute.", show_default=False)
]
Only = Annotated[str, typer.Option("--only-plugins", metavar="A,B", help="Use only these installed plugins.")]
Strict = Annotated[bool, typer.Option("--strict-plugins", help="Stop where a plugin has a problem.")]
Packs = Annotated[list[Path] | None, typer.Option("--pack", metavar="DIR", help="Add a private pack. Repeatable.")]
Locked = Annotated[bool, typer.Option("--locked", help="Refuse plugins that differ from stackaudit.lock.")]
Outputs = Annotated[
    list[str] | None,
    typer.Option("-o", "--output", metavar="PATH", help=f"Write this: {OUTPUTS}. Repeatable."),
]
Compared = Annotated[
    list[str] | None,
    typer.Option("-o", "--output", metavar="PATH", help="Write this file (.html, .json, .md, - for JSON). Repeatable."),
]
Branded = Annotated[
    Path | None, typer.Option("--brand", metavar="FILE", help="Dress pages in this brand, a YAML file: white label.")
]
Templates = Annotated[
    Path | None,
    typer.Option(
        "--template",
        metavar="FOLDER",
        help="Templates (*.j2) that stand in for the shipped ones of the same name. They are code: use only what you trust.",
    ),
]
Privacy = Annotated[str, typer.Option("--privacy", metavar="LEVEL", help="For whom: full, client, vendor or public.")]
Key = Annotated[
    Path | None, typer.Option("--key", metavar="PATH", help="Also write what the pseudonyms stand for, below full.")
]
Owner = Annotated[str, typer.Option("--owner", metavar="NAME", help="Only what this owner must act on.")]
Chosen = Annotated[list[str] | None, typer.Option("--finding", metavar="ID", help="Only this finding. Repeatable.")]
Watching = Annotated[bool, typer.Option("--watch", help="Again whenever the file is saved, until Ctrl-C.")]
Root = Annotated[Path | None, typer.Option("--root", help="Show file names relative to this folder.")]


def _version(value: bool) -> None:
    if value:
        typer.echo(f"stackaudit {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Audit a company's go-to-market tool stack. No network, ever."""


@app.command()
def audit(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The stack file; - is standard input.")],
    output: Outputs = None,
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day to audit for.")] = "",
    fail_on: Annotated[str, typer.Option("--fail-on", metavar="SEVERITY", help="Exit 1 from this severity.")] = "",
    min_coverage: Annotated[float, typer.Option("--min-coverage", help="Exit 3 below this share, 0 to 1.")] = 0.0,
    plugins: Installed = True,
    only_plugins: Only = "",
    strict_plugins: Strict = False,
    pack: Packs = None,
    locked: Locked = False,
    root: Root = None,
    privacy: Privacy = "full",
    key: Key = None,
    owner: Owner = "",
    finding: Chosen = None,
    brand: Branded = None,
    theme: Annotated[str, typer.Option("--theme", metavar="NAME", help="Dress pages in a plugin's theme.")] = "",
    template: Templates = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing but problems.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Name every finding.")] = False,
    timings: Annotated[bool, typer.Option("--timings", help="Say where the time went.")] = False,
    watching: Watching = False,
) -> None:
    """Audit a stack: a summary here, and a report beside the file."""
    if watching:
        from stackaudit.cli.watch import again

        raise typer.Exit(again(file))
    from stackaudit.cli.audit import audit as command
    from stackaudit.cli.inputs import PluginChoice
    from stackaudit.cli.look import brand_of, parse_look
    from stackaudit.cli.readers import parse_readers

    code = command(
        file,
        output or [],
        as_of=as_of,
        fail_on=fail_on,
        min_coverage=min_coverage,
        choice=PluginChoice(plugins, only_plugins, tuple(pack or ()), locked, strict_plugins),
        root=root,
        readers=parse_readers(privacy, key, owner, finding or []),
        quiet=quiet,
        verbose=verbose,
        look=parse_look(brand or brand_of(pack or []), template, themed_later=True),
        theme=theme,
        timings=timings,
    )
    raise typer.Exit(code)


@app.command()
def check(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The stack file; - is standard input.")],
    form: Annotated[str, typer.Option("--format", metavar="text|json|github", help="How to print it.")] = "text",
    plugins: Installed = True,
    pack: Packs = None,
    root: Root = None,
    watching: Watching = False,
) -> None:
    """Say everything that is wrong with a stack file, with its place."""
    if watching:
        from stackaudit.cli.watch import again

        raise typer.Exit(again(file))
    from stackaudit.cli.check import check as command

    raise typer.Exit(command(file, form=form, installed=plugins, root=root, packs=tuple(pack or ())))


@app.command()
def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The stack file to write.")] = Path("stack.yaml"),
    example: Annotated[
        str,
        typer.Option("--example", metavar="NAME", help="Copy one that comes with it.", autocompletion=complete_example),
    ] = "",
    tools: Annotated[str, typer.Option("--tools", metavar="A,B", help="Make one from names.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Overwrite.")] = False,
    plugins: Installed = True,
) -> None:
    """Ask a few questions and write a first stack file.

    Examples: stackaudit init; stackaudit init --tools "Salesforce, Gong"; stackaudit init --example starter
    """
    from stackaudit.cli.init import init as command

    raise typer.Exit(command(file, example=example, tools=tools, force=force, installed=plugins))


@app.command("import")
def import_(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="A spreadsheet or an export.")] = None,
    output: Annotated[str, typer.Option("-o", "--output", metavar="STACK.yaml", help="Write a new inventory.")] = "",
    into: Annotated[Path | None, typer.Option("--into", metavar="STACK.yaml", help="Merge into this one.")] = None,
    force: Annotated[bool, typer.Option("--force", help="With -o: overwrite.")] = False,
    columns: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=HEADING", help="Read a field from this column.")
    ] = None,
    alias: Annotated[
        list[str] | None,
        typer.Option(
            "--alias", metavar="NAME=TOOL", help="Say which tool a name means.", autocompletion=complete_alias
        ),
    ] = None,
    source: Annotated[
        str, typer.Option("--source", metavar="ID", help="Read it as this source.", autocompletion=complete_source)
    ] = "",
    sheet: Annotated[str, typer.Option("--sheet", metavar="NAME", help="This sheet of a workbook.")] = "",
    encoding: Annotated[str, typer.Option("--encoding", metavar="NAME", help="If it is not UTF-8: cp1252, ...")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Keep tools that the catalogue does not know.")] = False,
    sources: Annotated[bool, typer.Option("--sources", help="List what can be read, and stop.")] = False,
    plugins: Installed = True,
) -> None:
    """Read a spreadsheet or an export into an inventory; a preview without -o or --into.

    Examples: stackaudit import tools.csv; stackaudit import tools.xlsx -o stack.yaml;
    stackaudit import okta.csv --into stack.yaml
    """
    from stackaudit.cli import import_ as command
    from stackaudit.errors import UsageError

    if sources:
        raise typer.Exit(command.sources(installed=plugins))
    if file is None:
        raise UsageError("import: name a FILE (stackaudit import --sources lists what can be read)")
    request = command.Request(
        file,
        output,
        into,
        force,
        command.pairs("--map", columns or []),
        command.pairs("--alias", alias or []),
        source,
        sheet,
        encoding,
        everything,
        plugins,
    )
    raise typer.Exit(command.import_file(request))


@app.command()
def report(
    result: Annotated[str, typer.Argument(metavar="RESULT.json", help="A saved result; - is standard input.")],
    output: Outputs = None,
    brand: Branded = None,
    template: Templates = None,
    privacy: Privacy = "full",
    key: Key = None,
    owner: Owner = "",
    finding: Chosen = None,
) -> None:
    """Render a saved result again."""
    from stackaudit.cli.look import parse_look
    from stackaudit.cli.readers import parse_readers
    from stackaudit.cli.report import report as command

    readers = parse_readers(privacy, key, owner, finding or [])
    raise typer.Exit(command(result, output or [], readers, parse_look(brand, template)))


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD.json", help="The earlier result.")],
    new: Annotated[str, typer.Argument(metavar="NEW.json", help="The later result.")],
    output: Compared = None,
    brand: Branded = None,
    template: Templates = None,
) -> None:
    """Compare two saved results: new, fixed, changed and unchanged findings, and what works now."""
    from stackaudit.cli.compare import diff as command
    from stackaudit.cli.look import parse_look

    raise typer.Exit(command(old, new, output or [], parse_look(brand, template)))


@app.command()
def whatif(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The stack file; - is standard input.")],
    remove: Annotated[list[str] | None, typer.Option("--remove", metavar="TOOL", help="Take it away.")] = None,
    add: Annotated[list[str] | None, typer.Option("--add", metavar="NAME", help="Bring it in.")] = None,
    replace: Annotated[
        list[str] | None, typer.Option("--replace", metavar="OLD=NEW", help="Put one in the place of another.")
    ] = None,
    scenario: Annotated[str, typer.Option("--scenario", metavar="NAME", help="One of the file's scenarios.")] = "",
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day to audit for.")] = "",
    plugins: Installed = True,
    output: Compared = None,
    brand: Branded = None,
    template: Templates = None,
) -> None:
    """Audit the stack again as if it were changed, and say what would differ."""
    from stackaudit.cli.compare import whatif as command
    from stackaudit.cli.look import parse_look

    code = command(
        file,
        output or [],
        remove=remove or [],
        add=add or [],
        replace=replace or [],
        scenario=scenario,
        as_of=as_of,
        installed=plugins,
        look=parse_look(brand, template),
    )
    raise typer.Exit(code)


@app.command()
def portfolio(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FOLDER|FILE...", help="Stack files, saved results, or folders of them.")
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FOLDER", help="Where the index and the reports go.")
    ] = Path("portfolio"),
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day to audit for.")] = "",
    plugins: Installed = True,
    brand: Branded = None,
    template: Templates = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing but problems.")] = False,
) -> None:
    """Audit many clients: an index, a report of each, and a benchmark of them alone."""
    from stackaudit.cli.look import parse_look
    from stackaudit.cli.portfolio import portfolio as command

    look = parse_look(brand, template)
    code = command(paths, output, as_of=as_of, installed=plugins, look=look, brand=brand, quiet=quiet)
    raise typer.Exit(code)


@app.command()
def rules(
    rule: Annotated[
        str, typer.Argument(metavar="[ID]", help="One rule; all without it.", autocompletion=complete_rule)
    ] = "",
    form: Annotated[str, typer.Option("--format", metavar="text|md|json", help="How to print them.")] = "text",
    plugins: Installed = True,
) -> None:
    """List the rules, explain one, or print the whole reference."""
    from stackaudit.cli.rules import rules as command

    raise typer.Exit(command(rule, form=form, installed=plugins))


@app.command()
def schema(
    kind: Annotated[str, typer.Argument(metavar="inventory|result|vendor", help="Which schema to print.")],
) -> None:
    """Print a JSON Schema."""
    from stackaudit.cli.schema import schema as command

    raise typer.Exit(command(kind))
