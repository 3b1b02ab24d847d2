"""The branded report, a comparison and a portfolio in a real browser: quiet, fitting and accessible like the report."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from stackaudit.brand import load_brand
from stackaudit.brand.svg import SVG
from stackaudit.diff import compare
from stackaudit.portfolio import Outcome, Using, client_files, run
from stackaudit.report import comparison_html, portfolio_html
from stackaudit.report.html import render
from stackaudit.report.look import PLAIN, Look
from tests.browser.conftest import HOSTILE, opened
from tests.support import CASES, TODAY, audit_text, case

pytestmark = pytest.mark.browser
PAGES = ("branded", "comparison", "same", "hostile_comparison", "index", "small_index")
BRAND = """\
consultancy: "<script>alert(1)</script>"
logo: logo.svg
accent: '#ffcc00'
second: '#101040'
footer: "<img src=x onerror=alert(2)>"
disclaimer: "\\"><svg onload=alert(3)>"
contact: desk@example.org
prepared_for: "{{ 7*7 }} </title><script>alert(4)</script>"
"""
LOGO = f"""<svg xmlns="{SVG}" viewBox="0 0 80 20" onload="alert(5)"><script>alert(6)</script>
<rect width="20" height="20" style="fill:#ffcc00;background:url(https://evil.example)"/></svg>"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    (folder / "logo.svg").write_text(LOGO)
    (folder / "brand.yaml").write_text(BRAND)
    look = Look(load_brand(folder / "brand.yaml")[0])
    stacks = folder / "stacks"
    stacks.mkdir()
    for path in CASES.glob("*.yaml"):
        if ".expected" not in path.name:
            (stacks / path.name).write_bytes(path.read_bytes())
    (stacks / "hostile.yaml").write_text(HOSTILE)
    (stacks / "broken.yaml").write_text("tools: [")
    (folder / "clients").mkdir()

    def keep(outcome: Outcome) -> None:
        if outcome.client:
            (folder / "clients" / f"{outcome.client.id}.html").write_text(outcome.page or "")

    def index(paths: list[Path], dressed: Look) -> str:
        page = partial(render, look=dressed)
        with ThreadPoolExecutor(2) as threads:
            made = run(client_files(paths), threads, today=TODAY, using=Using(installed=False), render=page, done=keep)
        return portfolio_html.render(made, dressed)

    texts = {
        "branded": render(case("quillstone"), look),
        "comparison": comparison_html.render(compare(case("quillstone"), case("meridian_loom")), look),
        "same": comparison_html.render(compare(case("quillstone"), case("quillstone"))),
        "hostile_comparison": comparison_html.render(compare(audit_text(HOSTILE), audit_text("- Salesforce\n"))),
        "index": index([stacks], look),
        "small_index": index([stacks / "pinecrest.yaml"], PLAIN),
    }
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_page_never_scrolls_sideways_asks_for_nothing_and_complains_of_nothing(
    chromium: Browser, pages: dict[str, Path], errors: list[str], name: str, width: int
) -> None:
    page = opened(chromium.new_page(viewport={"width": width, "height": 900}), pages[name], errors)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert errors == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_contrast_included(
    chromium: Browser, pages: dict[str, Path], name: str, scheme: Literal["light", "dark"]
) -> None:
    context = chromium.new_context(color_scheme=scheme, bypass_csp=True, viewport={"width": 1280, "height": 900})
    page = opened(context.new_page(), pages[name], [])
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    found = Axe().run(page)
    assert len(found.response["passes"]) > 15, "axe looked at too little"
    assert not found.response["violations"], found.generate_report()
    context.close()


def test_the_logo_is_drawn_and_runs_nothing(chromium: Browser, pages: dict[str, Path], errors: list[str]) -> None:
    context = chromium.new_context(bypass_csp=True)
    page = opened(context.new_page(), pages["branded"], errors)
    logo = page.locator(".house img")
    assert logo.evaluate("e => e.complete && e.naturalWidth > 0")
    assert logo.get_attribute("alt") == "<script>alert(1)</script>"
    assert page.locator(".imprint").is_visible()
    assert errors == []
    context.close()


def test_a_client_of_the_index_leads_to_its_report(
    chromium: Browser, pages: dict[str, Path], errors: list[str]
) -> None:
    page = opened(chromium.new_page(), pages["index"], errors)
    page.get_by_role("link", name="Quillstone").click()
    assert "Quillstone" in page.title()
    assert page.url.endswith("/clients/quillstone.html")
    assert errors == []
    page.close()


def test_what_did_not_change_unfolds(chromium: Browser, pages: dict[str, Path], errors: list[str]) -> None:
    page = opened(chromium.new_page(viewport={"width": 1280, "height": 900}), pages["same"], errors)
    hidden = page.locator("#unchanged .changes li").first
    assert hidden.is_hidden()
    page.locator("#unchanged summary").click()
    assert hidden.is_visible()
    assert errors == []
    page.close()
