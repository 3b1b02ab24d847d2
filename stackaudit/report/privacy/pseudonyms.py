"""Pseudonyms: the same in every format of one result and level, and not to be guessed without the full result."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from stackaudit.model.vocabulary import OPEN_LISTS
from stackaudit.report.schema import fields

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult, ToolInfo
    from stackaudit.report.privacy.policy import Level, Policy

WITHHELD = "withheld"
ROLES = OPEN_LISTS["owns"] | {"sales", "customer success", "support", "operations", "sales ops", "marketing ops"}
"""Owners that are functions, not people."""

_SHORT = 2


class Pseudonyms:
    """Names and ids of one result at one level, each with what stands in its place; or of results to be compared."""

    def __init__(self, result: AuditResult, level: Level, policy: Policy, *more: AuditResult) -> None:
        texts = {r.to_json(): r for r in (result, *more)}
        results = [texts[text] for text in sorted(texts)]
        self._key = hashlib.sha256("\n".join([level, *sorted(texts)]).encode()).digest()
        values = [value for r in results for value in _values(r, policy)]
        tools = {t.id: t for r in results for t in r.tools}
        layers = {x.id: x.name for r in results for x in r.layers}
        layers |= {layer: name for r in results for layer, name in r.names.layers.items()}
        self.tools = {i: self.tool(i) for i in tools}
        self.findings = {f.id: self.finding(f.id) for r in results for f in r.findings}
        self.people = self._people({v for kind, v in values if kind == "person"})
        self.tool_names = self._tool_names(tools.values(), layers)
        self.vocabulary = frozenset(
            {x.id for r in results for group in (r.handoffs, r.links, r.signals, r.metrics) for x in group}
            | set(layers)
            | {v for kind, v in values if kind == "open"}
        )
        typed = {v for kind, v in values if kind == "typed" and len(v) > _SHORT}
        named = {t.id: t.name for t in tools.values() if re.search(r"[\d_\-.:]", t.id)}
        self._in_text = {**named, **dict.fromkeys(typed, WITHHELD), **{k: v for k, v in self.people.items() if k != v}}
        found = sorted((re.escape(k) for k in self._in_text if len(k) >= _SHORT), key=lambda k: (-len(k), k))
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)") if found else None

    def tool(self, tool_id: str) -> str:
        """The pseudonym of a tool's id; an id that no tool has gets one too."""
        return f"t-{self._digest('tool', tool_id)[:8]}"

    def finding(self, finding_id: str) -> str:
        """The pseudonym of a finding's id."""
        return self._digest("finding", finding_id)[:12]

    def cause(self, cause_id: str) -> str:
        """The pseudonym of a root cause's id."""
        return f"rc-{self._digest('cause', cause_id)[:8]}"

    def person(self, name: str) -> str:
        """The pseudonym of a person; functions keep their name."""
        return self.people.get(name, name if name.strip().casefold() in ROLES else WITHHELD)

    def facet(self, facet: str) -> str:
        """A facet with pseudonyms for the tools in it; parts that the catalogue does not know are withheld."""
        if facet in self.vocabulary:
            return facet
        parts = re.split(r"([>:,+])", facet)
        return "".join(p if p in {*">:,+", ""} or p in self.vocabulary else self._in_facet(p) for p in parts)

    def pair(self, pair: str) -> str:
        """Two ids of tools in one text, such as ``a>b``."""
        return ">".join(self.tool(end) for end in pair.split(">"))

    def scrub(self, text: str) -> str:
        """A text without the names of people and without what somebody typed; ids of tools become their names."""
        return self._pattern.sub(lambda m: self._in_text[m[0]], text) if self._pattern else text

    def _in_facet(self, part: str) -> str:
        return self.tools.get(part, WITHHELD)

    def _digest(self, what: str, value: str) -> str:
        return hmac.new(self._key, f"{what}\n{value}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def _people(self, names: Iterable[str]) -> dict[str, str]:
        ordered = sorted(names, key=lambda n: self._digest("person", n))
        known = [n for n in ordered if n.strip().casefold() not in ROLES]
        roles = {n: n for n in ordered if n.strip().casefold() in ROLES}
        return {**{n: f"Person {i}" for i, n in enumerate(known, 1)}, **roles}

    def _tool_names(self, tools: Iterable[ToolInfo], layers: Mapping[str, str]) -> dict[str, str]:
        """A name by layer, numbered in an order that says nothing: CRM 1, Sales engagement 2."""
        count: dict[str, int] = {}
        names = {}
        for tool in sorted(tools, key=lambda t: self.tools[t.id]):
            kind = layers.get(tool.layer or "", (tool.layer or "tool").replace("_", " ").capitalize())
            count[kind] = count.get(kind, 0) + 1
            names[tool.id] = f"{kind} {count[kind]}"
        return names


def _values(part: BaseModel, policy: Policy, parent: str = "") -> Iterator[tuple[str | None, str]]:
    """Every string of a result with its kind."""
    for f in fields(type(part)):
        kind = policy.kind(f.owner, f.name, parent)
        for item in _each(getattr(part, f.name)):
            if isinstance(item, BaseModel):
                yield from _values(item, policy, f.key)
            elif isinstance(item, str):
                yield kind, str(item)


def _each(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, tuple | list) else (value,)
