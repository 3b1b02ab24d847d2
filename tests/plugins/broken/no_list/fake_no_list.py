"""A plugin that is broken on purpose: no list."""

from stackaudit.api import hookimpl


@hookimpl
def stackaudit_themes():
    return 7
