"""A plugin that is broken on purpose: endless vendors."""

import itertools

from stackaudit.api import hookimpl


@hookimpl
def stackaudit_vendors():
    yield from itertools.count()
