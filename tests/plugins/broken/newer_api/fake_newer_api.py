"""A plugin that is broken on purpose: newer api."""

from stackaudit.api import hookimpl

STACKAUDIT_API = 9


@hookimpl
def stackaudit_rules():
    return []
