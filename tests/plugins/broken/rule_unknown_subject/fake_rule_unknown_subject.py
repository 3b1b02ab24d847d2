"""A plugin that is broken on purpose: rule unknown subject."""

from stackaudit.api import Draft, Effort, Rule, Severity, hookimpl


def check(context):
    yield Draft(message="seen", subjects=("nobody",))


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
