"""A plugin that is broken on purpose: generator hangs."""

from stackaudit.api import hookimpl


@hookimpl
def stackaudit_themes():
    while True:
        pass
    yield None
