"""A plugin that is broken on purpose: unmarked hook."""


def stackaudit_rules():
    return []
