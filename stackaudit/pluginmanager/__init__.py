"""Find, load and isolate plugins: a broken one is a problem to report, never the end of an audit."""

from stackaudit.pluginmanager.closeness import Suggestion
from stackaudit.pluginmanager.discovery import DISABLE, Entry, Pack, disabled, installed_entries, project_entries
from stackaudit.pluginmanager.manager import ActivatedTool, Plugins, manifest_schema
from stackaudit.vendorindex import KnownName, Words, fold

__all__ = [
    "DISABLE",
    "ActivatedTool",
    "Entry",
    "KnownName",
    "Pack",
    "Plugins",
    "Suggestion",
    "Words",
    "disabled",
    "fold",
    "installed_entries",
    "manifest_schema",
    "project_entries",
]
