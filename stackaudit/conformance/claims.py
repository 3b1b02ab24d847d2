"""What the facts of a manifest rest on, how old they are, and which claims serve the one who makes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackaudit.conformance.report import Item
from stackaudit.lookup.ages import STALE_MONTHS, age_of
from stackaudit.model.vendor import OfferedIntegration, Source, VendorManifest

if TYPE_CHECKING:
    from stackaudit.conformance.manifest import Place
    from stackaudit.model.catalog import Catalog
    from stackaudit.model.plugins import Limits


def fact_items(place: Place, manifest: VendorManifest, as_of: dt.date) -> Iterator[Item]:
    """Facts without an address or a day, from the future, or older than a year; no address is opened."""
    facts: list[tuple[tuple[str | int, ...], Source | OfferedIntegration]] = [
        (("vendor", "sources", i), s) for i, s in enumerate(manifest.vendor.sources)
    ]
    for i, tool in enumerate(manifest.tools):
        facts += [(("tools", i, "sources", k), s) for k, s in enumerate(tool.sources)]
        facts += [(("tools", i, "integrations", k), x) for k, x in enumerate(tool.integrations)]
        if tool.website is None and manifest.vendor.website is None:
            yield place.item("note", "facts", ("tools", i), f"tool {tool.id!r} names no website")
        for k, former in enumerate(tool.former_names):
            if not former.source:
                yield place.item("warning", "facts", ("tools", i, "former_names", k), "carries no address (source)")
        if tool.status is not None and not tool.status.as_of:
            yield place.item("warning", "facts", ("tools", i, "status"), "carries no day (as_of)")
    for path, fact in facts:
        yield from _fact(place, path, fact, as_of)


def _fact(
    place: Place, path: tuple[str | int, ...], fact: Source | OfferedIntegration, as_of: dt.date
) -> Iterator[Item]:
    if fact.checked is None:
        level = "error" if fact.basis == "sourced" else "warning"
        said = (
            "a sourced fact says on which day it was read (checked)" if level == "error" else "carries no day (checked)"
        )
        yield place.item(level, "facts", path, said)
        return
    age = age_of(fact.checked, as_of)
    if age == "later":
        yield place.item("error", "facts", path, f"was read on {fact.checked}, which is yet to come")
    elif age == "stale":
        yield place.item("warning", "stale", path, f"was read on {fact.checked}, more than {STALE_MONTHS} months ago")


def claim_items(place: Place, manifest: VendorManifest, catalog: Catalog, limits: Limits) -> Iterator[Item]:
    """Capabilities that rest on nobody's page, and a reach that few products have.

    Whether a page says what it is cited for cannot be seen without reading it, and nothing here goes to the network.
    """
    for i, tool in enumerate(manifest.tools):
        core = tool.capabilities.core
        spread = sorted({catalog.capabilities[c].layer for c in core if c in catalog.capabilities})
        if len(spread) > limits.core_layers_usual:
            said = (
                f"core capabilities in {len(spread)} layers ({', '.join(spread)}); core is what nearly every buyer uses"
            )
            yield place.item("warning", "claims", ("tools", i, "capabilities", "core"), said)
        if not core and not tool.capabilities.secondary:
            said = f"tool {tool.id!r} names no capability, so no audit can use it"
            yield place.item("warning", "claims", ("tools", i), said)
        elif not any(s.url and s.basis != "classified" for s in tool.sources):
            said = f"no source of tool {tool.id!r} has an address, so its capabilities rest on judgement alone"
            yield place.item("warning", "claims", ("tools", i, "capabilities"), said)
