"""Facts of a vendor are shared by many clients, so nobody can change them."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable

import pytest
from pydantic import BaseModel

from stackaudit.audit import open_plugins
from stackaudit.frozen import freeze, thaw
from stackaudit.model.sealed import Sealed
from stackaudit.model.vendor import VendorManifest

CHANGES: dict[str, Callable[[dict[str, int]], object]] = {
    "set": lambda x: x.__setitem__("b", 2),
    "delete": lambda x: x.__delitem__("a"),
    "update": lambda x: x.update(b=2),
    "join": lambda x: x.__ior__({"b": 2}),
    "pop": lambda x: x.pop("a"),
    "popitem": lambda x: x.popitem(),
    "setdefault": lambda x: x.setdefault("b", 2),
    "clear": lambda x: x.clear(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_in_it_changes(change: str) -> None:
    sealed = Sealed({"a": 1})
    with pytest.raises(TypeError, match="cannot be changed"):
        CHANGES[change](sealed)
    assert sealed == {"a": 1}


@pytest.mark.parametrize("make", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_is_sealed_too(make: Callable[[object], object]) -> None:
    again = make(Sealed({"a": 1}))
    assert again == {"a": 1}
    assert type(again) is Sealed


def changeable(value: object) -> list[object]:
    """The parts of a value that somebody could change in place."""
    if isinstance(value, BaseModel):
        own = [] if value.model_config.get("frozen") else [value]
        return own + [found for name in type(value).model_fields for found in changeable(getattr(value, name))]
    if isinstance(value, tuple):
        return [found for part in value for found in changeable(part)]
    if isinstance(value, Sealed):
        return [found for part in value.values() for found in changeable(part)]
    return [value] if isinstance(value, list | dict | set) else []


def test_two_runs_share_the_facts_of_a_vendor_and_neither_can_change_them() -> None:
    plugins = open_plugins(installed=False)
    for row in plugins.index.vendors()[::5]:
        manifest = plugins.again().manifest(row.id)
        assert manifest is not None
        assert plugins.again().manifest(row.id) is manifest
        assert changeable(manifest) == []


def test_a_sealed_map_is_kept_and_written_like_any_other() -> None:
    tool = {
        "id": "t",
        "name": "T",
        "layer": "crm",
        "capabilities": {"editions": {"pro": ["forecasting"]}},
        "limits": {"max_crm": 1},
        "sources": [{"claim": "c", "url": "https://a.example"}],
    }
    manifest = VendorManifest.model_validate({"vendor": {"id": "v", "name": "V"}, "tools": [tool]})
    assert thaw(freeze(manifest), VendorManifest) == manifest
    assert json.loads(manifest.model_dump_json(exclude_defaults=True))["tools"][0] == tool
    assert changeable(manifest) == []
