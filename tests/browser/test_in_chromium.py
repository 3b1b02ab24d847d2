"""The report in a real browser: quiet, fitting, accessible, readable without its script, and unmoved by hostile text."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import opened

pytestmark = pytest.mark.browser
NAMES = ("quillstone", "atlasbridge", "meridian_loom", "pinecrest", "hostile", "names")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [320, 360, 768, 1280, 1600])
def test_the_page_never_scrolls_sideways_and_complains_of_nothing(
    chromium: Browser, reports: dict[str, Path], errors: list[str], name: str, width: int
) -> None:
    page = opened(chromium.new_page(viewport={"width": width, "height": 900}), reports[name], errors)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert errors == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_contrast_included(
    chromium: Browser, reports: dict[str, Path], name: str, scheme: Literal["light", "dark"]
) -> None:
    context = chromium.new_context(color_scheme=scheme, bypass_csp=True, viewport={"width": 1280, "height": 900})
    page = opened(context.new_page(), reports[name], [])
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    found = Axe().run(page)
    assert len(found.response["passes"]) > 15, "axe looked at too little"
    assert not found.response["violations"], found.generate_report()
    context.close()


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_readable_without_the_script(
    chromium: Browser, reports: dict[str, Path], errors: list[str], name: str
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = opened(context.new_page(), reports[name], errors)
    assert page.locator("h1").is_visible()
    assert page.locator("#filter").is_hidden()
    assert page.locator(".drawing-stack_map").is_visible()
    for finding in page.locator(".finding").all()[:3]:
        finding.locator("summary").click()
        assert finding.locator(".body").is_visible()
    assert errors == []
    context.close()


def test_a_link_to_a_finding_opens_it(chromium: Browser, reports: dict[str, Path], errors: list[str]) -> None:
    page = opened(chromium.new_page(), reports["quillstone"], errors)
    finding = page.locator(".finding").nth(4)
    page.goto(f"{reports['quillstone'].as_uri()}#{finding.get_attribute('id')}")
    page.reload()
    assert finding.locator(".body").is_visible()
    page.close()


def test_the_filter_counts_what_it_shows(chromium: Browser, reports: dict[str, Path], errors: list[str]) -> None:
    page = opened(chromium.new_page(), reports["quillstone"], errors)
    total = page.locator(".finding").count()
    page.fill("#filter-text", "gainsight")
    shown = page.locator(".finding:visible").count()
    assert 0 < shown < total
    assert page.locator("#filter-count").inner_text() == f"showing {shown} of {total}"
    page.close()


def test_focus_on_a_card_lights_its_connections(chromium: Browser, reports: dict[str, Path], errors: list[str]) -> None:
    page = opened(chromium.new_page(), reports["quillstone"], errors)
    page.locator(".card[data-tool=zapier]").focus()
    lit = page.locator(".wire.lit").count()
    assert 0 < lit < page.locator(".wire").count()
    assert errors == []
    page.close()


@pytest.mark.parametrize("name", NAMES)
def test_it_prints(chromium: Browser, reports: dict[str, Path], errors: list[str], name: str) -> None:
    page = opened(chromium.new_page(), reports[name], errors)
    page.emulate_media(media="print")
    assert page.locator(".rail").is_hidden()
    assert page.pdf(prefer_css_page_size=True)[:5] == b"%PDF-"
    assert errors == []
    page.close()


def test_forced_colours_keep_severity_visible(chromium: Browser, reports: dict[str, Path], errors: list[str]) -> None:
    context = chromium.new_context(forced_colors="active")
    page = opened(context.new_page(), reports["quillstone"], errors)
    assert (
        page.locator(".sev").first.evaluate("e => getComputedStyle(e, '::before').backgroundColor")
        != "rgba(0, 0, 0, 0)"
    )
    context.close()


def test_a_search_is_kept_in_the_address_and_comes_back_with_it(
    chromium: Browser, reports: dict[str, Path], errors: list[str]
) -> None:
    page = opened(chromium.new_page(), reports["quillstone"], errors)
    page.fill("#filter-text", "gainsight")
    page.select_option("#filter-severity", "high")
    shown = page.locator(".finding:visible").count()
    address = page.url
    assert address.endswith("#findings?q=gainsight&severity=high")
    again = opened(chromium.new_page(), reports["quillstone"], errors)
    again.goto(address)
    again.reload()
    assert again.locator(".finding:visible").count() == shown
    assert again.input_value("#filter-severity") == "high"
    assert errors == []


def test_a_link_into_a_folded_section_unfolds_it(
    chromium: Browser, reports: dict[str, Path], errors: list[str]
) -> None:
    page = opened(chromium.new_page(), reports["quillstone"], errors)
    assert page.locator("#tool-gong").is_hidden()
    page.evaluate("location.hash = '#tool-gong'")
    page.locator("#tool-gong").wait_for(state="visible")
    page.evaluate("location.hash = '#rule-RED-001'")
    page.locator("#rule-RED-001").wait_for(state="visible")
    page.click(".rail a[href='#metrics']")
    page.locator(".drawing-metrics").wait_for(state="visible")


def test_the_contents_show_where_the_reader_is(chromium: Browser, reports: dict[str, Path], errors: list[str]) -> None:
    page = opened(chromium.new_page(viewport={"width": 1280, "height": 900}), reports["quillstone"], errors)
    page.locator(".rail a[href='#verdict'][aria-current]").wait_for()
    page.locator("#findings").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('findings').scrollIntoView()")
    page.locator(".rail a[href='#findings'][aria-current]").wait_for()


def test_every_section_unfolds_and_folds_at_once(
    chromium: Browser, reports: dict[str, Path], errors: list[str]
) -> None:
    page = opened(chromium.new_page(viewport={"width": 1280, "height": 900}), reports["quillstone"], errors)
    closed = page.locator(".part > details:not([open])")
    assert closed.count() > 5
    page.click("#fold-all")
    assert closed.count() == 0
    page.click("#fold-all")
    assert closed.count() > 5


def test_a_finding_can_be_copied_as_a_link(chromium: Browser, reports: dict[str, Path], errors: list[str]) -> None:
    page = opened(chromium.new_page(), reports["quillstone"], errors)
    finding = page.locator(".finding").first
    finding.locator("summary").click()
    finding.get_by_text("Copy link").click()
    page.locator("#copied:not(:empty)").wait_for()
    assert errors == []


def test_targets_are_large_enough_to_hit(chromium: Browser, reports: dict[str, Path], errors: list[str]) -> None:
    page = opened(chromium.new_page(viewport={"width": 1280, "height": 900}), reports["quillstone"], errors)
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, summary, input, select, .rail a')]
        .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 24).map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert small == []
