"""What a manifest from outside may say: a vendor describes its own products, and has an interest in the verdict."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from msgspec import Struct

from stackaudit.model.plugins import API_VERSION, OLDEST_API
from stackaudit.model.vendor import VendorManifest, VendorTool
from stackaudit.vendorindex.rows import Words

Place = tuple[str | int, ...]

_ADDRESS = re.compile(r"https?://[^\s<>\"'\\]+|source document [A-Z]")
_NOT_WORD = re.compile(r"[-_.]+")


class Objection(Struct, frozen=True):
    """One reason to leave a manifest out: where in it, at which stage, and why."""

    path: Place
    stage: str
    message: str


def objections(manifest: VendorManifest, words: Words | None, name: str | None) -> tuple[Objection, ...]:
    """Why a manifest from outside is not heard; empty where it is.

    Args:
        manifest: As it was read.
        words: The ids and limits of the catalogue; None to leave references and the reach of claims unchecked.
        name: The plugin's name, which its vendor must carry; None for any.
    """
    return tuple(_objections(manifest, words, name))


def _objections(manifest: VendorManifest, words: Words | None, name: str | None) -> Iterator[Objection]:
    wrong = wrong_api(manifest.api)
    if wrong:
        yield Objection(("api",), "api", wrong)
    vendor = manifest.vendor
    if name is not None and _plain(vendor.id) != _plain(name):
        said = f"describes vendor {vendor.id!r} under the name {name!r}; a plugin speaks under its own name"
        yield Objection(("vendor", "id"), "conflict", said)
    yield from _addresses(manifest)
    yield from _twice(manifest)
    for i, tool in enumerate(manifest.tools):
        if words is not None:
            yield from _claims(tool, ("tools", i), words)
            yield from _references(tool, ("tools", i), words)


def _twice(manifest: VendorManifest) -> Iterator[Objection]:
    seen: set[str] = set()
    for i, tool in enumerate(manifest.tools):
        if tool.id in seen:
            yield Objection(("tools", i, "id"), "ids", f"tool id {tool.id!r} stands twice")
        seen.add(tool.id)


def wrong_api(version: object) -> str | None:
    """Why a plugin written for a version of the plugin interface cannot be used; None where it can."""
    if isinstance(version, int) and OLDEST_API <= version <= API_VERSION:
        return None
    spoken = str(API_VERSION) if OLDEST_API == API_VERSION else f"{OLDEST_API} to {API_VERSION}"
    return f"is written for version {str(version)[:20]} of the plugin interface; this stackaudit speaks {spoken}"


def newer_api(data: object) -> str | None:
    """What to say of a manifest that cannot be read because it is written for a newer interface."""
    version = data.get("api") if isinstance(data, dict) else None
    number = int(version) if isinstance(version, str) and version.isdecimal() and len(version) < 10 else None
    return wrong_api(number) if number is not None and number > API_VERSION else None


def _claims(tool: VendorTool, at: Place, words: Words) -> Iterator[Objection]:
    most, core = words.limits, tool.capabilities.core
    place = (*at, "capabilities", "core")
    if len(tool.all_layers) > most.layers:
        said = f"tool {tool.id!r} claims {len(tool.all_layers)} layers; at most {most.layers} are believed"
        yield Objection((*at, "layers"), "claims", said)
    if len(core) > most.core_capabilities:
        said = f"tool {tool.id!r} claims {len(core)} core capabilities; at most {most.core_capabilities} are believed"
        yield Objection(place, "claims", said)
    spread = {words.capabilities[c] for c in core if c in words.capabilities}
    if len(spread) > most.core_layers:
        said = f"the core capabilities of tool {tool.id!r} spread over {len(spread)} layers; "
        yield Objection(place, "claims", f"{said}at most {most.core_layers} are believed: the rest is secondary")


def _references(tool: VendorTool, at: Place, words: Words) -> Iterator[Objection]:
    offered = tool.capabilities
    groups: list[tuple[Place, str, Iterable[str], Iterable[str]]] = [
        ((*at, "layer"), "layer", (tool.layer,), words.layers),
        ((*at, "layers"), "layer", tool.layers, words.layers),
        ((*at, "capabilities", "core"), "capability", offered.core, words.capabilities),
        ((*at, "capabilities", "secondary"), "capability", offered.secondary, words.capabilities),
        ((*at, "signals"), "signal", tool.signals, words.signals),
    ]
    groups += [
        ((*at, "capabilities", "editions", edition), "capability", ids, words.capabilities)
        for edition, ids in offered.editions.items()
    ]
    for i, need in enumerate(tool.requires):
        where = (*at, "requires", i)
        groups.append(((*where, "layer"), "layer", [need.layer] if need.layer else [], words.layers))
        wanted = [need.capability] if need.capability else []
        groups.append(((*where, "capability"), "capability", wanted, words.capabilities))
    for path, kind, used, known in groups:
        for word in used:
            if word not in known:
                close = get_close_matches(word, known, n=1)
                hint = f"; did you mean {close[0]}?" if close else ""
                said = f"tool {tool.id!r} names the {kind} {word!r}, which the catalogue does not have{hint}"
                yield Objection(path, "references", said)


def _addresses(manifest: VendorManifest) -> Iterator[Objection]:
    vendor = manifest.vendor
    found: list[tuple[Place, str | None]] = [(("vendor", "website"), vendor.website)]
    found += [(("vendor", "sources", i, "url"), s.url) for i, s in enumerate(vendor.sources)]
    for i, tool in enumerate(manifest.tools):
        at = ("tools", i)
        found.append(((*at, "website"), tool.website))
        found += [((*at, "sources", k, "url"), s.url) for k, s in enumerate(tool.sources)]
        found += [((*at, "integrations", k, "source"), x.source) for k, x in enumerate(tool.integrations)]
        found += [((*at, "former_names", k, "source"), x.source) for k, x in enumerate(tool.former_names)]
        found += [((*at, "status", "source"), tool.status.source)] if tool.status else []
    for path, address in found:
        if address and not _ADDRESS.fullmatch(address):
            said = f"{'.'.join(map(str, path))} is {address[:60]!r}, which is no web address (https://...)"
            yield Objection(path, "manifest", said)


def _plain(name: str) -> str:
    return _NOT_WORD.sub("_", name).casefold()
