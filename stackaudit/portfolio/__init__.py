"""Many clients at once: each is audited by itself, in whatever executor, and one that fails stops no other."""

from stackaudit.portfolio.pool import client_files, run
from stackaudit.portfolio.work import Outcome, Using

__all__ = ["Outcome", "Using", "client_files", "run"]
