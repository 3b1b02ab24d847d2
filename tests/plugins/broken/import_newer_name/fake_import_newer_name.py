"""A plugin that is broken on purpose: import newer name."""

from stackaudit.api import SomethingOfVersionNine  # noqa: F401
