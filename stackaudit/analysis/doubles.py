"""Groups of tools among which one is to be chosen: each is one decision, judged by one rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from stackaudit.analysis.scope import apart

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.analysis.overlap import Overlap
    from stackaudit.model.stack import Tool

_Item = TypeVar("_Item")
OTHER_RULES = frozenset({"crm", "data_enrichment", "reporting_bi"})
NEVER = frozenset({"collaboration", "web_analytics", "billing", "erp"})
SCHEDULERS = frozenset({"scheduling"})
_ELSEWHERE = OTHER_RULES | NEVER | SCHEDULERS
BEYOND_NOTES = frozenset({"coaching", "topic_trackers", "deal_inspection"})
MAP_WORK = frozenset({"email_campaigns", "nurture", "forms_landing", "lead_scoring", "lead_lifecycle", "web_tracking"})


class Double(Struct, frozen=True):
    """Tools that do one job, of which one would do. ``rule`` judges them; ``pairs`` are the overlaps inside.

    ``links`` are the pairs that make the group hang together; ``facet`` tells groups of one rule apart that are not
    tools of one layer.
    """

    rule: str
    tools: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    pairs: tuple[Overlap, ...] = ()
    facet: str | None = None


def doubles(analysis: Analysis) -> tuple[Double, ...]:
    """Every group, sorted by rule and tools."""
    found = [
        *_by_pair(analysis, "RED-001", _same_job),
        *_by_pair(analysis, "RED-003", _two_consents),
        *_crms(analysis),
        *_writers(analysis),
        *_mirrors(analysis),
        *_tail(analysis),
    ]
    return tuple(sorted(found, key=lambda d: (d.rule, d.facet or "", d.tools)))


def grounds(analysis: Analysis) -> tuple[object, ...]:
    """What the groups depend on beside the tools themselves: the same, and the groups are the same."""
    return (analysis.writers, analysis.crms, governed(analysis))


class Groups:
    """Groups of tools, asked which of them hold some tools together."""

    def __init__(self, groups: Iterable[Iterable[str]] = ()) -> None:
        self._count = 0
        self._of: dict[str, set[int]] = {}
        for group in groups:
            self.add(group)

    def add(self, group: Iterable[str]) -> None:
        """One more group."""
        self._count += 1
        for tool in group:
            self._of.setdefault(tool, set()).add(self._count)

    def hold(self, tools: Iterable[str]) -> bool:
        """Whether one group holds all of the tools."""
        first, *others = (self._of.get(t, set()) for t in tools)
        return bool(first.intersection(*others))

    def hold_two(self, tools: Iterable[str]) -> bool:
        """Whether one group holds two or more of the tools."""
        seen: set[int] = set()
        for tool in tools:
            own = self._of.get(tool, set())
            if seen & own:
                return True
            seen |= own
        return False


def components(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Tools that hang together by pairs, each group sorted, the groups by their first tool."""
    import networkx as nx  # here, so that listing rules does not load it

    graph: nx.Graph[str] = nx.Graph()
    graph.add_edges_from(pairs)
    return sorted(tuple(sorted(group)) for group in nx.connected_components(graph))


def _grouped(analysis: Analysis, rule: str, pairs: Iterable[tuple[str, str]], facet: str | None = None) -> list[Double]:
    pairs = list(pairs)
    groups = components(pairs)
    links = _by_group(groups, pairs, lambda pair: pair)
    return [
        Double(rule, tools, tuple(own), _inside(analysis, tools), facet)
        for tools, own in zip(groups, links, strict=True)
    ]


def _by_group(
    groups: Iterable[tuple[str, ...]], items: Iterable[_Item], pair: Callable[[_Item], tuple[str, str]]
) -> list[list[_Item]]:
    """What belongs to each group of a partition, by the pair of tools that it is about."""
    home = {tool: i for i, tools in enumerate(groups) for tool in tools}
    found: list[list[_Item]] = [[] for _ in set(home.values())]
    for item in items:
        found[home[pair(item)[0]]].append(item)
    return found


def _inside(analysis: Analysis, tools: Iterable[str]) -> tuple[Overlap, ...]:
    pairs = (analysis.overlap_of.get(pair) for pair in combinations(sorted(tools), 2))
    return tuple(o for o in pairs if o)


