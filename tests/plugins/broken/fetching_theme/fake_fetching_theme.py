"""A plugin that is broken on purpose: fetching theme."""

from stackaudit.api import Theme, hookimpl


@hookimpl
def stackaudit_themes():
    return [Theme(name="fetching", css="body { background: url(https://example.com/pixel.gif) }")]
