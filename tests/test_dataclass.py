"""The dataclasses that cost little at start are dataclasses: what the standard decorator makes of the same, they do, too."""

from __future__ import annotations

import copy
import dataclasses
import importlib
import inspect
import pickle
import pkgutil
from collections.abc import Mapping
from typing import Any

import pytest

import stackaudit
from stackaudit.dataclass import FEW, _Fields, dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """With all that a field can have."""

    x: int
    y: int = 2
    tags: Mapping[str, int] = dataclasses.field(default_factory=dict)
    note: str = dataclasses.field(default="", repr=False, compare=False)


@dataclass(frozen=True)
class Loose:
    """Without slots, with one field."""

    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Own:
    """With a text of its own."""

    name: str

    def __repr__(self) -> str:
        return self.name


OURS = (Point, Loose, Own)


def standard(cls: type) -> type:
    """The same class by the standard decorator."""
    fields = [(f.name, f.type, _spec(f)) for f in dataclasses.fields(cls)]
    return dataclasses.make_dataclass(cls.__name__, fields, frozen=True, slots=hasattr(cls, "__slots__"))


def _spec(field: dataclasses.Field[Any]) -> Any:
    keep = ("default", "default_factory", "repr", "compare", "hash", "init", "kw_only")
    return dataclasses.field(**{k: getattr(field, k) for k in keep})


def declared() -> list[type]:
    """Every class of ours that is declared so."""
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(stackaudit.__path__, "stackaudit.")
        if ".template" not in found.name and not found.name.endswith("__main__")
    ]
    return [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__ and "__dataclass_fields__" in vars(value)
    ]


def parameters(cls: type) -> list[tuple[str, bool]]:
    """The parameters of ``__init__``, and whether each may be left out."""
    made = inspect.signature(vars(cls)["__init__"]).parameters.values()
    return [(p.name, p.default is not p.empty) for p in made]


@pytest.mark.parametrize("make", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
@pytest.mark.parametrize("cls", OURS)
def test_a_copy_is_equal_and_has_the_same_hash(cls: type, make: Any) -> None:
    value = cls(("a",)) if cls is Loose else cls("a")
    again = make(value)
    assert again == value
    assert type(again) is cls
    if cls is not Point:
        assert hash(again) == hash(value)


def test_values_compare_by_their_fields_within_their_class() -> None:
    assert Point(1) == Point(1, 2, {}, "another note") != Point(1, 3)
    assert Point(1) != standard(Point)(1)
    assert len({Own("a"), Own("a"), Own("b")}) == 2
    with pytest.raises(TypeError, match="unhashable"):
        hash(Point(1))


def test_each_object_has_a_default_of_its_own_where_one_is_made() -> None:
    assert Point(1).tags is not Point(1).tags
    assert Point(1, tags={"a": 1}).tags == {"a": 1}


@pytest.mark.parametrize("cls", OURS)
def test_nothing_can_be_set_or_deleted(cls: type) -> None:
    value = cls("a")
    name = dataclasses.fields(cls)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError, match="assign"):
        setattr(value, name, "b")
    with pytest.raises(dataclasses.FrozenInstanceError, match="delete"):
        delattr(value, name)
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.unheard_of = 1


def test_the_library_works_with_them() -> None:
    point = Point(1, note="kept")
    assert dataclasses.is_dataclass(point)
    assert dataclasses.replace(point, y=5) == Point(1, 5)
    assert dataclasses.replace(point, y=5).note == "kept"
    assert point.__replace__(y=5) == Point(1, 5)  # type: ignore[attr-defined]
    assert dataclasses.asdict(point) == {"x": 1, "y": 2, "tags": {}, "note": "kept"}
    match point:
        case Point(x, y):
            assert (x, y) == (1, 2)


