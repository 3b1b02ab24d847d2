"""One page: a template, the style and the script, and a policy that allows these two and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache, lru_cache
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError
from markupsafe import Markup, escape

from stackaudit.errors import UsageError
from stackaudit.report.drawings.base import screen_style
from stackaudit.report.environment import environment
from stackaudit.report.escape import clean
from stackaudit.report.look import Look, brand_style
from stackaudit.resources import data_dir

_BEGIN = re.compile(r"\s*<!doctype html>\s*<html[^<>]*>\s*<head>", re.IGNORECASE)


def compose(template: str, look: Look, **content: Any) -> str:
    """Render a template into a whole page; the same content and look give the same bytes.

    Characters that steer a program or turn the direction of reading are replaced.

    Raises:
        UsageError: A template of the look fails, or is no page that can carry the policy.
    """
    style, script, allowed = _dress(look.css, brand_style(look.brand))
    page = rendered(
        template,
        look,
        {
            **content,
            "brand": look.brand,
            "style": Markup(style),  # noqa: S704 - shipped, or checked before it came here
            "script": Markup(script),  # noqa: S704 - shipped with the package
        },
    )
    return _with_policy(clean(page), allowed)


@lru_cache(maxsize=4)
def _dress(*own: str) -> tuple[str, str, str]:
    """The style, with what a look adds to it, the script, and the policy that allows both."""
    shipped, script = _shipped()
    style = "\n".join(part for part in (shipped, *(clean(_lean(text)) for text in own)) if part)
    for text in (style, script):
        if "</" in text:
            raise ValueError("a stylesheet or script must not hold a closing tag")
    return style, script, policy(style, script)


@cache
def _shipped() -> tuple[str, str]:
    """The style and the script that come with the package, read once a process."""
    folder = data_dir("reports")
    style, dark, script = (
        clean(_lean((folder / name).read_text(encoding="utf-8")))
        for name in ("report.css", "drawings.css", "report.js")
    )
    return f"{style}\n{_lean(screen_style())}\n{dark}", script


def _lean(text: str) -> str:
    """A style or script without the indentation that only its authors read."""
    return "\n".join(line for raw in text.splitlines() if (line := raw.strip()))


def policy(style: str, script: str) -> str:
    """A content security policy that allows this style and this script by their hashes, and nothing else.

    The page connects to nothing. Its own host may be asked for ``robots.txt`` by tools that judge pages from inside, and
    a script that could ask for more would need a hash.
    """
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'"
    )


def rendered(template: str, look: Look, content: dict[str, Any]) -> str:
    """A template's text; what fails in a template of the look is a message, what fails in a shipped one is a fault.

    Raises:
        UsageError: A template of the look fails.
    """
    if not look.templates:
        return environment().get_template(template).render(content)
    try:
        return environment(look).get_template(template).render(content)
    except TemplateSyntaxError as error:
        raise UsageError(f"template {error.name}, line {error.lineno}: {error.message}") from None
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        which = ", ".join(sorted(look.templates))
        said = f"{type(error).__name__}: {str(error)[:200]}"
        raise UsageError(f"a template of --template or of the theme fails ({which}): {said}") from None


def _with_policy(page: str, allowed: str) -> str:
    """The page with its policy before anything that could act; no template can leave it out or get ahead of it."""
    begin = _BEGIN.match(page)
    if begin is None:
        raise UsageError(
            "a template of --template or of the theme makes no page; expected it to begin with <!doctype html><html><head>"
        )
    meta = f'\n<meta http-equiv="Content-Security-Policy" content="{escape(allowed)}">'
    return page.replace(begin.group(), begin.group().lstrip() + meta, 1)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
