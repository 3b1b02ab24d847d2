"""A plugin that is broken on purpose: endless generator."""

import itertools

from stackaudit.api import hookimpl


@hookimpl
def stackaudit_rules():
    yield from itertools.repeat("rule")
