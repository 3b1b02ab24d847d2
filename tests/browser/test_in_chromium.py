"""The report in a real browser as a person uses it: without its script, by keyboard, by pointer, by link, on paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import REPORTS, opened
from tests.stacks import stack

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", REPORTS)
def test_it_fits_other_widths_and_complains_of_nothing(
    chromium: Browser, reports: dict[str, Path], errors: list[str], name: str
) -> None:
    page = opened(chromium.new_page(), reports[name], errors)
    for width in (360, 768, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert errors == []
    page.close()


@pytest.mark.parametrize("name", ["empty", "one", "thirty"])
def test_every_finding_and_every_line_of_evidence_is_there_without_the_script(
    chromium: Browser, reports: dict[str, Path], errors: list[str], name: str
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = opened(context.new_page(), reports[name], errors)
    assert page.locator("h1").is_visible()
    assert page.locator("#filter, #fold-all, .copy").filter(visible=True).count() == 0
    assert page.locator(".drawing-stack_map").is_visible()
    text = " ".join((page.locator("main").text_content() or "").split())
    for finding in stack(name).findings:
        assert " ".join(finding.message.split()) in text
        assert page.locator(f"[id='finding-{finding.id}']").count() == 1
        for evidence in finding.evidence:
            assert " ".join(evidence.text.split()) in text
    for shown in page.locator(".finding").all()[:3]:
        shown.locator("summary").click()
        assert shown.locator(".body").is_visible()
    for part in page.locator(".part > details > summary").all()[:3]:
        part.click()
        assert part.locator("xpath=following-sibling::*[1]").is_visible()
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


def test_a_pointer_on_a_card_lights_its_connections_and_leaving_it_puts_them_out(
    chromium: Browser, reports: dict[str, Path], errors: list[str]
) -> None:
    page = opened(chromium.new_page(viewport={"width": 1280, "height": 900}), reports["quillstone"], errors)
    page.locator(".card[data-tool=zapier]").hover()
    lit = page.locator(".wire.lit")
    assert 0 < lit.count() < page.locator(".wire").count()
    ends = lit.evaluate_all("wires => wires.map((w) => [w.dataset.from, w.dataset.to])")
    assert all("zapier" in pair for pair in ends)
    page.locator("h1").hover()
    assert lit.count() == 0
    page.close()


def test_the_keyboard_reaches_everything_in_the_order_of_the_page(
    chromium: Browser, reports: dict[str, Path], errors: list[str]
) -> None:
    page = opened(chromium.new_page(viewport={"width": 1280, "height": 900}), reports["quillstone"], errors)
    focus = "document.activeElement"
    page.keyboard.press("Tab")
    assert page.evaluate(f"{focus}.className") == "skip"
    assert page.evaluate(f"{focus}.getBoundingClientRect().left") >= 0
    seen: list[str] = []
    for _ in range(page.locator("a[href], button, summary, input, select, [tabindex]").count() + 5):
        page.keyboard.press("Tab")
        kind = page.evaluate(
            f"() => {{ const e = {focus}; return e === document.body ? '' : e.getAttribute('data-tool') ? 'card' : e.closest('.rail') ? 'rail'"
            " : e.id === 'filter-text' ? 'search' : e.matches('.finding > summary') ? 'finding' : e.matches('.part > details > summary')"
            " ? 'part' : 'other'; }"
        )
        if not kind:
            break
        seen += [kind] if seen[-1:] != [kind] and kind != "other" else []
    firsts = list(dict.fromkeys(seen))
    assert firsts == ["rail", "card", "part", "search", "finding"]
    page.locator(".finding > summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".finding").first.locator(".body").is_visible()
    assert page.evaluate(f"getComputedStyle({focus}).outlineStyle") != "none"
    page.keyboard.press("Enter")
    assert page.locator(".finding").first.locator(".body").is_hidden()
    assert errors == []
    page.close()


@pytest.mark.parametrize("name", ["thirty", "hostile", "empty"])
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
