"""``stackaudit catalog``: ask the catalogue; one file a command."""
