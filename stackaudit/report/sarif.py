"""SARIF 2.1.0 within the limits of code scanning: findings as results that point into the stack file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from stackaudit.report.escape import clean, markdown
from stackaudit.report.escape import sarif as safe
from stackaudit.report.places import places

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult, Evidence, Finding, RuleInfo

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MAX_RESULTS = 5_000
MAX_LOCATIONS = 100
"""What code scanning shows of a run's results and of a result's locations; it rejects five and ten times as many."""

LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
FINGERPRINT = "stackauditFinding/v1"


def render(result: AuditResult) -> str:
    """The result as a SARIF log; worst findings first, so that what a limit cuts is the mildest."""
    return json.dumps(log(result), ensure_ascii=True, indent=2) + "\n"


def log(result: AuditResult) -> dict[str, Any]:
    """The SARIF log as plain data."""
    shown = result.findings[:MAX_RESULTS]
    rules = sorted({f.rule for f in shown})
    index = {rule: i for i, rule in enumerate(rules)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "stackaudit",
                        "version": clean(result.stackaudit_version),
                        "rules": [_rule(rule, result.rules.get(rule), shown) for rule in rules],
                    }
                },
                "automationDetails": {"id": "stackaudit/"},
                "columnKind": "unicodeCodePoints",
                "invocations": [_invocation(result, len(shown))],
                "results": [_result(result, f, index[f.rule]) for f in shown],
                "properties": {
                    "asOf": result.as_of.isoformat(),
                    "rulesetHash": clean(result.ruleset_hash),
                    "stackShape": str(result.shape.stack.label),
                    "organisationShape": str(result.shape.org.label),
                    "need": str(result.shape.need.label),
                },
            }
        ],
    }


def _rule(rule: str, info: RuleInfo | None, findings: tuple[Finding, ...]) -> dict[str, Any]:
    own = [f for f in findings if f.rule == rule]
    title, why, fix = (info.title, info.why, info.fix) if info else (own[0].title, own[0].why, own[0].fix)
    texts = {"Why it matters": why, "What to do": fix}
    if info:
        texts |= {"When to waive it": info.waive_when, "Threshold": info.threshold, "Source": info.source}
    texts = {k: v for k, v in texts.items() if v}
    worst = min((f for f in own), key=lambda f: (f.outcome != "fail", f.severity.rank))
    return {
        "id": clean(rule),
        "name": clean(title),
        "shortDescription": {"text": safe(title)},
        "fullDescription": {"text": safe(why or title)},
        "help": {
            "text": "\n".join(f"{head}: {safe(text)}" for head, text in texts.items()),
            "markdown": "\n\n".join(f"**{head}.** {markdown(text)}" for head, text in texts.items()),
        },
        "defaultConfiguration": {"level": LEVELS.get(worst.severity, "note")},
        "properties": {"tags": ["go-to-market", clean(rule.split("-")[0].lower())]},
    }


def _result(result: AuditResult, finding: Finding, index: int) -> dict[str, Any]:
    failed = finding.outcome == "fail"
    made: dict[str, Any] = {
        "ruleId": clean(finding.rule),
        "ruleIndex": index,
        "kind": "fail" if failed else "open",
        "level": LEVELS.get(finding.severity, "note") if failed else "none",
        "message": {"text": safe(finding.message)},
        "partialFingerprints": {FINGERPRINT: clean(finding.id)},
        "properties": {
            "severity": str(finding.severity),
            "outcome": str(finding.outcome),
            "confidence": str(finding.confidence),
            "effort": str(finding.effort),
            "subjects": [clean(s) for s in finding.subjects],
            "rootCause": clean(finding.root_cause) if finding.root_cause else None,
            "fix": clean(finding.fix),
            "evidence": [_evidence(e) for e in finding.evidence],
        },
    }
    located = places(result, finding)[:MAX_LOCATIONS]
    if located:
        made["locations"] = [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(p.file), "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": max(1, p.line)},
                },
                **({"message": {"text": safe(p.text)}} if p.text else {}),
            }
            for p in located
        ]
    if finding.waiver is not None and not finding.waiver.expired:
        made["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": clean(finding.waiver.reason)}
        ]
    return made


def _evidence(evidence: Evidence) -> dict[str, Any]:
    content = evidence.model_dump(exclude_none=True)
    return {k: clean(v) if isinstance(v, str) else v for k, v in content.items()}


def _invocation(result: AuditResult, shown: int) -> dict[str, Any]:
    left_out = len(result.findings) - shown
    notes = [f"{p.kind} {p.source}, {p.stage}: {p.message}" for p in result.problems if p.kind != "input"]
    notes += [f"{left_out} milder findings are left out: code scanning shows {MAX_RESULTS:,}."] if left_out else []
    return {
        "executionSuccessful": True,
        "toolExecutionNotifications": [{"level": "warning", "message": {"text": safe(n)}} for n in notes],
    }


def _uri(file: str) -> str:
    """A path as a relative URI: no scheme, no host, no way up."""
    parts = [p for p in file.replace("\\", "/").split("/") if p not in ("", ".", "..")]
    return quote("/".join(parts), safe="/", errors="replace") or "stack.yaml"
