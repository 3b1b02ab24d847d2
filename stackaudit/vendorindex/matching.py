"""What a name from somebody's list means: an exact name, or one with a remark that says nothing about the product."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stackaudit.vendorindex.index import VendorIndex
from stackaudit.vendorindex.names import fold
from stackaudit.vendorindex.rows import KnownName

_PLACES = "emea apac amer amers americas latam anz dach nordics uk us usa eu na ca au jp in de fr global"
_PLANS = (
    "enterprise ent ee pe ue professional pro starter basic standard premium unlimited essentials advanced plus"
    " ultimate growth e1 e3 e5 f3"
)
_INSTANCES = "prod production sandbox"
_REMARKS = (
    "instance org tenant account accounts workspace main legacy old new primary secondary full partial developer dev"
    " uat staging test qa agency seat seats user users license licenses licence licences renewal renews expires"
    " expiring contract annual monthly paid trial free brand sunset sunsetting eol deprecated migrating business team teams"
    " edition plan ex formerly fka the q1 q2 q3 q4 jan feb mar apr may jun jul aug sep sept oct nov dec"
)
_TAIL = frozenset(f"{_PLACES} {_PLANS} {_INSTANCES}".split())
_REMARK = _TAIL | frozenset(_REMARKS.split())
_BRACKETS = re.compile(r"(?P<base>.+?)\s*[(\[](?P<remark>[^()\[\]]+)[)\]]\s*")
_DASH = re.compile(r"(?P<base>.+?)(?:\s+[-–—|/]+\s*|\s*[,;:]\s+|\s+[-–—|/]+)(?P<remark>[^-–—|/,;:]+)")
_LONGEST = 120
_BOTH = re.compile(r"\s*(?:&|\+|/)\s*|\s+and\s+", re.IGNORECASE)


def match(index: VendorIndex, name: str) -> tuple[KnownName, ...]:
    """The tools that a name means; empty where it is unknown, or names two products at once.

    Args:
        index: The compiled manifests.
        name: As somebody wrote it.
    """
    if _names_two(index, name):
        return ()
    exact = index.names(name)
    if exact:
        return exact
    for base, remark in _shorter(name) if len(name) <= _LONGEST else ():
        found = index.names(base)
        if found and _says_nothing_else(index, remark, found):
            return found
        if not found and _is_remark(remark):
            found = match(index, base)
            if found:
                return found
    return ()


def _shorter(name: str) -> Iterator[tuple[str, str]]:
    """The name without its last remark, and the remark."""
    for pattern in (_BRACKETS, _DASH):
        found = pattern.fullmatch(name.strip())
        if found:
            yield found["base"], found["remark"]
    words = name.split()
    if len(words) > 1 and words[-1].casefold() in _TAIL:
        yield " ".join(words[:-1]), words[-1]


def _says_nothing_else(index: VendorIndex, remark: str, found: tuple[KnownName, ...]) -> bool:
    """A remark on place, plan, instance or contract, another name of the same tool, or its vendor's name."""
    if _is_remark(remark):
        return True
    words = [w for w in remark.split() if w.casefold() not in _REMARK]
    said = " ".join(words)
    tools = {hit.tool_id for hit in found}
    if {hit.tool_id for hit in index.names(said)} == tools:
        return True
    vendors = {hit.vendor_id for hit in found}
    return fold(said) in {fold(v) for v in (*vendors, *index.vendor_names(vendors).values())}


def _is_remark(text: str) -> bool:
    return all(word.isdigit() or word in _REMARK for word in re.findall(r"[^\W_]+", text.casefold()))


def _names_two(index: VendorIndex, name: str) -> bool:
    """Whether the name is two known products, joined."""
    parts = _BOTH.split(name.strip())
    if len(parts) != 2 or not all(parts):
        return False
    left, right = ({hit.tool_id for hit in index.names(part)} for part in parts)
    return bool(left and right and not left & right)
