"""What importers read and hand over: tables and documents in, tools and connections with their place out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field

Cell = str | int | float | bool | dt.date | None


class Table(Struct, frozen=True):
    """One table of a file: its headings and its rows, each with the number of its row in the file."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]


class Export(Struct, frozen=True):
    """A file as it was read. ``data`` is what a JSON or YAML document holds; its lists of maps are also tables.

    ``columns`` are headings that a person has chosen for fields, ``currency`` the one of sums that name none; ``day``
    is the day of the import.
    """

    file: str
    tables: tuple[Table, ...] = ()
    data: Any = None
    remarks: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    day: dt.date | None = None
    currency: str = ""


class Record(Struct, frozen=True):
    """One tool as a source lists it: its name there, the fields that were understood, remarks on those that were not.

    ``key`` is what identifies it at the source; ``place`` says where it stands, e.g. ``row 12``. ``doubt`` says why a
    person has to confirm the tool although its name is known; ``settled`` that the source identifies it by more than
    a name that other products could share; ``aside`` why it is to be set aside, e.g. as cancelled.
    """

    name: str
    key: str
    place: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    domain: str = ""
    remarks: tuple[str, ...] = ()
    doubt: str = ""
    settled: bool = False
    aside: str = ""


class Wire(Struct, frozen=True):
    """A connection that a source proves: between two names of its records, and in a draft between two keys of its tools."""

    source: str
    target: str
    fields: Mapping[str, Any]
    place: str


class Parsed(Struct, frozen=True):
    """What an importer understood. ``used`` maps fields to the headings they were read from."""

    records: tuple[Record, ...]
    wires: tuple[Wire, ...] = ()
    used: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


class Importer(Struct, frozen=True):
    """Reads one kind of export.

    Attributes:
        id: Stands in ``imported.source`` of every tool that it brings.
        title: The source's name.
        columns: Headings that a table must have to be recognised, each as its possible spellings.
        read: Understands the export.
        holds: Recognises a document that is no table.
        format: What is known of the format: confirmed, on_screen (the headings of the page), unconfirmed.
        general: The source lists software of all kinds, so that a name alone may mean another product.
        basis: Where the format was read, in words or as an address, and what of it was not.
    """

    id: str
    title: str
    columns: tuple[tuple[str, ...], ...]
    read: Callable[[Export], Parsed]
    holds: Callable[[Any], bool] | None = None
    format: str = "confirmed"
    general: bool = False
    basis: str = ""


class Match(Struct, frozen=True):
    """What a name of a source means: matched, confirm or unknown, why, and how sure (0 to 1).

    ``decided`` says that a person has chosen the tool, ``other`` that the name is known as software of another kind.
    """

    outcome: str
    reason: str
    confidence: float = 0.0
    tool_id: str | None = None
    name: str | None = None
    edition: str | None = None
    candidates: tuple[str, ...] = ()
    decided: bool = False
    other: bool = False


class ToolDraft(Struct, frozen=True):
    """One tool for the inventory.

    ``exact`` says whether the inventory would resolve the source's own name, ``aside`` why the source itself does not
    count the tool as in use.
    """

    name: str
    match: Match
    fields: Mapping[str, Any]
    source: str
    key: str
    places: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    exact: bool = False
    aside: str = ""


class Draft(Struct, frozen=True):
    """What an import would write. ``aside`` are tools that are listed and left out, each with its reason."""

    importer: str
    tools: tuple[ToolDraft, ...]
    wires: tuple[Wire, ...]
    aside: tuple[ToolDraft, ...]
    parsed: Parsed
    remarks: tuple[str, ...]
