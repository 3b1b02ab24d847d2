"""``--brand`` and ``--template``: what dresses the pages that a command writes."""

from __future__ import annotations

from pathlib import Path

from stackaudit.cli.output import note
from stackaudit.report.look import PLAIN, Look, templates_in


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


def for_readers(look: Look, level: str) -> Look:
    """The look without what a level of privacy keeps back: people below full, the company below client."""
    if level == "full":
        return look
    return look.without("prepared_for") if level == "client" else look.without("client", "prepared_for")
