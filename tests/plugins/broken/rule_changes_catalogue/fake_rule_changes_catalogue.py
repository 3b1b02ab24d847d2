"""A plugin that is broken on purpose: rule changes catalogue."""

from stackaudit.api import Draft, Effort, Rule, Severity, hookimpl


def check(context):
    context.analysis.catalog.thresholds.clear()
    yield Draft(message="seen")


@hookimpl
def stackaudit_rules():
    return [
        Rule(
            id="FAKE-001",
            severity=Severity.LOW,
            title="A rule of a fixture",
            checks="c",
            why="w",
            fix="f",
            waive_when="n",
            threshold="none",
            source="s",
            effort=Effort.S,
            check=check,
        )
    ]
