"""A plugin that is broken on purpose: wrong signature."""

from stackaudit.api import hookimpl


@hookimpl
def stackaudit_rules(inventory):
    return []
