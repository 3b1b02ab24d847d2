"""From a name of a source to a tool of the catalogue: by rule, never by likeness; likeness only suggests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from stackaudit.importers.likeness import alike
from stackaudit.importers.words import plain, words
from stackaudit.model.importing import Match, Record
from stackaudit.pluginmanager import fold

if TYPE_CHECKING:
    from stackaudit.pluginmanager import Plugins

SURE, BY_RULE, LIKELY = 1.0, 0.9, 0.6
_KINDS = ("id", "name", "alias", "former_name", "domain")
_BRACKETS = re.compile(r"(.+?)\s*[(\[]([^()\[\]]+)[)\]]\s*")
_PARTS = re.compile(r"\s+[-–—|]\s+|\s*[:/;]\s+|\s*[/+&,]\s*|\s+(?:and|und|plus)\s+", re.IGNORECASE)


def match(
    record: Record,
    plugins: Plugins,
    *,
    general: bool,
    aliases: Mapping[str, str],
    declared: frozenset[str] = frozenset(),
) -> Match:
    """What a record's name means.

    Args:
        record: What the source says; its web address helps where the name does not decide.
        plugins: The catalogue.
        general: The source lists software of all kinds: names that other products share are asked about.
        aliases: What a person has decided, name by name.
        declared: Tools that the inventory has: there a shared name means what it means in the inventory.
    """
    chosen = {fold(name): tool for name, tool in aliases.items()}.get(fold(record.name))
    if chosen is not None and plugins.tool(chosen) is not None:
        return replace(_made("matched", "decided by you", SURE, chosen, plugins), decided=True)
    by_site = _ids(record.domain, plugins) if record.domain else {}
    found = _by_name(record, plugins)
    if found.tool_id and by_site and found.tool_id not in by_site and len(by_site) == 1:
        other = next(iter(by_site))
        reason = f"the name says {found.tool_id}, the web address {other}"
        return Match("confirm", reason, LIKELY, candidates=(found.tool_id, other))
    if found.outcome == "matched":
        settled = record.settled or found.tool_id in declared
        doubt = record.doubt or ("" if settled else _shared(record, found, by_site, general=general))
        if doubt:
            return Match("confirm", doubt, LIKELY, candidates=(str(found.tool_id),))
        return found
    if len(by_site) == 1 and (found.outcome == "unknown" or next(iter(by_site)) in found.candidates):
        return _made("matched", f"web address {record.domain}", BY_RULE, next(iter(by_site)), plugins)
    return found if general or found.other or found.outcome == "confirm" else _beginning(record.name, plugins) or found


def _shared(record: Record, found: Match, by_site: Mapping[str, str], *, general: bool) -> str:
    """Why a name alone does not tell the tool: in a list of all software, or beside a web address of somebody else."""
    if found.tool_id in by_site or found.reason == "domain" or not (general or record.domain):
        return ""
    name = plain(_BRACKETS.sub(r"\1", record.name))
    shared = words()["shared_names"].get(name)
    said = shared["because"] if shared else "an everyday word" if name in _everyday() else ""
    where = f"the web address {record.domain} is not the tool's" if record.domain else "this source lists all software"
    return f"{said}; {where}" if said else ""


@cache
def _everyday() -> frozenset[str]:
    return frozenset(plain(word) for word in words()["everyday_words"])


def _by_name(record: Record, plugins: Plugins) -> Match:
    name = record.name
    ids = _ids(name, plugins)
    if len(ids) == 1:
        tool, kind = next(iter(ids.items()))
        return _made("matched", kind.replace("_", " "), SURE, tool, plugins)
    if ids:
        return Match("confirm", "the name means several tools", LIKELY, candidates=tuple(sorted(ids)))
    vendor = str(record.fields.get("vendor", ""))
    if vendor:
        of_vendor = _ids(f"{vendor} {name}", plugins)
        if len(of_vendor) == 1:
            return _made("matched", "vendor and name", BY_RULE, next(iter(of_vendor)), plugins)
    found = _bracketed(name, plugins) or _ending(name, plugins) or _joined(name, plugins)
    if found is not None:
        return found
    remarked = {hit.tool_id for hit in plugins.find(name[:200])}
    if len(remarked) == 1:
        return _made("matched", "name without the remark", BY_RULE, next(iter(remarked)), plugins)
    if not {plain(name), plain(fold(name)), plain(_BRACKETS.sub(r"\1", name))}.isdisjoint(_other_software()):
        return Match("unknown", "well-known software of another kind, by our judgement", other=True)
    close = alike(name, plugins)
    if close:
        likeness, best, _ = close[0]
        candidates = tuple(dict.fromkeys(tool for _, _, tool in close))
        return Match("confirm", f"looks like {best}", round(likeness / 200, 2), candidates=candidates)
    return Match("unknown", "no tool of the catalogue has this name")


@cache
def _other_software() -> frozenset[str]:
    return frozenset(plain(name) for names in words()["other_software"].values() for name in names)


def _bracketed(name: str, plugins: Plugins) -> Match | None:
    """``ZoomInfo (DiscoverOrg)``, ``Slack (Enterprise Grid)``: the brackets hold another name or an edition."""
    parts = _BRACKETS.fullmatch(name)
    if not parts:
        return None
    outer, inner = parts[1], parts[2].strip()
    whole = _ids(f"{outer} {inner}", plugins)
    if len(whole) == 1:
        return _made("matched", "name with what stands in brackets", BY_RULE, next(iter(whole)), plugins)
    mains, others = _ids(outer, plugins), _ids(inner, plugins)
    if len(mains) == 1:
        tool = next(iter(mains))
        if tool in others:
            return _made("matched", "both names", BY_RULE, tool, plugins)
        if not others and _is_edition(inner, tool, plugins):
            return _made("matched", "name without the edition", BY_RULE, tool, plugins, inner)
    several = [p.strip() for p in _PARTS.split(inner) if p.strip()]
    if len(several) > 1:
        others = {t: k for p in several for t, k in (_ids(p, plugins) or _ids(f"{outer} {p}", plugins)).items()}
    candidates = tuple(sorted({*mains, *others}))
    if not candidates:
        return None
    if len(several) > 1:
        return Match("confirm", "the brackets hold several names: give each a row", LIKELY, candidates=candidates)
    return Match("confirm", f"{outer!r} is known, {inner!r} may mean something else", LIKELY, candidates=candidates)


def _ending(name: str, plugins: Plugins) -> Match | None:
    """``Salesforce Enterprise``: the last words name an edition."""
    for rest, ending in _splits(name):
        ids = _ids(rest, plugins)
        if len(ids) == 1 and _is_edition(ending, next(iter(ids)), plugins):
            return _made("matched", "name without the edition", BY_RULE, next(iter(ids)), plugins, ending)
    return None


def _beginning(name: str, plugins: Plugins) -> Match | None:
    """``DocuSign CLM``: begins with a tool's name; the rest may be another product of the same vendor."""
    for rest, ending in _splits(name):
        ids = _ids(rest, plugins)
        if ids and plain(rest) not in _everyday():
            reason = f"begins with {rest!r}; {ending!r} may be another product"
            return Match("confirm", reason, LIKELY / 2, candidates=tuple(sorted(ids)))
    return None


