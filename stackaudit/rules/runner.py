"""Run rules one by one: a rule that breaks becomes an error finding, and the others still speak."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from stackaudit.model.inventory import RuleSetting, Waiver
from stackaudit.model.plugins import Draft, PluginProblem, Rule, RuleContext
from stackaudit.model.result import Finding, WaiverInfo
from stackaudit.model.vocabulary import Confidence, NeedLabel, Outcome, Severity
from stackaudit.pluginmanager.records import PluginError
from stackaudit.stages import SILENT, Stages

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis

SILENT_WITHOUT_NEED = ("GAP-", "HND-", "SIG-", "SHP-002", "SHP-003")
_AS_IT_IS = RuleSetting()
SPOKEN_ANYWAY = frozenset({"GAP-001"})


def run_rules(
    rules: Iterable[Rule],
    context: RuleContext,
    *,
    settings: Mapping[str, RuleSetting],
    waivers: Iterable[Waiver],
    as_of: dt.date,
    stages: Stages = SILENT,
) -> tuple[tuple[Finding, ...], tuple[PluginProblem, ...]]:
    """Run every rule and turn its drafts into findings.

    Args:
        rules: The rules in force, of any plugin.
        context: What they may read.
        settings: Severities and switches that the inventory overrides.
        waivers: Accepted exceptions, with tool ids as subjects.
        as_of: The day on which waivers are judged.
        stages: What times each rule.

    Returns:
        Findings, worst first and sorted; and a problem for each rule that raised.
    """
    findings: dict[str, Finding] = {}
    problems: list[PluginProblem] = []
    waivers = tuple(waivers)
    for rule, setting, drafts in _drafts(rules, context, settings, problems, stages):
        for draft in drafts:
            finding = _finding(rule, draft, setting, waivers, as_of)
            first = findings.get(finding.id)
            findings[finding.id] = _merged(first, finding) if first else finding
    return tuple(sorted(findings.values(), key=_order)), tuple(problems)


def settled(rule: Rule, before: Analysis, after: Analysis) -> bool:
    """Whether a rule makes the same findings of two analyses, because all that it rests on is the same in both."""
    return bool(rule.rests_on) and all(getattr(before, f, before) is getattr(after, f, after) for f in rule.rests_on)


def standing_ids(
    rules: Iterable[Rule],
    context: RuleContext,
    *,
    settings: Mapping[str, RuleSetting],
    waivers: Iterable[Waiver],
    as_of: dt.date,
) -> frozenset[str]:
    """Ids of the findings that would stand, without making them; arguments as for ``run_rules``."""
    gravest: dict[str, tuple[int, bool]] = {}
    waivers = tuple(waivers)
    for rule, setting, drafts in _drafts(rules, context, settings, []):
        for draft in drafts:
            subjects = tuple(sorted(set(draft.subjects)))
            ident = fingerprint(rule.id, subjects, draft.facet)
            held = _waiver(rule.id, subjects, waivers, as_of) if waivers else None
            stands = draft.outcome is Outcome.FAIL and not (held and not held.expired)
            rank = _severity(rule, draft, setting).rank
            if ident not in gravest or rank < gravest[ident][0]:
                gravest[ident] = (rank, stands)
    return frozenset(ident for ident, (_, stands) in gravest.items() if stands)


def _drafts(
    rules: Iterable[Rule],
    context: RuleContext,
    settings: Mapping[str, RuleSetting],
    problems: list[PluginProblem],
    stages: Stages = SILENT,
) -> Iterator[tuple[Rule, RuleSetting, tuple[Draft, ...]]]:
    """What every rule that is switched on says; one that breaks says so and is added to the problems."""
    known = frozenset(context.analysis.stack.by_id)
    for rule in sorted(rules, key=lambda r: r.id):
        setting = settings.get(rule.id, _AS_IT_IS)
        if setting.enabled is False or _silent(rule, context):
            continue
        try:
            with stages.part(f"rule {rule.id}"):
                drafts = tuple(rule.check(context))
            _declared(drafts, known)
        except Exception as error:  # a plugin's rule may raise anything, and the audit goes on
            drafts = (_crash(),)
            problems.append(PluginProblem(rule.id, None, "check", _said(error)))
        yield rule, setting, drafts


def fingerprint(rule: str, subjects: Iterable[str], facet: str | None) -> str:
    """Id of a finding: the same for the same rule, subjects and facet, whatever the file looks like."""
    text = "\x1f".join((rule, *sorted(subjects), f"facet={facet or ''}"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _merged(one: Finding, two: Finding) -> Finding:
    """Two drafts about the same thing are one finding: the graver one, with the evidence of both."""
    lead, other = sorted((one, two), key=lambda f: f.severity.rank)
    return lead.model_copy(update={"evidence": tuple(dict.fromkeys((*lead.evidence, *other.evidence)))})


def _silent(rule: Rule, context: RuleContext) -> bool:
    """Guard g3: a company that needs neither function has no gaps (``precise.md``, 23)."""
    needs_nothing = context.shapes.need.label is NeedLabel.NONE
    return needs_nothing and rule.id.startswith(SILENT_WITHOUT_NEED) and rule.id not in SPOKEN_ANYWAY


def _declared(drafts: Iterable[Draft], known: frozenset[str]) -> None:
    """A finding may speak of declared tools only."""
    foreign = sorted({s for draft in drafts for s in draft.subjects} - known)
    if foreign:
        raise ValueError(f"names {foreign[0]!r}, which is no tool of the stack")


def _said(error: Exception) -> str:
    """What broke, in words; a plugin's fault has been put into words already."""
    return str(error) if isinstance(error, PluginError) else f"{type(error).__name__}: {error}"


