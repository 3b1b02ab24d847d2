"""A plugin that is broken on purpose: wrong type."""

from stackaudit.api import hookimpl


@hookimpl
def stackaudit_rules():
    return ["a", "b", "c", "d", "e"]
