"""The commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stackaudit import __version__
from stackaudit.cli.catalog.commands import catalog_app
from stackaudit.cli.complete import complete_alias, complete_example, complete_rule, complete_source
from stackaudit.cli.inputs import PluginChoice
from stackaudit.cli.options import Dress, with_look, with_plugins
from stackaudit.cli.plugins.commands import plugins_app

OUTPUTS = ".html .json .md .pdf .xlsx .sarif .jsonl, github=FILE, csv=FOLDER, - for JSON"
HELP = "Audit a company's go-to-market tool stack. No network, ever."

app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)
app.add_typer(catalog_app, name="catalog")
app.add_typer(plugins_app, name="plugins")

Outputs = Annotated[
    list[str] | None,
    typer.Option("-o", "--output", metavar="PATH", help=f"Write this: {OUTPUTS}. Repeatable."),
]
Compared = Annotated[
    list[str] | None,
    typer.Option("-o", "--output", metavar="PATH", help="Write this file (.html, .json, .md, - for JSON). Repeatable."),
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
@with_plugins
@with_look
def audit(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The stack file; - is standard input.")],
    output: Outputs = None,
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day to audit for.")] = "",
    fail_on: Annotated[str, typer.Option("--fail-on", metavar="SEVERITY", help="Exit 1 from this severity.")] = "",
    min_coverage: Annotated[float, typer.Option("--min-coverage", help="Exit 3 below this share, 0 to 1.")] = 0.0,
    *,
    choice: PluginChoice,
    root: Root = None,
    privacy: Privacy = "full",
    key: Key = None,
    owner: Owner = "",
    finding: Chosen = None,
    dress: Dress,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing but problems.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Name every finding.")] = False,
    watching: Watching = False,
) -> None:
    """Audit a stack: a summary here, and a report beside the file."""
    if watching:
        from stackaudit.cli.watch import again

        raise typer.Exit(again(file))
    from stackaudit.cli.audit import audit as command
    from stackaudit.cli.look import parse_look
    from stackaudit.cli.readers import parse_readers

    code = command(
        file,
        output or [],
        as_of=as_of,
        fail_on=fail_on,
        min_coverage=min_coverage,
        choice=choice,
        root=root,
        readers=parse_readers(privacy, key, owner, finding or []),
        quiet=quiet,
        verbose=verbose,
        look=parse_look(dress, choice.packs),
        theme=dress.theme,
    )
    raise typer.Exit(code)


@app.command()
@with_plugins
def check(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The stack file; - is standard input.")],
    form: Annotated[str, typer.Option("--format", metavar="text|json|github", help="How to print it.")] = "text",
    *,
    choice: PluginChoice,
    root: Root = None,
    watching: Watching = False,
) -> None:
    """Say everything that is wrong with a stack file, with its place."""
    if watching:
        from stackaudit.cli.watch import again

        raise typer.Exit(again(file))
    from stackaudit.cli.check import check as command

    raise typer.Exit(command(file, form=form, choice=choice, root=root))


@app.command()
@with_plugins
def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The stack file to write.")] = Path("stack.yaml"),
    example: Annotated[
        str,
        typer.Option("--example", metavar="NAME", help="Copy one that comes with it.", autocompletion=complete_example),
    ] = "",
    tools: Annotated[str, typer.Option("--tools", metavar="A,B", help="Make one from names.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Overwrite.")] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Also write inventory.schema.json beside it, for editors.")
    ] = False,
    *,
    choice: PluginChoice,
) -> None:
    """Ask a few questions and write a first stack file.

    Examples: stackaudit init; stackaudit init --tools "Salesforce, Gong"; stackaudit init --example starter
    """
    from stackaudit.cli.init import init as command

    raise typer.Exit(command(file, example=example, tools=tools, force=force, choice=choice, schema=schema))


@app.command("import")
@with_plugins
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
    sources: Annotated[
        bool,
        typer.Option("--sources", "--list", help="List what can be read, how far each format is confirmed, and stop."),
    ] = False,
    currency: Annotated[
        str, typer.Option("--currency", metavar="CODE", help="Of sums that name none, or only $: USD, CAD, ...")
    ] = "",
    *,
    choice: PluginChoice,
) -> None:
    """Read a spreadsheet or an export into an inventory; a preview without -o or --into.

    Examples: stackaudit import tools.csv; stackaudit import tools.xlsx -o stack.yaml;
    stackaudit import okta.csv --into stack.yaml
    """
    from stackaudit.cli import import_ as command
    from stackaudit.errors import UsageError

    if sources:
        raise typer.Exit(command.sources(choice))
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
        choice,
        currency,
    )
    raise typer.Exit(command.import_file(request))


@app.command()
@with_plugins
@with_look
def report(
    result: Annotated[str, typer.Argument(metavar="RESULT.json", help="A saved result; - is standard input.")],
    output: Outputs = None,
    *,
    choice: PluginChoice,
    dress: Dress,
    privacy: Privacy = "full",
    key: Key = None,
    owner: Owner = "",
    finding: Chosen = None,
) -> None:
    """Render a saved result again."""
    from stackaudit.cli.look import look_alone
    from stackaudit.cli.readers import parse_readers
    from stackaudit.cli.report import report as command

    readers = parse_readers(privacy, key, owner, finding or [])
    raise typer.Exit(command(result, output or [], readers, look_alone(dress, choice)))


@app.command()
@with_plugins
@with_look
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD.json", help="The earlier result.")],
    new: Annotated[str, typer.Argument(metavar="NEW.json", help="The later result.")],
    output: Compared = None,
    privacy: Privacy = "full",
    *,
    choice: PluginChoice,
    dress: Dress,
) -> None:
    """Compare two saved results: new, fixed, changed and unchanged findings, and what works now."""
    from stackaudit.cli.compare import diff as command
    from stackaudit.cli.look import look_alone
    from stackaudit.cli.readers import parse_readers

    raise typer.Exit(command(old, new, output or [], parse_readers(privacy), look_alone(dress, choice)))


@app.command()
@with_plugins
@with_look
def whatif(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The stack file; - is standard input.")],
    remove: Annotated[list[str] | None, typer.Option("--remove", metavar="TOOL", help="Take it away.")] = None,
    add: Annotated[list[str] | None, typer.Option("--add", metavar="NAME", help="Bring it in.")] = None,
    replace: Annotated[
        list[str] | None, typer.Option("--replace", metavar="OLD=NEW", help="Put one in the place of another.")
    ] = None,
    scenario: Annotated[str, typer.Option("--scenario", metavar="NAME", help="One of the file's scenarios.")] = "",
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day to audit for.")] = "",
    *,
    choice: PluginChoice,
    output: Compared = None,
    privacy: Privacy = "full",
    dress: Dress,
) -> None:
    """Audit the stack again as if it were changed, and say what would differ."""
    from stackaudit.cli.compare import whatif as command
    from stackaudit.cli.look import parse_look
    from stackaudit.cli.readers import parse_readers

    code = command(
        file,
        output or [],
        remove=remove or [],
        add=add or [],
        replace=replace or [],
        scenario=scenario,
        as_of=as_of,
        choice=choice,
        readers=parse_readers(privacy),
        look=parse_look(dress, choice.packs),
        theme=dress.theme,
    )
    raise typer.Exit(code)


@app.command()
@with_plugins
@with_look
def portfolio(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FOLDER|FILE...", help="Stack files, saved results, or folders of them.")
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FOLDER", help="Where the index and the reports go.")
    ] = Path("portfolio"),
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day to audit for.")] = "",
    *,
    choice: PluginChoice,
    dress: Dress,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing but problems.")] = False,
) -> None:
    """Audit many clients: an index, a report of each, and a benchmark of them alone."""
    from stackaudit.cli.look import look_alone
    from stackaudit.cli.portfolio import portfolio as command

    look = look_alone(dress, choice)
    code = command(paths, output, as_of=as_of, choice=choice, look=look, brand=dress.brand, quiet=quiet)
    raise typer.Exit(code)


@app.command()
@with_plugins
def rules(
    rule: Annotated[
        str, typer.Argument(metavar="[ID]", help="One rule; all without it.", autocompletion=complete_rule)
    ] = "",
    form: Annotated[str, typer.Option("--format", metavar="text|md|json", help="How to print them.")] = "text",
    *,
    choice: PluginChoice,
) -> None:
    """List the rules, explain one, or print the whole reference."""
    from stackaudit.cli.rules import rules as command

    raise typer.Exit(command(rule, form=form, choice=choice))


@app.command()
@with_plugins
def graph(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A stack file or a saved result; - is standard input.")],
    output: Annotated[
        list[str] | None,
        typer.Option(
            "-o", "--output", metavar="PATH", help="Write this: .dot .gv .mmd .mermaid .graphml .json. Repeatable."
        ),
    ] = None,
    form: Annotated[str, typer.Option("--format", metavar="dot|mermaid|graphml|json", help="How to print it.")] = "dot",
    missing: Annotated[bool, typer.Option("--missing", help="Also draw the connections that the stack lacks.")] = False,
    *,
    choice: PluginChoice,
) -> None:
    """Print the stack's graph for Graphviz, Markdown or a graph tool.

    Examples: stackaudit graph stack.yaml | dot -Tsvg > stack.svg; stackaudit graph stack.yaml --format mermaid
    """
    from stackaudit.cli.graph import graph as command

    raise typer.Exit(command(file, output or [], form=form, missing=missing, choice=choice))


@app.command()
def schema(
    kind: Annotated[str, typer.Argument(metavar="inventory|result|vendor", help="Which schema to print.")],
) -> None:
    """Print a JSON Schema."""
    from stackaudit.cli.schema import schema as command

    raise typer.Exit(command(kind))
