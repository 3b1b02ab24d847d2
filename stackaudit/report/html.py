"""The HTML report: one file, no network, readable without its script, with a policy that allows nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from stackaudit.report.drawings import all_drawings
from stackaudit.report.environment import environment
from stackaudit.report.view import make_view
from stackaudit.resources import data_dir

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult


_BETWEEN = re.compile(r">\s*\n\s*<")
"""Blank lines between tags, which the templates leave and nobody sees."""


def render(result: AuditResult) -> str:
    """The report of a result; the same result gives the same bytes."""
    folder = data_dir("reports")
    style = "\n".join((folder / name).read_text(encoding="utf-8") for name in ("report.css", "drawings.css"))
    script = (folder / "report.js").read_text(encoding="utf-8")
    for text in (style, script):
        if "</" in text:
            raise ValueError("a stylesheet or script must not hold a closing tag")
    template = environment().get_template("report.html.j2")
    page = template.render(
        view=make_view(result),
        drawings=all_drawings(result),
        style=Markup(style),  # noqa: S704 - shipped with the package
        script=Markup(script),  # noqa: S704 - shipped with the package
        policy=policy(style, script),
    )
    return _BETWEEN.sub(">\n<", page).encode("utf-8", "replace").decode("utf-8")


def policy(style: str, script: str) -> str:
    """A content security policy that allows this style and this script by their hashes, and nothing else."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
