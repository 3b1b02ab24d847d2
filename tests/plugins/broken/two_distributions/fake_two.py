"""Another plugin of the same name."""

from stackaudit.api import hookimpl


@hookimpl
def stackaudit_rules():
    return []
