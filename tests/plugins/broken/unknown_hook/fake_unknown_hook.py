"""A plugin that is broken on purpose: unknown hook."""

from stackaudit.api import hookimpl


@hookimpl
def stackaudit_ruels():
    return []
