"""What several tests share: auditing a file or plain data with the shipped catalogue."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from stackaudit import audit
from stackaudit.analysis import Analysis
from stackaudit.catalog import load_catalog
from stackaudit.inventory import LoadedInventory, load_inventory
from stackaudit.model.result import AuditResult, Finding
from stackaudit.model.stack import Stack
from stackaudit.pluginmanager import Plugins
from stackaudit.resolve import resolve

HERE = Path(__file__).parent
CASES = HERE / "cases"
TODAY = dt.date(2026, 9, 1)


def read_yaml(path: Path) -> Any:
    """Test data; trusted."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def plugins() -> Plugins:
    """The built-in catalogue, without anything that happens to be installed."""
    return audit.open_plugins(installed=False)


def load_text(text: str, name: str = "stack.yaml") -> LoadedInventory:
    """Load an inventory from text."""
    catalog = load_catalog()
    return load_inventory(None, vocabulary=audit.vocabulary(catalog, plugins()), root=HERE, data=text.encode("utf-8"))


def audit_text(text: str) -> AuditResult:
    """Audit an inventory given as text."""
    return audit_loaded(load_text(text))


def audit_data(data: Any) -> AuditResult:
    """Audit an inventory given as plain data."""
    return audit_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))


def audit_file(path: Path) -> AuditResult:
    """Audit an inventory file."""
    return audit_loaded(load_file(path))


def load_file(path: Path) -> LoadedInventory:
    """Load an inventory file."""
    return load_inventory(path, vocabulary=audit.vocabulary(load_catalog(), plugins()), root=path.parent)


def audit_loaded(loaded: LoadedInventory) -> AuditResult:
    """Run the pipeline."""
    return audit.run(loaded, plugins(), load_catalog(), as_of=loaded.inventory.as_of or TODAY, as_of_source="inventory")


def known(loaded: LoadedInventory) -> Analysis:
    """What is known of a stack before anything is judged."""
    catalog = load_catalog()
    return known_of(resolve(loaded, plugins(), catalog, loaded.inventory.as_of or TODAY))


def known_of(stack: Stack) -> Analysis:
    """The same of a stack that is resolved already, with the catalogue's thresholds."""
    catalog = load_catalog()
    return Analysis(stack, catalog, {t.id: t.value for t in catalog.thresholds.values()})


def fired(result: AuditResult, rule: str) -> list[Finding]:
    """Findings of a rule, or of a family where the text ends in a dash, that failed."""
    return [f for f in result.findings if f.outcome == "fail" and f.rule.startswith(rule)]


def not_assessed(result: AuditResult, rule: str) -> list[Finding]:
    """Findings of a rule that lacked input."""
    return [f for f in result.findings if f.outcome == "not_assessed" and f.rule == rule]


@cache
def case(name: str) -> AuditResult:
    """The audit of one of the worked cases."""
    return audit_file(CASES / f"{name}.yaml")
