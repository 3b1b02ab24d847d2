"""Payloads in every field, in a real browser: nothing runs without the policy, and nothing runs without escaping."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment
from playwright.sync_api import Browser, BrowserContext, Page, Route

from stackaudit.report import environment, page
from stackaudit.report.look import PLAIN, Look
from tests.hostile import harmless, kinds
from tests.hostile.pages import PAGES

pytestmark = pytest.mark.browser
SITE = "https://report.example/"
AIMED = ("markup", "attribute", "address", "style", "template")
"""Kinds of payloads that aim at pages; of the others one each is tried."""
WATCH = """
window.caught = [];
window.ran = (x) => caught.push(`ran ${x}`);
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) window[name] = () => caught.push(name);
"""
PROVOKE = """() => {
  for (const e of document.querySelectorAll('details')) e.open = true;
  for (const e of document.querySelectorAll('body *')) {
    for (const kind of ['mouseover', 'mouseenter', 'focus', 'pointerdown', 'toggle']) e.dispatchEvent(new Event(kind));
  }
  const acts = (e) => e.hasAttribute('formaction') || /^\\W*(java|vb)script:|^data:/i.test(e.getAttribute('href') ?? '');
  for (const e of document.querySelectorAll('[href], [formaction]')) {
    if (acts(e)) e.dispatchEvent(new MouseEvent('click', { cancelable: true }));
  }
  return [...document.querySelectorAll('*')].map((e) => [e.localName, ...e.getAttributeNames()].join(' '));
}"""
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


def chosen() -> tuple[str, ...]:
    return tuple(text for kind, texts in kinds().items() for text in (texts if kind in AIMED else texts[:1]))


class Site:
    """A site of one page, which notes whatever else is asked for and answers nothing."""

    def __init__(self, context: BrowserContext) -> None:
        self.body = ""
        self.asked: list[str] = []
        self.left: list[str] = []
        context.add_init_script(WATCH)
        context.route("**/*", self._answer)
        self.page: Page = context.new_page()

    def _answer(self, route: Route) -> None:
        request = route.request
        if request.url == SITE:
            route.fulfill(body=self.body, content_type="text/html; charset=utf-8")
            return
        (self.left if request.is_navigation_request() else self.asked).append(request.url)
        route.abort()

    def show(self, body: str) -> list[str]:
        """Open a page and provoke what it can do; returns its elements with their attributes."""
        self.body = body
        self.page.goto(SITE)
        elements: list[str] = self.page.evaluate(PROVOKE)
        return elements

    def caught(self) -> list[str]:
        """What ran, and what was asked for."""
        return [*self.page.evaluate("caught"), *self.asked]


@pytest.fixture
def site(chromium: Browser) -> Iterator[Site]:
    context = chromium.new_context()
    yield Site(context)
    context.close()


@pytest.mark.parametrize("name", [n if n == "report" else pytest.param(n, marks=pytest.mark.full) for n in PAGES])
def test_nothing_runs_and_nothing_is_built_with_the_policy_removed(site: Site, name: str) -> None:
    for payload in chosen():
        body, plain = PAGES[name](payload), PAGES[name](harmless(payload))
        assert (name == "pdf") == (POLICY.search(body) is None)
        elements = site.show(POLICY.sub("", body))
        assert site.caught() == [], payload
        assert site.left == [], payload
        assert elements == site.show(POLICY.sub("", plain)), payload


def bare(look: Look = PLAIN) -> ImmutableSandboxedEnvironment:
    """The templates' environment without escaping."""
    made = environment.environment(Look(templates={"none.html.j2": "", **look.templates}))
    made.autoescape = False
    return made


@pytest.mark.parametrize("name", [n for n in PAGES if n != "pdf"])
def test_nothing_runs_with_escaping_removed_and_the_policy_kept(
    site: Site, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "environment", bare)
    monkeypatch.setattr(ElementTree, "_escape_cdata", lambda text: text)
    monkeypatch.setattr(ElementTree, "_escape_attrib", lambda text: text)
    assert "<script>ran(1)</script>" in PAGES[name]("<script>ran(1)</script>")
    for payload in chosen():
        if "refresh" in payload:  # no policy holds a page that is told to leave; escaping does
            continue
        site.show(PAGES[name](payload))
        assert site.caught() == [], payload


def test_what_the_tests_would_see_is_seen(site: Site) -> None:
    site.show(
        "<script>ran(1)</script><img src=x onerror=ran(2)><a href=javascript:ran(3)>x</a><img src=https://evil.example>"
    )
    site.page.wait_for_function("caught.length > 1")
    assert {"ran 1", "ran 2", "https://evil.example/"} <= set(site.caught())