def _by_pair(analysis: Analysis, rule: str, test: Callable[[Analysis, Overlap, Tool, Tool], bool]) -> list[Double]:
    chosen = [
        o
        for o in analysis.overlaps
        if not o.legitimate and test(analysis, o, analysis.tool(o.tools[0]), analysis.tool(o.tools[1]))
    ]
    groups = components(o.tools for o in chosen)
    inside = _by_group(groups, chosen, lambda o: o.tools)
    return [
        Double(rule, tools, tuple(o.tools for o in pairs), tuple(pairs))
        for tools, pairs in zip(groups, inside, strict=True)
    ]


def _same_job(analysis: Analysis, pair: Overlap, one: Tool, two: Tool) -> bool:
    """A direct overlap that no other rule speaks about; two assumptions about a side capability are no evidence."""
    if pair.kind != "direct" or (pair.inferred and not pair.defining):
        return False
    if one.layer in _ELSEWHERE or _two_consents(analysis, pair, one, two):
        return False
    if _bought_data(analysis, pair) and {one.id, two.id} & {*analysis.writers.behind, *analysis.writers.orchestrators}:
        return False
    return not (takes_notes(one) or takes_notes(two))


def _two_consents(analysis: Analysis, pair: Overlap, one: Tool, two: Tool) -> bool:
    same = one.layer == two.layer == "marketing_automation"
    return same and len(set(pair.shared) & MAP_WORK) > analysis.threshold("red_003_shared")


def takes_notes(tool: Tool) -> bool:
    """Whether a product records and summarises calls and offers nothing beyond."""
    return tool.layer == "conversation_intelligence" and bool(tool.in_use) and not tool.offered & BEYOND_NOTES


def _bought_data(analysis: Analysis, pair: Overlap) -> bool:
    known = analysis.catalog.capabilities
    return all(c in known and known[c].layer == "data_enrichment" for c in pair.shared)


def _crms(analysis: Analysis) -> list[Double]:
    return _grouped(analysis, "RED-002", (p.tools for p in analysis.crms.pairs if not p.legitimate))


def _writers(analysis: Analysis) -> list[Double]:
    found = analysis.writers
    if not found.unordered:
        return []
    return _grouped(analysis, "RED-007", combinations(found.writing, 2))


def _mirrors(analysis: Analysis) -> list[Double]:
    """BI tools that serve the same people without one governed set of metrics between them."""
    bi = [analysis.tool(t) for t in analysis.users("dashboards") if analysis.tool(t).layer == "reporting_bi"]
    fed = governed(analysis)
    pairs = [
        (a.id, b.id)
        for a, b in combinations(bi, 2)
        if not apart(a, b) and not fed.get(a.id, set()) & fed.get(b.id, set())
    ]
    return _grouped(analysis, "RED-009", pairs, "bi")


def governed(analysis: Analysis) -> dict[str, set[str]]:
    """For each tool, the governed metric models that it holds or is fed by."""
    models = frozenset(analysis.users("semantic_model"))
    found: dict[str, set[str]] = {m: {m} for m in sorted(models)}
    for edge in analysis.graph.edges:
        if edge.exists and edge.source in models:
            found.setdefault(edge.target, set()).add(edge.source)
    return found


def _tail(analysis: Analysis) -> list[Double]:
    """Small tools of a kind, one group a kind: note-takers beside any tool for calls, and schedulers."""
    active = analysis.stack.active
    calls = [t for t in active if t.layer == "conversation_intelligence" and t.in_use]
    kinds = {
        "note-takers": _beside(analysis, calls, takes_notes),
        "schedulers": _beside(analysis, [t for t in active if t.layer in SCHEDULERS], lambda _: True),
    }
    return [group for kind, pairs in kinds.items() for group in _grouped(analysis, "RED-009", pairs, kind)]


def _beside(analysis: Analysis, tools: Iterable[Tool], small: Callable[[Tool], bool]) -> list[tuple[str, str]]:
    """Pairs of different products for the same people, one of them small; a legitimate pair is none."""
    found = []
    for one, two in combinations(sorted(tools, key=lambda t: t.id), 2):
        shared = analysis.overlap_of.get((one.id, two.id))
        twins = one.match.tool is not None and one.match.tool == two.match.tool
        if (small(one) or small(two)) and not (twins or apart(one, two) or (shared and shared.legitimate)):
            found.append((one.id, two.id))
    return found
