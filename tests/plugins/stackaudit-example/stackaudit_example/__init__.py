"""A plugin for stackaudit: what Example Works offers."""
