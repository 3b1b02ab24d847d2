"""Every page that is made, from one text in every field, and what in a page could act."""

from __future__ import annotations

import base64
from collections.abc import Callable
from html.parser import HTMLParser

from msgspec.structs import fields

from stackaudit.model.brand import Brand, Tone
from stackaudit.model.comparison import Comparison
from stackaudit.model.portfolio import Portfolio
from stackaudit.model.result import AuditResult
from stackaudit.report import comparison_html, html, pdf, portfolio_html
from stackaudit.report.look import Look
from tests.hostile import full_of
from tests.stuffed import Given, made

PICTURE = "data:image/svg+xml;base64," + base64.b64encode(b'<svg xmlns="http://www.w3.org/2000/svg"/>').decode()
CHECKED: dict[str, object] = {
    "logo": PICTURE,
    "accent": Tone("#1f4e79", "#8fb8de"),
    "second": Tone("#7a1f5c", "#e08cc4"),
}
"""What a brand holds that is made from a checked file or colour, never a text that somebody typed."""
OURS: dict[type, Given] = {
    AuditResult: {},
    Comparison: {},
    Portfolio: {"Client.report": "clients/a.html", "Client.band": "revops", "BenchmarkRow.band": "all"},
}
"""Texts that the program makes itself and never copies from a file."""
LOADING = frozenset({"src", "srcset", "data", "background", "poster", "action", "formaction", "ping", "xlink:href"})


def brand(text: str) -> Brand:
    """A brand with a text in every field that takes one."""
    return Brand(**{f.name: CHECKED.get(f.name, text) for f in fields(Brand)})  # type: ignore[arg-type]


PAGES: dict[str, Callable[[str], str]] = {
    "report": lambda text: html.render(full_of(text), Look(brand(text))),
    "comparison": lambda text: comparison_html.render(made(Comparison, lambda _: text), Look(brand(text))),
    "portfolio": lambda text: portfolio_html.render(
        made(Portfolio, lambda _: text, OURS[Portfolio]), Look(brand(text))
    ),
    "pdf": lambda text: pdf.page(full_of(text), Look(brand(text))),
}


class Skeleton(HTMLParser):
    """The elements of a page with the names of their attributes, and what in it could act."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, ...]] = []
        self.acting: list[str] = []
        self.comments: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *(name for name, _ in attrs)))
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "autofocus"}:
                self.acting.append(f"{tag} {name}")
            if name in LOADING and not str(value).startswith("data:image/"):
                self.acting.append(f"{tag} {name}={value}")
            if name == "href" and not str(value).startswith(("#", "https://", "clients/")):
                self.acting.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}",))

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def unknown_decl(self, data: str) -> None:
        self.comments.append(data)
