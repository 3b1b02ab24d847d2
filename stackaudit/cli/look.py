"""``--brand`` and ``--template``: what dresses the pages that a command writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stackaudit.cli.output import note
from stackaudit.errors import UsageError
from stackaudit.report.look import PLAIN, Look, templates_in

if TYPE_CHECKING:
    from stackaudit.model.plugins import Theme


def parse_look(brand: Path | None, templates: Path | None) -> Look:
    """The look that the options ask for; what was corrected in a brand is said on standard error.

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
    if not found.theme:
        return Look(brand=found, templates=own)
    theme = _theme(found.theme)
    return Look(brand=found, css=theme.css, templates={**theme.templates, **own})


def _theme(name: str) -> Theme:
    from stackaudit import audit
    from stackaudit.validation import near

    themes = {t.name: t for t in audit.open_plugins().themes()}
    if name not in themes:
        have = f"there are {', '.join(sorted(themes))}" if themes else "no installed plugin has any"
        close = near(name, themes)
        raise UsageError(f"theme {name!r}: is not known; {f'did you mean {close}?' if close else have}")
    return themes[name]


def for_readers(look: Look, level: str) -> Look:
    """The look without what a level of privacy keeps back: people below full, the company below client."""
    if level == "full":
        return look
    return look.without("prepared_for") if level == "client" else look.without("client", "prepared_for")
