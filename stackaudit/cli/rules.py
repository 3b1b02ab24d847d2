"""``stackaudit rules``: list the rules, or explain one."""

from __future__ import annotations

import textwrap
from difflib import get_close_matches

from stackaudit.cli.output import is_terminal, note, out
from stackaudit.errors import UsageError


def rules(rule_id: str, *, installed: bool) -> int:
    """Print all rules, one a line, or everything about one."""
    from stackaudit import audit as engine

    plugins = engine.open_plugins(installed=installed)
    known = {r.id: r for r in plugins.rules()}
    for problem in plugins.problems:
        note(f"plugin {problem.plugin}: {problem.stage}: {problem.message}")
    if not rule_id:
        for each in known.values():
            columns = (each.id, each.severity.value, each.title)
            out(
                f"{each.id:<8} {each.severity.value:<11} {each.title}" if is_terminal(err=False) else "\t".join(columns)
            )
        return 0
    rule = known.get(rule_id.upper())
    if rule is None:
        close = get_close_matches(rule_id.upper(), known, n=1, cutoff=0.5)
        raise UsageError(f"no rule is called {rule_id!r}" + (f"; did you mean {close[0]}?" if close else ""))
    out(f"{rule.id}  {rule.title}")
    out(f"Severity {rule.severity.value}, effort {rule.effort.value}")
    for title, text in (
        ("What it checks", rule.checks),
        ("Why it matters", rule.why),
        ("What to do", rule.fix),
        ("When to waive it", rule.waive_when),
        ("Threshold", rule.threshold),
        ("Source", rule.source),
    ):
        body = (
            textwrap.fill(text, 76, initial_indent="  ", subsequent_indent="  ")
            if is_terminal(err=False)
            else f"  {text}"
        )
        out(f"\n{title}\n{body}")
    return 0
