"""Merge drafts into an inventory: what a person wrote stays, imported fields are updated, nothing comes in twice."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from stackaudit.inventory import slug
from stackaudit.inventory_writer.form import (
    SCHEMA_LINE,
    as_map,
    check_sum,
    comment,
    comparable,
    origins,
    scalar,
    under_tools,
    yaml_for,
)
from stackaudit.inventory_writer.patch import patched
from stackaudit.model.importing import Draft, ToolDraft
from stackaudit.vendorindex import fold

HEADER = f"""{SCHEMA_LINE}
# For completion in your editor: stackaudit schema inventory > inventory.schema.json
version: 1
tools: []
"""
SUM = "x-sum"
NOTE = "x-note"

Identify = Callable[[str], str | None]


class Written(Struct):
    """The new text of an inventory, and what is worth saying about what was not taken over."""

    text: str
    remarks: list[str] = field(default_factory=list)
    added: int = 0
    changed: int = 0


def write_draft(text: str, draft: Draft, identify: Identify, day: dt.date) -> Written:
    """The inventory with a draft in it.

    Args:
        text: A valid inventory, or :data:`HEADER` for a new one.
        draft: What an import brings.
        identify: The catalogue's id of a name in this inventory.
        day: The day of the import.

    Returns:
        The new text; exactly the given one where there is nothing to change.

    Raises:
        UsageError: The form of the file allows no change.
    """
    mark = text[:1] if text.startswith("\ufeff") else ""
    written = _Writer(text.removeprefix(mark), draft, identify, day).written
    written.text = mark + written.text
    return written


class _Writer:
    """One writing; what changes is counted, so that no change leaves the file as it is, byte for byte."""

    def __init__(self, text: str, draft: Draft, identify: Identify, day: dt.date) -> None:
        self._source, self._day, self._identify = draft.importer, day, identify
        self._yaml = yaml_for(text)
        top = self._yaml.load(text)
        if isinstance(top, list):
            text = under_tools(text)
            top = self._yaml.load(text)
        before = self._yaml.load(text)
        self._notes: dict[int, list[str]] = {}
        self._tools: CommentedSeq = top["tools"]
        self._ids = {str(e.get("id") or slug(str(e["tool"]))) for e in map(as_map, self._tools)}
        self.written = Written(text)
        places: dict[str, str] = {}
        for tool in draft.tools:
            if not _comment_only(tool):
                places[tool.key] = self._tool(tool)
        self._wires(top, draft, places)
        touched = self.written.added + self.written.changed
        if touched:
            self.written.text = patched(text, before, top, self._notes)
        self._settled(draft)
        self._comments(draft)

    def _settled(self, draft: Draft) -> None:
        """Take out this program's own questions that have been answered."""
        for tool in draft.tools:
            name = re.escape(comment(tool.name))
            kept = not _comment_only(tool)
            answered = [rf"^# {re.escape(self._source)}: {name} \([^\n]*\n"] if kept else []
            if tool.match.decided:
                answered.append(rf"^ *# [^\n]*: '{name}' (?:to confirm \(|is unknown: )[^\n]*\n")
            for line in answered:
                self.written.text = re.sub(line, "", self.written.text, flags=re.MULTILINE)

    def _tool(self, tool: ToolDraft) -> str:
        """Update the entry that the tool has, or add one; returns its id."""
        index = self._find(tool)
        if index is None:
            return self._add(tool)
        entry = self._tools[index]
        if not isinstance(entry, dict):
            entry = CommentedMap({"tool": entry})
            entry.fa.set_flow_style()
        if self._update(entry, tool):
            self._tools[index] = entry
            self.written.changed += 1
        return str(entry.get("id") or slug(str(entry["tool"])))

    def _find(self, tool: ToolDraft) -> int | None:
        entries = [as_map(e) for e in self._tools]
        for index, entry in enumerate(entries):
            for origin in origins(entry):
                if origin.get("source") == tool.source and str(origin.get("key")) == tool.key:
                    return index
        wanted = tool.match.tool_id
        same = [
            index
            for index, entry in enumerate(entries)
            if (wanted and self._identify(str(entry["tool"])) == wanted)
            or _key(str(entry["tool"])) in (_key(tool.name), _key(_written_name(tool, self._identify)))
        ]
        if len(same) > 1:
            names = ", ".join(str(entries[i].get("id") or entries[i]["tool"]) for i in same)
            self.written.remarks.append(f"{tool.name}: the inventory has it as {names}; the first was updated")
        return same[0] if same else None

    def _add(self, tool: ToolDraft) -> str:
        name = _written_name(tool, self._identify)
        wanted = tool.match.tool_id or slug(name)
        ident, count = wanted, 1
        while ident in self._ids:
            count += 1
            ident = f"{wanted}_{count}"
        self._ids.add(ident)
        entry = CommentedMap({"tool": scalar(name), "id": ident})
        entry.update({n: scalar(v) for n, v in tool.fields.items()})
        entry["imported"] = self._origin(tool, list(tool.fields), entry)
        self._tools.append(entry)
        said = [*_doubt(tool), *tool.remarks]
        if said:
            place = ", ".join(tool.places[:5])
            lines = [line if line.startswith(tool.places) else f"{place}: {line}" for line in said]
            self._notes[len(self._tools) - 1] = [f"# {comment(line)}" for line in lines]
        self.written.added += 1
        return ident

    def _update(self, entry: CommentedMap, tool: ToolDraft) -> bool:
        """Take over what the source says and no person has written; whether anything changed."""
        sources = origins(entry)
        mine = next((o for o in sources if o.get("source") == tool.source), None)
        fields = [str(f) for f in mine.get("fields") or ()] if mine else []
        untouched = mine is not None and mine.get(SUM) in (None, check_sum(entry, fields))
        changed, note = self._settle_name(entry, tool), None
        for name, value in tool.fields.items():
            if name not in entry or entry[name] is None:
                entry[name] = scalar(value)
                fields.append(name)
                changed = True
            elif comparable(entry[name]) == comparable(value):
                continue
            elif name in fields and untouched:
                entry[name] = scalar(value)
                changed = True
            elif name == "notes":
                note = value
            else:
                self.written.remarks.append(
                    f"{tool.name}: {name} stays {comparable(entry[name])}; {self._source} says {comparable(value)}"
                )
        noted = note is not None and (mine is None or mine.get(NOTE) != note)
        if not (changed or noted or mine is None):
            return False
        made = self._origin(tool, fields, entry)
        if note is not None:
            made[NOTE] = scalar(note)
        if mine is not None and not untouched and SUM in mine:
            made[SUM] = mine[SUM]
        if mine is None:
            sources.append(made)
        if len(sources) > 1:
            listed = CommentedSeq(made if o is mine else o for o in sources)
            listed.fa.set_flow_style()
            entry["imported"] = listed
        else:
            entry["imported"] = made
        return True

    def _settle_name(self, entry: CommentedMap, tool: ToolDraft) -> bool:
        """Where a person has decided since what the source's name means, the entry gets a name that resolves."""
        if tool.match.tool_id is None or str(entry["tool"]) != tool.name or self._identify(tool.name) is not None:
            return False
        entry["tool"] = scalar(_written_name(tool, self._identify))
        return True

    def _origin(self, tool: ToolDraft, fields: list[str], entry: Mapping[str, Any]) -> CommentedMap:
        origin = CommentedMap({"source": tool.source, "key": scalar(tool.key), "on": scalar(self._day)})
        if fields:
            names = CommentedSeq(dict.fromkeys(fields))
            names.fa.set_flow_style()
            origin["fields"] = names
            origin[SUM] = check_sum(entry, fields)
        origin.fa.set_flow_style()
        return origin

    def _wires(self, top: CommentedMap, draft: Draft, places: Mapping[str, str]) -> None:
        known = top.get("integrations") or []
        have = {(str(w.get("from")), str(w.get("to"))) for w in known}
        for wire in draft.wires:
            ends = places.get(wire.source), places.get(wire.target)
            if not all(ends) or ends[0] == ends[1] or ends in have:
                continue
            if "integrations" not in top or top["integrations"] is None:
                top["integrations"] = CommentedSeq()
            entry = CommentedMap({"from": ends[0], "to": ends[1], **{n: scalar(v) for n, v in wire.fields.items()}})
            entry["x-imported"] = scalar(f"{self._source}: {wire.place}")
            entry.fa.set_flow_style()
            top["integrations"].append(entry)
            have.add((str(ends[0]), str(ends[1])))
            self.written.added += 1

    def _comments(self, draft: Draft) -> None:
        """What became no tool stands at the end as comments, each once."""
        lines = []
        doubtful = [(t, "; ".join(_doubt(t))) for t in draft.tools if _comment_only(t)]
        aside = [(t, f"set aside: {t.aside or t.match.reason}") for t in draft.aside]
        for tool, why in (*doubtful, *aside):
            begin = comment(f"# {self._source}: {tool.name} (")
            if f"\n{begin}" not in self.written.text and begin not in lines:
                lines.append(comment(f"{begin}{', '.join(tool.places[:3])}): {why}"))
        if lines:
            text, end = self.written.text, "\r\n" if "\r\n" in self.written.text else "\n"
            self.written.text = text + ("" if text.endswith("\n") else end) + end.join(lines) + end


def _key(name: str) -> str:
    """A name folded for comparison; one of signs alone stays as it is."""
    return fold(name) or name


def _comment_only(tool: ToolDraft) -> bool:
    """Whether the tool's own name would resolve although a person has to confirm it."""
    return tool.match.outcome == "confirm" and tool.exact


def _doubt(tool: ToolDraft) -> list[str]:
    if tool.match.outcome == "confirm":
        choices = " or ".join(tool.match.candidates)
        return [f"{tool.name!r} to confirm ({tool.match.reason}): --alias {tool.name!r}=... with {choices}"]
    return [f"{tool.name!r} is unknown: {tool.match.reason}"] if tool.match.outcome == "unknown" else []


def _written_name(tool: ToolDraft, identify: Identify) -> str:
    """The source's own name where it resolves to the tool; else the catalogue's name or id."""
    if tool.match.tool_id is None or identify(tool.name) == tool.match.tool_id:
        return tool.name
    name = tool.match.name or tool.match.tool_id
    return name if identify(name) == tool.match.tool_id else tool.match.tool_id
