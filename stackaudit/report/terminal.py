"""The audit on a terminal: verdict, axis, causes, next deadline; 80 columns, plain in a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from stackaudit.report import facts
from stackaudit.report.escape import line
from stackaudit.report.words import NEEDS, SEVERITIES, SHAPES, plural, score

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from stackaudit.model.result import AuditResult

WIDTH = 78
MAX_CAUSES = 7
_AXIS = ("pre_ops", "sales_ops", "hybrid", "revops")
_PLACE = {"none": 0, "pre_ops": 0, "sales_ops": 1, "hybrid": 2, "revops": 3, "full_revops": 3}
_TONE = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan"}
_MARK = {"critical": "◆", "high": "▲", "medium": "●", "low": "○", "info": "·", "opportunity": "+"}


class _Say(Protocol):
    """How the parts of the summary speak: one paragraph a call."""

    def __call__(self, text: str = "", style: str = "", indent: int = 0) -> None: ...


def summary(result: AuditResult, console: Console, written: Iterable[str], *, verbose: bool) -> None:
    """Print the summary.

    Args:
        result: The audit.
        console: Where to print; it wraps at 78 columns on a terminal and nowhere in a pipe.
        written: The files that were written.
        verbose: Whether to name every finding.
    """
    from rich.padding import Padding
    from rich.text import Text

    def say(text: str = "", style: str = "", indent: int = 0) -> None:
        if console.is_terminal:
            console.print(Padding(Text(line(text), style=style), (0, 0, 0, indent)), width=WIDTH)
        else:
            console.file.write(f"{' ' * indent}{line(text)}\n")

    for problem in result.problems:
        where = f" ({problem.distribution})" if problem.distribution else ""
        say(f"Problem: {problem.kind} {problem.source}{where}, {problem.stage}: {problem.message}", "bold red")
    name = result.company.name or "This stack"
    say(f"{name}, as of {result.as_of.isoformat()}", "dim")
    say(result.shape.verdict.sentence, "bold")
    for fact in result.shape.verdict.facts:
        say(f"- {fact}")
    say()
    for row in axis(result):
        say(row, indent=2)
    say()
    _causes(result, say)
    for figure in facts.figures(result):
        say(f"{figure.name}: {figure.value} ({figure.note})")
    _findings(result, say, verbose=verbose)
    for question in result.coverage.questions[:2]:
        say(f"To sharpen it: {question}")
    for path in written:
        say(f"Written: {path}", "bold")


def axis(result: AuditResult) -> list[str]:
    """The line from pre-ops to RevOps in characters, with stack, organisation and need on it."""
    cell = 16
    scale = "".join(SHAPES[label].center(cell) for label in _AXIS)
    line = ("─" * (cell // 2) + "┼" + "─" * (cell // 2 - 1)) * len(_AXIS)
    rows = [scale.rstrip(), line]
    shape = result.shape
    for name, label, note in (
        ("stack", str(shape.stack.label), _between(shape.stack.score, shape.stack.low, shape.stack.high)),
        ("organisation", str(shape.org.label), _between(shape.org.score, shape.org.low, shape.org.high)),
        ("need", str(shape.need.label), "the sources disagree" if shape.need.contested else ""),
    ):
        words = NEEDS if name == "need" else SHAPES
        if label not in _PLACE:
            rows.append(f"? {name}: not assessed")
            continue
        text = f"▲ {name}: {words[label]}" + (f" ({note})" if note else "")
        start = _PLACE[label] * cell + cell // 2
        room = cell * len(_AXIS) + 10
        if start + len(text) > room:
            mirrored = f"{text[2:]} ▲"
            rows.append(" " * max(0, start - len(mirrored) + 1) + mirrored)
        else:
            rows.append(" " * start + text)
    return rows


def _between(value: float | None, low: float, high: float) -> str:
    if value is None:
        return ""
    return score(value) if low == high else f"{score(low)} to {score(high)}"


def _causes(result: AuditResult, say: _Say) -> None:
    causes = result.root_causes[:MAX_CAUSES]
    if not causes:
        say("No root cause stands out.")
        for finding in [f for f in facts.standing(result) if f.severity in _TONE][:MAX_CAUSES]:
            say(f"{_MARK[finding.severity]} {finding.message}", _TONE[finding.severity])
        say()
        return
    say("What to repair first", "bold")
    for number, cause in enumerate(causes, 1):
        say(f"{number}. {_MARK[cause.severity]} {cause.title}", _TONE.get(cause.severity, ""))
        say(facts.cause_words(result, cause), "dim", indent=5)
    if len(result.root_causes) > MAX_CAUSES:
        say(f"and {len(result.root_causes) - MAX_CAUSES} more in the report", "dim", indent=3)
    say()


def _findings(result: AuditResult, say: _Say, *, verbose: bool) -> None:
    standing, waived, questions = facts.standing(result), facts.waived(result), facts.open_questions(result)
    counts = [
        f"{n} {word.lower()}"
        for severity, word in SEVERITIES.items()
        if (n := sum(f.severity == severity for f in standing))
    ]
    say(f"Findings: {', '.join(counts) or 'none'}" + (f"; {len(waived)} waived" if waived else ""))
    if verbose:
        for finding in standing:
            say(
                f"{_MARK[finding.severity]} {finding.rule} {finding.message}", _TONE.get(finding.severity, ""), indent=2
            )
    if questions:
        rules = sorted({f.rule for f in questions})
        say(f"Not assessed: {', '.join(rules)}; the file does not say enough.")
        if verbose:
            for finding in questions:
                say(f"? {finding.rule} {finding.message}", indent=2)
    if result.coverage.unresolved:
        say(f"Not identified: {plural(len(result.coverage.unresolved), 'tool')}.")
