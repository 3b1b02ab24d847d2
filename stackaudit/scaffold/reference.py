"""The generated parts of the authors' guide: hooks from their specifications, the manifest from its schema.

``python -m stackaudit.scaffold.reference plugins/README.md`` brings them up to date.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stackaudit.hookspecs import HOOKS, HookSpecs
from stackaudit.model.importing import Export, Parsed, Record, Table, Wire
from stackaudit.model.plugins import API_VERSION, Draft, Importer, Rule, Theme
from stackaudit.pluginmanager import manifest_schema

_RECORDS = (Rule, Draft, Importer, Export, Table, Parsed, Record, Wire, Theme)
_START = "<!-- generated: {name} -->"
_END = "<!-- end of generated: {name} -->"


def hook_reference() -> str:
    """Every hook with what it returns, and every record with its fields."""
    lines = [f"The plugin interface has version {API_VERSION}. Hooks take no arguments and return lists.", ""]
    for name in HOOKS:
        hook = getattr(HookSpecs, name)
        returns = re.sub(r"Iterable\[(\w+)\]", r"list of `\1`", str(inspect.signature(hook).return_annotation))
        lines += [f"### `{name}()`", "", f"Returns a {returns}. {_flat(hook.__doc__)}", ""]
    for record in _RECORDS:
        lines += [
            f"### `{record.__name__}`",
            "",
            _flat((record.__doc__ or "").partition("Attributes:")[0]),
            "",
            "| field | form | needed |",
            "|---|---|---|",
        ]
        needed = len(record.__struct_fields__) - len(record.__struct_defaults__)
        for place, name in enumerate(record.__struct_fields__):
            form = str(record.__annotations__[name]).replace("|", "or")
            lines.append(f"| `{name}` | `{form}` | {'yes' if place < needed else 'no'} |")
        lines.append("")
    return "\n".join(lines).strip()


def manifest_reference() -> str:
    """Every key of a manifest, part by part."""
    schema = manifest_schema()
    parts = {"VendorManifest": schema, **schema["$defs"]}
    lines: list[str] = []
    for name in _in_order("VendorManifest", parts, []):
        part = parts[name]
        title = "The file" if name == "VendorManifest" else f"`{name}`"
        lines += [f"### {title}", "", _flat(part.get("description")), "", "| key | form | needed |", "|---|---|---|"]
        required = set(part.get("required", ()))
        lines += [
            f"| `{key}` | {_form(value)} | {'yes' if key in required else 'no'} |"
            for key, value in part["properties"].items()
        ]
        lines.append("")
    return "\n".join(lines).strip()


def refreshed(text: str) -> str:
    """A guide with its generated parts as they must be.

    Raises:
        ValueError: A part's marks are missing.
    """
    for name, made in (("hooks", hook_reference()), ("manifest", manifest_reference())):
        start, end = _START.format(name=name), _END.format(name=name)
        if text.count(start) != 1 or text.count(end) != 1:
            raise ValueError(f"the guide lacks the marks of its part {name!r}")
        before, _, rest = text.partition(start)
        _, _, after = rest.partition(end)
        text = f"{before}{start}\n\n{made}\n\n{end}{after}"
    return text


def _in_order(name: str, parts: dict[str, Any], seen: list[str]) -> list[str]:
    """Parts in the order in which they are first named."""
    seen.append(name)
    for other in re.findall(r"#/\$defs/(\w+)", str(parts[name]["properties"])):
        if other not in seen and "properties" in parts[other]:
            _in_order(other, parts, seen)
    return seen


def _form(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    options = [s for s in schema.get("anyOf", ()) if s.get("type") != "null"]
    if options:
        return " or ".join(_form(option) for option in options)
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    kind = schema.get("type")
    if kind == "array":
        return f"list of {_form(schema.get('items', {}))}"
    if kind == "object":
        return f"map to {_form(schema.get('additionalProperties', {}))}"
    if kind == "string":
        return _text(schema)
    return {"integer": "whole number", "number": "number", "boolean": "yes or no"}.get(str(kind), "text")


def _text(schema: dict[str, Any]) -> str:
    return "date" if schema.get("format") == "date" else "id" if "pattern" in schema else "text"


def _flat(text: str | None) -> str:
    return " ".join((text or "").split()).replace("``", "`")


def _main(paths: list[str]) -> Iterator[str]:
    for name in paths:
        path = Path(name)
        path.write_text(refreshed(path.read_text(encoding="utf-8")), encoding="utf-8")
        yield name


if __name__ == "__main__":
    sys.stdout.write("".join(f"{name}\n" for name in _main(sys.argv[1:])))
