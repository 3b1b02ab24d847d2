"""A plugin that is broken on purpose: wrong field."""

from stackaudit.api import Draft, Effort, Rule, hookimpl


def check(context):
    yield Draft(message="seen")


@hookimpl
def stackaudit_rules():
    return [
        Rule(
            id="FAKE-001",
            severity=3,
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
