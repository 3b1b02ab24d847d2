"""What ids are called, so that no reader meets an id where the catalogue has a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from stackaudit.model.result import Names

if TYPE_CHECKING:
    from stackaudit.model.catalog import Capability, Catalog, Layer, ObjectType


def names(catalog: Catalog) -> Names:
    """All names that the catalogue has; a result keeps those of what it speaks of."""
    return Names(
        capabilities=_called(catalog.capabilities),
        layers=_called(catalog.layers),
        objects=_called(catalog.objects),
    )


def _called(known: Mapping[str, Capability | Layer | ObjectType]) -> dict[str, str]:
    return {i: entry.name for i, entry in known.items()}