def _crash() -> Draft:
    return Draft(
        message="The rule broke and concluded nothing; the problems of the run say why.",
        severity=Severity.INFO,
        confidence=Confidence.UNKNOWN,
        outcome=Outcome.ERROR,
    )


def _finding(rule: Rule, draft: Draft, setting: RuleSetting, waivers: tuple[Waiver, ...], as_of: dt.date) -> Finding:
    subjects = tuple(sorted(set(draft.subjects)))
    return Finding(
        id=fingerprint(rule.id, subjects, draft.facet),
        rule=rule.id,
        severity=_severity(rule, draft, setting),
        outcome=draft.outcome,
        subjects=subjects,
        facet=draft.facet,
        title=draft.title or rule.title,
        message=draft.message,
        why=rule.why,
        fix=draft.fix or rule.fix,
        effort=draft.effort or rule.effort,
        evidence=draft.evidence,
        confidence=draft.confidence,
        waiver=_waiver(rule.id, subjects, waivers, as_of) if draft.outcome is Outcome.FAIL else None,
    )


def _severity(rule: Rule, draft: Draft, setting: RuleSetting) -> Severity:
    if setting.severity is not None and draft.outcome is Outcome.FAIL:
        return setting.severity
    return draft.severity or rule.severity


def _waiver(rule: str, subjects: tuple[str, ...], waivers: tuple[Waiver, ...], as_of: dt.date) -> WaiverInfo | None:
    """The waiver that covers all subjects; one still in force is preferred to an expired one."""
    matching = [
        WaiverInfo(
            reason=w.reason, owner=w.owner, expires=w.expires, expired=w.expires is not None and w.expires < as_of
        )
        for w in waivers
        if w.rule == rule and set(subjects) <= set(w.tools)
    ]
    return min(matching, key=lambda w: w.expired, default=None)


def _order(finding: Finding) -> tuple[int, int, str, tuple[str, ...], str]:
    outcome = list(Outcome).index(finding.outcome)
    return (outcome, finding.severity.rank, finding.rule, finding.subjects, finding.facet or "")
