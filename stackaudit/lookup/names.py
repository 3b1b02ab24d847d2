"""From what a person types to one thing of the catalogue, or to what it may have meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.errors import UsageError
from stackaudit.pluginmanager import KnownName, fold

if TYPE_CHECKING:
    from stackaudit.model.catalog import Catalog
    from stackaudit.pluginmanager import Plugins

_ORDER = ("id", "name", "alias", "former_name", "domain")


class Match(Struct, frozen=True):
    """The thing that a name means; ``kind`` is tool, layer or capability, ``known`` the tool's name that matched."""

    kind: str
    id: str
    known: KnownName | None = None


def find(plugins: Plugins, catalog: Catalog, text: str) -> Match:
    """The tool, layer or capability that a name means exactly.

    Raises:
        UsageError: Nothing has that name, or several tools have; the message names the candidates.
    """
    hits = plugins.find(text)
    ids = sorted({hit.tool_id for hit in hits})
    if len(ids) == 1:
        return Match("tool", ids[0], min(hits, key=lambda hit: _ORDER.index(hit.kind)))
    if ids:
        raise UsageError(_several(plugins, catalog, text, hits))
    key = fold(text)
    named: list[tuple[str, str, tuple[str, ...]]] = [("layer", x.id, (x.id, x.name)) for x in catalog.layers.values()]
    named += [("capability", x.id, (x.id, x.name)) for x in catalog.capabilities.values()]
    named += [("layer", x.id, x.aliases) for x in catalog.layers.values()]
    for kind, i, words in named:
        if key in map(fold, words):
            return Match(kind, i)
    raise UsageError(_unknown(plugins, text))


def find_tool(plugins: Plugins, catalog: Catalog, text: str) -> Match:
    """The tool that a name means exactly.

    Raises:
        UsageError: No tool has that name, or several have.
    """
    match = find(plugins, catalog, text)
    if match.kind != "tool":
        raise UsageError(f"{text!r} is a {match.kind}; name a tool (stackaudit catalog show {match.id} lists them)")
    return match


def _several(plugins: Plugins, catalog: Catalog, text: str, hits: tuple[KnownName, ...]) -> str:
    rows = plugins.index.tools_of(hit.tool_id for hit in hits)
    lines = [f"{text!r} means several tools; name one of them:"]
    for tool, row in sorted(rows.items()):
        kinds = {hit.kind for hit in hits if hit.tool_id == tool}
        why = min(kinds, key=_ORDER.index).replace("_", " ")
        lines.append(f"  {tool}  {row.name}, {catalog.layer_name(row.layer)} (by its {why})")
    return "\n".join(lines)


def _unknown(plugins: Plugins, text: str) -> str:
    made = [v.id for v in plugins.index.vendors() if fold(text) in map(fold, (v.id, v.name))]
    tools = [row.id for row in plugins.index.tools_of_vendors(made)]
    if tools:
        return f"{text!r} is a vendor; name one of its tools: {', '.join(tools)}"
    close = [s.tool_id for s in plugins.suggest(text)]
    hint = (
        f"; did you mean {' or '.join(close)}?" if close else "; stackaudit catalog search finds tools by what they do"
    )
    return f"nothing is called {text!r}{hint}"
