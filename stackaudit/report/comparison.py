"""A comparison of two audits in words: the same lines for the terminal and for Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.report.escape import line
from stackaudit.report.escape import markdown as safe
from stackaudit.report.facts import NO_DATA
from stackaudit.report.words import (
    HANDOFF_STATUS,
    LEVELS,
    METRIC_STATUS,
    NEEDS,
    SEVERITIES,
    SHAPES,
    money,
    plural,
    score,
    within,
)

if TYPE_CHECKING:
    from stackaudit.model.comparison import ChangeKind, Comparison, FindingChange, Side, StateChange

HEADS: dict[ChangeKind, str] = {
    "new": "New findings",
    "fixed": "Findings that are gone",
    "changed": "Findings that changed",
    "method_changed": "Changed by the method alone: rules or thresholds differ, the tools do not",
}
WAYS = {True: "better", False: "worse", None: "changed"}
STATES = {"handoff": "Handoffs", "link": "Cross-functional links", "metric": "Metrics", "signal": "Signals"}


class Section(Struct, frozen=True):
    """One part of a comparison: a heading and its lines."""

    head: str
    lines: tuple[str, ...]


def sections(comparison: Comparison) -> tuple[Section, ...]:
    """Everything that differs, in the order in which a reader asks: shape, money, what works, findings."""
    return tuple(s for s in _sections(comparison) if s.lines)


def headline(comparison: Comparison) -> str:
    """The change of the stack's shape in one line."""
    before, after = comparison.before, comparison.after
    one, two = shape_words(before), shape_words(after)
    return f"The stack stays {two}." if one == two else f"The stack goes from {one} to {two}."


def markdown(comparison: Comparison) -> str:
    """The comparison as Markdown, for a pull request or a wiki; nothing in it can act as markup."""
    lines = [f"# {safe(title(comparison))}", "", safe(headline(comparison))]
    for section in sections(comparison):
        lines += ["", f"## {section.head}", "", *(f"- {safe(text)}" for text in section.lines)]
    return "\n".join(lines) + "\n"


def plain(comparison: Comparison) -> str:
    """The comparison as plain text, one statement a line, with nothing in it that could steer a terminal."""
    said = [line(title(comparison)), line(headline(comparison))]
    for section in sections(comparison):
        said += ["", section.head, *(f"  {line(text)}" for text in section.lines)]
    return "\n".join(said) + "\n"


def title(comparison: Comparison) -> str:
    """What is compared with what."""
    before, after = comparison.before, comparison.after
    one, two = (side.company or "This stack" for side in (before, after))
    day, other = before.as_of.isoformat(), after.as_of.isoformat()
    if comparison.what_if:
        return f"{two}, as of {other}: as it is, and as it would be"
    if one != two:
        return f"{one}, as of {day}, and {two}, as of {other}"
    return f"{two}: two audits of {other}" if day == other else f"{two}: {day} and {other}"


def _sections(comparison: Comparison) -> Iterator[Section]:
    yield Section("Shapes", tuple(_shapes(comparison)))
    yield Section("Assumed", comparison.assumptions)
    yield Section("Tools", tuple(tool_lines(comparison)))
    yield Section("Money", tuple(_money(comparison)))
    for state, head in STATES.items():
        yield Section(head, tuple(_state(s) for s in comparison.states if s.kind == state))
    for kind, head in HEADS.items():
        found = comparison.of(kind)
        yield Section(f"{head}: {len(found)}", tuple(_finding(f) for f in found))
    same = sum(f.kind == "unchanged" for f in comparison.findings)
    yield Section(
        "Unchanged", (f"{plural(same, 'finding')} {'stands' if same == 1 else 'stand'} as before.",) if same else ()
    )


def shape_words(side: Side) -> str:
    """The stack's shape of one side, with its score."""
    label = SHAPES.get(side.stack, side.stack)
    return f"{label} ({score(side.stack_score)})" if side.stack_score is not None else label


def side_by_side(comparison: Comparison) -> tuple[tuple[str, str, str], ...]:
    """The three shapes and the findings: what, before, after."""
    before, after = comparison.before, comparison.after
    return (
        ("Stack", shape_words(before), shape_words(after)),
        ("Organisation", SHAPES.get(before.org, before.org), SHAPES.get(after.org, after.org)),
        ("Need", NEEDS.get(before.need, before.need), NEEDS.get(after.need, after.need)),
        ("Findings", counts(before), counts(after)),
    )


def _shapes(comparison: Comparison) -> Iterator[str]:
    for name, one, two in side_by_side(comparison):
        yield f"{name}: {one}" if one == two else f"{name}: {one}, then {two}"
    if comparison.method_changed:
        yield "The two audits were made with different rules or thresholds."


def counts(side: Side) -> str:
    """How many findings of each severity one side has."""
    said = [f"{side.findings[s]} {name.lower()}" for s, name in SEVERITIES.items() if side.findings.get(s)]
    return ", ".join(said) or "none"


def tool_lines(comparison: Comparison) -> Iterator[str]:
    """The tools and capabilities that came and went."""
    for name, items in (("Added", comparison.tools_added), ("Gone", comparison.tools_removed)):
        if items:
            yield f"{name}: {', '.join(items)}"
    for name, capabilities in (("lost", comparison.capabilities_lost), ("won", comparison.capabilities_won)):
        if capabilities:
            yield f"Capabilities {name}: {', '.join(_capability(comparison, c) for c in capabilities)}"


def _capability(comparison: Comparison, capability: str) -> str:
    return within(comparison.capability_names.get(capability, capability.replace("_", " ")))


def _money(comparison: Comparison) -> Iterator[str]:
    change, before, after = comparison.money, comparison.before, comparison.after
    if before.spend != after.spend:
        one, two = (money(side.spend, side.currency) or NO_DATA for side in (before, after))
        yield f"Spend a year: {one}, then {two}"
    if change is None:
        return
    for name, amount in (("Freed a year", change.freed), ("Added a year", change.added), ("Still owed", change.owed)):
        if amount is not None:
            yield f"{name}: {money(amount, change.currency)}"
    yield from change.notes


def _state(change: StateChange) -> str:
    way = WAYS[change.better]
    name = f"{change.id} {change.name}" if change.kind in {"handoff", "link"} else change.name
    return f"{way}: {name}: {state_words(change.before)}, then {state_words(change.after)}"


def state_words(state: str) -> str:
    """A state in words; the levels of a signal are L0 to L5, and a part that works may come with its score."""
    if state[:1] == "L" and state[1:].isdigit() and int(state[1:]) < len(LEVELS):
        return f"{LEVELS[int(state[1:])]} ({state})"
    return (HANDOFF_STATUS | METRIC_STATUS).get(state, state.replace("_", " "))


def _finding(change: FindingChange) -> str:
    one, two = change.severity_before, change.severity_after
    if one and two and one != two:
        severity = f"{SEVERITIES[one].lower()}, then {SEVERITIES[two].lower()}"
    else:
        severity = SEVERITIES[(two or one or "info")].lower()
    return f"{change.rule} ({severity}): {change.message}"
