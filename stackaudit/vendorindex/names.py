"""Names folded for exact comparison."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LEGAL = frozenset(
    "inc incorporated llc ltd limited gmbh corp corporation co ag sa bv plc pty oy ab srl sas".split()  # noqa: SIM905
)


_WEB = re.compile(r"(?:https?://)?(?:www\.)?", re.IGNORECASE)
_SITE = re.compile(r"https?://(?:www\.)?([\w.-]+)/?")


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """A name without case, accents of form, punctuation, spaces, legal suffixes and the http of an address.

    For exact comparison only.
    """
    bare = _WEB.sub("", unicodedata.normalize("NFKC", name).strip(), count=1)
    words = re.findall(r"\w+", bare.casefold().replace("_", " "))
    while len(words) > 1 and words[-1] in _LEGAL:
        words.pop()
    return "".join(words)


def host(website: str | None) -> str | None:
    """The host of a web address that is a whole site; None for a page of one."""
    found = _SITE.fullmatch(website or "")
    return found[1].casefold() if found else None
