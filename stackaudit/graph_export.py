"""The stack's graph in the formats of other tools: DOT for Graphviz, Mermaid for Markdown, GraphML, and JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from stackaudit.report.escape import clean, line
from stackaudit.report.words import FAMILIES

if TYPE_CHECKING:
    import networkx as nx

    from stackaudit.model.result import AuditResult

OTHER = "other"
"""The family of tools that no layer holds."""
_DASHED = {"planned": "dashed", "missing": "dotted"}
_MERMAID = str.maketrans(
    {'"': "#quot;", "<": "#lt;", ">": "#gt;", "#": "#35;", "&": "#amp;", "`": "#96;", "|": "#124;"}
)


def build(result: AuditResult, *, missing: bool = False) -> nx.MultiDiGraph[str]:
    """The declared tools and connections as a graph; every attribute is a text, a number or a truth value.

    Args:
        result: The audit.
        missing: Also the connections that the stage of the company asks for between declared tools and that are not
            there; their ``status`` is ``missing``.

    Returns:
        Nodes by tool id, in the file's order. A two-way connection is one edge with ``two_way`` true.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=clean(result.company.name or "Go-to-market stack"))
    for tool in result.tools:
        known = {
            "label": tool.name,
            "layer": tool.layer,
            "family": tool.family,
            "function": tool.lane,
            "owner": tool.owner,
            "status": tool.status,
            "in_scope": tool.in_scope,
            "annual_cost": tool.annual_cost,
            "currency": tool.currency if tool.annual_cost is not None else None,
        }
        graph.add_nodes_from([(clean(tool.id), _present(known))])
    for edge in result.integrations:
        carried = {
            "objects": ", ".join(edge.objects),
            "status": edge.status,
            "two_way": edge.two_way,
            "method": edge.method,
            "minutes": edge.minutes,
            "automated": edge.automated,
            "evidence": edge.evidence,
        }
        graph.add_edges_from([(clean(edge.from_), clean(edge.to), _present(carried))])
    if missing:
        for gap in result.expected.integrations:
            if gap.from_ and gap.to:
                lacking = {
                    "objects": ", ".join(gap.objects),
                    "status": "missing",
                    "two_way": False,
                    "reason": gap.reason,
                }
                graph.add_edges_from([(clean(gap.from_), clean(gap.to), _present(lacking))])
    return graph


def _present(attributes: Mapping[str, object]) -> dict[str, object]:
    return {k: clean(v) if isinstance(v, str) else v for k, v in attributes.items() if v is not None}


def dot(graph: nx.MultiDiGraph[str]) -> str:
    """The graph for Graphviz, tools of a family in one cluster."""
    lines = [f"digraph {_dot(graph.name)} {{", "  rankdir=LR;", "  node [shape=box, style=rounded];"]
    for family, title, members in _families(graph):
        lines += [f"  subgraph {_dot(f'cluster_{family}')} {{", f"    label={_dot(title)};"]
        lines += [f"    {_dot(node)} [label={_dot(graph.nodes[node]['label'])}];" for node in members]
        lines.append("  }")
    for source, target, data in graph.edges(data=True):
        marks = {"label": data["objects"], "dir": "both" if data["two_way"] else "", **_dot_style(data["status"])}
        said = ", ".join(f"{key}={_dot(value)}" for key, value in marks.items() if value)
        lines.append(f"  {_dot(source)} -> {_dot(target)}{f' [{said}]' if said else ''};")
    return "\n".join([*lines, "}"]) + "\n"


def _dot_style(status: str) -> dict[str, str]:
    if status in {"broken", "degraded"}:
        return {"color": "red" if status == "broken" else "orange", "tooltip": status}
    return {"style": _DASHED.get(status, ""), "color": "red" if status == "missing" else ""}


def _dot(text: str) -> str:
    """A quoted DOT string; a backslash would begin an escape, and is doubled."""
    quoted = line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


def mermaid(graph: nx.MultiDiGraph[str]) -> str:
    """The graph as a Mermaid flowchart, which GitHub and GitLab draw inside Markdown."""
    short = {node: f"n{i}" for i, node in enumerate(graph, start=1)}
    lines = ["flowchart LR"]
    for family, title, members in _families(graph):
        lines.append(f"  subgraph {family}[{_mermaid(title)}]")
        lines += [f"    {short[node]}[{_mermaid(graph.nodes[node]['label'])}]" for node in members]
        lines.append("  end")
    for source, target, data in graph.edges(data=True):
        text = (
            data["objects"]
            if data["status"] == "live"
            else ": ".join(p for p in (data["status"], data["objects"]) if p)
        )
        back = "<" if data["two_way"] else ""
        arrow = f"{back}-.->" if data["status"] in _DASHED else f"{back}-->"
        lines.append(f"  {short[source]} {arrow}{f'|{_mermaid(text)}|' if text else ''} {short[target]}")
    return "\n".join(lines) + "\n"


def _mermaid(text: str) -> str:
    """A quoted Mermaid text, in which nothing is markup, code or an entity of its own."""
    return f'"{line(text).translate(_MERMAID)}"'


def graphml(graph: nx.MultiDiGraph[str]) -> str:
    """The graph as GraphML, for Gephi, yEd and Cytoscape."""
    import networkx as nx

    stream = io.BytesIO()
    nx.write_graphml_xml(graph, stream)
    return stream.getvalue().decode("utf-8") + "\n"


def node_link(graph: nx.MultiDiGraph[str]) -> str:
    """The graph as node-link JSON, which networkx, D3 and most graph libraries read."""
    import networkx as nx

    return json.dumps(nx.node_link_data(graph, edges="edges"), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _families(graph: nx.MultiDiGraph[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Each family that has tools: its id, its name and its tools."""
    for family, title in {**FAMILIES, OTHER: "Not identified"}.items():
        known = [n for n, data in graph.nodes(data=True) if (data.get("family") or OTHER) == family]
        if known:
            yield family, title, known


WRITERS: dict[str, Callable[[nx.MultiDiGraph[str]], str]] = {
    "dot": dot,
    "mermaid": mermaid,
    "graphml": graphml,
    "json": node_link,
}
"""How each format is written, by its name on the command line."""
ENDINGS = {
    ".dot": "dot",
    ".gv": "dot",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".graphml": "graphml",
    ".json": "json",
}
"""The format that a file's ending stands for."""
