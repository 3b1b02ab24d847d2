"""Make a colour legible: move its lightness until it stands out from the paper by 4.5 to 1 (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import colorsys

from stackaudit.model.brand import Tone

ENOUGH = 4.5
LIGHT_PAPER = ("#ffffff", "#f6f6f3")
DARK_PAPER = ("#15181b", "#1d2125")
"""Paper and the wash behind asides, as in ``reports/report.css``; a test holds the two together."""
_STEPS = 400


def contrast(one: str, two: str) -> float:
    """Contrast of two colours, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(two)))
    return (light + 0.05) / (dark + 0.05)


def legible(colour: str) -> Tone:
    """The colour for light and for dark paper; unchanged where it stands out enough."""
    return Tone(light=_moved(colour, LIGHT_PAPER, -1), dark=_moved(colour, DARK_PAPER, 1))


def _moved(colour: str, papers: tuple[str, ...], direction: int) -> str:
    """The nearest lightness in one direction at which the colour stands out from every paper."""
    if _stands_out(colour, papers):
        return colour
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    end = 0.0 if direction < 0 else 1.0
    for step in range(1, _STEPS):
        there = lightness + (end - lightness) * step / _STEPS
        red, green, blue = (round(255 * p) for p in colorsys.hls_to_rgb(hue, there, saturation))
        moved = f"#{red:02x}{green:02x}{blue:02x}"
        if _stands_out(moved, papers):
            return moved
    return "#000000" if direction < 0 else "#ffffff"


def _stands_out(colour: str, papers: tuple[str, ...]) -> bool:
    return all(contrast(colour, paper) >= ENOUGH for paper in papers)


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
