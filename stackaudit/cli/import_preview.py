"""What an import shows before it writes: columns, outcomes, what is set aside; and the list of sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from stackaudit.cli.output import clean, note, out

if TYPE_CHECKING:
    from stackaudit.model.importing import Draft, Importer, ToolDraft

SHOWN = 60
_FORMATS = {
    "confirmed": "format confirmed from the source's documentation",
    "on_screen": "headings taken from the source's pages; compare with your file",
    "unconfirmed": 'format not confirmed; check the columns, and name others with --map FIELD="HEADING"',
    "by its headings": "columns matched by their headings",
}


def list_sources(importers: Iterable[Importer]) -> int:
    """List the sources: how each is recognised, whether its format was confirmed, and where it was read."""
    for importer in importers:
        shape = " + ".join(" | ".join(group) for group in importer.columns) or "recognised by its shape"
        said = _FORMATS.get(importer.format, importer.format)
        out(f"{importer.id}\t{importer.title}\t{said}\t{shape}\t{importer.basis or 'not said'}")
    return 0


def preview(draft: Draft, importer: Importer, say: Callable[[str], None]) -> None:
    """Say what was understood: the source, its columns, every tool with its outcome and reason, what is set aside."""
    say(f"Read as {importer.title} ({importer.id}): {_FORMATS.get(importer.format, importer.format)}.")
    if draft.parsed.used:
        say("Columns: " + ", ".join(f"{name} <- {heading!r}" for name, heading in draft.parsed.used.items()))
    if draft.parsed.unused:
        say("Not used: " + ", ".join(map(repr, draft.parsed.unused[:40])))
    rows = [("name", "outcome", "tool", "sure", "because", "where"), *map(_line, draft.tools)]
    say("")
    _table(rows, say)
    for tool in draft.tools:
        for remark in tool.remarks:
            say(f"  {tool.name}: {remark}")
    if draft.wires:
        say(f"\nIntegrations: {', '.join(f'{w.source} -> {w.target}' for w in draft.wires)}")
    for reason, names in _aside(draft).items():
        more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
        say(f"\nSet aside, {reason} (--all keeps them): {', '.join(names[:SHOWN])}{more}")
    for remark in draft.remarks:
        note(remark)


def _aside(draft: Draft) -> dict[str, list[str]]:
    """The names that are set aside, by the reason."""
    found: dict[str, list[str]] = {}
    for tool in draft.aside:
        reason = tool.aside or (tool.match.reason if tool.match.other else "not in the catalogue")
        found.setdefault(reason, []).append(tool.name)
    return found


def _line(tool: ToolDraft) -> tuple[str, ...]:
    match = tool.match
    outcome = {"confirm": "to confirm"}.get(match.outcome, match.outcome)
    named = match.tool_id or " or ".join(f"{c}?" for c in match.candidates[:3])
    places = tool.places[0] + (f" and {len(tool.places) - 1} more" if len(tool.places) > 1 else "")
    return tool.name, outcome, named, f"{match.confidence:.0%}" if match.confidence else "-", match.reason, places


def _table(rows: Sequence[Sequence[str]], say: Callable[[str], None]) -> None:
    cells = [[clean(c) for c in row] for row in rows]
    widths = [min(40, max(len(row[i]) for row in cells)) for i in range(len(cells[0]))]
    for row in cells:
        say("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip())


def counts(draft: Draft) -> str:
    """How many tools came to which outcome."""
    kinds = [t.match.outcome for t in draft.tools]
    parts = [f"{kinds.count('matched')} matched", f"{kinds.count('confirm')} to confirm"]
    return ", ".join([*parts, f"{kinds.count('unknown')} unknown", f"{len(draft.aside)} set aside"])
