"""Find tools by name, by what they do, or by layer, and say why each was found."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.pluginmanager import KnownName, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stackaudit.model.catalog import Capability, Catalog
    from stackaudit.pluginmanager import Plugins

TIERS = (
    "named so",
    "also called",
    "formerly",
    "layer",
    "name begins",
    "made by",
    "core",
    "edition",
    "offers",
    "layer, by another word",
    "also in layer",
    "name holds",
    "core, by its definition",
    "layer, by its definition",
    "offers, by its definition",
    "similar name",
)
"""Why a tool may be found, the strongest reason first."""

_KINDS = {"core": "core", "edition": "edition", "secondary": "offers"}
_EXACT = {"id": "named so", "name": "named so", "alias": "also called", "former_name": "formerly", "domain": "its site"}
_SHORTEST_STEM = 4
_CLOSE = 85


class Reason(Struct, frozen=True):
    """Why a tool was found: one of ``TIERS`` and the words that matched."""

    why: str
    text: str


class Hit(Struct, frozen=True):
    """A tool that was found, its reasons strongest first."""

    id: str
    name: str
    vendor: str
    layer: str
    state: str | None
    reasons: tuple[Reason, ...]


def search(plugins: Plugins, catalog: Catalog, text: str) -> tuple[Hit, ...]:
    """Tools whose names, capabilities or layers match all words of a text, best first; similar names where none do."""
    found: dict[str, set[Reason]] = defaultdict(set)
    for tool, reason in (
        *_by_name(plugins, text),
        *_by_vendor(plugins, text),
        *_by_capability(plugins, catalog, text),
        *_by_layer(plugins, catalog, text),
    ):
        found[tool].add(reason)
    if not found:
        for suggestion in plugins.suggest(text, limit=10):
            found[suggestion.tool_id].add(Reason("similar name", suggestion.name))
        for tool, reason in _offering(plugins, _similar(catalog, text), by_definition=False):
            found[tool].add(reason)
    rows = plugins.index.tools_of(found)
    hits = [
        Hit(row.id, row.name, row.vendor, row.layer, row.state, tuple(sorted(found[tool], key=_rank)))
        for tool, row in rows.items()
        if plugins.find(tool)
    ]
    return tuple(sorted(hits, key=lambda h: (_rank(h.reasons[0])[0], -len(h.reasons), h.name.casefold(), h.id)))


def matching_capabilities(catalog: Catalog, text: str) -> tuple[Capability, ...]:
    """Capabilities whose names hold all words of a text."""
    words = _words(text)
    return tuple(c for c in catalog.capabilities.values() if _all_in(words, f"{c.id} {c.name}"))


def _by_name(plugins: Plugins, text: str) -> Iterator[tuple[str, Reason]]:
    key = fold(text)
    if not key:
        return
    holding = plugins.index.names_holding(text)
    named = {known.tool_id for known in holding if known.kind != "id" and fold(known.text) == key}
    for known in holding:
        if known.kind == "id" and known.tool_id in named:
            continue
        if fold(known.text) == key:
            yield known.tool_id, Reason(_EXACT[known.kind], known.text)
        elif known.kind != "id":
            yield known.tool_id, Reason("name begins" if _begins(known, key) else "name holds", known.text)


def _by_vendor(plugins: Plugins, text: str) -> Iterator[tuple[str, Reason]]:
    key = fold(text)
    made = {
        vendor.id: vendor.name
        for vendor in plugins.index.vendors()
        if key and key in map(fold, (vendor.id, vendor.name))
    }
    for row in plugins.index.tools_of_vendors(made):
        yield row.id, Reason("made by", made[row.vendor])


def _begins(known: KnownName, key: str) -> bool:
    """Whether a word of the name begins what was asked for, so that mere parts of words rank low."""
    words = re.findall(r"\w+", known.text)
    return any(fold(" ".join(words[i:])).startswith(key) for i in range(len(words)))


def _by_capability(plugins: Plugins, catalog: Catalog, text: str) -> Iterator[tuple[str, Reason]]:
    words = _words(text)
    named = matching_capabilities(catalog, text)
    described = [
        c for c in catalog.capabilities.values() if c not in named and _all_in(words, f"{c.name} {c.definition}")
    ]
    yield from _offering(plugins, named, by_definition=False)
    yield from _offering(plugins, described, by_definition=True)


def _offering(
    plugins: Plugins, capabilities: Iterable[Capability], *, by_definition: bool
) -> Iterator[tuple[str, Reason]]:
    names = {c.id: c.name for c in capabilities}
    for offer in plugins.index.offers_with(names):
        why = _KINDS[offer.kind]
        name = f"{names[offer.capability]} with {offer.edition}" if offer.edition else names[offer.capability]
        if by_definition:
            why = "core, by its definition" if why == "core" else "offers, by its definition"
        yield offer.tool, Reason(why, name)


def _by_layer(plugins: Plugins, catalog: Catalog, text: str) -> Iterator[tuple[str, Reason]]:
    words = _words(text)
    every = catalog.layers.values()
    named = {x.id for x in every if _all_in(words, f"{x.id} {x.name}")}
    aliased = {x.id for x in every if any(_all_in(words, alias) for alias in x.aliases)} - named
    described = {x.id for x in every if _all_in(words, f"{x.name} {x.definition}")} - named - aliased
    for tool, layer, primary in plugins.index.tools_in_layers(named):
        yield tool, Reason("layer" if primary else "also in layer", catalog.layer_name(layer))
    for ids, why in ((aliased, "layer, by another word"), (described, "layer, by its definition")):
        for tool, layer, primary in plugins.index.tools_in_layers(ids):
            if primary:
                yield tool, Reason(why, catalog.layer_name(layer))


def _similar(catalog: Catalog, text: str) -> tuple[Capability, ...]:
    from rapidfuzz import fuzz

    name = text[:100].casefold()
    return tuple(c for c in catalog.capabilities.values() if fuzz.ratio(name, c.name.casefold()) >= _CLOSE)


def _rank(reason: Reason) -> tuple[int, str]:
    return TIERS.index(reason.why), reason.text.casefold()


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(r"[^\W_]+", text.casefold())))


def _all_in(words: tuple[str, ...], text: str) -> bool:
    """Whether every word begins, or is begun by, a word of a text: ``record`` finds recording, and the reverse."""
    known = _words(text)
    return bool(words) and all(
        any(k.startswith(w) or (len(k) >= _SHORTEST_STEM and w.startswith(k)) for k in known) for w in words
    )