def test_they_say_what_standard_ones_say() -> None:
    assert repr(Point(1)) == "Point(x=1, y=2, tags={})"
    assert repr(Loose(("a",))) == repr(standard(Loose)(("a",)))
    assert repr(Own("a")) == "a"
    around = Loose([])  # type: ignore[arg-type]
    around.names.append(around)  # type: ignore[attr-defined]
    assert repr(around) == "Loose(names=[...])"


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ((1,), {}),
        ((1, 3), {"note": "n"}),
        ((), {"x": 1, "tags": {"a": 1}}),
        ((1, 3, {"a": 1}, "n"), {}),
        ((), {"note": "n", "y": None, "x": ()}),
    ],
)
def test_the_first_objects_of_a_class_are_made_like_the_many_after_them(args: Any, named: Any) -> None:
    @dataclass(frozen=True, slots=True)
    class Fresh:
        x: int
        y: int = 2
        tags: Mapping[str, int] = dataclasses.field(default_factory=dict)
        note: str = dataclasses.field(default="", repr=False)

    first, *_, last = [Fresh(*args, **named) for _ in range(FEW + 2)]
    assert parameters(Fresh)[1:] == [("x", False), ("y", True), ("tags", True), ("note", True)]
    assert [getattr(first, f.name) for f in dataclasses.fields(first)] == [
        getattr(last, f.name) for f in dataclasses.fields(last)
    ]
    twin = standard(Fresh)(*args, **named)
    assert dataclasses.asdict(first) == dataclasses.asdict(last) == dataclasses.asdict(twin)
    assert first.tags is not last.tags or "tags" in named or len(args) > 2


@pytest.mark.parametrize("arguments", [(), (1, 2, {}, "", 5)])
def test_a_wrong_number_of_arguments_is_refused_the_first_time_and_later(arguments: Any) -> None:
    @dataclass(frozen=True, slots=True)
    class Fresh:
        x: int
        y: int = 2
        tags: Mapping[str, int] = dataclasses.field(default_factory=dict)
        note: str = ""

    for _ in range(2):
        with pytest.raises(TypeError, match=r"__init__\(\) (missing|takes)"):
            Fresh(*arguments)
    for _ in range(2):
        with pytest.raises(TypeError, match="unexpected keyword"):
            Fresh(x=1, z=2)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("args", "named", "said"),
    [
        ((1,), {"x": 1}, "multiple values"),
        ((), {"y": 1}, "missing 1 required"),
        ((1,), {"z": 1}, "unexpected keyword"),
        ((1, 2, 3), {}, "takes from 2 to 3"),
    ],
)
def test_the_very_first_object_is_refused_in_the_words_of_the_language(args: Any, named: Any, said: str) -> None:
    @dataclass(frozen=True, slots=True)
    class Fresh:
        x: int
        y: int = 2

    with pytest.raises(TypeError, match=said):
        Fresh(*args, **named)


def test_every_class_of_ours_takes_what_a_standard_one_would_take() -> None:
    lazy = 0
    for cls in declared():
        fields = vars(cls)["__dataclass_fields__"]
        if not isinstance(fields, _Fields) and "__init__" not in vars(cls):
            continue
        lazy += isinstance(fields, _Fields)
        twin = standard(cls)
        known = dict.fromkeys([f.name for f in dataclasses.fields(cls)])
        assert vars(cls)["__match_args__"] == tuple(known)
        for _ in range(FEW + 1):
            made: Any = object.__new__(cls)
            cls.__init__(made, **known)  # type: ignore[misc]
        assert parameters(cls) == parameters(twin), cls
        assert all(f.init and not f.kw_only for f in dataclasses.fields(cls)), cls
        if hasattr(twin, "__slots__"):
            assert vars(cls)["__slots__"] == tuple(known)
            assert not hasattr(made, "__dict__")
    assert lazy > 100


def test_frozen_classes_of_ours_wait_with_their_methods() -> None:
    at_once = [c for c in declared() if "__dataclass_params__" in vars(c) and c.__dataclass_params__.frozen]  # type: ignore[attr-defined]
    assert at_once == []
