"""Names close to one that nobody knows: a slip of the pen, the same words in another order, or a name inside another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

CLOSE = 80
"""How alike, of 100, two names are that a person may have mistaken for each other."""
WITHIN = 15
"""What a name that stands inside the other adds to that at most: all, where hardly anything else is said."""
LEAST_LETTERS, MOST_NAMES = 4, 20
"""A shorter word, or one that more names hold, says nothing."""
_LONGEST = 100


class Suggestion(Struct, frozen=True):
    """A name close to one that nobody knows; ``score`` runs from 0 to 100. Never a match."""

    tool_id: str
    name: str
    score: float


class Closeness:
    """Known names, asked for those close to another."""

    def __init__(self, known: Iterable[tuple[str, str]]) -> None:
        """Take in every known name, each with its tool."""
        self._known = list(known)
        self._folded = [text.casefold() for text, _ in self._known]
        self._words = [frozenset(text.split()) for text in self._folded]
        self._holding: dict[str, list[int]] = {}
        for position, words in enumerate(self._words):
            for word in words:
                self._holding.setdefault(word, []).append(position)

    def near(self, name: str, limit: int) -> tuple[Suggestion, ...]:
        """The closest names, the closest first, one a tool."""
        typed = name[:_LONGEST].casefold()
        best: dict[str, Suggestion] = {}
        for position, score in (*self._alike(typed, limit * 4), *self._inside(typed)):
            text, tool = self._known[position]
            if tool not in best or score > best[tool].score:
                best[tool] = Suggestion(tool, text, round(score, 1))
        return tuple(sorted(best.values(), key=lambda s: (-s.score, s.tool_id))[:limit])

    def _alike(self, typed: str, limit: int) -> Iterator[tuple[int, float]]:
        """Names that are written much alike, whatever the order of their words."""
        from rapidfuzz import fuzz, process

        for scorer in (fuzz.ratio, fuzz.token_sort_ratio):
            for _, score, position in process.extract(
                typed, self._folded, scorer=scorer, limit=limit, score_cutoff=CLOSE
            ):
                yield position, score

    def _inside(self, typed: str) -> Iterator[tuple[int, float]]:
        """Names all of whose words are in the one that was typed, and those that hold all of its words."""
        asked = frozenset(typed.split())
        found = {
            p for word in asked if len(self._holding.get(word, ())) <= MOST_NAMES for p in self._holding.get(word, ())
        }
        for position in found:
            words = self._words[position]
            smaller, larger = sorted((words, asked), key=_letters)
            if smaller <= larger and _letters(smaller) >= LEAST_LETTERS:
                yield position, CLOSE + WITHIN * _letters(smaller) / _letters(larger)


def _letters(words: frozenset[str]) -> int:
    return sum(map(len, words))
