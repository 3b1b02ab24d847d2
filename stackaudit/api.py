"""The one module that plugins import; what stands here stays, within an API_VERSION."""

from stackaudit.hookspecs import hookimpl
from stackaudit.model.importing import Export, Parsed, Record, Table, Wire
from stackaudit.model.plugins import API_VERSION, Draft, Importer, Rule, RuleContext, Theme
from stackaudit.model.result import Evidence, Finding
from stackaudit.model.vendor import OfferedIntegration, Source, Vendor, VendorManifest, VendorTool
from stackaudit.model.vocabulary import Confidence, Effort, Outcome, Severity, Tri

__all__ = [
    "API_VERSION",
    "Confidence",
    "Draft",
    "Effort",
    "Evidence",
    "Export",
    "Finding",
    "Importer",
    "OfferedIntegration",
    "Outcome",
    "Parsed",
    "Record",
    "Rule",
    "RuleContext",
    "Severity",
    "Source",
    "Table",
    "Theme",
    "Tri",
    "Vendor",
    "VendorManifest",
    "VendorTool",
    "Wire",
    "hookimpl",
]
