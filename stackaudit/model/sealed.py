"""A map that nobody can change: facts of a vendor are shared by all clients of a portfolio, and by all rules."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Sealed(dict[Key, Value]):
    """A dict that refuses to be changed; it is written, compared and copied like any other."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a fact of a manifest cannot be changed")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        """Made whole at once, as it cannot be filled later."""
        return Sealed, (dict(self),)
