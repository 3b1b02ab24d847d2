"""What all drawings share: a small SVG builder, the palette, text that fits, and the table that says the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import accumulate
from xml.etree import ElementTree

from markupsafe import Markup
from msgspec import Struct

from stackaudit.report.drawings.markup import written

PALETTE: dict[str, str] = {
    "ink": "#1d2329",
    "muted": "#59626c",
    "line": "#7b848d",
    "hair": "#d9dde1",
    "paper": "#ffffff",
    "card": "#ffffff",
    "band": "#f3f4f2",
    "accent": "#1f4e79",
    "good": "#2a6f4e",
    "warn": "#8a5a00",
    "bad": "#a8281e",
    "badsoft": "#f7e3e0",
    "goodsoft": "#dcece3",
    "warnsoft": "#f6ead2",
    "unknown": "#e9ebee",
    "record": "#2f5d9a",
    "engage": "#a85a14",
    "signal": "#1f7a6d",
    "measure": "#76488f",
    "integrate": "#59626c",
    "govern": "#7a6a14",
}
"""Colours for light screens and print, by token; ``drawings.css`` has those for dark screens."""

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r"<[^<>]*>")
_PAINT = re.compile(r'( (?:fill|stroke)=)"(#[0-9a-f]{6})"')
_PAINTED = re.compile(r'(?: fill="(?:#[0-9a-f]{6}|none)"| stroke="#[0-9a-f]{6}")(?=[^<>]* class="[fs]-)')
"""A colour that the class of its shape says, too; the class comes after it."""
_WHOLE = re.compile(r"\.0(?![0-9])")
_NARROW, _WIDE = frozenset("ijl|.,:;'!ftrI ()[]·-"), frozenset("mwMW@%—→◆▲●QOGDNHU&")


class Table(Struct, frozen=True):
    """The same content as a drawing, as text; ``numeric`` names columns to align right."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()


class Drawing(Struct, frozen=True):
    """One picture: its finding as title, how to read it as caption, and its table."""

    id: str
    title: str
    caption: str
    svg: Markup
    table: Table
    wide: bool = False


class _Widths(dict[str, float]):
    """Estimated widths of characters, for a size of one; worked out for each character once."""

    def __missing__(self, character: str) -> float:
        narrow, wide = character in _NARROW, character in _WIDE
        self[character] = 0.38 if narrow else 0.98 if wide else 0.74 if character.isupper() else 0.64
        return self[character]


