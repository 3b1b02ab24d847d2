"""What mutmut loads beside the tests (CONTRIBUTING.md, "Mutants"): no test may live on the audit of another.

Where it learns which tests run a function, an audit that is kept would count for the first test that asks for it alone.
"""

from __future__ import annotations

import os

import pytest

from tests.support import case


@pytest.fixture(autouse=True)
def _an_audit_of_its_own() -> None:
    if os.environ.get("MUTANT_UNDER_TEST") == "stats":
        case.cache_clear()
