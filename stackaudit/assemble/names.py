"""What the ids in the result are called, so that no reader meets an id where the catalogue has a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from stackaudit.model import result as r

if TYPE_CHECKING:
    from stackaudit.model.catalog import Capability, Catalog, Layer, ObjectType


def names(
    catalog: Catalog,
    tools: tuple[r.ToolInfo, ...],
    integrations: tuple[r.IntegrationInfo, ...],
    overlaps: tuple[r.OverlapGroup, ...],
    expected: r.Expected,
) -> r.Names:
    """The names of what the result speaks of, and of nothing else."""
    return r.Names(
        capabilities=_called(r.capabilities_of(tools, overlaps), catalog.capabilities),
        layers=_called(r.layers_of(tools, expected), catalog.layers),
        objects=_called(r.objects_of(integrations, expected), catalog.objects),
    )


def _called(ids: Iterable[str], known: Mapping[str, Capability | Layer | ObjectType]) -> dict[str, str]:
    return {i: known[i].name for i in sorted(ids) if i in known}
