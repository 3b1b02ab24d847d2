"""What a check found: items with their place, worst first, and whether the plugin passed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import asdict

Level = Literal["error", "warning", "note"]
_LEVELS: tuple[Level, ...] = ("error", "warning", "note")
_FEW_FILES = 10


class Item(Struct, frozen=True):
    """One thing worth saying. Lines and columns count from 1; 0 means the target as a whole."""

    level: Level
    check: str
    message: str
    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: " if self.line else f"{self.file}: " if self.file else ""
        return f"{place}{self.level}: {self.message} [{self.check}]"


class Report(Struct, frozen=True):
    """Everything about one target; ``ran`` says whether its code was run."""

    target: str
    kind: str
    items: tuple[Item, ...]
    ran: bool = False

    @property
    def errors(self) -> tuple[Item, ...]:
        """What must be mended before the plugin is heard."""
        return tuple(item for item in self.items if item.level == "error")

    @property
    def passed(self) -> bool:
        """Whether there is no error."""
        return not self.errors

    def summary(self) -> str:
        """The outcome in a line."""
        counted = [(level, sum(item.level == level for item in self.items)) for level in _LEVELS]
        said = ", ".join(f"{n} {level}{'' if n == 1 else 's'}" for level, n in counted)
        return f"{self.target} ({self.kind}): {'passed' if self.passed else 'not passed'}, {said}"

    def lines(self) -> tuple[str, ...]:
        """Every item as text; what a file says many times stands once, and notes on many files are only counted."""
        many = len({item.file for item in self.items}) > _FEW_FILES
        shown = [item for item in self.items if not (many and item.level == "note")]
        alike: dict[tuple[str, str, str, str], list[Item]] = {}
        for item in shown:
            alike.setdefault((item.file, item.level, item.check, item.message), []).append(item)
        lines = [f"{same[0]}{_more(len(same) - 1)}" for same in alike.values()]
        if len(shown) < len(self.items):
            lines.append(f"notes that are left out here: {len(self.items) - len(shown):,}; --format json has them")
        return tuple(lines)

    def to_data(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "target": self.target,
            "kind": self.kind,
            "passed": self.passed,
            "ran_code": self.ran,
            "items": [asdict(item) for item in self.items],
        }


def _more(count: int) -> str:
    return f", and {count} more like it in this file" if count else ""


def make_report(target: str, kind: str, items: Iterable[Item], *, ran: bool = False) -> Report:
    """A report with its items in order."""
    order = sorted(set(items), key=lambda i: (_LEVELS.index(i.level), i.file, i.line, i.column, i.check, i.message))
    return Report(target, kind, tuple(order), ran)
