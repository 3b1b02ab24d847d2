"""A comparison of two audits as a page of the report's own design, under the same policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.report.comparison import HEADS, STATES, headline, side_by_side, state_words, title, tool_lines
from stackaudit.report.drawings import change
from stackaudit.report.look import PLAIN, Look
from stackaudit.report.page import compose
from stackaudit.report.words import SEVERITIES, date, money, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stackaudit.model.comparison import ChangeKind, Comparison, FindingChange, StateChange

_GISTS = {
    "new": "stand now and did not before",
    "fixed": "stood before and are gone",
    "changed": "say something else than before",
    "method_changed": "differ by rules or thresholds alone",
    "unchanged": "stand as before",
}


class ChangeView(Struct, frozen=True):
    """One finding: its severity now, or the last one it had, and what it was before where that differs."""

    id: str
    rule: str
    severity: str
    severity_word: str
    was: str
    message: str


class GroupView(Struct, frozen=True):
    """The findings of one kind of change."""

    kind: ChangeKind
    head: str
    gist: str
    changes: tuple[ChangeView, ...]


class ComparisonView(Struct, frozen=True):
    """Everything the page shows."""

    title: str
    headline: str
    company: str
    days: str
    method_changed: bool
    rows: tuple[tuple[str, str, str], ...]
    figures: tuple[tuple[str, str], ...]
    money_notes: tuple[str, ...]
    tools: tuple[str, ...]
    assumptions: tuple[str, ...]
    states: tuple[tuple[str, tuple[StateChange, ...]], ...]
    groups: tuple[GroupView, ...]
    same: GroupView
    method: tuple[str, ...]
    version: str


def render(comparison: Comparison, look: Look = PLAIN) -> str:
    """The page of a comparison; the same comparison and look give the same bytes."""
    view = make_view(comparison, look)
    drawing = change.draw(comparison, view.headline).on_screen()
    return compose("comparison.html.j2", look, view=view, drawing=drawing)


def make_view(comparison: Comparison, look: Look = PLAIN) -> ComparisonView:
    """Put a comparison into words."""
    from stackaudit import __version__

    before, after = comparison.before, comparison.after
    client = look.brand.client if look.brand else ""
    return ComparisonView(
        title=title(comparison),
        headline=headline(comparison),
        company=client or after.company or before.company or "Go-to-market stack",
        days=_days(comparison),
        method_changed=comparison.method_changed,
        rows=side_by_side(comparison),
        figures=tuple(_figures(comparison)),
        money_notes=comparison.money.notes if comparison.money else (),
        tools=tuple(tool_lines(comparison)),
        assumptions=comparison.assumptions,
        states=tuple(
            (head, found)
            for kind, head in STATES.items()
            if (found := tuple(_plain(s) for s in comparison.states if s.kind == kind))
        ),
        groups=tuple(g for kind in HEADS if (g := _group(comparison, kind)).changes),
        same=_group(comparison, "unchanged"),
        method=(
            "A finding is the same in both where rule, tools and facet are the same; it is changed where its severity or its words differ.",
            "Where the rules or thresholds of the two audits differ, a finding whose tools and connections are declared as before is put down to the method.",
        ),
        version=__version__,
    )


def _days(comparison: Comparison) -> str:
    before, after = (date(side.as_of) for side in (comparison.before, comparison.after))
    if comparison.what_if:
        return f"As of {after}: as it is, and as it would be"
    return f"Two audits of {after}" if before == after else f"{before} and {after}"


def _figures(comparison: Comparison) -> Iterator[tuple[str, str]]:
    before, after, came = comparison.before, comparison.after, comparison.money
    if before.spend is not None or after.spend is not None:
        one, two = (money(s.spend, s.currency) or "not assessed" for s in (before, after))
        yield "Spend a year", one if one == two else f"{one} → {two}"
    if came:
        for name, amount in (
            ("Freed a year", came.freed),
            ("Added a year", came.added),
            ("Still owed", came.owed),
        ):
            if amount is not None:
                yield name, money(amount, came.currency)


def _group(comparison: Comparison, kind: ChangeKind) -> GroupView:
    changes = tuple(_change(f) for f in comparison.of(kind))
    head = HEADS.get(kind, "Unchanged").partition(":")[0]
    return GroupView(kind, head, f"{plural(len(changes), 'finding')} {_GISTS[kind]}", changes)


def _change(finding: FindingChange) -> ChangeView:
    one, two = finding.severity_before, finding.severity_after
    severity = two or one or "info"
    was = SEVERITIES[one].lower() if one and two and one != two else ""
    return ChangeView(finding.id, finding.rule, str(severity), SEVERITIES[severity], was, finding.message)


def _plain(state: StateChange) -> StateChange:
    return state.model_copy(update={"before": state_words(state.before), "after": state_words(state.after)})
