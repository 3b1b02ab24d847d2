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
    from stackaudit.model.plugins import Theme
    from stackaudit.pluginmanager import Plugins


def parse_look(brand: Path | None, templates: Path | None, *, themed_later: bool = False) -> Look:
    """The look that the options ask for; what was corrected in a brand is said on standard error.

    Args:
        brand: The brand file.
        templates: The folder of templates.
        themed_later: Leave the brand's theme to :func:`themed`, for a command that opens its plugins itself: no code
            of a plugin may run before that.

    Raises:
        InputError: With everything that is wrong with the brand file.
        UsageError: The templates cannot be used, or no plugin has the brand's theme.
    """
    own = templates_in(templates) if templates else {}
    if brand is None:
        return Look(templates=own) if own else PLAIN
    from stackaudit.brand import load_brand

    found, warnings = load_brand(brand)
    for warning in warnings:
        note(str(warning))
    if not found.theme or themed_later:
        return Look(brand=found, templates=own, files=(brand,))
    from stackaudit import audit

    theme = _theme(audit.open_plugins(), found.theme)
    return Look(brand=found, css=theme.css, templates={**theme.templates, **own}, files=(brand,))


def _theme(plugins: Plugins, name: str) -> Theme:
    from stackaudit.validation import near

    themes = {t.name: t for t in plugins.themes()}
    if name not in themes:
        have = f"there are {', '.join(sorted(themes))}" if themes else "no plugin offers any"
        close = near(name, themes)
        raise UsageError(f"theme {name!r}: is not known; {f'did you mean {close}?' if close else have}")
    return themes[name]


def themed(look: Look, plugins: Plugins, name: str) -> Look:
    """The look with a plugin's theme under it: the brand and the templates that the options name stay above it.

    Args:
        look: Without a theme so far.
        plugins: Those of the run.
        name: The theme; empty for the brand's, if it names one.

    Raises:
        UsageError: No plugin offers the theme.
    """
    name = name or (look.brand.theme if look.brand else "")
    if not name:
        return look
    theme = _theme(plugins, name)
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
