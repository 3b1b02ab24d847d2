"""The branded report, comparisons and a portfolio in a real browser, as a person uses them."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import opened

pytestmark = pytest.mark.browser


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
