"""A real browser and the pages that it looks at; a missing browser is a failure, not a skip."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, sync_playwright

from stackaudit.brand import load_brand
from stackaudit.brand.svg import SVG
from stackaudit.diff import compare
from stackaudit.model.inventory import Scenario
from stackaudit.portfolio import Outcome, Using, client_files, run
from stackaudit.report import comparison_html, portfolio_html
from stackaudit.report.html import render
from stackaudit.report.look import PLAIN, Look
from stackaudit.report.privacy import extract
from stackaudit.whatif import run as try_out
from tests.stacks import stack
from tests.support import CASES, TODAY, audit_loaded, audit_text, case, load_text, plugins

NAMES = ("chromium", "chromium-browser", "google-chrome")
REPORTS = ("quillstone", "atlasbridge", "meridian_loom", "pinecrest", "hostile", "names", "empty", "one", "thirty")
OTHERS = ("extract", "branded", "comparison", "whatif", "same", "hostile_comparison", "index", "small_index")
HOSTILE = """\
as_of: 2026-09-01
company: {name: "<script>alert(1)</script><img src=x onerror=alert(2)>"}
tools:
- {tool: "</svg><script>alert(3)</script>", id: a, owner: "\\" onload=alert(4) x=\\"", layer: crm}
- {tool: "NAME", id: b, layer: marketing_automation, owner: "WORD", annual_cost: 123456789012}
- {tool: "javascript:alert(5)", id: c}
integrations: [{from: a, to: b, objects: [lead], status: broken, owner: "WORD"}]
waivers: [{rule: INV-001, tools: [a], reason: "WORD"}]
""".replace("NAME", "very long name " * 13).replace("WORD", "unbreakable" * 150)
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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert path, f"no browser found; install one of {', '.join(NAMES)}"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Reports by name: the worked cases, hostile and long names, a bare list of names, and stacks of known sizes."""
    results = {name: case(name) for name in ("quillstone", "atlasbridge", "meridian_loom", "pinecrest")}
    results["hostile"] = audit_text(HOSTILE)
    results["names"] = audit_text("- Salesforce\n- Gong\n- Nobody Knows This\n")
    results |= {name: stack(name) for name in ("empty", "one", "thirty")}
    return _written(tmp_path_factory.mktemp("reports"), {name: render(result) for name, result in results.items()})


@pytest.fixture(scope="session")
def pages(reports: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every other page, beside the reports."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "logo.svg").write_text(LOGO)
    (folder / "brand.yaml").write_text(BRAND)
    look = Look(load_brand(folder / "brand.yaml")[0])
    loaded = load_text((CASES / "quillstone.yaml").read_text())
    scenario = Scenario(remove=("gong",), replace={"outreach": "Salesloft"})
    made = {
        "extract": render(extract(stack("thirty"), owner="Bram")),
        "branded": render(case("quillstone"), look),
        "comparison": comparison_html.render(compare(case("quillstone"), case("meridian_loom")), look),
        "whatif": comparison_html.render(try_out(loaded, scenario, plugins(), audit_loaded)[2]),
        "same": comparison_html.render(compare(case("quillstone"), case("quillstone"))),
        "hostile_comparison": comparison_html.render(compare(audit_text(HOSTILE), audit_text("- Salesforce\n"))),
        **_portfolios(folder, look),
    }
    assert set(reports) == set(REPORTS)
    assert set(made) == set(OTHERS)
    return reports | _written(folder, made)


def _portfolios(folder: Path, look: Look) -> dict[str, str]:
    """The index over all cases, a hostile client and one that fails, and an index over one client."""
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
            (folder / "clients" / f"{outcome.client.id}.html").write_bytes(outcome.page or b"")

    def index(paths: list[Path], dressed: Look) -> str:
        page = partial(render, look=dressed)
        with ThreadPoolExecutor(2) as threads:
            made = run(client_files(paths), threads, today=TODAY, using=Using(installed=False), render=page, done=keep)
        return portfolio_html.render(made, dressed)

    return {"index": index([stacks], look), "small_index": index([stacks / "pinecrest.yaml"], PLAIN)}


def _written(folder: Path, texts: dict[str, str]) -> dict[str, Path]:
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


@pytest.fixture
def errors() -> list[str]:
    return []


def opened(page: Page, path: Path, errors: list[str]) -> Page:
    """Open a page from its file and gather everything that the browser complains of, shows or asks for."""

    def refuse(dialog: Dialog) -> None:
        errors.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def asked(request: Request) -> None:
        if not (request.is_navigation_request() and request.url.startswith(path.parent.as_uri())):
            errors.append(f"request {request.url}")

    page.on("console", lambda m: errors.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.on("dialog", refuse)
    page.on("request", lambda r: asked(r) if not r.url.startswith("data:") else None)
    page.goto(path.as_uri())
    return page
