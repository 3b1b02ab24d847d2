"""A plugin that is broken on purpose: importer hangs."""

from stackaudit.api import Importer, hookimpl


def read(export):
    while True:
        pass


@hookimpl
def stackaudit_importers():
    return [Importer(id="hanging", title="Hanging", columns=(("hanging heading",),), read=read)]
