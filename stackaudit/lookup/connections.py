"""What the manifests of two tools say of the connection between them, put side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal, get_args

from msgspec import Struct

from stackaudit.model.vendor import Grade
from stackaudit.model.vocabulary import Method
from stackaudit.vendorindex import Link, VendorIndex

Flow = Literal["outbound", "inbound", "two_way"]
Evidence = Literal["claimed", "mutual"]
_METHODS = get_args(Method)
_GRADES = get_args(Grade)
_FLOWS: dict[str, Flow] = {"one_way": "outbound", "outbound": "outbound", "inbound": "inbound", "two_way": "two_way"}
_TURNED: dict[Flow, Flow] = {"outbound": "inbound", "inbound": "outbound", "two_way": "two_way"}


class Saying(Struct, frozen=True):
    """What one side says, with its provenance; the direction is seen from the tool that was asked about."""

    by: str
    direction: Flow | None
    objects: tuple[str, ...]
    latency: str | None
    grade: str | None
    basis: str
    source: str
    checked: str | None


class Connection(Struct, frozen=True):
    """A known way in which ``tool`` and ``other`` connect: an offer, never a fact about anybody's stack.

    ``evidence`` is mutual where both sides name the connection; ``differs`` names what they then say differently
    (method, direction), and both sayings stand. ``grade`` is the best among them, ``direction`` the one that they agree
    on or that only some name (two-way where they contradict), ``objects`` what any of them names.
    """

    tool: str
    other: str
    method: str
    evidence: Evidence
    differs: tuple[str, ...]
    grade: str | None
    direction: Flow | None
    objects: tuple[str, ...]
    said: tuple[Saying, ...]


def connections_of(index: VendorIndex, tool: str) -> tuple[Connection, ...]:
    """Everything that a tool is said to connect to, by other tool and method."""
    return _connections(tool, index.links_of([tool]))


def connections_between(index: VendorIndex, some: Iterable[str], others: Iterable[str]) -> tuple[Connection, ...]:
    """Connections from the tools of one group to those of another, seen from the first."""
    some, others = set(some), set(others)
    by_tool: dict[str, list[Link]] = defaultdict(list)
    for link in index.links_between(some, others):
        if link.tool in some and link.other in others:
            by_tool[link.tool].append(link)
        if link.other in some and link.tool in others:
            by_tool[link.other].append(link)
    return tuple(c for tool in sorted(by_tool) for c in _connections(tool, by_tool[tool]))


def method_rank(method: str) -> int:
    """Place of a method in the order of the vocabulary, native first."""
    return _METHODS.index(method) if method in _METHODS else len(_METHODS)


def grade_rank(grade: str | None) -> int:
    """Place of a grade, documented first; ungraded last."""
    return _GRADES.index(grade) if grade in _GRADES else len(_GRADES)


def _connections(tool: str, links: Iterable[Link]) -> tuple[Connection, ...]:
    pairs: dict[str, dict[str, list[Saying]]] = defaultdict(lambda: defaultdict(list))
    for link in links:
        other = link.other if link.tool == tool else link.tool
        pairs[other][link.method or "native"].append(_saying(link, tool))
    found = []
    for other, by_method in pairs.items():
        sides = {s.by for said in by_method.values() for s in said}
        evidence: Evidence = "mutual" if len(sides) == 2 else "claimed"
        for method, said in by_method.items():
            differs = _differences(by_method, said) if evidence == "mutual" else ()
            ordered = tuple(sorted(said, key=lambda s: (grade_rank(s.grade), s.by != tool, s.source)))
            objects = tuple(dict.fromkeys(o for s in ordered for o in s.objects))
            grade = ordered[0].grade
            made = Connection(tool, other, method, evidence, differs, grade, _agreed(ordered), objects, ordered)
            found.append(made)
    return tuple(sorted(found, key=lambda c: (c.other, method_rank(c.method))))


def _agreed(said: Iterable[Saying]) -> Flow | None:
    known = {s.direction for s in said if s.direction}
    return known.pop() if len(known) == 1 else ("two_way" if known else None)


def _saying(link: Link, tool: str) -> Saying:
    flow = _FLOWS.get(link.direction or "")
    if flow is not None and link.tool != tool:
        flow = _TURNED[flow]
    return Saying(link.tool, flow, link.objects, link.latency, link.grade, link.basis, link.source, link.checked)


def _differences(by_method: dict[str, list[Saying]], said: list[Saying]) -> tuple[str, ...]:
    found = []
    if len({s.by for s in said}) == 1:
        found.append("method")
    by_side: dict[str, list[Saying]] = defaultdict(list)
    for saying in (s for other in by_method.values() for s in other):
        by_side[saying.by].append(saying)
    if len({_agreed(side) for side in by_side.values()} - {None}) > 1:  # a side may have a row for each way
        found.append("direction")
    return tuple(found)
