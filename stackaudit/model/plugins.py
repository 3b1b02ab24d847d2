"""The records that plugins hand over (Rule, Importer, Theme) and the problems they cause."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stackaudit.model.importing import Importer
from stackaudit.model.vocabulary import Confidence, Effort, Outcome, Severity

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.model.result import Evidence, Shape

__all__ = ["API_VERSION", "Draft", "Importer", "PluginProblem", "Rule", "RuleContext", "Theme"]

API_VERSION = 1
"""Version of the plugin interface; it changes when a plugin would have to."""
OLDEST_API = 1
"""Oldest version that is still understood."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a rule yields. Fields left at None are filled from the rule's texts.

    ``facet`` tells apart several findings of one rule on the same subjects, e.g. an object or a handoff id.
    """

    message: str
    subjects: tuple[str, ...] = ()
    severity: Severity | None = None
    facet: str | None = None
    evidence: tuple[Evidence, ...] = ()
    title: str | None = None
    fix: str | None = None
    effort: Effort | None = None
    confidence: Confidence = Confidence.DECLARED
    outcome: Outcome = Outcome.FAIL


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What a rule may read: the analysis, the shapes and the thresholds in force. Nothing here can be changed."""

    analysis: Analysis
    shape: Shape
    thresholds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Rule:
    """One check. ``check`` yields drafts; it never prints, renders, weighs or reads the clock.

    The texts are shown by ``stackaudit rules ID`` and by the report.
    """

    id: str
    severity: Severity
    title: str
    checks: str
    why: str
    fix: str
    waive_when: str
    threshold: str
    source: str
    effort: Effort
    check: Callable[[RuleContext], Iterable[Draft]]


@dataclass(frozen=True, slots=True)
class Theme:
    """How a report looks: style that is added after the report's own, and templates that stand in for its own.

    ``templates`` are texts by file name, e.g. ``summary.html.j2``. Style fetches nothing: ``url()`` holds data only.
    """

    name: str
    title: str = ""
    css: str = ""
    templates: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PluginProblem:
    """A plugin that failed: which, from what distribution, at which stage, and what it said."""

    plugin: str
    distribution: str | None
    stage: str
    message: str
