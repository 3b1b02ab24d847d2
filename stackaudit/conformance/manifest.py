"""Check one vendor manifest: form, references, names, and what each fact rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from stackaudit import yamlio
from stackaudit.conformance.claims import claim_items, fact_items
from stackaudit.conformance.integrations import integration_items
from stackaudit.conformance.report import Item
from stackaudit.errors import InputError, InputProblem
from stackaudit.model.vendor import VendorManifest, VendorTool
from stackaudit.vendorindex import Words, fold
from stackaudit.vendorindex.trust import newer_api, objections

if TYPE_CHECKING:
    from stackaudit.model.catalog import Catalog
    from stackaudit.pluginmanager import Plugins
    from stackaudit.yamlio import Document


class Place:
    """Turns paths of a manifest into places of its file."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def item(self, level: Any, check: str, path: Iterable[str | int], message: str) -> Item:
        """An item at a path."""
        line, column = self._document.place(tuple(path))
        return Item(level, check, message, self._document.file, line, column)


def manifest_items(
    path: Path, *, shown: str, name: str | None, plugins: Plugins, catalog: Catalog, words: Words, as_of: dt.date
) -> Iterator[Item]:
    """Everything worth saying about a manifest.

    Args:
        path: The file.
        shown: Its name in messages.
        name: The plugin's name, which the vendor must carry; None for any.
        plugins: The catalogue and what else is installed, to compare names and connections with.
        catalog: Layers, capabilities, objects, functions.
        words: The ids that a manifest may use, and the limits of what is believed.
        as_of: The day on which ages are counted.
    """
    try:
        document = yamlio.load_path(path, shown)
    except InputError as error:
        yield from map(problem_item, error.problems)
        return
    place = Place(document)
    try:
        manifest = VendorManifest.model_validate(document.data)
    except ValidationError as error:
        newer = newer_api(document.data)
        if newer:
            yield place.item("error", "api", ("api",), newer)
        else:
            yield from _schema_items(place, error)
        return
    for objection in objections(manifest, words, name):
        yield place.item("error", objection.stage, objection.path, objection.message)
    yield from _name_items(place, manifest, plugins)
    yield from _word_items(place, manifest, catalog)
    yield from fact_items(place, manifest, as_of)
    yield from claim_items(place, manifest, catalog, words.limits)
    yield from integration_items(place, manifest, plugins)


def problem_item(problem: InputProblem) -> Item:
    """An item for something wrong with a file."""
    text = problem.what + (f"; expected {problem.expected}" if problem.expected else "")
    text += f"; did you mean {problem.suggestion}?" if problem.suggestion else ""
    return Item("warning" if problem.warning else "error", "file", text, problem.file, problem.line, problem.column)


def _schema_items(place: Place, error: ValidationError) -> Iterator[Item]:
    known = sorted(_keys(VendorManifest, set()))
    for wrong in error.errors(include_url=False):
        where = ".".join(map(str, wrong["loc"]))
        text = f"{where}: {wrong['msg']}"
        if wrong["type"] == "extra_forbidden":
            close = get_close_matches(str(wrong["loc"][-1]), known, n=1)
            text = f"{where}: is no key of a manifest{f'; did you mean {close[0]}?' if close else ''}"
        yield place.item("error", "schema", wrong["loc"], text)


def _keys(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[str]:
    seen.add(model)
    keys = set(model.model_fields)
    for field in model.model_fields.values():
        for part in _models(field.annotation):
            if part not in seen:
                keys |= _keys(part, seen)
    return keys


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _name_items(place: Place, manifest: VendorManifest, plugins: Plugins) -> Iterator[Item]:
    """Names and ids that another vendor's tool carries, or that stand twice here."""
    own = manifest.vendor.id
    described = {tool.id for tool in manifest.tools}
    lost = sorted({row.id for row in plugins.index.tools_of_vendors([own])} - described)
    if lost:
        said = f"stands in for a manifest that knows {', '.join(map(repr, lost[:5]))} as well; audits would forget them"
        yield place.item("warning", "replaces", ("vendor", "id"), said)
    seen: dict[str, str] = {}
    for i, tool in enumerate(manifest.tools):
        owner = plugins.index.vendor_of(tool.id)
        if owner is not None and owner != own:
            said = f"tool {tool.id!r} belongs to vendor {owner!r}; a plugin speaks for its own tools only"
            yield place.item("error", "conflict", ("tools", i, "id"), said)
        for path, text in _names(tool, ("tools", i)):
            taken = [k for k in plugins.index.names(text) if k.vendor_id != own and k.kind != "domain"]
            if taken:
                said = f"the name {text!r} belongs to {taken[0].tool_id!r} of {taken[0].vendor_id!r}"
                yield place.item("error", "conflict", path, said)
            first = seen.setdefault(fold(text), tool.id)
            if first != tool.id:
                yield place.item("error", "ids", path, f"the name {text!r} means {first!r} as well")


def _names(tool: VendorTool, at: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    yield (*at, "name"), tool.name
    for i, alias in enumerate(tool.aliases):
        yield (*at, "aliases", i), alias
    for i, former in enumerate(tool.former_names):
        yield (*at, "former_names", i), former.name


def _word_items(place: Place, manifest: VendorManifest, catalog: Catalog) -> Iterator[Item]:
    """Words that a plugin may add, and that nothing else knows."""
    for i, tool in enumerate(manifest.tools):
        both = sorted(set(tool.capabilities.core) & set(tool.capabilities.secondary))
        if both:
            said = f"{both[0]!r} is core and secondary at once"
            yield place.item("error", "capabilities", ("tools", i, "capabilities"), said)
        for part in ("holds", "can_own", "relays"):
            for word in getattr(tool.objects, part):
                yield from _unknown(place, ("tools", i, "objects", part), "object", word, catalog.objects)
        for word in tool.functions:
            yield from _unknown(place, ("tools", i, "functions"), "function", word, catalog.functions)


def _unknown(place: Place, path: tuple[str | int, ...], kind: str, word: str, known: Iterable[str]) -> Iterator[Item]:
    if word not in known:
        close = get_close_matches(word, list(known), n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        yield place.item("warning", "references", path, f"the catalogue has no {kind} {word!r}{hint}")
