"""A plugin that is broken on purpose: import error."""

import a_module_that_nobody_has  # noqa: F401
