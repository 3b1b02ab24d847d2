"""The records that plugins hand over (Rule, Importer, Theme) and the problems they cause."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from stackaudit.model.importing import Importer
from stackaudit.model.vocabulary import Confidence, Effort, Outcome, Severity

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.model.result import Evidence, Shape
    from stackaudit.shape import Shapes

__all__ = ["API_VERSION", "Draft", "Importer", "Limits", "PluginProblem", "Rule", "RuleContext", "Theme"]

API_VERSION = 1
"""Version of the plugin interface; it changes when a plugin would have to."""
OLDEST_API = 1
"""Oldest version that is still understood."""


_MANY = 1_000_000_000


class Limits(Struct, frozen=True):
    """How much of what plugins from outside say and do is taken; ``plugin_limits`` of the catalogue, without it no limit.

    Attributes:
        layers: Layers that a tool may claim.
        core_layers: Layers over which a tool's core capabilities may spread.
        core_layers_usual: As many as are usual; more deserves a second look.
        core_capabilities: Core capabilities of a tool.
        records: Records that a hook may hand over.
        drafts: Drafts that a rule may yield.
        import_seconds: How long an import may take.
        import_seconds_usual: From here on an import is felt in every command.
        hook_seconds: How long a hook may take, or an importer with one file.
        rule_seconds: How long a rule may take with one stack.
        grace_seconds: How long code may go on after it was interrupted, before the program ends.
        check_seconds: How long a check may run a plugin's code, in a process apart.
    """

    layers: int = _MANY
    core_layers: int = _MANY
    core_layers_usual: int = _MANY
    core_capabilities: int = _MANY
    records: int = _MANY
    drafts: int = _MANY
    import_seconds: float = math.inf
    import_seconds_usual: float = math.inf
    hook_seconds: float = math.inf
    rule_seconds: float = math.inf
    grace_seconds: float = 0.0
    check_seconds: float = math.inf


class Draft(Struct, frozen=True):
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


class RuleContext(Struct, frozen=True):
    """What a rule may read: the analysis, the shapes and the thresholds in force. Nothing here can be changed."""

    analysis: Analysis
    shapes: Shapes
    thresholds: Mapping[str, float]

    @property
    def shape(self) -> Shape:
        """The shapes with verdict, tables, pillars and advice, which are worked out when they are first asked for."""
        return self.shapes.whole


class Rule(Struct, frozen=True):
    """One check. ``check`` yields drafts; it never prints, renders, weighs or reads the clock.

    The texts are shown by ``stackaudit rules ID`` and by the report. ``rests_on`` names facts of the analysis that alone
    decide which findings the rule makes, e.g. ``doubles``: the plan does not ask it again while they stay as they are.
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
    rests_on: tuple[str, ...] = ()


class Theme(Struct, frozen=True):
    """How a report looks: style that is added after the report's own, and templates that stand in for its own.

    ``templates`` are texts by file name, e.g. ``summary.html.j2``. Style fetches nothing: ``url()`` holds data only.
    """

    name: str
    title: str = ""
    css: str = ""
    templates: Mapping[str, str] = field(default_factory=dict)


class PluginProblem(Struct, frozen=True):
    """A plugin that failed: which, from what distribution, at which stage, and what it said."""

    plugin: str
    distribution: str | None
    stage: str
    message: str
