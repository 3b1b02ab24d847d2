"""A real browser and the reports that it looks at; a missing browser is a failure, not a skip."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from stackaudit.report.html import render
from tests.support import audit_text, case

NAMES = ("chromium", "chromium-browser", "google-chrome")
HOSTILE = """\
as_of: 2026-09-01
company: {name: "<script>alert(1)</script><img src=x onerror=alert(2)>"}
tools:
- {tool: "</svg><script>alert(3)</script>", id: a, owner: "\\" onload=alert(4) x=\\"", layer: crm}
- {tool: "NAME", id: b, layer: marketing_automation}
- {tool: "javascript:alert(5)", id: c}
integrations: [{from: a, to: b, objects: [lead], status: broken}]
""".replace("NAME", "very long name " * 13)


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
    folder = tmp_path_factory.mktemp("reports")
    results = {name: case(name) for name in ("quillstone", "atlasbridge", "meridian_loom", "pinecrest")}
    results["hostile"] = audit_text(HOSTILE)
    results["names"] = audit_text("- Salesforce\n- Gong\n- Nobody Knows This\n")
    for name, result in results.items():
        (folder / f"{name}.html").write_text(render(result), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in results}


@pytest.fixture
def errors() -> list[str]:
    return []


def opened(page: Page, path: Path, errors: list[str]) -> Page:
    """Open a report from its file and gather everything that the browser complains of or asks the network for."""

    def refuse(dialog: Dialog) -> None:
        errors.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("console", lambda m: errors.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.on("dialog", refuse)
    page.on("request", lambda r: errors.append(f"request {r.url}") if not r.url.startswith("file:") else None)
    page.goto(path.as_uri())
    return page
