"""A plugin that is broken on purpose: generator raises."""

from stackaudit.api import hookimpl


@hookimpl
def stackaudit_rules():
    yield 1
    raise ValueError("no")
