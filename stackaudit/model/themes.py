"""What a theme may hold: style and templates that fetch nothing, run nothing and leave their place."""

from __future__ import annotations

import re

from stackaudit.model.plugins import Theme

MAX_CSS = 200_000
MAX_TEMPLATE = 200_000
MAX_TEMPLATES = 50
_TEMPLATE = re.compile(r"[a-z0-9_]+(\.[a-z0-9]+)*\.j2")
_REFUSED = (
    (re.compile(r"</|<!--", re.IGNORECASE), "holds markup"),
    (re.compile(r"@import|@charset|@namespace", re.IGNORECASE), "fetches or redefines (@import and the like)"),
    (re.compile(r"url\s*\(\s*['\"]?\s*(?!data:(?:image|font)/)", re.IGNORECASE), "points outside the report (url)"),
    (re.compile(r"(?:image-set|src)\s*\(\s*['\"]", re.IGNORECASE), "points outside the report (image-set)"),
    (re.compile(r"expression\s*\(|javascript\s*:|behavior\s*:|-moz-binding", re.IGNORECASE), "holds script"),
    (re.compile(r"\\"), "holds an escape, behind which anything may stand"),
    (re.compile("[\x00-\x08\x0b-\x1f\x7f]"), "holds a control character"),
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)


def theme_defects(theme: Theme) -> tuple[str, ...]:
    """Why a theme cannot be used, worst first; empty where it can."""
    found = []
    if len(theme.css) > MAX_CSS:
        found.append(f"its style is longer than {MAX_CSS:,} characters")
    bare = _COMMENT.sub(" ", theme.css)
    found += [f"its style {what}" for pattern, what in _REFUSED if pattern.search(theme.css) or pattern.search(bare)]
    if bare.count("{") != bare.count("}"):
        found.append("its style has unbalanced braces")
    if len(theme.templates) > MAX_TEMPLATES:
        found.append(f"it replaces more than {MAX_TEMPLATES} templates")
    for name, text in sorted(theme.templates.items()):
        if not _TEMPLATE.fullmatch(name):
            found.append(f"template name {name[:60]!r} is no plain file name such as summary.html.j2")
        if len(text) > MAX_TEMPLATE:
            found.append(f"template {name[:60]!r} is longer than {MAX_TEMPLATE:,} characters")
    return tuple(found)