_WIDTHS = _Widths()


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a text in the system font, estimated on the safe side."""
    return sum(map(_WIDTHS.__getitem__, text)) * size * _stretch(bold)


def fit(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """The text, shortened with an ellipsis where it is too wide."""
    if text_width(text, size, bold=bold) <= width:
        return text
    more, stretch = _WIDTHS["…"], _stretch(bold)
    fitting = 0
    for count, units in enumerate(accumulate(map(_WIDTHS.__getitem__, text)), 1):
        if (units + more) * size * stretch > width:
            break
        fitting = count
    return text[:fitting].rstrip() + "…"


def _stretch(bold: bool) -> float:
    return 1.06 if bold else 1.0


def wrap(text: str, width: float, size: float, lines: int) -> list[str]:
    """The text in at most ``lines`` lines, the last one shortened."""
    rows: list[str] = []
    for word in text.split():
        if rows and text_width(f"{rows[-1]} {word}", size) <= width:
            rows[-1] = f"{rows[-1]} {word}"
        else:
            rows.append(word)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], " ".join(rows[lines - 1 :])]
    return [fit(row, width, size) for row in rows]


def xml_safe(text: str) -> str:
    """The text without characters that XML cannot hold; a saved result may carry anything."""
    return text if text.isprintable() else _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


class Svg:
    """Builds one SVG; every text goes through the XML writer, so nothing in it can become markup."""

    def __init__(self, name: str, width: float, height: float, title: str, description: str) -> None:
        self.name, self.width, self.height = name, width, height
        self.root = ElementTree.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {number(width)} {number(height)}",
                "width": number(width),
                "height": number(height),
                "role": "img",
                "class": f"drawing drawing-{name}",
                "aria-labelledby": f"svg-{name}-title svg-{name}-desc",
                "fill": PALETTE["ink"],
                "font-family": FONT,
                "font-size": "12",
            },
        )
        head = ElementTree.SubElement(self.root, "title", {"id": f"svg-{name}-title"})
        head.text = xml_safe(title)
        body = ElementTree.SubElement(self.root, "desc", {"id": f"svg-{name}-desc"})
        body.text = xml_safe(description)

    def group(self, parent: ElementTree.Element | None = None, **attributes: str) -> ElementTree.Element:
        """A group; underscores in names become dashes."""
        given = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
        return ElementTree.SubElement(self.root if parent is None else parent, "g", given)

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = "none",
        stroke: str = "none",
        radius: float = 0,
        thick: float = 1,
        dash: str = "",
        parent: ElementTree.Element | None = None,
    ) -> ElementTree.Element:
        """A rectangle in palette colours."""
        attributes = {"x": number(x), "y": number(y), "width": number(max(width, 0)), "height": number(max(height, 0))}
        if radius:
            attributes["rx"] = number(radius)
        return self._shape("rect", attributes, fill, stroke, thick, dash, parent)

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        stroke: str = "line",
        thick: float = 1,
        dash: str = "",
        parent: ElementTree.Element | None = None,
    ) -> ElementTree.Element:
        """A straight line."""
        attributes = {"x1": number(x1), "y1": number(y1), "x2": number(x2), "y2": number(y2)}
        return self._shape("line", attributes, "none", stroke, thick, dash, parent)

    def circle(
        self,
        x: float,
        y: float,
        radius: float,
        *,
        fill: str = "none",
        stroke: str = "none",
        thick: float = 1,
        parent: ElementTree.Element | None = None,
    ) -> ElementTree.Element:
        """A circle."""
        attributes = {"cx": number(x), "cy": number(y), "r": number(radius)}
        return self._shape("circle", attributes, fill, stroke, thick, "", parent)

    def path(
        self,
        commands: str,
        *,
        fill: str = "none",
        stroke: str = "none",
        thick: float = 1,
        dash: str = "",
        parent: ElementTree.Element | None = None,
    ) -> ElementTree.Element:
        """A path."""
        return self._shape("path", {"d": _WHOLE.sub("", commands)}, fill, stroke, thick, dash, parent)

    def text(
        self,
        x: float,
        y: float,
        content: str,
        *,
        size: float = 12,
        fill: str = "ink",
        weight: int = 400,
        anchor: str = "start",
        width: float | None = None,
        hint: bool = True,
        parent: ElementTree.Element | None = None,
    ) -> ElementTree.Element:
        """A line of text; with ``width`` it is shortened to fit, the full text kept as its title unless ``hint`` is off."""
        shown = fit(content, width, size, bold=weight > 400) if width is not None else content
        attributes = {"x": number(x), "y": number(y)}
        if fill != "ink":  # the colour of the whole drawing
            attributes |= {"fill": PALETTE[fill], "class": f"f-{fill}"}
        if size != 12:
            attributes["font-size"] = number(size)
        if weight != 400:
            attributes["font-weight"] = str(weight)
        if anchor != "start":
            attributes["text-anchor"] = anchor
        made = ElementTree.SubElement(self.root if parent is None else parent, "text", attributes)
        made.text = xml_safe(shown)
        if hint and shown != content:
            full = ElementTree.SubElement(made, "title")
            full.text = xml_safe(content)
        return made

    def title(self, parent: ElementTree.Element, text: str) -> None:
        """What a pointer shows over a part."""
        made = ElementTree.SubElement(parent, "title")
        made.text = xml_safe(text)

    def render(self) -> Markup:
        """The SVG as markup."""
        return Markup(written(self.root))  # noqa: S704 - the writer lets no text become markup

    def _shape(
        self,
        tag: str,
        attributes: dict[str, str],
        fill: str,
        stroke: str,
        thick: float,
        dash: str,
        parent: ElementTree.Element | None,
    ) -> ElementTree.Element:
        classes = []
        attributes["fill"] = PALETTE.get(fill, fill)
        if fill in PALETTE:
            classes.append(f"f-{fill}")
        if stroke != "none":
            attributes["stroke"] = PALETTE[stroke]
            classes.append(f"s-{stroke}")
            if thick != 1:
                attributes["stroke-width"] = number(thick)
            if dash:
                attributes["stroke-dasharray"] = dash
        if classes:
            attributes["class"] = " ".join(classes)
        return ElementTree.SubElement(self.root if parent is None else parent, tag, attributes)


def recoloured(svg: Markup, colours: Mapping[str, str]) -> Markup:
    """A drawing with other colours for light paper, by palette token.

    What the XML writer leaves between angle brackets is a tag and nothing else: texts hold none.
    """
    new = {PALETTE[token]: colour for token, colour in colours.items()}

    def paint(tag: re.Match[str]) -> str:
        return _PAINT.sub(lambda m: f'{m[1]}"{new.get(m[2], m[2])}"', tag[0])

    return Markup(_TAG.sub(paint, str(svg)))  # noqa: S704 - as safe as the drawing was


def screen_style() -> str:
    """Style that paints the classes of drawings in the palette; ``drawings.css`` comes after it for dark screens."""
    fills = "".join(f".f-{token}{{fill:{colour}}}.s-{token}{{stroke:{colour}}}\n" for token, colour in PALETTE.items())
    return f".drawing [class^=s-]{{fill:none}}\n{fills}"


def for_screen(svg: Markup) -> Markup:
    """A drawing that leaves its colours to :func:`screen_style`: each stands there once, not at every shape."""
    return Markup(_PAINTED.sub("", str(svg).replace(" />", "/>")))  # noqa: S704 - as safe as the drawing was


@lru_cache(maxsize=8192)
def number(value: float) -> str:
    """A coordinate, short and always the same; zero has no sign."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
