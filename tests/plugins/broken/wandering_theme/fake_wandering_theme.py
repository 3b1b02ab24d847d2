"""A plugin that is broken on purpose: wandering theme."""

from stackaudit.api import Theme, hookimpl


@hookimpl
def stackaudit_themes():
    return [Theme(name="wandering", templates={"../../report.html.j2": "x"})]
