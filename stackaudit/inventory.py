"""Load a stack file into the typed inventory, or say everything that is wrong with it at once."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from pydantic import ValidationError

from stackaudit import yamlio
from stackaudit.errors import InputError, InputProblem
from stackaudit.model.inventory import Inventory, ToolEntry
from stackaudit.model.vocabulary import OPEN_LISTS
from stackaudit.validation import explain, near

MAX_INSTANCES = 100
"""How often one tool may be declared, each time for another team, region or contract."""

STDIN = "<stdin>"


class Vocabulary(Struct, frozen=True):
    """Ids that a stack file may use; ``objects`` maps every known word to its object id."""

    layers: frozenset[str]
    capabilities: frozenset[str]
    objects: Mapping[str, str]
    rules: frozenset[str]


class LoadedInventory(Struct, frozen=True):
    """A valid inventory with its positions; ``problems`` holds warnings only. Every tool has an id.

    ``rows`` says for an inventory that was changed since it was read, list by list, which entry of the file each of
    its entries is; None marks one that stands in no file.
    """

    inventory: Inventory
    file: str
    problems: tuple[InputProblem, ...]
    document: yamlio.Document
    rows: Mapping[str, tuple[int | None, ...]] = field(default_factory=dict)

    def tool_line(self, index: int) -> int | None:
        """Line of the n-th tool; None where it stands in no file."""
        return self._line("tools", index)

    def integration_line(self, index: int) -> int | None:
        """Line of the n-th integration; None where it stands in no file."""
        return self._line("integrations", index)

    def play_line(self, index: int) -> int | None:
        """Line of the n-th play; None where it stands in no file."""
        return self._line("plays", index)

    def _line(self, part: str, index: int) -> int | None:
        row = self.rows[part][index] if part in self.rows else index
        return None if row is None else self.document.place(_bare(self.document, (part, row)))[0]


def load_inventory(
    path: Path | None, *, vocabulary: Vocabulary, root: Path, data: bytes | None = None
) -> LoadedInventory:
    """Load a stack file.

    Args:
        path: The file; None where ``data`` comes from standard input.
        vocabulary: Ids of the catalogue and of the rules that are loaded.
        root: Messages show files below it relative to it, others by their bare name.
        data: The bytes, where they are read already; with a path, that is only the name.

    Raises:
        InputError: With every problem of the file, each with its line and column.
    """
    file = shown_name(path, root)
    document = yamlio.load_path(path, file) if path is not None and data is None else yamlio.load(data or b"", file)
    content = document.data
    if not isinstance(content, dict | list):
        raise InputError([InputProblem(file, 1, 1, "is a single value", "a map, or a list of tool names")])
    if "schema_version" in content:
        expected = "a stack file; 'stackaudit report' renders a saved result"
        raise InputError([InputProblem(file, 1, 1, "is the saved result of an audit", expected)])
    problems: list[InputProblem] = []
    inventory: Inventory | None = None
    try:
        inventory = Inventory.model_validate(content)
    except ValidationError as error:
        top = {"tools": content} if isinstance(content, list) else content
        problems += explain(error, document, Inventory, top, lambda path: _bare(document, path))
    checker = _Checker(document, vocabulary)
    checker.words(content)
    if inventory is not None:
        inventory = checker.check(inventory)
    found = sorted({*problems, *checker.problems})
    if inventory is None or any(not p.warning for p in found):
        raise InputError(found)
    return LoadedInventory(inventory, file, tuple(found), document)


def shown_name(path: Path | None, root: Path) -> str:
    """How messages and results name a file: relative to the root, or by its bare name; never a machine path."""
    if path is None:
        return STDIN
    try:
        name = Path(os.path.realpath(path)).relative_to(os.path.realpath(root)).as_posix()
    except (ValueError, OSError):
        name = path.name
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def json_schema() -> dict[str, Any]:
    """JSON Schema of a stack file, the bare list of names and the short form of a tool included."""
    schema = Inventory.model_json_schema(by_alias=True)
    definitions = schema.pop("$defs")
    entry = {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/ToolEntry"}]}
    schema["properties"]["tools"]["items"] = entry
    for definition in (*definitions.values(), schema):
        if definition.get("additionalProperties") is False:
            definition["patternProperties"] = {"^x-": {}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "stackaudit inventory, version 1",
        "anyOf": [schema, {"type": "array", "items": entry, "minItems": 1}],
        "$defs": definitions,
    }


def slug(name: str) -> str:
    """Default id of a tool: its declared name in lower case with underscores."""
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_") or "tool"


def _bare(document: yamlio.Document, path: yamlio.Path) -> yamlio.Path:
    return path[1:] if isinstance(document.data, list) and path[:1] == ("tools",) else path


class _Checker:
    """What the types cannot see: ids of the catalogue, and ids that stand twice."""

    def __init__(self, document: yamlio.Document, vocabulary: Vocabulary) -> None:
        self._document = document
        self._known = vocabulary
        self.problems: list[InputProblem] = []

    def words(self, content: dict[str, Any] | list[Any]) -> None:
        """Check every word that must be an id of the catalogue, on the plain data: it may be wrong elsewhere, too."""
        top = {"tools": content} if isinstance(content, list) else content
        ids: dict[str, int] = {}
        for i, tool in enumerate(_maps(top.get("tools"))):
            path: yamlio.Path = ("tools", i)
            for name in ("licensed", "in_use", "capabilities"):
                self._each((*path, name), "capability", tool.get(name), self._known.capabilities)
            self._each((*path, "system_of_record_for"), "object", tool.get("system_of_record_for"), self._known.objects)
            if isinstance(tool.get("layer"), str) and tool["layer"] not in self._known.layers:
                self._unknown((*path, "layer"), "layer", tool["layer"], self._known.layers)
            if isinstance(given := tool.get("id"), str):
                if given in ids:
                    first = self._place(("tools", ids[given], "id"))[0]
                    what = f"the id {given!r} stands twice, first on line {first}"
                    self._say((*path, "id"), what, "each id once")
                ids.setdefault(given, i)
        for i, integration in enumerate(_maps(top.get("integrations"))):
            self._each(("integrations", i, "objects"), "object", integration.get("objects"), self._known.objects)
        settings = top.get("settings")
        rules = settings.get("rules") if isinstance(settings, dict) else None
        for rule in rules if isinstance(rules, dict) else ():
            if rule not in self._known.rules:
                self._unknown(("settings", "rules", rule), "rule", rule, self._known.rules, key=True)
        for i, waiver in enumerate(_maps(top.get("waivers"))):
            if isinstance(rule := waiver.get("rule"), str) and rule not in self._known.rules:
                self._unknown(("waivers", i, "rule"), "rule", rule, self._known.rules)

    def check(self, inventory: Inventory) -> Inventory:
        """Check the rest; returns the inventory with ids filled in and objects in the catalogue's words."""
        tools = tuple(self._tool(i, *x) for i, x in enumerate(zip(inventory.tools, _ids(inventory.tools), strict=True)))
        integrations = inventory.integrations
        if integrations is not None:
            for i, integration in enumerate(integrations):
                if integration.source == integration.target:
                    self._say(("integrations", i), f"connects {integration.source!r} with itself", "two tools")
            integrations = tuple(e.model_copy(update={"objects": self._canonical(e.objects)}) for e in integrations)
        self._instances(inventory.tools)
        self._open_lists(inventory)
        self._rates(inventory)
        return inventory.model_copy(update={"tools": tools, "integrations": integrations})

    def _instances(self, tools: tuple[ToolEntry, ...]) -> None:
        """Instances of one tool need something that tells them apart, and no company has hundreds."""
        same: dict[ToolEntry, int] = {}
        count = Counter(t.tool.casefold() for t in tools)
        told: set[str] = set()
        for i, tool in enumerate(tools):
            name = tool.tool.casefold()
            if count[name] > MAX_INSTANCES and name not in told:
                told.add(name)
                what = f"{tool.tool!r} is declared {count[name]:,} times"
                self._say(("tools", i), what, f"at most {MAX_INSTANCES} instances of one tool")
            first = same.setdefault(tool, i)
            if first != i and name not in told:
                line = self._place(("tools", first))[0]
                what = f"{tool.tool!r} stands on line {line} already, and nothing tells the two apart"
                self._say(("tools", i), what, "one entry, or a scope or an id for each instance", warning=True)

    def _tool(self, index: int, tool: ToolEntry, ident: str) -> ToolEntry:
        path: yamlio.Path = ("tools", index)
        if tool.seats is not None and tool.active_seats is not None and tool.active_seats > tool.seats:
            self._say((*path, "active_seats"), "more active seats than seats", f"at most {tool.seats}", warning=True)
        return tool.model_copy(update={"id": ident, "system_of_record_for": self._canonical(tool.system_of_record_for)})

    def _canonical(self, objects: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if objects is None:
            return None
        return tuple(dict.fromkeys(self._known.objects.get(word, word) for word in objects))

    def _each(self, path: yamlio.Path, kind: str, words: object, known: Iterable[str]) -> None:
        for i, word in enumerate(words if isinstance(words, list) else ()):
            if isinstance(word, str) and word not in known:
                self._unknown((*path, i), kind, word, known)

    def _rates(self, inventory: Inventory) -> None:
        """A rate of the company's own currency says nothing; most likely it was meant the other way round."""
        home, fx = inventory.company.currency or "USD", inventory.settings.fx
        if fx and home in (fx.model_extra or {}):
            other = "USD" if home != "USD" else "EUR"
            expected = f"rates that turn other currencies into {home}: {other}, what one {other} is worth"
            self._say(("settings", "fx", home), "is a rate of the company's own currency", expected, warning=True)

    def _open_lists(self, inventory: Inventory) -> None:
        org = inventory.org
        if org is None:
            return
        lists = {
            "metrics_tracked": "metrics_tracked",
            "metrics_by_finance": "metrics_tracked",
            "pains": "pains",
            "specialists": "specialists",
        }
        for name, known in lists.items():
            for i, word in enumerate(getattr(org, name) or ()):
                self._open(("org", name, i), word, OPEN_LISTS[known])
        for name, owner in org.owns:
            if owner is not None:
                self._open(("org", "owns", name), owner, OPEN_LISTS["owns"])

    def _open(self, path: yamlio.Path, word: str, known: frozenset[str]) -> None:
        if word not in known:
            expected = "one of the words that count in the analysis; this one is treated as unknown"
            self._say(path, f"{word!r} is not known", expected, near(word, known), warning=True)

    def _unknown(self, path: yamlio.Path, kind: str, word: str, known: Iterable[str], *, key: bool = False) -> None:
        self._say(path, f"unknown {kind} {word!r}", f"a {kind} of the catalogue", near(word, known), key=key)

    def _place(self, path: yamlio.Path, *, key: bool = False) -> tuple[int, int]:
        return self._document.place(_bare(self._document, path), key=key)

    def _say(
        self,
        path: yamlio.Path,
        what: str,
        expected: str = "",
        suggestion: str = "",
        *,
        warning: bool = False,
        key: bool = False,
    ) -> None:
        line, column = self._place(path, key=key)
        self.problems.append(InputProblem(self._document.file, line, column, what, expected, suggestion, warning))


def _maps(entries: object) -> list[dict[str, Any]]:
    """Entries of a list as maps; what is no map becomes an empty one, so that positions stay."""
    return [e if isinstance(e, dict) else {} for e in entries] if isinstance(entries, list) else []


def _ids(tools: tuple[ToolEntry, ...]) -> list[str]:
    """The id of each tool; one that has none gets it from its name, and further instances are numbered."""
    taken = {t.id for t in tools if t.id is not None}
    numbers: Counter[str] = Counter()
    ids: list[str] = []
    for tool in tools:
        name = tool.id
        if name is None:
            base = name = slug(tool.tool)
            while name in taken:
                numbers[base] += 1
                name = f"{base}_{numbers[base] + 1}"
            taken.add(name)
        ids.append(name)
    return ids
