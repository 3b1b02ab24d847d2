"""A plugin that is broken on purpose: text for list."""

from stackaudit.api import hookimpl


@hookimpl
def stackaudit_themes():
    return "dark"
