"""The one module that plugins import; what stands here stays, within an API_VERSION."""

from stackaudit.hookspecs import hookimpl
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
    "Finding",
    "Importer",
    "OfferedIntegration",
    "Outcome",
    "Rule",
    "RuleContext",
    "Severity",
    "Source",
    "Theme",
    "Tri",
    "Vendor",
    "VendorManifest",
    "VendorTool",
    "hookimpl",
]
