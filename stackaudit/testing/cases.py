"""Rule cases: one file a rule, a base stack, and what the rule must do when it is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stackaudit.testing.stacks import DAY, audit_stack
from stackaudit.yamlio import load_path

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult, Finding
    from stackaudit.pluginmanager import Plugins

EXPECTATIONS = ("fires", "silent", "guard", "not_assessed")
_KEYS = {"name", "expect", "with", "facet", "severity", "subjects", "says", "shows", "advises", "confidence"}


class CaseError(AssertionError):
    """A rule did not do what its case says."""


@dataclass(frozen=True)
class RuleCase:
    """One case of one rule: the stack, and what the rule must do with it."""

    rule: str
    name: str
    expect: str
    base: Mapping[str, Any] = field(repr=False)
    said: Mapping[str, Any] = field(repr=False)

    def stack(self) -> dict[str, Any]:
        """The stack of the case: the base with the changes laid over it; maps are merged, lists replaced."""
        return {"as_of": DAY.isoformat(), **_merged(self.base, self.said.get("with", {}))}

    def run(self, plugins: Plugins | None = None) -> AuditResult:
        """Audit the stack and compare.

        Raises:
            CaseError: With what the rule did instead.
        """
        result = audit_stack(self.stack(), plugins)
        problem = _verdict(self, result)
        if problem:
            raise CaseError(f"{self.rule}: {self.name}: expected {self.expect}, {problem}")
        return result


def load_rule_cases(path: Path) -> tuple[RuleCase, ...]:
    """The cases of a file named after its rule, or of all such files in a folder.

    Raises:
        ValueError: A file does not have the form of rule cases.
    """
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    return tuple(case for file in files for case in _cases(file))


def run_rule_cases(path: Path, plugins: Plugins | None = None) -> tuple[RuleCase, ...]:
    """Run every case of a file or folder; returns the cases.

    Raises:
        CaseError: Naming every case that did not hold, or that there is none.
    """
    cases = load_rule_cases(path)
    failures = []
    for case in cases:
        try:
            case.run(plugins)
        except CaseError as failure:
            failures.append(str(failure))
    if failures or not cases:
        raise CaseError("\n".join(failures) or f"{path}: holds no case")
    return cases


def _cases(path: Path) -> list[RuleCase]:
    content = load_path(path, path.name).data
    if not isinstance(content, dict) or not isinstance(content.get("cases"), list) or "base" not in content:
        raise ValueError(f"{path.name}: expected a map with base and cases")
    cases = []
    for said in content["cases"]:
        if not isinstance(said, dict) or said.get("expect") not in EXPECTATIONS or not said.get("name"):
            raise ValueError(f"{path.name}: a case has a name and expects one of {', '.join(EXPECTATIONS)}: {said}")
        unknown = sorted(set(said) - _KEYS)
        if unknown:
            raise ValueError(f"{path.name}: {said['name']}: {unknown[0]} is no key of a case")
        cases.append(RuleCase(path.stem, said["name"], said["expect"], content["base"], said))
    return cases


def _merged(base: Any, change: Any) -> Any:
    if isinstance(base, Mapping) and isinstance(change, Mapping):
        both = {**base, **{k: _merged(base.get(k), v) for k, v in change.items()}}
        return {k: v for k, v in both.items() if v is not None}
    return change


def _verdict(case: RuleCase, result: AuditResult) -> str | None:
    """What went otherwise than the case says; None where nothing did."""
    if result.problems:
        return f"and the audit had a problem: {result.problems[0].message}"
    said = case.said
    fired = [f for f in result.findings if f.rule == case.rule and f.outcome == "fail"]
    found = [f for f in fired if said.get("facet") in (None, f.facet)]
    unsure = [f for f in result.findings if f.rule == case.rule and f.outcome == "not_assessed"]
    if case.expect == "fires":
        if any(_fits(finding, said) for finding in found):
            return None
        return f"got {[(f.severity.value, f.subjects, f.facet, f.message) for f in fired + unsure]}"
    if found:
        return f"and it fired: {found[0].message}"
    if case.expect == "not_assessed":
        right = len(unsure) == 1 and unsure[0].severity.value == "info" and said.get("says", "") in unsure[0].message
        return None if right else f"got {[f.message for f in unsure]}"
    return f"and it was not assessed: {unsure[0].message}" if unsure and not said.get("facet") else None


def _fits(finding: Finding, said: Mapping[str, Any]) -> bool:
    return (
        said.get("severity") in (None, finding.severity.value)
        and set(said.get("subjects", finding.subjects)) == set(finding.subjects)
        and said.get("says", "") in finding.message
        and said.get("advises", "") in finding.fix
        and ("shows" not in said or any(said["shows"] in line.text for line in finding.evidence))
        and said.get("confidence", finding.confidence.value) == finding.confidence.value
    )
