"""Extracts: what one owner must act on, or what stands behind single findings."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

from stackaudit.errors import UsageError
from stackaudit.report.words import EXTRACT

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult, Finding, PathInfo


def extract(result: AuditResult, *, owner: str = "", findings: Iterable[str] = ()) -> AuditResult:
    """The part of a result that concerns an owner's tools, steps and waivers, or the findings named.

    Findings, causes, steps, waivers, contracts, overlaps and connections are those that concern the reader's tools;
    the shapes, handoffs, signals and metrics stay whole, because they say why it matters.

    Raises:
        UsageError: Nobody owns anything under that name, or a finding is not in the result.
    """
    wanted = frozenset(findings)
    if not owner and not wanted:
        return result
    own = _owned(result, owner) if owner else frozenset()
    kept = tuple(f for f in result.findings if f.id in wanted or _concerns(f, own, owner))
    missing = sorted(wanted - {f.id for f in result.findings})
    if missing:
        close = get_close_matches(missing[0], [f.id for f in result.findings], n=1)
        raise UsageError(
            f"--finding {missing[0]}: is not in the result" + (f"; did you mean {close[0]}?" if close else "")
        )
    return _reduced(result, kept, own | {s for f in kept for s in f.subjects}, owner, wanted)


def _owned(result: AuditResult, owner: str) -> frozenset[str]:
    tools = {t.id for t in result.tools if _is(t.owner, owner) or _is(t.technical_owner, owner)}
    tools |= {i.from_ for i in result.integrations if _is(i.owner, owner)}
    plays = {s.play_tool for s in result.signals if s.play_tool and _is(s.play_owner, owner)}
    others = [x.owner for group in (result.roadmap, result.waivers) for x in group]
    if not tools and not plays and not any(_is(o, owner) for o in others):
        known = {
            o
            for o in (
                *(t.owner for t in result.tools),
                *(t.technical_owner for t in result.tools),
                *(i.owner for i in result.integrations),
                *(s.play_owner for s in result.signals),
                *others,
            )
            if o
        }
        close = get_close_matches(owner, sorted(known), n=1, cutoff=0.4)
        raise UsageError(
            f"--owner {owner!r}: owns nothing in the result" + (f"; did you mean {close[0]!r}?" if close else "")
        )
    return frozenset(tools | plays)


def _concerns(finding: Finding, own: frozenset[str], owner: str) -> bool:
    waived = bool(owner) and finding.waiver is not None and _is(finding.waiver.owner, owner)
    return waived or bool(own & set(finding.subjects))


def _reduced(
    result: AuditResult, kept: tuple[Finding, ...], tools: frozenset[str], owner: str, wanted: frozenset[str]
) -> AuditResult:
    ids = frozenset(f.id for f in kept)
    integrations = tuple(i for i in result.integrations if {i.from_, i.to} & tools)
    overlaps = tuple(o for o in result.overlaps if set(o.tools) & tools)
    steps = tuple(
        s.model_copy(update={"findings": tuple(f for f in s.findings if f in ids)})
        for s in result.roadmap
        if ids & set(s.findings) or (owner and _is(s.owner, owner))
    )
    shown = set(tools) | _travelled(result)
    shown |= {end for i in integrations for end in (i.from_, i.to)} | {t for o in overlaps for t in o.tools}
    shown |= {t for s in steps for t in s.subjects} | {t for f in kept for t in f.subjects}
    causes = tuple(
        c.model_copy(update={"findings": tuple(f for f in c.findings if f in ids), "subjects": _in(c.subjects, shown)})
        for c in result.root_causes
        if ids & set(c.findings)
    )
    reader = [f"owner {owner}"] if owner else []
    reader += [f"finding {f}" for f in sorted(wanted)]
    note = f"{EXTRACT}{len(kept)} of {len(result.findings)} findings, for {', '.join(reader)}."
    coverage, spend = result.coverage, result.spend
    return result.model_copy(
        update={
            "findings": kept,
            "root_causes": causes,
            "roadmap": steps,
            "waivers": tuple(w for w in result.waivers if ids & set(w.findings) or (owner and _is(w.owner, owner))),
            "tools": tuple(t for t in result.tools if t.id in shown),
            "integrations": integrations,
            "overlaps": overlaps,
            "layers": tuple(
                x.model_copy(update={"tools": _in(x.tools, shown), "providers": _in(x.providers, shown)})
                for x in result.layers
            ),
            "ownership": tuple(o.model_copy(update={"tools": _in(o.tools, shown)}) for o in result.ownership),
            "agents": tuple(a for a in result.agents if {a.tool, *(w.tool for w in a.writes)} <= shown),
            "spend": spend.model_copy(
                update={
                    "renewals": tuple(r for r in spend.renewals if r.tool in tools),
                    "in_scope_tools": _in(spend.in_scope_tools, shown),
                    "by_layer": (),
                    "by_family": (),
                    "scope": tuple(c for c in spend.scope if c.tool in tools),
                    "unpriced": _in(spend.unpriced, shown),
                    "finance_data_tools": _in(spend.finance_data_tools, shown),
                    "next_deadlines": _in(spend.next_deadlines, set(tools)),
                }
            ),
            "coverage": coverage.model_copy(
                update={
                    "assumptions": (note, *coverage.assumptions),
                    "unresolved": _in(coverage.unresolved, shown),
                }
            ),
        }
    ).named(result.names)


def _is(name: str | None, owner: str) -> bool:
    """Whether a name is the owner's, however it is spelled."""
    return name is not None and name.strip().casefold() == owner.strip().casefold()


def _in(tools: tuple[str, ...], shown: set[str]) -> tuple[str, ...]:
    return tuple(t for t in tools if t in shown)


def _travelled(result: AuditResult) -> set[str]:
    """Tools that the handoffs, links and signals name, so that these still read."""
    paths: list[PathInfo] = [p for group in (result.handoffs, result.links) for x in group for p in x.paths]
    paths += [s.path for s in result.signals if s.path]
    named = {t for h in result.handoffs for t in h.tools} | {
        t for s in result.signals for t in (*s.sources, *s.targets)
    }
    expected = {end for e in result.expected.integrations for end in (e.from_, e.to) if end}
    return named | expected | {t for p in paths for t in p.tools}
