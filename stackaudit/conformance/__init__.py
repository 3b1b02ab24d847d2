"""Hold a plugin against everything that it must keep to, without running its code."""

from stackaudit.conformance.report import Item, Report
from stackaudit.conformance.target import check_target

__all__ = ["Item", "Report", "check_target"]
