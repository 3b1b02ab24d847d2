"""Elements of a drawing, written as SVG: their shapes are fixed when they are drawn, their colours when they are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec import Struct

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Mark(Struct):
    """One element: its attributes as they are written before and after those of its colours, and what stands in it.

    ``fill`` and ``stroke`` are colours by their names in the palette, ``none``, or empty where nothing is said. The
    attributes are markup, made by :func:`attribute` or of numbers; the text is plain, and escaped when it is written.
    """

    tag: str
    before: str = ""
    fill: str = ""
    stroke: str = ""
    after: str = ""
    text: str = ""
    parts: list[Mark] = []

    def add(self, part: Mark) -> Mark:
        """Put an element into this one."""
        self.parts.append(part)
        return part

    def set(self, name: str, value: str) -> None:
        """Give it one more attribute."""
        self.after += attribute(name, value)


def attribute(name: str, value: str) -> str:
    """An attribute as it is written; its value cannot become markup. The name is ours, a plain word."""
    value = _escaped(value).replace('"', "&quot;")
    if not value.isprintable():
        value = value.replace("\r", "&#13;").replace("\n", "&#10;").replace("\t", "&#09;")
    return f' {name}="{value}"'


def written(root: Mark, colours: Mapping[str, str] | None) -> str:
    """An element with all that is in it.

    Args:
        root: The element.
        colours: The palette; None leaves each colour to the style of the page, which knows it by the shape's class.
    """
    parts: list[str] = []
    _write(root, colours, parts.append)
    return "".join(parts)


def _write(mark: Mark, colours: Mapping[str, str] | None, write: Callable[[str], None]) -> None:
    begin = f"<{mark.tag}{mark.before}{_paint(mark, colours) if mark.fill else ''}{mark.after}"
    if not mark.text and not mark.parts:
        write(f"{begin}/>")
        return
    write(f"{begin}>{_escaped(mark.text)}" if mark.text else f"{begin}>")
    for part in mark.parts:
        _write(part, colours, write)
    write(f"</{mark.tag}>")


def _paint(mark: Mark, colours: Mapping[str, str] | None) -> str:
    fill, stroke = mark.fill, mark.stroke
    if colours is None:
        return ' fill="none"' if fill == "none" and not stroke else ""
    painted = f' fill="{colours.get(fill, fill)}"' if fill else ""
    return f'{painted} stroke="{colours[stroke]}"' if stroke else painted


def _escaped(text: str) -> str:
    """The text as XML writes it, without characters that XML cannot hold: a saved result may carry anything."""
    if not text.isprintable():
        text = _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
