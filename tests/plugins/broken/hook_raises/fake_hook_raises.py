"""A plugin that is broken on purpose: hook raises."""

from stackaudit.api import hookimpl


@hookimpl
def stackaudit_rules():
    raise ValueError("no")
