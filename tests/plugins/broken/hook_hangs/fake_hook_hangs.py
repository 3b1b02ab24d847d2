"""A plugin that is broken on purpose: hook hangs."""

from stackaudit.api import hookimpl


@hookimpl
def stackaudit_rules():
    while True:
        pass
