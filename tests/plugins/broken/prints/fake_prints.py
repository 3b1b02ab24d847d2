"""A plugin that is broken on purpose: it prints, and returns no list."""

from stackaudit.api import hookimpl

print("noise on standard output")


@hookimpl
def stackaudit_rules():
    print("more noise")
    return 7
