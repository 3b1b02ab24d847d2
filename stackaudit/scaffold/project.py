"""The files of a new plugin, made from a few answers; none of them is needed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit import __version__
from stackaudit.errors import UsageError
from stackaudit.model.plugins import API_VERSION

if TYPE_CHECKING:
    import datetime as dt

    from stackaudit.model.catalog import Catalog

PARTS = ("rules", "importer", "theme")
DEFAULT_LAYER = "sales_engagement"
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_PREFIXES = ("stackaudit-", "stackaudit_")
_PLAIN = re.compile(r"[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]{1,200}")
_ADDRESS = re.compile(r"https?://[^\s<>\"'\\]{3,300}")
_TEMPLATES = Path(__file__).parent / "template"
_IMPORTS = {
    "rules": ("Draft", "Effort", "Evidence", "Rule", "Severity"),
    "importer": ("Importer", "Parsed", "Record"),
    "theme": ("Theme",),
}


class Answers(Struct, frozen=True):
    """What is known of the vendor; whatever is empty gets a default."""

    name: str
    title: str = ""
    website: str = ""
    tool: str = ""
    layer: str = ""
    capabilities: tuple[str, ...] = ()

    @property
    def package(self) -> str:
        """The name as it stands in identifiers."""
        return self.name.replace("-", "_")

    @property
    def default_title(self) -> str:
        """The vendor's name, where nobody says how people write it."""
        return self.name.replace("-", " ").replace("_", " ").title()


def name_problem(name: str) -> str | None:
    """What is wrong with a plugin's name; None where nothing is."""
    if _NAME.fullmatch(name) and len(name) <= 60 and not name.startswith(_PREFIXES):
        return None
    bare = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
    plain = bare.removeprefix("stackaudit-").lstrip("0123456789-")[:60].strip("-")
    hint = f"; did you mean {plain}?" if plain and _NAME.fullmatch(plain) else ""
    return f"{name[:60]!r} is no name for a plugin; expected lower-case letters, digits and -, without stackaudit{hint}"


def project_files(answers: Answers, parts: Iterable[str], catalog: Catalog, today: dt.date) -> dict[str, str]:
    """The text of every file of the distribution, by its path below the new folder.

    Raises:
        UsageError: An answer cannot be used; says why.
    """
    chosen = [part for part in PARTS if part in set(parts)]
    words = _words(answers, chosen, catalog, today)
    package = f"stackaudit_{answers.package}"
    files = {
        "pyproject.toml": _fill("pyproject.toml", words),
        "README.md": _fill("README.md", words),
        ".github/workflows/ci.yml": _fill("ci.yml", words),
        f"{package}/__init__.py": f'"""A plugin for stackaudit: what {words["comment_title"]} offers."""\n',
        f"{package}/vendor.yaml": _fill("vendor.yaml", words),
        f"tests/test_{answers.package}.py": "".join(_fill(f"test_{part}.py", words) for part in ("plugin", *chosen)),
    }
    if chosen:
        files[f"{package}/plugin.py"] = "".join(_fill(f"{part}.py", words) for part in ("plugin", *chosen))
    if "rules" in chosen:
        files[f"tests/rules/{words['rule']}.yaml"] = _fill("cases.yaml", words)
    return files


def in_tree_manifest(answers: Answers, catalog: Catalog, today: dt.date) -> str:
    """The manifest alone, in the form of the built-in ones.

    Raises:
        UsageError: An answer cannot be used; says why.
    """
    from stackaudit.formatting import format_manifest

    text = _fill("vendor.yaml", _words(answers, [], catalog, today))
    bare = "".join(f"{line}\n" for line in text.splitlines() if not line.lstrip().startswith("#"))
    return format_manifest(bare.encode(), f"{answers.package}.yaml")


def _words(answers: Answers, parts: list[str], catalog: Catalog, today: dt.date) -> dict[str, str]:
    problem = name_problem(answers.name)
    if problem:
        raise UsageError(problem)
    title = answers.title or answers.default_title
    tool = answers.tool or title
    for option, text in (("--title", title), ("--tool", tool)):
        if not _PLAIN.fullmatch(text):
            raise UsageError(f"{option}: expected one line of at most 200 characters")
    wrong = website_problem(answers.website)
    if wrong:
        raise UsageError(f"--website: {wrong}")
    layer = _known("--layer", answers.layer or DEFAULT_LAYER, catalog.layers)
    core = [_known("--capability", c, catalog.capabilities) for c in answers.capabilities]
    assumed = catalog.layers[layer].assumes
    rule = _rule_id(answers.package, catalog)
    imports = sorted({name for part in parts for name in _IMPORTS[part]})
    return {
        "name": answers.name,
        "package": answers.package,
        "vendor": answers.package,
        "title": title,
        "comment_title": title.replace("\\", " ").replace('"', "'"),
        "title_text": _literal(title),
        "title_python": _literal(title),
        "description": _literal(f"What {title}'s tools are and can do, for stackaudit"),
        "website_line": f"  website: {json.dumps(answers.website)}" if answers.website else "  # website: the address",
        "tool_id": _tool_id(tool, answers.package),
        "tool_text": _literal(tool),
        "tool_python": _literal(tool),
        "vendor_python": _literal(answers.package),
        "layer": layer,
        "core": ", ".join(core or assumed),
        "core_note": "" if core or not assumed else "Until you say so, what is assumed of any tool of the layer.",
        "layer_offers": ", ".join(c.id for c in catalog.capabilities.values() if c.layer == layer) or "none so far",
        "today": today.isoformat(),
        "version": __version__,
        "api": str(API_VERSION),
        "code_entry": f'{answers.name}-code = "stackaudit_{answers.package}.plugin"\n' if parts else "",
        "imports": ", ".join([*imports, "hookimpl"]),
        "rule": rule,
        "rule_title": _literal(f"Nobody owns {title}"[:80]),
        "rule_source": _literal(f"{title}, the vendor itself"),
        "importer_title": _literal(f"{title} export"),
    }


def _literal(text: str) -> str:
    """A text in double quotes, which YAML, TOML and Python read alike."""
    return json.dumps(text, ensure_ascii=False)


def website_problem(address: str) -> str | None:
    """What is wrong with a vendor's address; None where nothing is, or there is none."""
    if not address or _ADDRESS.fullmatch(address):
        return None
    return f"{address[:60]!r} is no web address such as https://example.com"


def unknown(word: str, known: Iterable[str]) -> str | None:
    """What to say of a word that the catalogue does not have; None where it does."""
    from difflib import get_close_matches

    words = list(known)
    if word in words:
        return None
    close = get_close_matches(word, words, n=1)
    hint = f"; did you mean {close[0]}?" if close else "; stackaudit catalog layers lists them"
    return f"the catalogue does not have {word[:60]!r}{hint}"


def _known(option: str, word: str, known: Iterable[str]) -> str:
    problem = unknown(word, known)
    if problem:
        raise UsageError(f"{option}: {problem}")
    return word


def _tool_id(tool: str, fallback: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", tool.casefold()).strip("_")[:60] or fallback


def _rule_id(package: str, catalog: Catalog) -> str:
    """An id of the plugin's own family, which no built-in family has."""
    family = re.sub(r"[^A-Z0-9]", "", package.upper())[:10]
    family = family if len(family) > 1 else f"{family}X"
    if f"{family}-001" in catalog.rules:
        family = f"{family}X"
    return f"{family}-001"


def _fill(name: str, words: dict[str, str]) -> str:
    return Template((_TEMPLATES / f"{name}.tmpl").read_text(encoding="utf-8")).substitute(words)
