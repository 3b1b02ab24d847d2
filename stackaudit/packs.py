"""Private packs: a folder of a consultant's own rules, thresholds, reference architecture, layers and tools."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct
from pydantic import BaseModel, ValidationError

from stackaudit import yamlio
from stackaudit.catalog import check_catalog
from stackaudit.errors import CatalogError, InputError, InputProblem
from stackaudit.model.catalog import BandRow, Capability, Catalog, Layer, Threshold
from stackaudit.model.part import Override
from stackaudit.pluginmanager.discovery import Pack, tree_digest

CODE = "rules.py"
BRAND = "brand.yaml"
VENDORS = "vendors"
Entry = TypeVar("Entry", bound=BaseModel)
_TABLES = ("layers", "capabilities", "thresholds", "bands")
KNOWN = (CODE, BRAND, VENDORS, *(f"{name}.yaml" for name in _TABLES))
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")


class PrivatePack(Struct, frozen=True):
    """One pack: what it registers as a plugin, where it lies, and what it changes of the catalogue."""

    plugin: Pack
    folder: Path
    changes: tuple[Override, ...]

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.plugin.name


def open_packs(folders: Iterable[Path], catalog: Catalog) -> tuple[Catalog, tuple[PrivatePack, ...]]:
    """The catalogue as the packs change it, one after the other, and the packs.

    No code of a pack is run here.

    Raises:
        InputError: With everything that is wrong with a pack.
    """
    packs: list[PrivatePack] = []
    for folder in folders:
        catalog, pack = _open(folder, catalog)
        if any(p.name == pack.name for p in packs):
            raise InputError(
                [InputProblem(str(folder), 0, 0, f"a second pack is called {pack.name!r}", "another name")]
            )
        packs.append(pack)
    return catalog, tuple(packs)


def unknown_files(folder: Path) -> tuple[InputProblem, ...]:
    """Files and folders of a pack that nothing reads, as warnings with the nearest name."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.name in KNOWN or path.name.startswith((".", "__")) or path.suffix == ".md":
            continue
        close = get_close_matches(path.name, KNOWN, n=1)
        said = InputProblem(str(path), 0, 0, "is no part of a pack, so nothing reads it", ", ".join(KNOWN))
        found.append(InputProblem(said.file, 0, 0, said.what, said.expected, close[0] if close else "", warning=True))
    return tuple(found)


def _open(folder: Path, catalog: Catalog) -> tuple[Catalog, PrivatePack]:
    if not folder.is_dir():
        raise InputError([InputProblem(str(folder), 0, 0, "is no folder", "the folder of a pack")])
    name = folder.resolve().name
    if not _NAME.fullmatch(name):
        raise InputError([InputProblem(str(folder), 0, 0, "has no plain name", "letters, digits, - and _")])
    if not any((folder / known).exists() for known in KNOWN):
        raise InputError([InputProblem(str(folder), 0, 0, "is no pack", f"at least one of {', '.join(KNOWN)}")])
    changed = _apply(folder, catalog)
    code = folder / CODE
    manifests = tuple(sorted((folder / VENDORS).glob("*.yaml"))) if (folder / VENDORS).is_dir() else ()
    plugin = Pack(name, code if code.is_file() else None, manifests, tree_digest([folder.resolve()])[:12])
    changes = tuple(_changes(name, catalog, changed))
    return changed, PrivatePack(plugin, folder, changes)


def _apply(folder: Path, catalog: Catalog) -> Catalog:
    """The catalogue with the pack's tables laid over it; an entry replaces the one of the same id."""
    layers = _table(folder, "layers", Layer, {})
    capabilities = _table(folder, "capabilities", Capability, {})
    before = {i: t.model_dump() for i, t in catalog.thresholds.items()}
    thresholds = _table(folder, "thresholds", Threshold, before)
    bands = _table(folder, "bands", BandRow, {})
    replaced = {_row(b) for b in bands}
    changed = catalog.model_copy(
        update={
            "layers": {**catalog.layers, **{x.id: x for x in layers}},
            "capabilities": {**catalog.capabilities, **{x.id: x for x in capabilities}},
            "thresholds": {**catalog.thresholds, **{x.id: x for x in thresholds}},
            "bands": (*(b for b in catalog.bands if _row(b) not in replaced), *bands),
        }
    )
    try:
        check_catalog(changed)
    except CatalogError as error:
        raise InputError([InputProblem(str(folder), 0, 0, f"contradicts the catalogue: {error}")]) from error
    return changed


def _table(folder: Path, name: str, model: type[Entry], before: Mapping[str, Mapping[str, Any]]) -> list[Entry]:
    """The entries of one file; those that change an entry of ``before`` need only say what they change, and why."""
    path = folder / f"{name}.yaml"
    if not path.exists():
        return []
    document = yamlio.load_path(path, f"{folder.name}/{path.name}")
    content = document.data
    rows = content.get(name) if isinstance(content, dict) and set(content) == {name} else None
    if not isinstance(rows, list):
        raise InputError([InputProblem(document.file, 1, 1, "holds no such list", f"one key, {name}, with a list")])
    problems: list[InputProblem] = []
    entries = []
    for i, row in enumerate(rows):
        made = _entry(document, (name, i), row, model, before, problems.append)
        if made is not None:
            entries.append(made)
    if problems:
        raise InputError(problems)
    return entries


def _entry(
    document: yamlio.Document,
    at: tuple[str | int, ...],
    row: object,
    model: type[Entry],
    before: Mapping[str, Mapping[str, Any]],
    complain: Callable[[InputProblem], None],
) -> Entry | None:
    given = row if isinstance(row, dict) else {}
    known = before.get(str(given.get("id")))
    if known is not None and not {"value", "source"} <= set(given):
        complain(
            InputProblem(document.file, *document.place(at), "changes a number without saying why", "value, source")
        )
    try:
        return model.model_validate({**known, **given} if known is not None else row)
    except ValidationError as error:
        for wrong in error.errors(include_url=False):
            place = document.place((*at, *wrong["loc"]))
            complain(InputProblem(document.file, *place, f"{'.'.join(map(str, wrong['loc']))}: {wrong['msg']}"))
    return None


def _row(row: BandRow) -> tuple[str, str]:
    return row.layer, row.part


def _changes(name: str, before: Catalog, after: Catalog) -> Iterable[Override]:
    for key, threshold in after.thresholds.items():
        old = before.thresholds.get(key)
        if old is None or old.value != threshold.value:
            default = f"{old.value:g}" if old else None
            yield Override(kind="threshold", name=key, default=default, value=f"{threshold.value:g} (pack {name})")
    for kind, one, two in (
        ("layer", before.layers, after.layers),
        ("capability", before.capabilities, after.capabilities),
    ):
        for key, entry in two.items():
            if one.get(key) != entry:
                said = "changed" if key in one else "added"
                yield Override(kind="reference", name=f"{kind} {key}", value=f"{said} (pack {name})")
    old_rows = {_row(b): b for b in before.bands}
    for band in after.bands:
        if old_rows.get(_row(band)) != band:
            was = old_rows.get(_row(band))
            default = ", ".join(was.bands) if was else None
            value = f"{', '.join(band.bands)} (pack {name})"
            name_ = f"expected {band.layer}{f' ({band.part})' if band.part else ''}"
            yield Override(kind="reference", name=name_, default=default, value=value)
