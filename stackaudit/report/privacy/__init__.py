"""Results for readers who may not see everything: levels of privacy, and extracts for the one who must act."""

from stackaudit.report.privacy.extract import extract
from stackaudit.report.privacy.policy import Level
from stackaudit.report.privacy.redact import Redacted, redact

__all__ = ["Level", "Redacted", "extract", "redact"]
