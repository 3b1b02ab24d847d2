"""Questions to the compiled index, each answered by a look-up whose cost does not grow with the catalogue."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from stackaudit.errors import CatalogError
from stackaudit.model.plugins import PluginProblem
from stackaudit.vendorindex.names import fold
from stackaudit.vendorindex.rows import Fact, KnownName, Link, Offer, ToolRow, VendorRow

if TYPE_CHECKING:
    from stackaudit.model.vendor import VendorManifest

_TOOL = "SELECT id, name, vendor, layer, state, successor, suite, holds, relays FROM tools"
_LINK = "SELECT tool, other, method, direction, objects, latency, basis, grade, source, checked FROM links"
_AMONG = "(SELECT value FROM json_each(?))"


MOST_VENDORS = 500
"""Manifests that stay at hand: more than the clients of one consultant use, in some seven megabytes."""


class VendorIndex:
    """Read access to the compiled manifests."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._at_hand: dict[str, tuple[VendorRow, VendorManifest]] = {}
        self._named: dict[str, tuple[KnownName, ...]] = {}

    def names(self, name: str) -> tuple[KnownName, ...]:
        """Exact matches of a folded name; those that there are stay at hand, as clients use the same few tools."""
        key = fold(name)
        found = self._named.get(key)
        if found is None:
            rows = self._db.execute(
                "SELECT n.tool, t.vendor, n.kind, n.text FROM names n JOIN tools t ON t.id = n.tool"
                " WHERE n.key = ? ORDER BY n.tool, n.kind, n.text",
                (key,),
            )
            found = tuple(KnownName(*row) for row in rows)
            if found:
                self._named[key] = found
        return found

    def names_holding(self, text: str) -> tuple[KnownName, ...]:
        """Names that hold a text anywhere, both folded."""
        rows = self._db.execute(
            "SELECT n.tool, t.vendor, n.kind, n.text FROM names n JOIN tools t ON t.id = n.tool"
            " WHERE instr(n.key, ?) ORDER BY n.tool, n.kind, n.text",
            (fold(text),),
        )
        return tuple(KnownName(*row) for row in rows)

    def names_beginning(self, text: str) -> tuple[KnownName, ...]:
        """Names that begin with a text, both folded."""
        key = fold(text)
        rows = self._db.execute(
            "SELECT n.tool, t.vendor, n.kind, n.text FROM names n JOIN tools t ON t.id = n.tool"
            " WHERE n.key >= ? AND n.key < ? ORDER BY n.tool, n.kind, n.text",
            (key, key + "\U0010ffff"),
        )
        return tuple(KnownName(*row) for row in rows)

    def all_names(self) -> Iterator[tuple[str, str]]:
        """Every name with its tool id."""
        yield from self._db.execute("SELECT text, tool FROM names WHERE kind != 'id' ORDER BY tool, kind, text")

    def tools(self, layer: str | None = None) -> tuple[ToolRow, ...]:
        """All tools, or those of a layer, by id."""
        if layer is None:
            return tuple(map(_tool, self._db.execute(f"{_TOOL} ORDER BY id")))
        return tuple(map(_tool, self._db.execute(f"{_TOOL} WHERE layer = ? ORDER BY id", (layer,))))

    def tools_of(self, ids: Iterable[str]) -> dict[str, ToolRow]:
        """The tools that have these ids; unknown ids are left out."""
        rows = self._db.execute(f"{_TOOL} WHERE id IN {_AMONG} ORDER BY id", (_among(ids),))
        return {row[0]: _tool(row) for row in rows}

    def tools_of_suite(self, suite: str) -> tuple[ToolRow, ...]:
        """The tools that live in one shared database."""
        return tuple(map(_tool, self._db.execute(f"{_TOOL} WHERE suite = ? ORDER BY id", (suite,))))

    def tools_of_vendors(self, vendors: Iterable[str]) -> tuple[ToolRow, ...]:
        """The tools of some vendors."""
        rows = self._db.execute(f"{_TOOL} WHERE vendor IN {_AMONG} ORDER BY id", (_among(vendors),))
        return tuple(map(_tool, rows))

    def layers_of(self, ids: Iterable[str]) -> tuple[tuple[str, str, bool], ...]:
        """Tool, layer and whether the layer is the tool's primary one."""
        rows = self._db.execute(
            "SELECT tool, layer, rank FROM tool_layers WHERE tool IN (SELECT value FROM json_each(?))"
            " ORDER BY tool, rank",
            (_among(ids),),
        )
        return tuple((tool, layer, rank == 0) for tool, layer, rank in rows)

    def tools_in_layers(self, layers: Iterable[str]) -> tuple[tuple[str, str, bool], ...]:
        """Tool, layer and whether it is the tool's primary one, for some layers."""
        rows = self._db.execute(
            "SELECT tool, layer, rank FROM tool_layers WHERE layer IN (SELECT value FROM json_each(?))"
            " ORDER BY tool, rank",
            (_among(layers),),
        )
        return tuple((tool, layer, rank == 0) for tool, layer, rank in rows)

    def offers_of(self, tools: Iterable[str]) -> tuple[Offer, ...]:
        """The capabilities of some tools, in the order of their manifests."""
        query = (
            "SELECT tool, capability, kind, edition FROM capabilities"
            " WHERE tool IN (SELECT value FROM json_each(?)) ORDER BY rowid"
        )
        return tuple(Offer(*row) for row in self._db.execute(query, (_among(tools),)))

    def offers_with(self, capabilities: Iterable[str]) -> tuple[Offer, ...]:
        """Who offers some capabilities."""
        query = (
            "SELECT tool, capability, kind, edition FROM capabilities"
            " WHERE capability IN (SELECT value FROM json_each(?)) ORDER BY rowid"
        )
        return tuple(Offer(*row) for row in self._db.execute(query, (_among(capabilities),)))

    def links_of(self, tools: Iterable[str]) -> tuple[Link, ...]:
        """Connections that some tools' manifests name, and those that others name to them."""
        ids = _among(tools)
        query = f"{_LINK} WHERE tool IN {_AMONG} UNION {_LINK} WHERE other IN {_AMONG} ORDER BY 1, 2, 3"
        return tuple(map(_link, self._db.execute(query, (ids, ids))))

    def links_between(self, some: Iterable[str], others: Iterable[str]) -> tuple[Link, ...]:
        """Connections that run from a tool of one group to a tool of the other, whoever names them."""
        left, right = _among(some), _among(others)
        where = f"WHERE tool IN {_AMONG} AND other IN {_AMONG}"
        query = f"{_LINK} {where} UNION {_LINK} {where} ORDER BY 1, 2, 3"
        return tuple(map(_link, self._db.execute(query, (left, right, right, left))))

    def links(self) -> Iterator[Link]:
        """Every connection of the catalogue, once for each side that names it."""
        yield from map(_link, self._db.execute(f"{_LINK} ORDER BY tool, other, method"))

    def facts(self) -> Iterator[Fact]:
        """Every fact of the catalogue that carries a provenance of its own, integrations included."""
        query = "SELECT vendor, tool, kind, text, basis, source, checked FROM facts ORDER BY vendor, tool, kind, text"
        yield from (Fact(*row) for row in self._db.execute(query))

    def vendor_of(self, tool_id: str) -> str | None:
        """The vendor whose manifest describes a tool."""
        row = self._db.execute("SELECT vendor FROM tools WHERE id = ?", (tool_id,)).fetchone()
        return row[0] if row else None

    def vendors(self) -> tuple[VendorRow, ...]:
        """All vendors, by id."""
        rows = self._db.execute("SELECT id, name, distribution, version, facts, oldest FROM vendors ORDER BY id")
        return tuple(VendorRow(*row) for row in rows)

    def vendor_names(self, ids: Iterable[str]) -> dict[str, str]:
        """The names of some vendors by id."""
        rows = self._db.execute(
            "SELECT id, name FROM vendors WHERE id IN (SELECT value FROM json_each(?))", (_among(ids),)
        )
        return dict(rows.fetchall())

    def vendor(self, vendor_id: str) -> tuple[VendorRow, VendorManifest] | None:
        """One vendor with its facts, which nobody can change.

        Raises:
            CatalogError: The index holds something else, which whoever made it must answer for.
        """
        found = self._at_hand.get(vendor_id) or self._vendor(vendor_id)
        if found is not None and len(self._at_hand) < MOST_VENDORS:
            self._at_hand[vendor_id] = found
        return found

    def _vendor(self, vendor_id: str) -> tuple[VendorRow, VendorManifest] | None:
        from stackaudit.frozen import thaw
        from stackaudit.model.vendor import VendorManifest

        row = self._db.execute(
            "SELECT id, name, distribution, version, facts, oldest, manifest FROM vendors WHERE id = ?", (vendor_id,)
        ).fetchone()
        if row is None:
            return None
        manifest = thaw(zlib.decompress(row[6]), VendorManifest)
        if manifest is None:
            raise CatalogError(f"the index of manifests holds no manifest of {vendor_id}")
        return VendorRow(*row[:6]), manifest

    def problems(self) -> tuple[PluginProblem, ...]:
        """What was wrong with manifests that were left out, wholly or in part."""
        rows = self._db.execute("SELECT plugin, distribution, stage, message FROM problems ORDER BY 1, 2, 3, 4")
        return tuple(PluginProblem(*row) for row in rows)


def _among(ids: Iterable[str]) -> str:
    """Ids as one bound value, so that their number meets no limit of the database."""
    return json.dumps(sorted(set(ids)))


def _tool(row: tuple[str, str, str, str, str | None, str | None, str | None, int, int]) -> ToolRow:
    return ToolRow(*row[:7], holds=bool(row[7]), relays=bool(row[8]))


def _link(row: tuple[str, ...]) -> Link:
    tool, other, method, direction, objects, latency, basis, grade, source, checked = row
    carried = tuple(objects.split(",")) if objects else ()
    return Link(tool, other, method, direction, carried, latency, basis, grade, source, checked)
