"""Texts for readers who may not see the originals, composed anew from what the level shows and from the catalogue.

Nothing is filtered out of a sentence here: sentences are made from parts that are safe, so that none can leak.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from stackaudit.report.words import HANDOFF_STATUS, NEEDS, SHAPES, join, plural

if TYPE_CHECKING:
    from stackaudit.model.result import (
        AuditResult,
        Evidence,
        Finding,
        HandoffInfo,
        IntegrationInfo,
        LinkInfo,
        PathInfo,
        RootCause,
        Shape,
    )
    from stackaudit.report.privacy.pseudonyms import Pseudonyms

WITHHELD = "Left out at this level of privacy: {} of evidence."


def compose(shown: AuditResult, original: AuditResult, names: Pseudonyms) -> AuditResult:
    """The result with its texts composed anew.

    Args:
        shown: The redacted result, its texts empty.
        original: The same before; only its line numbers are read.
        names: The pseudonyms of the result.
    """
    maker = _Composer(shown, original, names)
    texts = {names.findings[f.id]: maker.finding(f, names) for f in original.findings}
    found = tuple(f.model_copy(update=texts[f.id]) for f in shown.findings)
    by_id = {f.id: f for f in found}
    return shown.model_copy(
        update={
            "shape": maker.shape(),
            "findings": found,
            "root_causes": tuple(maker.cause(c, by_id) for c in shown.root_causes),
            "expected": shown.expected.model_copy(
                update={
                    "integrations": tuple(
                        e.model_copy(update={"reason": maker.handoff_name(e.handoff)})
                        for e in shown.expected.integrations
                    )
                }
            ),
            "links": tuple(x.model_copy(update={"text": maker.way(x)}) for x in shown.links),
            "handoffs": tuple(x.model_copy(update={"text": maker.way(x)}) for x in shown.handoffs),
            "signals": tuple(
                s.model_copy(
                    update={"text": f"Captured in {maker.listed(s.sources)}." if s.sources else "Not captured."}
                )
                for s in shown.signals
            ),
            "overlaps": tuple(
                o.model_copy(update={"reason": "explained in the stack file" if o.legitimate else ""})
                for o in shown.overlaps
            ),
            "roadmap": tuple(
                s.model_copy(
                    update={"title": maker.titled(s.kind.replace("_", " ").capitalize(), [maker.listed(s.subjects)])}
                )
                for s in shown.roadmap
            ),
            "counterfactual": tuple(
                c.model_copy(update={"add": f"{maker.name(c.from_)} to {maker.name(c.to)}"})
                for c in shown.counterfactual
            ),
        }
    )


class _Composer:
    """Composes the texts of one result."""

    def __init__(self, shown: AuditResult, original: AuditResult, names: Pseudonyms) -> None:
        self._shown = shown
        self._names = {t.id: t.name for t in shown.tools}
        self._handoffs = {h.id: h.name for h in shown.handoffs}
        known = (shown.handoffs, shown.links, shown.signals, shown.metrics, shown.layers)
        self._facets = {x.id: x.name for group in known for x in group}
        self._lines = {t.line: f"{names.tool_names[t.id]}, as declared" for t in original.tools if t.line}
        self._lines |= {i.line: self._edge(i, names) for i in original.integrations if i.line}

    def name(self, tool: str | None) -> str:
        """What a tool is called."""
        return self._names.get(tool or "", "a tool")

    def listed(self, tools: Iterable[str]) -> str:
        """What tools are called, in a sentence."""
        return join([self.name(t) for t in tools])

    def titled(self, title: str, about: Iterable[str]) -> str:
        """A title with what it is about, as far as there is anything to name."""
        return ": ".join((title, *(a for a in about if a)))

    def handoff_name(self, handoff: str | None) -> str:
        """What a handoff is called."""
        return self._handoffs.get(handoff or "", "")

    def finding(self, original: Finding, names: Pseudonyms) -> dict[str, object]:
        """The texts of a finding, under its id in the redacted result."""
        rule = self._shown.rules.get(original.rule)
        title = rule.title if rule else original.rule
        subjects = sorted(names.tools.get(s, "") for s in original.subjects)
        return {
            "title": title,
            "message": self.titled(title, [self._facets.get(original.facet or "", ""), self.listed(subjects)]) + ".",
            "why": rule.why if rule else "",
            "fix": rule.fix if rule else "",
            "evidence": self._evidence(original.evidence),
        }

    def cause(self, cause: RootCause, findings: dict[str, Finding]) -> RootCause:
        """A root cause under the name of its worst finding."""
        own = [findings[f] for f in cause.findings if f in findings]
        lead = min(own, key=lambda f: (f.severity.rank, f.rule), default=None)
        title = self.titled(lead.title if lead else "Several findings", [self.listed(cause.subjects)])
        return cause.model_copy(update={"title": title, "summary": lead.fix if lead else ""})

    def way(self, item: HandoffInfo | LinkInfo) -> str:
        """How a handoff or a link runs."""
        if item.paths:
            return "; ".join(self._path(p) for p in item.paths) + "."
        return HANDOFF_STATUS.get(item.status, item.status).capitalize() + "."

    def shape(self) -> Shape:
        """The shapes with their labels as the verdict."""
        shape, shown = self._shown.shape, self._shown
        need = NEEDS[shape.need.label]
        counted = [h for h in shown.handoffs if h.status not in {"not_needed", "not_applicable"}]
        whole = sum(x.status == "works" for x in shown.links)
        stack, captured = shape.stack, [s for s in shown.signals if s.level > 0]
        verdict = shape.verdict.model_copy(
            update={
                "sentence": f"Stack: {SHAPES[stack.label]}; organisation: {SHAPES[shape.org.label]}; need: {need}.",
                "facts": (
                    f"{whole} of {len(shown.links)} cross-functional links work in full.",
                    f"{sum(h.status == 'works' for h in counted)} of {len(counted)} handoffs work.",
                    f"{sum(s.level >= 3 for s in captured)} of {plural(len(captured), 'captured signal')} can reach an action.",
                ),
            }
        )
        notes = {
            kind: tuple(
                n.model_copy(update={"text": n.id.replace("_", " ").capitalize()}) for n in getattr(stack, kind)
            )
            for kind in ("gates", "overlays")
        }
        return shape.model_copy(
            update={
                "verdict": verdict,
                "stack": stack.model_copy(update=notes),
                "mismatch": tuple(
                    m.model_copy(update={"text": m.pattern.replace("_", " ").capitalize()}) for m in shape.mismatch
                ),
            }
        )

    def _evidence(self, given: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        """What can be said of the lines of evidence, each once, and at last how many cannot be shown."""
        known = [self._lines[e.line] for e in given if e.line in self._lines]
        texts = list(dict.fromkeys(known))
        if len(known) < len(given):
            texts.append(WITHHELD.format(plural(len(given) - len(known), "line")))
        bare = {"file": None, "line": None, "source": None}
        return tuple(e.model_copy(update={"text": text, **bare}) for e, text in zip(given, texts, strict=False))

    def _path(self, path: PathInfo) -> str:
        how = "degraded" if path.degraded else "automatic" if path.automated else "by hand"
        return f"{' → '.join(self.name(t) for t in path.tools)} ({how})"

    def _edge(self, edge: IntegrationInfo, names: Pseudonyms) -> str:
        ends = (names.tool_names.get(end, "a tool") for end in (edge.from_, edge.to))
        return f"{' to '.join(ends)}: {edge.method or 'method not declared'}, {edge.status}"
