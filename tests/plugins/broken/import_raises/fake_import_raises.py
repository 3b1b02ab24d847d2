"""A plugin that is broken on purpose: import raises."""

raise ValueError("no")
