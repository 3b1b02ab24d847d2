"""Make an SVG harmless: only elements and attributes of a list survive, written anew from what the parser read."""

from __future__ import annotations

import re
from xml.etree import ElementTree
from xml.parsers import expat

SVG = "http://www.w3.org/2000/svg"
MAX_ELEMENTS = 5_000
MAX_DEPTH = 100
_ELEMENTS = """
svg g defs title desc path rect circle ellipse line polyline polygon text tspan
linearGradient radialGradient stop clipPath
"""
_LOOKS = """
fill fill-opacity fill-rule stroke stroke-width stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray
stroke-dashoffset stroke-opacity opacity stop-color stop-opacity clip-path clip-rule font-family font-size font-weight
font-style text-anchor letter-spacing color
"""
_PLACES = """
id viewBox preserveAspectRatio x y x1 y1 x2 y2 cx cy r rx ry fx fy dx dy d points width height transform offset
gradientUnits gradientTransform spreadMethod clipPathUnits
"""
ELEMENTS = frozenset(_ELEMENTS.split())
LOOKS = frozenset(_LOOKS.split())
"""Attributes that may stand in a ``style`` attribute as well; from there they are moved out."""
ATTRIBUTES = LOOKS | frozenset(_PLACES.split())
_PLAIN = re.compile(r"[\w\s.,;#%()+'\"*/-]*")
_INSIDE = re.compile(r"url\(#[\w.:-]+\)")


def sanitised(content: bytes) -> tuple[str, str]:
    """The picture without anything that could run, fetch or lead elsewhere, and what was left out, in words.

    Raises:
        ValueError: It is no SVG, declares a document type or entities, or is larger than a logo can be.
    """
    root, left_out = _Reader().read(content)
    if root is None or root.tag != "svg":
        raise ValueError("is no SVG: its outermost element is not svg in the SVG namespace")
    root.set("xmlns", SVG)
    names = sorted(left_out)
    more = " and others" if len(names) > 8 else ""
    return ElementTree.tostring(root, encoding="unicode"), ", ".join(names[:8]) + more


class _Reader:
    """Builds the tree of what is allowed while expat reads; what is not allowed goes with all that is in it."""

    def __init__(self) -> None:
        self._open: list[ElementTree.Element] = []
        self._root: ElementTree.Element | None = None
        self._skipped = 0
        self._depth = 0
        self._count = 0
        self._left_out: set[str] = set()

    def read(self, content: bytes) -> tuple[ElementTree.Element | None, set[str]]:
        """The tree, and the names of what was left out."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = _refuse
        parser.EntityDeclHandler = _refuse
        try:
            parser.Parse(content, True)
        except expat.ExpatError as error:
            raise ValueError(f"is no well-formed SVG: {error}") from None
        return self._root, self._left_out

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > MAX_DEPTH or self._count > MAX_ELEMENTS:
            raise ValueError(f"holds more than {MAX_ELEMENTS:,} elements, or more than {MAX_DEPTH} within each other")
        space, _, local = name.rpartition(" ")
        nested_root = local == "svg" and self._root is not None
        if self._skipped or space != SVG or local not in ELEMENTS or nested_root:
            if not self._skipped:
                self._left_out.add(f"<{local[:30]}>")
            self._skipped += 1
            return
        made = ElementTree.Element(local, self._kept(attributes))
        if self._open:
            self._open[-1].append(made)
        elif self._root is None:
            self._root = made
        self._open.append(made)

    def _kept(self, attributes: dict[str, str]) -> dict[str, str]:
        written = {k: v for k, v in attributes.items() if k != "style"} | _inline(attributes.get("style", ""))
        kept = {k: v for k, v in written.items() if k in ATTRIBUTES and _harmless(v)}
        self._left_out |= {k.rpartition(" ")[2][:30] for k in written.keys() - kept.keys()}
        return kept

    def _end(self, _: str) -> None:
        self._depth -= 1
        if self._skipped:
            self._skipped -= 1
        else:
            self._open.pop()

    def _text(self, text: str) -> None:
        if self._skipped or not self._open:
            return
        parent = self._open[-1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + text
        else:
            parent.text = (parent.text or "") + text


def _inline(style: str) -> dict[str, str]:
    """The declarations of a ``style`` attribute as attributes; those that are none get a name that none has."""
    pairs = [part.partition(":")[::2] for part in style.split(";") if part.strip()]
    named = ((name.strip(), value.strip()) for name, value in pairs)
    return {name if name in LOOKS else f"style {name}": value for name, value in named}


def _harmless(value: str) -> bool:
    """Whether an attribute's value points nowhere but into the picture, and escapes nothing."""
    rest = _INSIDE.sub("", value)
    return bool(_PLAIN.fullmatch(rest)) and "url" not in rest.lower()


def _refuse(*_: object) -> None:
    raise ValueError("declares a document type or entities")
