"""Writing stack files: drafts of imports merged in, and first ones from a conversation."""

from stackaudit.inventory_writer.first import first_text
from stackaudit.inventory_writer.merge import HEADER, Identify, Written, write_draft

__all__ = ["HEADER", "Identify", "Written", "first_text", "write_draft"]
