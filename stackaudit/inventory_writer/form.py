"""The form of a stack file: read and written so that its own form stays, and values that mean what they look like."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from stackaudit.errors import UsageError

SCHEMA_LINE = "# yaml-language-server: $schema=inventory.schema.json"
_NULL_WORDS = re.compile(r"~|null|true|false|yes|no|on|off|[-+.?\d].*", re.IGNORECASE)


def yaml_for(text: str) -> YAML:
    """A reader and writer that keeps the file's own form."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = max(4096, *(len(line) for line in text.splitlines()), 1)
    found = re.search(r"^tools:[^\n]*\n(?:\s*#[^\n]*\n|\s*\n)*( *)- ", text, re.MULTILINE)
    offset = len(found[1]) if found else 0
    yaml.indent(mapping=2, sequence=offset + 2, offset=offset)
    yaml.allow_unicode = True
    return yaml


def under_tools(text: str) -> str:
    """A bare list of tools as the list under ``tools``."""
    found = re.search(r"^- ", text, re.MULTILINE)
    if found is None:
        raise UsageError("the inventory is a bare list in one line; write it as a list under 'tools:' first")
    return f"{text[: found.start()]}version: 1\ntools:\n{text[found.start() :]}"


def as_map(entry: Any) -> Mapping[str, Any]:
    """An entry of the list of tools; a bare name is short for a map."""
    return entry if isinstance(entry, dict) else {"tool": entry}


def origins(entry: Mapping[str, Any]) -> list[Any]:
    """Where an entry came from: nothing, one source, or several."""
    given = entry.get("imported")
    return list(given) if isinstance(given, list) else [given] if given else []


def scalar(value: Any) -> Any:
    """A value as it should be written: text that could be taken for something else in quotes, no date shared."""
    if isinstance(value, dt.date):
        return value.replace()
    if isinstance(value, str) and _NULL_WORDS.fullmatch(value):
        return DoubleQuotedScalarString(value)
    return value


def comparable(value: Any) -> Any:
    """A value for comparison: written by a person, by this program, or read from a source."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.casefold() in ("yes", "no"):
        return value.casefold() == "yes"
    if isinstance(value, int | float):
        return int(value) if float(value).is_integer() else float(value)
    return str(value)


def check_sum(entry: Mapping[str, Any], fields: list[str]) -> str:
    """A check sum of imported fields: it tells whether a person has changed one since."""
    content = json.dumps({f: comparable(entry.get(f)) for f in dict.fromkeys(fields)}, sort_keys=True)
    return "v" + hashlib.sha256(content.encode()).hexdigest()[:8]


def comment(text: str) -> str:
    """A text on one line."""
    return re.sub(r"\s+", " ", text)[:500]
