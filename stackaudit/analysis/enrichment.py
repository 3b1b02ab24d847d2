"""Which vendors of contact and account data write where: straight into the systems, or through an orchestrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from stackaudit.model.vocabulary import Tri

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis

BOUGHT = ("contact_data", "firmographics")
WRITTEN = frozenset({"contact", "account", "lead"})


class Writers(Struct, frozen=True):
    """Vendors of bought data. ``writing`` maps those that write straight into CRM or marketing automation to the edges.

    ``silent`` ones have a connection that does not say what it carries; ``behind`` ones reach an orchestrator.
    ``ranked`` says that every direct connection declares its priority.
    """

    vendors: tuple[str, ...] = ()
    writing: dict[str, tuple[int, ...]] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    orchestrators: tuple[str, ...] = ()
    ranked: bool = False

    @property
    def unordered(self) -> bool:
        """Whether several vendors write, and nothing says whose value wins."""
        return len(self.writing) > 1 and not self.ranked


def writers(analysis: Analysis) -> Writers:
    """Vendors that sell contacts or firmographics, orchestrators aside."""
    targets = {*analysis.roles.crm.sure, *analysis.roles.map.sure}
    orchestrators = analysis.users("enrich_orchestration")
    vendors = tuple(
        sorted(
            t
            for t in analysis.users(*BOUGHT)
            if t not in targets and analysis.tool(t).uses("enrich_orchestration") is not Tri.YES
        )
    )
    writing: dict[str, list[int]] = {}
    silent, behind = set(), set()
    bought = frozenset(vendors)
    for edge in analysis.graph.edges:
        if edge.source not in bought or not edge.exists or edge.suite:
            continue
        if edge.target in orchestrators:
            behind.add(edge.source)
        elif edge.target in targets and edge.objects is None:
            silent.add(edge.source)
        elif edge.target in targets and edge.objects and edge.objects & WRITTEN:
            writing.setdefault(edge.source, []).append(edge.index)
    entries = {c.index: c.entry for c in analysis.stack.connections}
    return Writers(
        vendors=vendors,
        writing={tool: tuple(sorted(set(edges))) for tool, edges in sorted(writing.items())},
        silent=tuple(sorted(silent)),
        behind=tuple(sorted(behind - set(writing))),
        orchestrators=orchestrators,
        ranked=bool(writing) and all(entries[i].priority is not None for edges in writing.values() for i in edges),
    )
