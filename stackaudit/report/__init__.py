"""What people read: the report and the terminal's summary, both rendered from the result alone."""
