"""Run the same audit on a changed stack: tools removed, added or replaced, connections added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from math import fsum
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from stackaudit.errors import UsageError
from stackaudit.model.comparison import Comparison, Money
from stackaudit.model.inventory import Integration, Inventory, Scenario, ToolEntry

if TYPE_CHECKING:
    from stackaudit.inventory import LoadedInventory
    from stackaudit.model.result import AuditResult
    from stackaudit.pluginmanager import Plugins

T = TypeVar("T")


class Changed(Struct, frozen=True):
    """A changed stack, the tools that left it, those that came, and what had to be assumed."""

    loaded: LoadedInventory
    left: tuple[ToolEntry, ...]
    came: tuple[ToolEntry, ...]
    assumptions: tuple[str, ...]


def change(loaded: LoadedInventory, scenario: Scenario, plugins: Plugins) -> Changed:
    """Apply a scenario to a stack.

    A replaced tool hands its id, its people, its records and its connections to the new one, which has in use what
    the old one had in use and the new one offers.

    Raises:
        UsageError: A name means no tool of the stack, or several.
    """
    inventory = loaded.inventory
    removed = {_tool(inventory, name, "remove") for name in scenario.remove}
    swapped = {_tool(inventory, old, "replace"): new for old, new in scenario.replace.items()}
    both = sorted(removed & set(swapped))
    if both:
        raise UsageError(f"{both[0]!r} cannot be removed and replaced at once")
    for old, name in scenario.replace.items():
        if any(name == t.id and name != t.tool for t in inventory.tools):
            raise UsageError(f"replace {old!r}: {name!r} is in the stack already; to keep it alone, remove {old!r}")
    tools: list[tuple[int | None, ToolEntry]] = []
    left, came, assumed = [], [], []
    for row, entry in enumerate(inventory.tools):
        if entry.id in removed:
            left.append(entry)
        elif entry.id in swapped:
            new = _successor(entry, swapped[entry.id], plugins)
            tools.append((row, new))
            left.append(entry)
            came.append(new)
            joined = sum(entry.id in _ends(inventory, e) for e in inventory.integrations or ())
            if joined:
                what = "one connection" if joined == 1 else f"{joined} connections"
                assumed.append(f"{new.tool} takes over {what} of {entry.tool}, to be rebuilt.")
        else:
            tools.append((row, entry))
    for entry in scenario.add:
        new = entry if entry.id else entry.model_copy(update={"id": _free_id(entry, (t for _, t in tools))})
        tools.append((None, new))
        came.append(new)
        if new.in_use is None:
            assumed.append(f"{new.tool}: what most buyers use of it is assumed to be in use.")
    renamed = {e.tool: e.id for e in inventory.tools if e.id in swapped}
    rebuilt = _rebuilt(loaded, tools, removed, renamed, scenario.integrations)
    return Changed(rebuilt, tuple(left), tuple(came), tuple(assumed))


def run(
    loaded: LoadedInventory,
    scenario: Scenario,
    plugins: Plugins,
    audit: Callable[[LoadedInventory], AuditResult],
) -> tuple[AuditResult, AuditResult, Comparison]:
    """Audit a stack as it is and as it would be.

    Args:
        loaded: The stack.
        scenario: The change.
        plugins: Vendor facts, to see what a successor offers.
        audit: The audit, with its day and settings.

    Returns:
        Both results and their comparison.

    Raises:
        UsageError: The scenario names tools that the stack does not have.
    """
    from stackaudit.diff import compare

    changed = change(loaded, scenario, plugins)
    before, after = audit(loaded), audit(changed.loaded)
    money = _money(changed, loaded.inventory, before.as_of)
    return before, after, compare(before, after, money=money, assumptions=changed.assumptions, what_if=True)


def _tool(inventory: Inventory, name: str, verb: str) -> str:
    """Id of the declared tool that a name means."""
    from stackaudit.validation import near
    from stackaudit.vendorindex import fold

    tools = {str(t.id): t.tool for t in inventory.tools}
    found = [name] if name in tools else [i for i, tool in tools.items() if fold(tool) == fold(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{verb} {name!r}: several tools have this name; use one of the ids {', '.join(found)}")
    close = near(name, {*tools, *tools.values()})
    raise UsageError(f"{verb} {name!r}: no tool of the stack has this id or name" + (f"; {close}?" if close else ""))


def _successor(entry: ToolEntry, name: str, plugins: Plugins) -> ToolEntry:
    in_use = entry.in_use
    ids = {hit.tool_id for hit in plugins.find(name)}
    known = plugins.tool(next(iter(ids))) if len(ids) == 1 else None
    if in_use is not None and known is not None:
        can = known.tool.capabilities
        offered = {*can.core, *can.secondary, *(c for edition in can.editions.values() for c in edition)}
        in_use = tuple(c for c in in_use if c in offered)
    kept = {"id", "team", "owner", "technical_owner", "scope", "seats", "criticality", "system_of_record_for"}
    return ToolEntry(tool=name, **entry.model_dump(include=kept), in_use=in_use)


def _free_id(entry: ToolEntry, tools: Iterable[ToolEntry]) -> str:
    from stackaudit.inventory import slug

    taken = {t.id for t in tools}
    base = slug(entry.tool)
    return next(i for i in (base, *(f"{base}_{n}" for n in range(2, len(taken) + 3))) if i not in taken)


def _ends(inventory: Inventory, integration: Integration) -> set[str]:
    names = {t.tool: t.id for t in inventory.tools}
    return {names.get(end) or end for end in (integration.source, integration.target)}


def _rebuilt(
    loaded: LoadedInventory,
    tools: list[tuple[int | None, ToolEntry]],
    removed: set[str],
    renamed: Mapping[str, str | None],
    added: tuple[Integration, ...],
) -> LoadedInventory:
    """The inventory with other tools; what pointed at a removed one goes with it, and every line stays known.

    ``renamed`` maps the names of replaced tools to the ids that their successors keep.
    """
    inventory = loaded.inventory
    gone = removed | {t.tool for t in inventory.tools if t.id in removed}

    def now(name: str) -> str:
        return renamed.get(name) or name

    edges = [
        (row, e.model_copy(update={"source": now(e.source), "target": now(e.target), "via": now(e.via or "") or None}))
        for row, e in _kept(inventory.integrations or (), lambda e: not {e.source, e.target, e.via} & gone)
    ]
    edges += [(None, e) for e in added]
    plays = [
        (row, p.model_copy(update={"tool": now(p.tool)}))
        for row, p in _kept(inventory.plays, lambda p: p.tool not in gone)
    ]
    waivers = [
        w.model_copy(update={"tools": tuple(now(t) for t in w.tools if t not in gone)})
        for w in inventory.waivers
        if not w.tools or set(w.tools) - gone
    ]
    known = inventory.integrations is not None or bool(added)
    changed = inventory.model_copy(
        update={
            "tools": tuple(t for _, t in tools),
            "integrations": tuple(e for _, e in edges) if known else None,
            "plays": tuple(p for _, p in plays),
            "waivers": tuple(waivers),
        }
    )
    rows = {
        "tools": tuple(row for row, _ in tools),
        "integrations": tuple(row for row, _ in edges),
        "plays": tuple(row for row, _ in plays),
    }
    return replace(loaded, inventory=changed, rows=rows)


def _kept(entries: Iterable[T], stays: Callable[[T], bool]) -> list[tuple[int | None, T]]:
    return [(row, entry) for row, entry in enumerate(entries) if stays(entry)]


def _money(changed: Changed, inventory: Inventory, today: dt.date) -> Money:
    """What is freed and added a year, and what is still owed of the contracts that end later, by their notice dates."""
    currency = inventory.company.currency or "USD"
    notes: list[str] = []
    owed: list[float] = []
    for entry in changed.left:
        if entry.annual_cost is None:
            notes.append(f"{entry.tool}: what it costs is not declared.")
        elif entry.contract_end is None:
            notes.append(f"{entry.tool}: when its contract ends is not declared, so what is still owed is not known.")
        else:
            end = _last_day(entry, today)
            owed.append(entry.annual_cost * max(0, (end - today).days) / 365)
            renewed = end > entry.contract_end
            why = "notice was due already and it renews by itself" if renewed else "to the end of its contract"
            notes.append(f"{entry.tool}: paid until {end.isoformat()}, {why}.")
    unpriced = [e.tool for e in changed.came if e.annual_cost is None]
    without = "; the spend is told without it" + (", so what is freed is no saving yet" if changed.left else "")
    notes += [f"{tool}: what it would cost is not known{without}." for tool in unpriced]
    everything = (*changed.left, *changed.came)
    if any(e.annual_cost is not None and (e.currency or currency) != currency for e in everything):
        return Money(currency=currency, notes=("The contracts stand in several currencies: no one figure.", *notes))
    return Money(
        freed=_sum(changed.left),
        added=_sum(changed.came),
        owed=round(fsum(owed), 2) if owed else None,
        currency=currency,
        notes=tuple(notes),
    )


def _last_day(entry: ToolEntry, today: dt.date) -> dt.date:
    """The day until which a contract is paid: its end, or a year on where notice was due before today."""
    end = entry.contract_end or today
    deadline = end - dt.timedelta(days=min(entry.notice_days or 0, 3_650))
    while entry.auto_renew and deadline < today:
        end, deadline = (d + dt.timedelta(days=365) for d in (end, deadline))
    return max(end, today)


def _sum(entries: tuple[ToolEntry, ...]) -> float | None:
    known = [e.annual_cost for e in entries if e.annual_cost is not None]
    return fsum(known) if known else None
