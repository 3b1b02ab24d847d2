"""The JSON Schema of a stack file with the words of the catalogue in it, so that an editor can complete them."""

from __future__ import annotations

from typing import Any

from stackaudit.audit import open_plugins
from stackaudit.catalog import load_catalog
from stackaudit.inventory import json_schema


def inventory_schema() -> dict[str, Any]:
    """The inventory's schema; names of tools are offered, ids of the catalogue are required."""
    catalog, plugins = load_catalog(), open_plugins()
    schema = json_schema()
    names = sorted({text for text, _ in plugins.index.all_names()} | {row.id for row in plugins.all_tool_rows()})
    schema["$defs"]["ToolName"] = {"anyOf": [{"enum": names}, {"type": "string", "minLength": 1, "maxLength": 200}]}
    objects = {word for o in catalog.objects.values() for word in (o.id, *o.aliases)}
    words = {
        "Capability": (sorted(catalog.capabilities), {c.id: c.definition for c in catalog.capabilities.values()}),
        "Layer": (sorted(catalog.layers), {x.id: x.definition for x in catalog.layers.values()}),
        "Object": (sorted(objects), {}),
        "Rule": (sorted(r.id for r in plugins.rules()), {r.id: r.title for r in catalog.rules.values()}),
    }
    for name, (ids, said) in words.items():
        schema["$defs"][name] = {"enum": ids}
        if said:  # shown by editors beside each word; validators ignore it
            schema["$defs"][name]["markdownEnumDescriptions"] = [said.get(i, "") for i in ids]
    tool = schema["$defs"]["ToolEntry"]["properties"]
    tool["tool"] = _ref("ToolName")
    tool["layer"] = _or_null("Layer")
    for name in ("licensed", "in_use", "capabilities"):
        tool[name] = _list_of("Capability")
    tool["system_of_record_for"] = _list_of("Object")
    schema["$defs"]["Integration"]["properties"]["objects"] = _list_of("Object")
    schema["$defs"]["Waiver"]["properties"]["rule"] = _ref("Rule")
    schema["$defs"]["Settings"]["properties"]["rules"]["propertyNames"] = _ref("Rule")
    entry = {"anyOf": [_ref("ToolName"), _ref("ToolEntry")]}
    for alternative in schema["anyOf"]:
        if alternative.get("type") == "array":
            alternative["items"] = entry
        else:
            alternative["properties"]["tools"]["items"] = entry
    made: dict[str, Any] = _with_words_for_yes(schema)
    return made


def _with_words_for_yes(part: Any) -> Any:
    """The same with ``yes`` and ``no`` for answers, which are text to an editor and answers to this program."""
    if isinstance(part, list):
        return [_with_words_for_yes(p) for p in part]
    if not isinstance(part, dict):
        return part
    if part.get("type") == "boolean":
        rest = {k: v for k, v in part.items() if k != "type"}
        return {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no"]}], **rest}
    return {k: _with_words_for_yes(v) for k, v in part.items()}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _or_null(name: str) -> dict[str, Any]:
    return {"anyOf": [_ref(name), {"type": "null"}], "default": None}


def _list_of(name: str) -> dict[str, Any]:
    return {"anyOf": [{"type": "array", "items": _ref(name)}, {"type": "null"}], "default": None}
