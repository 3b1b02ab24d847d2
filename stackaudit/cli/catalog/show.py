"""``catalog show``: a tool, a layer or a capability, each fact with its provenance."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from stackaudit.cli.catalog.layers import capability_page, layer_page
from stackaudit.cli.catalog.page import Line, Page, Table, show, some
from stackaudit.cli.catalog.words import OFFERS, action, address, basis, direction, joined, object_names, records
from stackaudit.cli.inputs import EVERYTHING, PluginChoice, open_plugins
from stackaudit.errors import UsageError

if TYPE_CHECKING:
    from stackaudit.lookup.card import ToolCard
    from stackaudit.model.catalog import Catalog
    from stackaudit.vendorindex import Provenance

_ASKED = {"alias": "another name of", "former_name": "a former name of"}
_FEW = 3


def show_thing(name: str, form: str, *, as_of: dt.date, choice: PluginChoice = EVERYTHING) -> int:
    """Print what is known of a tool, a layer or a capability."""
    from stackaudit.lookup.card import tool_card
    from stackaudit.lookup.names import find
    from stackaudit.lookup.taxonomy import capability_card, layer_card

    plugins, catalog, _ = open_plugins(choice, rules=False)
    match = find(plugins, catalog, name)
    if match.kind == "layer":
        page = layer_page(layer_card(plugins, catalog, match.id), catalog)
    elif match.kind == "capability":
        page = capability_page(capability_card(plugins, catalog, match.id), catalog)
    else:
        card = tool_card(plugins, catalog, match, as_of)
        if card is None:
            raise UsageError(f"the plugin of {match.id} cannot be used; stackaudit plugins says why")
        page = _tool_page(card, catalog)
    show(page, form)
    return 0


def _tool_page(card: ToolCard, catalog: Catalog) -> Page:
    little = Line("Known", "little; what is not known stands at the end")
    blocks: tuple[Line | Table, ...] = (
        *((little,) if len(card.unknown) >= _FEW else ()),
        *_names(card),
        *_place(card, catalog),
        Table(("How", "Id", "Capability", "Layer", ""), _capabilities(card, catalog), "Capabilities"),
        *_connections(card, catalog),
        Table(
            ("Basis", "Claim", "Source"),
            tuple((basis(c.basis, c.checked, c.age), c.claim, c.source or "") for c in card.claims),
            "Facts and judgements",
        ),
        Table(("",), tuple((text,) for text in card.unknown), "Not known (which does not mean no)"),
    )
    return Page(f"{card.id}  {card.name}  ({card.vendor})", some(*blocks), (OFFERS,) if card.connections else (), card)


def _names(card: ToolCard) -> list[Line]:
    lines = []
    if card.asked_by in _ASKED:
        lines.append(Line("Found by", f"{card.asked} is {_ASKED[card.asked_by]} {card.name}"))
    if card.status:
        fate = card.status
        text = fate.state + (f", {fate.as_of}" if fate.as_of else "")
        if fate.successor:
            text += f", now {fate.successor_name or fate.successor} ({fate.successor})"
        text += f": {fate.note}" if fate.note else ""
        lines += [Line("Status", text), Line("Status source", _origin(fate.origin))]
    if card.aliases:
        lines.append(Line("Also called", joined(card.aliases)))
    for former in card.former_names:
        until = f", until {former.until}" if former.until else ""
        lines.append(Line("Formerly", f"{former.name}{until} {_origin(former.origin)}"))
    if card.website:
        lines.append(Line("Website", card.website))
    return lines


def _origin(origin: Provenance) -> str:
    return address(origin.basis, origin.checked, origin.source)


def _place(card: ToolCard, catalog: Catalog) -> list[Line]:
    first, *others = (catalog.layer_name(layer) for layer in card.layers)
    requires = (
        " of ".join(filter(None, (joined(object_names(r.get("objects", ()), catalog)), _needed(r, catalog))))
        for r in card.requires
    )
    suite = f"{card.suite} (with {joined(card.suite_mates, 'no other tool')})" if card.suite else ""
    lines = [
        Line("Layer", first + (f"; also {joined(others)}" if others else "")),
        *(
            Line("Judged", f"{c.claim.replace(', judged by ', ', by ')} {basis(c.basis, c.checked, c.age)}")
            for c in card.claims
            if c.basis == "classified"
        ),
        Line("Serves", joined(card.functions)),
        Line("Holds", joined(object_names(card.holds, catalog))),
        Line("Can own", joined(object_names(card.can_own, catalog))),
        Line("Passes on", joined(object_names(card.relays, catalog))),
        Line("Shared database", suite),
        Line("Signals", joined(_signal(s, catalog) for s in card.signals)),
        Line("Actions", joined(map(action, card.actions))),
        Line("Requires", joined(requires)),
        Line("Limits", joined(f"{key.replace('_', ' ')} {value}" for key, value in card.limits.items())),
        *(Line(key.replace("_", " ").capitalize(), _said(value)) for key, value in card.more.items()),
    ]
    return [line for line in lines if line.text]


def _needed(requirement: dict[str, str], catalog: Catalog) -> str:
    if requirement.get("layer"):
        return f"a tool of the layer {catalog.layer_name(requirement['layer'])}"
    known = catalog.capabilities.get(requirement.get("capability", ""))
    return known.name if known else requirement.get("capability", "")


def _signal(signal: str, catalog: Catalog) -> str:
    return catalog.signals[signal].name if signal in catalog.signals else signal


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return joined(map(str, value)) if isinstance(value, list) else str(value)


def _capabilities(card: ToolCard, catalog: Catalog) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            f"with {c.edition}" if c.edition else c.kind,
            c.id,
            c.name,
            catalog.layer_name(c.layer),
            "defines its layer" if c.defining else "",
        )
        for c in card.capabilities
    )


def _connections(card: ToolCard, catalog: Catalog) -> list[Table]:
    """One table a method, native first; where both sides speak each has its row, and what they say differently stands out."""
    from stackaudit.lookup.ages import age_of
    from stackaudit.lookup.connections import method_rank

    day = dt.date.fromisoformat(card.as_of)
    methods: dict[str, list[tuple[str, ...]]] = {}
    for connection in card.connections:
        differs = f" (differ on {' and '.join(connection.differs)})" if connection.differs else ""
        for saying in connection.said:
            methods.setdefault(connection.method, []).append(
                (
                    connection.other,
                    card.names.get(connection.other, connection.other),
                    direction(saying.direction),
                    records(saying, catalog),
                    connection.evidence + differs,
                    f"{saying.grade or 'not graded'}, by {'itself' if saying.by == card.id else saying.by}",
                    address(saying.basis, saying.checked, saying.source, age_of(saying.checked, day)),
                )
            )
    columns = ("With", "Name", "Direction", "Records", "Evidence", "Grade", "Source")
    return [
        Table(columns, tuple(methods[method]), f"Connects by {method} ({len(methods[method])})")
        for method in sorted(methods, key=method_rank)
    ]
