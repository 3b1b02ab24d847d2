"""Frozen types and closed lists that every other room speaks in; no input or output happens here."""
