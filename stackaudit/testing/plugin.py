"""The pytest plugin: fixtures that load nothing before a test asks for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from stackaudit.model.result import AuditResult
    from stackaudit.pluginmanager import Plugins


@pytest.fixture
def stackaudit_plugins(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Plugins]:
    """Makes a manager that sees the built-in catalogue and the named installed plugins, and nothing else.

    ``stackaudit_plugins("acme")`` sees one installed plugin; ``stackaudit_plugins(project=folder)`` one that is not
    installed, read from its ``pyproject.toml``.
    """
    from stackaudit.testing.stacks import named_plugins, project_plugins

    def make(*names: str, project: Path | None = None) -> Plugins:
        return named_plugins(*names) if project is None else project_plugins(project)

    return make


@pytest.fixture
def stackaudit_audit() -> Callable[..., AuditResult]:
    """Audits a small stack: ``stackaudit_audit("Salesforce", "Gong", plugins=...)``."""
    from stackaudit.testing.stacks import audit_stack, small_stack

    def make(*tools: Any, plugins: Plugins | None = None, **fields: Any) -> AuditResult:
        return audit_stack(small_stack(*tools, **fields), plugins)

    return make
