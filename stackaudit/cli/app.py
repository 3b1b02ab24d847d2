"""The commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stackaudit import __version__
from stackaudit.cli.catalog.commands import catalog_app

OUTPUTS = ".html .json .md .pdf .xlsx .sarif .jsonl, github=FILE, csv=FOLDER, - for JSON"
HELP = "Audit a company's go-to-market tool stack. No network, ever."

app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)
plugins_app = typer.Typer(help="See what plugins there are; alone it lists them.", invoke_without_command=True)
app.add_typer(catalog_app, name="catalog")
app.add_typer(plugins_app, name="plugins")

Installed = Annotated[
    bool, typer.Option("--plugins/--no-plugins", help="Whether installed plugins may contribute.", show_default=False)
]
Only = Annotated[str, typer.Option("--only-plugins", metavar="A,B", help="Use only these installed plugins.")]
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
    root: Root = None,
    privacy: Privacy = "full",
    key: Key = None,
    owner: Owner = "",
    finding: Chosen = None,
    brand: Branded = None,
    template: Templates = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing but problems.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Name every finding.")] = False,
) -> None:
    """Audit a stack: a summary here, and a report beside the file."""
    from stackaudit.cli.audit import audit as command
    from stackaudit.cli.look import parse_look
    from stackaudit.cli.readers import parse_readers

    code = command(
        file,
        output or [],
        as_of=as_of,
        fail_on=fail_on,
        min_coverage=min_coverage,
        installed=plugins,
        only=only_plugins,
        root=root,
        readers=parse_readers(privacy, key, owner, finding or []),
        quiet=quiet,
        verbose=verbose,
        look=parse_look(brand, template),
    )
    raise typer.Exit(code)


@app.command()
def check(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The stack file; - is standard input.")],
    plugins: Installed = True,
    root: Root = None,
) -> None:
    """Say everything that is wrong with a stack file, with its place."""
    from stackaudit.cli.check import check as command

    raise typer.Exit(command(file, installed=plugins, root=root))


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
    rule: Annotated[str, typer.Argument(metavar="[ID]", help="One rule; all without it.")] = "",
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


@plugins_app.callback()
def _plugins(context: typer.Context, plugins: Installed = True) -> None:
    if context.invoked_subcommand is None:
        from stackaudit.cli.plugins import listing

        raise typer.Exit(listing(installed=plugins))


@plugins_app.command("list")
def plugins_list(plugins: Installed = True) -> None:
    """List every plugin: vendors of the catalogue and installed distributions."""
    from stackaudit.cli.plugins import listing

    raise typer.Exit(listing(installed=plugins))


@plugins_app.command("fmt")
def plugins_fmt(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATHS", help="Manifests, or folders of them.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 where a file is not in form.")] = False,
) -> None:
    """Bring vendor manifests into their one form: sorted, keys in order, a record a line."""
    from stackaudit.cli.plugins_fmt import fmt

    raise typer.Exit(fmt(paths or [], check=check))
