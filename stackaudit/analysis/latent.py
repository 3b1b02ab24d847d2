"""Work that a tool could do and does not, while another tool is paid for it: licensed, or offered on paper only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.analysis.seats import utilisation

if TYPE_CHECKING:
    from stackaudit.analysis import Analysis
    from stackaudit.model.stack import Tool


class Idle(Struct, frozen=True):
    """A tool licensed for work that another is paid for. ``known`` is False where use of the licence is not declared.

    ``adopted`` marks other tools that are used too well to be replaced lightly.
    """

    holder: str
    other: str
    shared: tuple[str, ...]
    known: bool
    adopted: bool


class OnPaper(Struct, frozen=True):
    """Work that defines a layer: who does it, and who offers it without its being in use."""

    capability: str
    users: tuple[str, ...]
    offering: tuple[str, ...]


def idle(analysis: Analysis) -> tuple[Idle, ...]:
    """Declared licences of a defining capability that lie idle beside a tool that is paid mainly for it."""
    known = analysis.catalog.capabilities
    found = []
    for holder in analysis.stack.active:
        unused = {c for c in licences(holder) - holder.in_use if c in known and known[c].defining}
        for other in analysis.stack.active if unused else ():
            shared = tuple(sorted(c for c in unused & other.in_use if _mainly(analysis, other, c)))
            if other.id != holder.id and shared and other.entry.annual_cost:
                used = utilisation(other.entry)
                adopted = used is not None and used >= analysis.threshold("red_005_adoption")
                found.append(Idle(holder.id, other.id, shared, holder.entry.in_use is not None, adopted))
    return tuple(sorted(found, key=lambda i: (i.holder, i.other)))


def licences(tool: Tool) -> frozenset[str]:
    """What the file says is licensed: by capability, or by an edition or module that the catalogue knows."""
    if tool.entry.licensed is not None:
        return tool.licensed
    if not tool.known or not (tool.entry.edition or tool.entry.modules):
        return frozenset()
    return tool.licensed - frozenset(tool.known.capabilities.core) - frozenset(tool.entry.in_use or ())


def _mainly(analysis: Analysis, tool: Tool, capability: str) -> bool:
    """Whether a capability is what a tool is bought for: it defines the tool's layer, or is most of its use."""
    return analysis.catalog.capabilities[capability].layer == tool.layer or len(tool.in_use) < 2


def on_paper(analysis: Analysis) -> tuple[OnPaper, ...]:
    """Defining capabilities that one tool does and others merely offer; only where the others declare their use."""
    found = []
    for capability in sorted(c.id for c in analysis.catalog.capabilities.values() if c.defining):
        users = [t for t in analysis.stack.active if capability in t.in_use and not t.inferred]
        offering = [
            t for t in analysis.stack.active if capability in t.offered - t.in_use - licences(t) and not t.inferred
        ]
        if users and offering:
            found.append(OnPaper(capability, tuple(sorted(t.id for t in users)), tuple(sorted(t.id for t in offering))))
    return tuple(found)
