"""What Example Works adds in Python; everything comes from stackaudit.api, and nothing happens at import."""

from stackaudit.api import Draft, Effort, Evidence, Importer, Parsed, Record, Rule, Severity, Theme, hookimpl

# The version of the plugin interface that this is written for.
STACKAUDIT_API = 1


def without_owner(context):
    """Yields one draft for each of our tools that nobody owns; reads the analysis and changes nothing."""
    for tool in context.analysis.stack.active:
        if tool.plugin == "example" and tool.entry.owner is None:
            place = Evidence(text=f"{tool.name} has no owner", file=context.analysis.stack.file, line=tool.line)
            yield Draft(message=f"Nobody owns {tool.name}.", subjects=(tool.id,), evidence=(place,))


@hookimpl
def stackaudit_rules():
    return [
        Rule(
            id="EXAMPLE-001",
            severity=Severity.LOW,
            title="Nobody owns Example Works",
            checks="Whether the tool has an owner.",
            why="A tool that nobody owns is set up by chance.",
            fix="Name an owner in the stack file.",
            waive_when="The tool is on trial.",
            threshold="none",
            source="Example Works, the vendor itself",
            effort=Effort.S,
            check=without_owner,
        )
    ]


def read(export):
    """One record for each row of an export; the headings are those that the importer names."""
    records = []
    for table in export.tables:
        for number, cells in table.rows:
            row = dict(zip(table.header, cells, strict=True))
            name = str(row["Product"])
            records.append(Record(name=name, key=name, place=f"row {number}", fields={"owner": row["Owner"]}))
    return Parsed(records=tuple(records))


@hookimpl
def stackaudit_importers():
    return [Importer(id="example", title="Example Works export", columns=(("Product",), ("Owner",)), read=read)]


@hookimpl
def stackaudit_themes():
    return [Theme(name="example", title="Example Works", css=":root { --accent: #0b5cad; }")]
