"""What tests look for on a page, as scripts that run in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
State = tuple[Literal["light", "dark", "print"], int, bool]
STATES: tuple[State, ...] = (
    *((scheme, width, folded) for scheme in ("light", "dark") for width in (1280, 320) for folded in (True, False)),
    ("print", 1280, False),
)
"""How a page is looked at: in which colours, how wide, and whether its sections are folded."""
FEW: tuple[State, ...] = (("light", 1280, False), ("dark", 320, False))
"""For pages that differ from others by their content alone."""

FOLD = "(folded) => { for (const d of document.querySelectorAll('details')) d.open = !folded; }"

FAINT = """() => {
  const rgb = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return [r, g, b, a]; };
  const over = (top, under) => top.slice(0, 3).map((v, i) => v * top[3] + under[i] * (1 - top[3]));
  const light = (c) => {
    const [r, g, b] = c.map((v) => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + .05) / (y + .05); };
  const paper = rgb(getComputedStyle(document.body).backgroundColor);
  const faint = [];
  let seen = 0;
  for (const svg of document.querySelectorAll('svg.drawing')) {
    const shapes = [...svg.querySelectorAll('rect, circle, path, text')];
    const boxes = new Map(shapes.map((s) => [s, s.getBoundingClientRect()]));
    shapes.forEach((text, at) => {
      if (text.tagName !== 'text' || !boxes.get(text).width || !text.textContent.trim()) return;
      seen += 1;
      const box = boxes.get(text), x = box.x + box.width / 2, y = box.y + box.height / 2;
      let ground = over(paper[3] ? paper : [255, 255, 255, 1], [255, 255, 255]);
      for (const shape of shapes.slice(0, at)) {
        const style = getComputedStyle(shape), b = boxes.get(shape);
        if (shape.tagName === 'text' || shape.tagName === 'path' || style.fill === 'none') continue;
        if (x < b.left || x > b.right || y < b.top || y > b.bottom) continue;
        const fill = rgb(style.fill);
        ground = over([...fill.slice(0, 3), fill[3] * style.fillOpacity * style.opacity], ground);
      }
      const found = ratio(over(rgb(getComputedStyle(text).fill), ground), ground);
      if (found < 4.5) faint.push(`${svg.getAttribute('class')}: ${text.textContent.slice(0, 40)} ${found.toFixed(2)}`);
    });
  }
  return { seen, faint };
}"""
"""Text of drawings that stands out from what lies under it by less than 4.5 to 1; axe cannot judge it."""

SMALL = """() => [...document.querySelectorAll('button, summary, input, select, .rail a, .card[tabindex]')]
  .filter((e) => e.checkVisibility())
  .filter((e) => { const b = e.getBoundingClientRect(); return b.width && (b.height < 23.5 || b.width < 23.5); })
  .map((e) => e.outerHTML.slice(0, 80))"""
"""Targets under 24 pixels; links within a sentence are not held to it."""

HIDDEN = """() => {
  const said = (root) => root.textContent.toLowerCase().replace(/\\s+/g, ' ');
  const found = [...document.querySelectorAll('[aria-hidden=true], [role=none], [role=presentation]')]
    .filter((e) => e.textContent.trim()).map((e) => e.outerHTML.slice(0, 120));
  for (const svg of document.querySelectorAll('svg[role=img]')) {
    if (!svg.getAttribute('aria-labelledby').split(' ').every((id) => document.getElementById(id)?.textContent)) {
      found.push(`${svg.getAttribute('class')} has no name`);
    }
    const figure = svg.closest('figure');
    if (figure && !figure.querySelector('table tbody tr') && !figure.closest('section').querySelector('table')) {
      found.push(`${svg.getAttribute('class')} has no table`);
    }
  }
  for (const figure of document.querySelectorAll('figure.picture:has(table)')) {
    const told = said(figure.querySelector('table')) + said(figure.querySelector('figcaption, .caption'));
    const names = [...figure.querySelectorAll('.card > title')].map((t) => t.textContent.split(':')[0].toLowerCase());
    for (const name of names) if (!told.includes(name.replace(/\\s+/g, ' ').trim())) found.push(`${figure.id}: ${name}`);
  }
  return found;
}"""
"""Text that assistive technology is not told: hidden parts, drawings without a name or a table, cards without a row."""


def looked_at(page: Page, states: tuple[State, ...] = STATES) -> Iterator[str]:
    """The page in every state, one after the other, each by its name; the page is opened once."""
    for scheme, width, folded in states:
        if scheme == "print":
            page.emulate_media(media="print", color_scheme="light")
        else:
            page.emulate_media(media="screen", color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(FOLD, folded)
        yield f"{scheme}, {width} px, {'folded' if folded else 'unfolded'}"


def axe(page: Page, *, paper: bool = False) -> dict[str, list[str]]:
    """What axe finds, by rule: WCAG 2.2 AA with contrast and the size of targets, and its best practices.

    On paper there is nothing to point at, so that targets have no size.
    """
    options: dict[str, Any] = {"runOnly": RULES, "resultTypes": ["violations"]}
    if paper:
        options["rules"] = {"target-size": {"enabled": False}}
    found = Axe().run(page, options=options).response
    assert len(found["passes"]) > 15, "axe looked at too little"
    return {v["id"]: [str(n["html"])[:200] for n in v["nodes"]][:5] for v in found["violations"]}
