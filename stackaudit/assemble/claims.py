"""Which conclusions rest on nothing but what vendors say of their own products."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from stackaudit.model.part import PluginInfo
from stackaudit.model.result import ExpectedIntegration, Finding
from stackaudit.model.vocabulary import Confidence, Outcome

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis

_OWN = "stackaudit"
_NAMED = 8


def claim_lines(
    analysis: Analysis,
    findings: Iterable[Finding],
    connections: Iterable[ExpectedIntegration],
    plugins: Iterable[PluginInfo],
) -> tuple[str, ...]:
    """Sentences for the reader about what is only claimed; none where nothing is.

    Args:
        analysis: Whose tools say which plugin describes them.
        findings: All of them.
        connections: The missing ones, with the connector that is known for each.
        plugins: Those in use, with the distribution that each comes from.
    """
    return (*_vendors(analysis, findings, plugins), *_connectors(connections))


def _vendors(analysis: Analysis, findings: Iterable[Finding], plugins: Iterable[PluginInfo]) -> list[str]:
    """Findings about use that nobody declared, where the vendor's own distribution says what is used."""
    outside = {p.name: p.distribution for p in plugins if p.kind == "vendor" and p.distribution not in (None, _OWN)}
    resting: defaultdict[str, set[str]] = defaultdict(set)
    for finding in findings:
        if finding.outcome is Outcome.FAIL and finding.confidence is Confidence.INFERRED:
            for subject in finding.subjects:
                tool = analysis.stack.by_id.get(subject)
                distribution = outside.get(tool.plugin or "") if tool and tool.inferred else None
                if distribution:
                    resting[distribution].add(finding.rule)
    return [
        f"What {distribution} says of its own tools, and nothing that the file declares, carries: {_list(rules)}."
        for distribution, rules in sorted(resting.items())
    ]


def _connectors(connections: Iterable[ExpectedIntegration]) -> list[str]:
    known = [c for c in connections if c.evidence is not None]
    claimed = sum(c.evidence == "claimed" for c in known)
    if not claimed:
        return []
    if len(known) == 1:
        return ["The one connector that could close a gap is claimed by one side only; test before buying."]
    verb = "is" if claimed == 1 else "are"
    return [
        f"Of {len(known)} connectors that could close a gap, {claimed} {verb} claimed by one side only; test before buying."
    ]


def _list(rules: set[str]) -> str:
    named = sorted(rules)
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return ", ".join(named[:_NAMED]) + more
