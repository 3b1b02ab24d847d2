"""n8n workflows: the tools of their nodes, and the connections that active workflows run between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from stackaudit.importers.bounds import tidy
from stackaudit.importers.documents import maps, records, text
from stackaudit.model.importing import Export, Importer, Parsed, Wire

_PLUMBING = frozenset(
    {
        *("if", "set", "switch", "merge", "code", "function", "functionItem", "noOp", "wait", "filter", "itemLists"),
        *("splitInBatches", "splitOut", "aggregate", "sort", "limit", "summarize", "removeDuplicates", "dateTime"),
        *("webhook", "respondToWebhook", "httpRequest", "schedule", "cron", "manual", "interval", "start", "error"),
        *("stickyNote", "executeWorkflow", "executeCommand", "stopAndError", "html", "xml", "crypto", "renameKeys"),
        *("compareDatasets", "convertToFile", "extractFromFile", "readWriteFile", "form", "editImage", "markdown"),
        *("emailReadImap", "emailSend", "rssFeedRead", "spreadsheetFile", "moveBinaryData", "debugHelper", "n8n"),
    }
)


def _workflows(data: Any) -> list[dict[str, Any]]:
    inner = data.get("data", data) if isinstance(data, dict) else data
    entries = maps(inner) if isinstance(inner, list) else maps([inner])
    return [w for w in entries if isinstance(w.get("nodes"), list) and isinstance(w.get("connections"), dict)]


def _holds(data: Any) -> bool:
    return any("type" in node for w in _workflows(data) for node in maps(w["nodes"]))


def tool_name(node_type: str) -> str:
    """The tool behind a node, e.g. ``n8n-nodes-base.googleSheetsTrigger`` is Google Sheets; nothing for plumbing."""
    last = node_type.rsplit(".", 1)[-1].removesuffix("Trigger")
    if last in _PLUMBING or "langchain" in node_type:
        return ""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", last)
    return tidy(spaced[:1].upper() + spaced[1:])[:100]


def _nodes(workflow: Mapping[str, Any]) -> dict[str, str]:
    """Tool name by node name; disabled nodes are left out."""
    return {
        text(n.get("name")): tool_name(text(n.get("type")))
        for n in maps(workflow["nodes"])
        if n.get("disabled") is not True
    }


def _types(workflow: Mapping[str, Any]) -> list[str]:
    return [text(node.get("type")) for node in maps(workflow["nodes"])]


def _next(connections: Mapping[str, Any], node: str) -> Iterator[str]:
    outputs = connections.get(node)
    ways = outputs.get("main") if isinstance(outputs, dict) else None
    for output in ways if isinstance(ways, list) else ():
        for target in maps(output):
            yield text(target.get("node"))


def _reached(workflow: Mapping[str, Any], tools: Mapping[str, str], node: str) -> set[str]:
    """The tools that data from a node gets to next, through nodes that are no tools."""
    found: set[str] = set()
    seen, todo = {node}, list(_next(workflow["connections"], node))
    while todo:
        here = todo.pop()
        if here in seen or here not in tools:
            continue
        seen.add(here)
        if tools[here]:
            found.add(tools[here])
        else:
            todo += _next(workflow["connections"], here)
    return found


def _read(export: Export) -> Parsed:
    names: list[tuple[str, str, str]] = []
    wires: dict[tuple[str, str], Wire] = {}
    remarks = list(export.remarks)
    of_n8n: set[str] = set()  # n8n's own nodes are made for one product, so their names leave no doubt
    for number, workflow in enumerate(_workflows(export.data), 1):
        title = f"workflow {tidy(text(workflow.get('name')))[:80] or number}"
        if workflow.get("active") is not True:
            remarks.append(f"{title} is not active; its connections are left out")
        tools = _nodes(workflow)
        names += [(tool, title, "") for tool in tools.values() if tool]
        of_n8n |= {tool_name(t) for t in _types(workflow) if t.startswith("n8n-nodes-base.")}
        if workflow.get("active") is True:
            for node, tool in tools.items():
                for other in sorted(_reached(workflow, tools, node) - {tool}) if tool else ():
                    fields = {"method": "ipaas", "via": "n8n"}
                    wires.setdefault((tool, other), Wire(tool, other, fields, title))
    made = tuple(replace(r, settled=r.name in of_n8n) for r in records(names))
    return Parsed(made, tuple(wires.values()), remarks=tuple(remarks))


IMPORTERS = (
    Importer(
        "n8n",
        "n8n workflows",
        (),
        _read,
        _holds,
        general=True,
        basis="github.com/n8n-io/n8n, schemas workflow.yml and node.yml of its public interface",
    ),
)
