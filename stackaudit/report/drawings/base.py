"""What all drawings share: a small SVG builder, the palette, text that fits, and the table that says the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import accumulate

from markupsafe import Markup
from msgspec import Struct

from stackaudit.report.drawings.markup import Mark, attribute, written

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
_WHOLE = re.compile(r"\.0(?![0-9])")
_NARROW, _WIDE = frozenset("ijl|.,:;'!ftrI ()[]·-"), frozenset("mwMW@%—→◆▲●QOGDNHU&")


class Table(Struct, frozen=True):
    """The same content as a drawing, as text; ``numeric`` names columns to align right."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()


class Picture(Struct, frozen=True):
    """A drawing as a template shows it: its finding as title, how to read it as caption, and its table."""

    id: str
    title: str
    caption: str
    svg: Markup
    table: Table
    wide: bool


class Drawing(Struct, frozen=True):
    """One drawing: its finding as title, how to read it as caption, what is drawn, and its table."""

    id: str
    title: str
    caption: str
    art: Svg
    table: Table
    wide: bool = False

    def painted(self, colours: Mapping[str, str] = PALETTE) -> Picture:
        """The picture in colours of its own, by their names in the palette."""
        return Picture(self.id, self.title, self.caption, self.art.render(colours), self.table, self.wide)

    def on_screen(self) -> Picture:
        """The picture that takes its colours from :func:`screen_style`: each stands there once, not at every shape."""
        return Picture(self.id, self.title, self.caption, self.art.render(None), self.table, self.wide)


class _Widths(dict[str, int]):
    """Estimated widths of characters, in hundredths of their size; worked out for each character once."""

    def __missing__(self, character: str) -> int:
        narrow, wide = character in _NARROW, character in _WIDE
        self[character] = 38 if narrow else 98 if wide else 74 if character.isupper() else 64
        return self[character]


