"""Every page in every state: axe finds nothing, drawings are legible, targets large, nothing hidden, nothing asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from stackaudit.report.html import render
from tests.browser.conftest import OTHERS, REPORTS, opened
from tests.browser.looking import FAINT, FEW, FOLD, HIDDEN, SMALL, STATES, State, axe, looked_at
from tests.stacks import stack

pytestmark = pytest.mark.browser
WHOLE = ("empty", "one", "thirty", "hostile", "comparison", "index")
"""Pages that are looked at in every state; the others differ from them by their content alone, and wait for ``--full``."""


def everything_wrong(page: Page, states: tuple[State, ...] = STATES) -> dict[str, object]:
    """What is wrong in any state, by state; empty where nothing is."""
    wrong: dict[str, object] = {}
    for state in looked_at(page, states):
        paper = state.startswith("print")
        width = page.viewport_size["width"] if page.viewport_size else 0
        drawn = page.evaluate(FAINT)
        found = {
            "axe": axe(page, paper=paper),
            "faint": drawn["faint"],
            "small": page.evaluate(SMALL) if not paper else [],
            "sideways": not paper and page.evaluate("document.documentElement.scrollWidth") > width,
            "hidden": page.evaluate(HIDDEN),
        }
        wrong |= {f"{state}: {kind}": value for kind, value in found.items() if value}
    return wrong


@pytest.mark.parametrize(
    "name", [n if n in WHOLE else pytest.param(n, marks=pytest.mark.full) for n in (*REPORTS, *OTHERS)]
)
def test_nothing_is_wrong_with_a_page_in_any_state(
    chromium: Browser, pages: dict[str, Path], errors: list[str], name: str
) -> None:
    context = chromium.new_context(bypass_csp=True)
    page = opened(context.new_page(), pages[name], errors)
    assert everything_wrong(page, STATES if name in WHOLE else FEW) == {}
    assert errors == []
    context.close()


def test_the_text_of_every_drawing_is_looked_at(chromium: Browser, pages: dict[str, Path], errors: list[str]) -> None:
    page = opened(chromium.new_page(), pages["thirty"], errors)
    page.evaluate(FOLD, False)
    assert page.evaluate(FAINT)["seen"] > 300
    page.evaluate("document.querySelector('.drawing text').setAttribute('fill', '#cccccc')")
    page.evaluate("document.querySelector('.drawing text').setAttribute('class', '')")
    assert len(page.evaluate(FAINT)["faint"]) == 1
    page.close()


@pytest.mark.full
def test_nothing_is_wrong_with_five_hundred_tools(chromium: Browser, tmp_path: Path, errors: list[str]) -> None:
    path = tmp_path / "many.html"
    path.write_text(render(stack("many")), encoding="utf-8")
    context = chromium.new_context(bypass_csp=True)
    page = opened(context.new_page(), path, errors)
    assert page.locator("tr[id^=tool-]").count() == 500
    assert everything_wrong(page) == {}
    assert errors == []
    context.close()
