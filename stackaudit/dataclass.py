"""Frozen dataclasses that cost next to nothing until they are used.

The standard decorator writes and compiles half a dozen methods when a class is declared, which was a tenth of the time
of an audit: a start declares more than a hundred such classes and makes objects of half of them. This one shares what
needs no code of its own, and writes ``__init__`` for classes of which many objects are made. Everything else of the
library works with what it declares: ``field``, ``fields``, ``replace``, ``asdict``, ``match``, pickles and copies.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, FrozenInstanceError, fields, make_dataclass, replace
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, Literal

__all__ = ["dataclass"]

FEW = 50
"""So many objects are made before it is worth the time to write an ``__init__`` for their class."""

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: Literal[True], slots: bool = False) -> Callable[[type], type]:
        """As the standard decorator, for frozen classes of fields that all are given to ``__init__`` by place or name."""
        return _slotted if slots else _declared


def _slotted(cls: Any) -> Any:
    """The class again, with a slot in the place of each field."""
    names = tuple(cls.__annotations__)
    defaults = {name: vars(cls)[name] for name in names if name in vars(cls)}
    kept = {k: v for k, v in vars(cls).items() if k not in defaults and k not in {"__dict__", "__weakref__"}}
    own = {"__slots__": names, "__getstate__": _state, "__setstate__": _restore}
    made = type(cls)(cls.__name__, cls.__bases__, kept | own)
    made.__qualname__ = cls.__qualname__
    return _complete(made, names, defaults)


def _declared(cls: Any) -> Any:
    """The class itself; its defaults stay where they are read from, those that are made for each object do not."""
    names = tuple(cls.__annotations__)
    defaults = {name: vars(cls)[name] for name in names if name in vars(cls)}
    for name, value in defaults.items():
        if isinstance(value, Field):
            delattr(cls, name)
    return _complete(cls, names, defaults)


def _complete(cls: Any, names: tuple[str, ...], defaults: dict[str, Any]) -> Any:
    """Give a class the methods of a dataclass, except those that it has of its own."""
    compared = tuple(n for n in names if not isinstance(f := defaults.get(n), Field) or f.compare)
    values = _values(compared)
    made = 0

    def init(self: Any, *args: Any, **named: Any) -> None:
        nonlocal made
        made += 1
        if made > FEW or not _filled(self, names, defaults, args, named):
            cls.__init__ = _written_init(cls, names, defaults)
            cls.__init__(self, *args, **named)

    def equal(self: object, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: object) -> int:
        return hash(values(self))

    own = {"__init__": init, "__eq__": equal, "__hash__": hashed, "__repr__": _repr, "__match_args__": names}
    own |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
    own |= {"__replace__": replace, "__dataclass_fields__": _Fields(names, defaults)}
    for name, value in own.items():
        if name not in vars(cls):
            setattr(cls, name, value)
    return cls


def _values(names: tuple[str, ...]) -> Callable[[object], tuple[Any, ...]]:
    """What reads these attributes as a tuple; the fast way takes two or more."""
    return attrgetter(*names) if len(names) > 1 else lambda self: tuple([getattr(self, name) for name in names])


class _Fields:
    """The fields of a class as the library describes them, made when somebody asks."""

    def __init__(self, names: tuple[str, ...], defaults: dict[str, Any]) -> None:
        self._names = names
        self._defaults = defaults

    def __get__(self, _: object, owner: type) -> dict[str, Field[Any]]:
        home = next(c for c in owner.__mro__ if vars(c).get("__dataclass_fields__") is self)
        given = self._defaults
        specs = [(n, home.__annotations__[n], *([given[n]] if n in given else [])) for n in self._names]
        own = {"__doc__": home.__doc__ or home.__name__}  # else the library would make up one, from a signature
        twin: Any = make_dataclass(home.__name__, specs, namespace=own, init=False, repr=False, eq=False)
        described = twin.__dataclass_fields__
        home.__dataclass_fields__ = described  # type: ignore[attr-defined]
        return described  # type: ignore[no-any-return]


def _filled(
    self: Any, names: tuple[str, ...], defaults: dict[str, Any], args: tuple[Any, ...], named: dict[str, Any]
) -> bool:
    """Set the fields of an object; False where the arguments do not fit, which a written ``__init__`` can tell better."""
    given = dict(zip(names, args, strict=False)) | named
    if len(given) != len(args) + len(named) or not given.keys() <= set(names):
        return False
    for name in names:
        value = given[name] if name in given else _default(defaults.get(name, MISSING))
        if value is MISSING:
            return False
        object.__setattr__(self, name, value)
    return True


def _default(declared: Any) -> Any:
    """What a field holds where nothing is given; MISSING where something must be."""
    if not isinstance(declared, Field):
        return declared
    return declared.default if declared.default_factory is MISSING else declared.default_factory()


def _written_init(cls: type, names: tuple[str, ...], defaults: dict[str, Any]) -> Any:
    """An ``__init__`` with a parameter for each field."""
    known: dict[str, Any] = {"_set": object.__setattr__, "_absent": MISSING}
    parameters, lines = ["self"], []
    for name in names:
        value = name
        default = defaults.get(name, MISSING)
        if isinstance(default, Field):
            if default.default_factory is not MISSING:
                known[f"_make_{name}"] = default.default_factory
                value = f"_make_{name}() if {name} is _absent else {name}"
            default = default.default
        known[f"_default_{name}"] = default
        required = default is MISSING and value == name
        parameters.append(name if required else f"{name}=_default_{name}")
        lines.append(f" _set(self, {name!r}, {value})")
    exec(f"def __init__({', '.join(parameters)}):\n" + ("\n".join(lines) or " pass"), known)  # noqa: S102 - names of fields
    made = known["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


@recursive_repr()
def _repr(self: Any) -> str:
    shown = ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if f.repr)
    return f"{type(self).__qualname__}({shown})"


def _state(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__match_args__]


def _restore(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__match_args__, state, strict=True):
        object.__setattr__(self, name, value)


def _refuse_to_set(_: object, name: str, __: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")
