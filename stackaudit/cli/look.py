"""``--brand``, ``--theme`` and ``--template``: what dresses the pages that a command writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from stackaudit.cli.output import note
from stackaudit.errors import UsageError
from stackaudit.report.look import PLAIN, Look, templates_in

if TYPE_CHECKING:
    from stackaudit.pluginmanager import Plugins


def parse_look(brand: Path | None, templates: Path | None) -> Look:
    """The look that the options ask for; what was corrected in a brand is said on standard error.

    Raises:
        InputError: With everything that is wrong with the brand file.
        UsageError: The templates cannot be used.
    """
    if brand is None and templates is None:
        return PLAIN
    found = None
    if brand is not None:
        from stackaudit.brand import load_brand

        found, warnings = load_brand(brand)
        for warning in warnings:
            note(str(warning))
    return Look(brand=found, templates=templates_in(templates) if templates else {})


def themed(look: Look, plugins: Plugins, name: str) -> Look:
    """The look with a plugin's theme under it: the brand and the templates that the options name stay above it.

    Raises:
        UsageError: No plugin offers the theme.
    """
    if not name:
        return look
    themes = {theme.name: theme for theme in plugins.themes()}
    if name not in themes:
        known = ", ".join(themes) or "none"
        raise UsageError(f"--theme: no plugin offers {name!r}; there are: {known}")
    theme = themes[name]
    return replace(look, css=f"{theme.css}\n{look.css}", templates={**theme.templates, **look.templates})


def brand_of(packs: Iterable[Path]) -> Path | None:
    """The brand that a pack brings; the last one's where several do."""
    from stackaudit.packs import BRAND

    found = [folder / BRAND for folder in packs if (folder / BRAND).is_file()]
    return found[-1] if found else None


def for_readers(look: Look, level: str) -> Look:
    """The look without what a level of privacy keeps back: people below full, the company below client."""
    if level == "full":
        return look
    return look.without("prepared_for") if level == "client" else look.without("client", "prepared_for")
