"""A plugin that is broken on purpose: hook exits."""

from stackaudit.api import hookimpl


@hookimpl
def stackaudit_importers():
    raise SystemExit(7)
