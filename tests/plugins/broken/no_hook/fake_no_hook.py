"""A plugin that is broken on purpose: no hook."""


def anything():
    return []
