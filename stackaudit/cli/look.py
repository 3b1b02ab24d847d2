"""``--brand``, ``--theme`` and ``--template``: what dresses the pages that a command writes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from stackaudit.cli.inputs import PluginChoice, open_plugins
from stackaudit.cli.options import Dress
from stackaudit.cli.output import note
from stackaudit.errors import UsageError
from stackaudit.report.look import PLAIN, Look, templates_in

if TYPE_CHECKING:
    from stackaudit.model.plugins import Theme
    from stackaudit.pluginmanager import Plugins


def parse_look(dress: Dress, packs: Iterable[Path] = ()) -> Look:
    """The look that the options ask for, without a theme; what was corrected in a brand is said on standard error.

    A theme is code of a plugin, so it waits for :func:`themed` until the plugins of the run are known and held.

    Args:
        dress: What the options say.
        packs: Private packs, of which one may bring a brand.

    Raises:
        InputError: With everything that is wrong with the brand file.
        UsageError: The templates cannot be used.
    """
    own = templates_in(dress.templates) if dress.templates else {}
    brand = dress.brand or brand_of(packs)
    if brand is None:
        return Look(templates=own) if own else PLAIN
    from stackaudit.brand import load_brand

    found, warnings = load_brand(brand)
    for warning in warnings:
        note(str(warning))
    return Look(brand=found, templates=own, files=(brand,))


def look_alone(dress: Dress, choice: PluginChoice) -> Look:
    """The look for a command that needs plugins for nothing but a theme, and opens them only for that or to judge them.

    Raises:
        UsageError: No plugin offers the theme, or the plugins are refused.
    """
    look = parse_look(dress, choice.packs)
    asked = dress.theme or (look.brand and look.brand.theme)
    if not (asked or choice.locked or choice.strict):
        return look
    plugins, _, _ = open_plugins(choice)
    return themed(look, plugins, dress.theme)


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