def _splits(name: str) -> Iterator[tuple[str, str]]:
    parts = name.split()
    for n in range(len(parts) - 1, 0, -1):
        yield " ".join(parts[:n]).rstrip(" -–,"), " ".join(parts[n:]).lstrip("-– ")


def _joined(name: str, plugins: Plugins) -> Match | None:
    """``Salesforce - Pardot``, ``Zoom + Slack``: one of several names, or several tools, which a person has to say."""
    parts = [p.strip() for p in _PARTS.split(name) if p.strip()]
    if len(parts) < 2:
        return None
    family = parts[0].split()[0]  # HubSpot Marketing/Sales
    ids = sorted({tool for part in parts for tool in (_ids(part, plugins) or _ids(f"{family} {part}", plugins))})
    if not ids:
        return None
    return Match("confirm", "holds several names: choose one, or give each a row", LIKELY, candidates=tuple(ids))


def _is_edition(text: str, tool_id: str, plugins: Plugins) -> bool:
    known = {plain(word) for word in words()["edition_words"]}
    if plain(text) in known:
        return True
    tool = plugins.tool(tool_id)
    return tool is not None and plain(text) in {plain(e) for e in tool.tool.capabilities.editions}


def _ids(name: str, plugins: Plugins) -> dict[str, str]:
    """The tools that have exactly this name, each with the kind of name it is."""
    found: dict[str, str] = {}
    for hit in sorted(plugins.named(name[:200]), key=lambda h: _KINDS.index(h.kind)):
        found.setdefault(hit.tool_id, hit.kind)
    return found


def _made(outcome: str, reason: str, sure: float, tool_id: str, plugins: Plugins, edition: str | None = None) -> Match:
    tool = plugins.tool(tool_id)
    return Match(outcome, reason, sure, tool_id, tool.tool.name if tool else None, edition, (tool_id,))
