"""What dresses a page: a brand, style that is added, and templates that stand in for the shipped ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from stackaudit.errors import UsageError
from stackaudit.model.brand import Brand, Tone
from stackaudit.resources import data_dir

MAX_BYTES = 200_000
ENDING = ".j2"


class Look(Struct, frozen=True):
    """How pages look; it can be sent to another process.

    Attributes:
        brand: The brand.
        css: Style that is added.
        templates: Texts by file name.
        files: What was read for it; no output may replace one.
    """

    brand: Brand | None = None
    css: str = ""
    templates: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Path, ...] = ()

    def without(self, *texts: str) -> Look:
        """The same look with some texts of its brand left out."""
        empty: dict[str, Any] = dict.fromkeys(texts, "")
        return replace(self, brand=replace(self.brand, **empty)) if self.brand else self


PLAIN = Look()


def templates_in(folder: Path) -> dict[str, str]:
    """The templates of a folder, by name; one that has the name of a shipped template stands in for it.

    Raises:
        UsageError: It is no folder, a file cannot be read, or nothing in it has the name of a template.
    """
    if not folder.is_dir():
        raise UsageError(f"--template {folder}: is no folder")
    shipped = {p.name for p in (data_dir("reports") / "templates").iterdir()}
    found = {p.name: _text(p) for p in sorted(folder.iterdir()) if p.suffix == ENDING and p.is_file()}
    if not shipped & found.keys():
        known = ", ".join(sorted(shipped))
        raise UsageError(f"--template {folder}: holds none of the templates; expected one or more of {known}")
    return found


def brand_style(brand: Brand | None) -> str:
    """Style that brings a brand's colours in: on light paper, on dark paper, and in print as on light paper."""
    if brand is None:
        return ""
    tones = {name: tone for name, tone in (("accent", brand.accent), ("second", brand.second)) if tone}
    if not tones:
        return ""
    light = "".join(f" --{name}: {tone.light};" for name, tone in tones.items())
    dark = "".join(f" --{name}: {tone.dark};" for name, tone in tones.items())
    drawn = _drawn(brand.accent) if brand.accent else ""
    return (
        f":root {{{light} }}\n@media (prefers-color-scheme: dark) {{ :root {{{dark} }} }}\n"
        f"@media print {{ :root {{{light} }} }}\n{drawn}"
    )


def print_style(brand: Brand | None) -> str:
    """Style that brings a brand's colours onto paper: the accent on the cover, the second on headings."""
    accent = (
        f"\n.cover, .cover .house, .cover .kind {{ color: {brand.accent.light}; }}" if brand and brand.accent else ""
    )
    return accent + (f"\nh1, h2 {{ color: {brand.second.light}; }}\n" if brand and brand.second else "")


def _drawn(accent: Tone) -> str:
    """The accent of drawings, on light paper and on dark screens."""
    return (
        f".f-accent {{ fill: {accent.light}; }} .s-accent {{ stroke: {accent.light}; }}\n"
        "@media screen and (prefers-color-scheme: dark) { "
        f".drawing .f-accent {{ fill: {accent.dark}; }} .drawing .s-accent {{ stroke: {accent.dark}; }} }}\n"
    )


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise UsageError(f"--template {path}: is larger than {MAX_BYTES:,} bytes")
        return data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not UTF-8 text"
        raise UsageError(f"--template {path}: {reason}") from None
