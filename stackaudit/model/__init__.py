"""Frozen types and closed lists that every other room speaks in; no input or output happens here."""

# The modules of models that a command needs leave out ``from __future__ import annotations``, and build late: pydantic
# would compile every annotation from its text, and make every validator, at each start, used or not.
