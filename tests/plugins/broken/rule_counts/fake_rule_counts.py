"""A plugin that is broken on purpose: rule counts."""

import itertools

from stackaudit.api import Effort, Rule, Severity, hookimpl


def check(context):
    return [sum(itertools.repeat(1))]


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