_WIDTHS = _Widths()


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a text in the system font, estimated on the safe side."""
    return _pixels(sum(map(_WIDTHS.__getitem__, text)), size, bold=bold)


def fit(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """The text, shortened with an ellipsis where it is too wide."""
    if text_width(text, size, bold=bold) <= width:
        return text
    more = _WIDTHS["…"]
    fitting = 0
    for count, units in enumerate(accumulate(map(_WIDTHS.__getitem__, text)), 1):
        if _pixels(units + more, size, bold=bold) > width:
            break
        fitting = count
    return text[:fitting].rstrip() + "…"


def _pixels(hundredths: int, size: float, *, bold: bool) -> float:
    """A width in pixels, the same on every Python: characters are summed as whole numbers."""
    return hundredths * size * (1.06 if bold else 1.0) / 100


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


class Svg:
    """Builds one SVG out of marks, in which no text and no value can become markup."""

    def __init__(self, name: str, width: float, height: float, title: str, description: str) -> None:
        self.name, self.width, self.height = name, width, height
        size = f'width="{number(width)}" height="{number(height)}"'
        self.root = Mark(
            "svg",
            f' xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(width)} {number(height)}" {size} role="img"'
            f' class="drawing drawing-{name}" aria-labelledby="svg-{name}-title svg-{name}-desc"'
            f' fill="{PALETTE["ink"]}" font-family="{FONT}" font-size="12"',
        )
        self.root.add(Mark("title", f' id="svg-{name}-title"', text=title))
        self.root.add(Mark("desc", f' id="svg-{name}-desc"', text=description))

    def group(self, parent: Mark | None = None, **attributes: str) -> Mark:
        """A group; underscores in names become dashes."""
        given = (attribute(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
        return (parent or self.root).add(Mark("g", "".join(given)))

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
        parent: Mark | None = None,
    ) -> Mark:
        """A rectangle in palette colours."""
        place = f' x="{number(x)}" y="{number(y)}" width="{number(max(width, 0))}" height="{number(max(height, 0))}"'
        if radius:
            place += f' rx="{number(radius)}"'
        return self._shape("rect", place, fill, stroke, thick, dash, parent)

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
        parent: Mark | None = None,
    ) -> Mark:
        """A straight line."""
        place = f' x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
        return self._shape("line", place, "none", stroke, thick, dash, parent)

    def circle(
        self,
        x: float,
        y: float,
        radius: float,
        *,
        fill: str = "none",
        stroke: str = "none",
        thick: float = 1,
        parent: Mark | None = None,
    ) -> Mark:
        """A circle."""
        place = f' cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"'
        return self._shape("circle", place, fill, stroke, thick, "", parent)

    def path(
        self,
        commands: str,
        *,
        fill: str = "none",
        stroke: str = "none",
        thick: float = 1,
        dash: str = "",
        parent: Mark | None = None,
    ) -> Mark:
        """A path."""
        return self._shape("path", f' d="{_WHOLE.sub("", commands)}"', fill, stroke, thick, dash, parent)

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
        parent: Mark | None = None,
    ) -> Mark:
        """A line of text; with ``width`` it is shortened to fit, the full text kept as its title unless ``hint`` is off."""
        shown = fit(content, width, size, bold=weight > 400) if width is not None else content
        colour, after = _lettering(fill, size, weight, anchor)
        made = Mark("text", f' x="{number(x)}" y="{number(y)}"', colour, "", after, shown)
        if hint and shown != content:
            self.title(made, content)
        return (parent or self.root).add(made)

    def title(self, parent: Mark, text: str) -> None:
        """What a pointer shows over a part."""
        parent.add(Mark("title", text=text))

    def render(self, colours: Mapping[str, str] | None = PALETTE) -> Markup:
        """The SVG as markup, in some colours or in those of the page."""
        return Markup(written(self.root, colours))  # noqa: S704 - the writer lets no text become markup

    def _shape(
        self, tag: str, place: str, fill: str, stroke: str, thick: float, dash: str, parent: Mark | None
    ) -> Mark:
        fill, stroke, after = _outline(fill, stroke, thick, dash)
        return (parent or self.root).add(Mark(tag, place, fill, stroke, after))


@lru_cache(maxsize=1024)
def _lettering(fill: str, size: float, weight: int, anchor: str) -> tuple[str, str]:
    """The colour of a text, and its attributes."""
    fill = _known(fill)
    after = "" if fill == "ink" else f' class="f-{fill}"'  # ink is the colour of the whole drawing
    if size != 12:
        after += f' font-size="{number(size)}"'
    if weight != 400:
        after += f' font-weight="{weight}"'
    if anchor != "start":
        after += f' text-anchor="{anchor}"'
    return "" if fill == "ink" else fill, after


@lru_cache(maxsize=1024)
def _outline(fill: str, stroke: str, thick: float, dash: str) -> tuple[str, str, str]:
    """The colours of a shape, filled and along its edge, and its attributes."""
    fill, stroke, after = _known(fill), "" if stroke == "none" else _known(stroke), ""
    if stroke and thick != 1:
        after = f' stroke-width="{number(thick)}"'
    if stroke and dash:
        after += f' stroke-dasharray="{dash}"'
    if stroke:
        after += f' class="s-{stroke}"' if fill == "none" else f' class="f-{fill} s-{stroke}"'
    elif fill != "none":
        after += f' class="f-{fill}"'
    return fill, stroke, after


def _known(colour: str) -> str:
    """A name of the palette, or none; a saved result may name a family that has no colour."""
    return colour if colour in PALETTE or colour == "none" else "line"


def screen_style() -> str:
    """Style that paints the classes of drawings in the palette; ``drawings.css`` comes after it for dark screens."""
    fills = "".join(f".f-{token}{{fill:{colour}}}.s-{token}{{stroke:{colour}}}\n" for token, colour in PALETTE.items())
    return f".drawing [class^=s-]{{fill:none}}\n{fills}"


@lru_cache(maxsize=8192)
def number(value: float) -> str:
    """A coordinate, short and always the same; zero has no sign."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
