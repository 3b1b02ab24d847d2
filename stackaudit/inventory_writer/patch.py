"""Bring what changed in a stack file into its text: comments, order, layout and line ends of the rest stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from yaml.nodes import CollectionNode

from stackaudit.inventory_writer.form import as_map
from stackaudit.yamledit import Editor, emit, in_brackets


def patched(text: str, before: Mapping[str, Any], after: Mapping[str, Any], notes: Mapping[int, Sequence[str]]) -> str:
    """The text with the entries and fields that ``after`` has over ``before``.

    Args:
        text: A stack file whose tools stand under ``tools``.
        before: What the text says.
        after: The same with fields set and entries added behind the others.
        notes: Comments to stand above new tools, by their position.
    """
    editor = Editor(text)
    tools = editor.value(editor.root, "tools")
    assert isinstance(tools, CollectionNode)  # noqa: S101 - the file is a valid inventory
    old, new = before["tools"], after["tools"]
    for node, was, entry in zip(tools.value, old, new, strict=False):
        if not isinstance(was, dict):
            if isinstance(entry, dict):
                editor.replace(node, _plain(entry))
            continue
        for name, value in entry.items():
            if name not in was or was[name] != value:
                editor.put(node, name, _plain(value))
    _append(editor, tools, [(notes.get(i, ()), _plain(as_map(new[i]))) for i in range(len(old), len(new))], long=True)
    _integrations(editor, before, after)
    return editor.result()


def _integrations(editor: Editor, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    old, new = list(before.get("integrations") or ()), list(after.get("integrations") or ())
    added = [_plain(entry) for entry in new[len(old) :]]
    if not added:
        return
    node = editor.value(editor.root, "integrations")
    if node is not None and old:
        _append(editor, node, [((), entry) for entry in added], long=False)
    elif node is not None or in_brackets(editor.root):
        editor.put(editor.root, "integrations", added)
    else:
        editor.add_at_end(["integrations:", *(f"- {emit(entry)}" for entry in added)])


def _append(
    editor: Editor, node: CollectionNode, entries: Sequence[tuple[Sequence[str], dict[str, Any]]], *, long: bool
) -> None:
    """Add entries to a list, each with its comments; ``long`` gives each key a line."""
    lines = [line for said, entry in entries for line in (*said, *(_lines(entry) if long else [f"- {emit(entry)}"]))]
    if not node.value and lines and not in_brackets(editor.root):
        editor.fill(node, lines)
    elif in_brackets(node):
        for _, entry in entries:
            editor.append(node, (), entry)
    elif lines:
        editor.append(node, lines)


def _lines(entry: dict[str, Any]) -> list[str]:
    first, *rest = (f"{name}: {emit(value)}" for name, value in entry.items())
    return [f"- {first}", *(f"  {line}" for line in rest)]


def _plain(value: Any) -> Any:
    """A value without what the reader attached to it."""
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, dt.datetime):
        return value.date()
    return str(value) if isinstance(value, str) else value
