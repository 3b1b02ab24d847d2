"""Load the catalogue of ``catalogs/``: taxonomy, weights, thresholds, bands and the texts of rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from math import fsum
from pathlib import Path
from typing import Any

import pydantic
from pydantic import ValidationError

from stackaudit.cache import content_name, keep, recall
from stackaudit.errors import CatalogError
from stackaudit.frozen import freeze, thaw
from stackaudit.model.catalog import Catalog
from stackaudit.resources import data_dir

_HERE = Path(__file__)
_MAKERS = (
    _HERE,
    *(
        _HERE.parent / "model" / f"{name}.py"
        for name in ("catalog", "closed", "guidance", "inventory", "scoring", "vocabulary")
    ),
)
"""What a compiled catalogue is made by: where one of these changes, it is compiled anew."""
_FILES = (
    *("layers", "capabilities", "objects", "functions", "signals", "handoffs", "links"),
    *("shapes", "thresholds", "bands", "metrics", "premature", "roadmap", "scoring", "sources"),
    *("comparison", "ownership", "advice", "benchmarks", "plugins"),
)
_BY_ID = frozenset(
    (
        *("layers", "capabilities", "objects", "functions", "signals", "handoffs", "links"),
        *("thresholds", "rules", "metrics", "premature", "buckets", "roadmap", "sources"),
        *("comparison_tables", "comparison", "pillars", "disagreements", "funding_stages"),
        *("ownership", "owner_words", "benchmarks", "plugin_limits"),
        *("advice", "specialist_roles", "pay_bands", "triggers", "mistakes", "split"),
    )
)


@cache
def load_catalog(folder: Path | None = None) -> Catalog:
    """The catalogue, read once a process.

    Args:
        folder: Another folder than the shipped one, for tests.

    Raises:
        CatalogError: A file is damaged or contradicts another; names the file and the id.
    """
    folder = folder or data_dir("catalogs")
    paths = (*(folder / f"{name}.yaml" for name in _FILES), *sorted((folder / "rules").glob("*.yaml")))
    texts = {path: _bytes(path) for path in paths}
    name = content_name("catalog", pydantic.VERSION, *(p.read_bytes() for p in _MAKERS), *_named(texts))
    catalog = thaw(recall(name) or b"", Catalog)
    if catalog is None:
        catalog = _compiled(folder, texts)
        keep(name, freeze(catalog))
    return catalog


def _compiled(folder: Path, texts: Mapping[Path, bytes]) -> Catalog:
    """The catalogue from its files.

    Raises:
        CatalogError: A file is damaged or contradicts another.
    """
    content: dict[str, Any] = {}
    for path, text in texts.items():
        for key, value in _read(path, text).items():
            if key in _BY_ID:
                content.setdefault(key, {}).update(_by_id(path, value, content.get(key, {})))
            else:
                content[key] = value
    try:
        catalog = Catalog.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise CatalogError(f"catalogue {folder}: {place}: {first['msg']}") from error
    check_catalog(catalog)
    return catalog


def example_names() -> tuple[str, ...]:
    """Names of the example inventories."""
    return tuple(sorted(p.stem for p in (data_dir("catalogs") / "examples").glob("*.yaml")))


def example_path(name: str) -> Path:
    """File of an example inventory.

    Raises:
        CatalogError: There is no example of that name.
    """
    if name not in example_names():
        raise CatalogError(f"no example is called {name!r}; there are {', '.join(example_names())}")
    return data_dir("catalogs") / "examples" / f"{name}.yaml"


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CatalogError(f"{path.name}: cannot be read: {error}") from error


def _named(texts: Mapping[Path, bytes]) -> Iterator[bytes]:
    for path, text in texts.items():
        yield path.name.encode()
        yield text


def _read(path: Path, text: bytes) -> Mapping[str, Any]:
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        content = yaml.load(text, Loader=loader)  # noqa: S506 - base loader: text only
    except yaml.YAMLError as error:
        raise CatalogError(f"{path.name}: cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise CatalogError(f"{path.name}: expected a map")
    return content


def _by_id(path: Path, entries: object, before: Mapping[str, object]) -> dict[str, Any]:
    if not isinstance(entries, list) or not all(isinstance(e, dict) and "id" in e for e in entries):
        raise CatalogError(f"{path.name}: expected a list of entries with an id each")
    counted = Counter(e["id"] for e in entries)
    twice = sorted({i for i, n in counted.items() if n > 1} | (set(counted) & set(before)))
    if twice:
        raise CatalogError(f"{path.name}: {twice[0]} stands twice")
    return {e["id"]: e for e in entries}


def check_catalog(catalog: Catalog) -> None:
    """References between the files; a wrong one would be a silent hole in every audit."""
    layers, capabilities, objects = set(catalog.layers), set(catalog.capabilities), set(catalog.objects)
    for capability in catalog.capabilities.values():
        _known("capabilities.yaml", capability.id, [capability.layer], layers)
    for layer in catalog.layers.values():
        halves = [c for half in layer.halves for c in half.capabilities]
        _known("layers.yaml", layer.id, [*layer.assumes, *layer.may_cover, *halves], capabilities)
        _known("layers.yaml", layer.id, [*layer.needs, *layer.feeds], objects)
    for group, members in catalog.actions.items():
        _known("signals.yaml", group, members, capabilities)
    for signal in catalog.signals.values():
        _known("signals.yaml", signal.id, signal.sources, capabilities)
        _known("signals.yaml", signal.id, signal.carriers, objects)
        _known("signals.yaml", signal.id, signal.actions, set(catalog.actions))
    for link in catalog.links.values():
        _known("links.yaml", link.id, link.objects, objects)
    for metric in catalog.metrics.values():
        for fact in metric.facts:
            _known("metrics.yaml", metric.id, fact.objects, objects)
            _known("metrics.yaml", metric.id, fact.capabilities, capabilities)
    for step in catalog.roadmap.values():
        _known("roadmap.yaml", step.id, [step.bucket], set(catalog.buckets))
        _known("roadmap.yaml", step.id, step.rules, set(catalog.rules))
    for item, homes in catalog.record_homes.items():
        _known("roadmap.yaml", item, [item], objects)
        _known("roadmap.yaml", item, homes, layers)
    for row in catalog.bands:
        _known("bands.yaml", row.layer, [row.layer, *row.together], layers)
    for change in catalog.band_changes:
        _known("bands.yaml", change.motion, change.layers, layers)
    for entry in catalog.comparison.values():
        _known("comparison.yaml", entry.id, [entry.table], set(catalog.comparison_tables))
    for area in catalog.ownership.values():
        _known("ownership.yaml", area.id, area.capabilities, capabilities)
    for advice in catalog.advice.values():
        _known("advice.yaml", advice.id, [advice.pay] if advice.pay else [], set(catalog.pay_bands))
    for trigger in catalog.triggers.values():
        _known("advice.yaml", trigger.id, [trigger.threshold] if trigger.threshold else [], set(catalog.thresholds))
    for need in catalog.scoring.needs:
        _known("scoring.yaml", need.layer, [need.layer], layers)
        _known("scoring.yaml", need.layer, [*need.receives, *need.sends], objects)
        _known("scoring.yaml", need.layer, need.only_with, capabilities)
    _known("scoring.yaml", "finance_data", catalog.scoring.finance_data, layers)
    for name, weights in (("stack_weights", catalog.stack_weights), ("org_weights", catalog.org_weights)):
        total = fsum(w.weight for w in weights)
        if total != 100:
            raise CatalogError(f"shapes.yaml: {name} sum to {total:g}, expected 100")


def _known(file: str, where: str, ids: Iterable[str], known: set[str]) -> None:
    missing = sorted(set(ids) - known)
    if missing:
        raise CatalogError(f"{file}: {where} names {missing[0]}, which does not exist")
