"""Hostile text from where it comes in: every text field of a stack file, a manifest and a brand has its case."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import fields
from pydantic import BaseModel

from stackaudit import audit
from stackaudit.brand import load_brand
from stackaudit.catalog import load_catalog
from stackaudit.cli.output import clean
from stackaudit.errors import InputError, UsageError
from stackaudit.model.brand import Brand, BrandFile
from stackaudit.model.comparison import Comparison
from stackaudit.model.inventory import Inventory
from stackaudit.model.portfolio import Portfolio
from stackaudit.model.result import AuditResult
from stackaudit.model.vendor import VendorManifest
from stackaudit.pluginmanager import Plugins
from stackaudit.report import comparison_html, github, html, markdown, pdf
from stackaudit.report.look import Look
from stackaudit.whatif import run
from tests import stuffed
from tests.hostile import STEERING, harmless, kinds, named, one_of_each
from tests.hostile.pages import OURS, PAGES, Skeleton
from tests.support import TODAY, audit_loaded, audit_text, case, load_text, plugins

POLYGLOT = "</title>\"'><img src=x onerror=ran(1)><script>ran(1)</script>{{ 7*7 }}"
"""What would act in an element, an attribute and a template alike."""

STACK: dict[str, Any] = {
    "ToolEntry.id": "a",
    "ToolEntry.layer": "crm",
    "ToolEntry.licensed": "lead_mgmt",
    "ToolEntry.in_use": "lead_mgmt",
    "ToolEntry.capabilities": "lead_mgmt",
    "ToolEntry.system_of_record_for": "lead",
    "ToolEntry.out_of_scope": False,
    "Integration.from": "a",
    "Integration.to": "b",
    "Integration.objects": "lead",
    "Play.tool": "a",
    "Waiver.rule": "INV-001",
    "Waiver.tools": "a",
    "Scenario.remove": "b",
    "Settings.rules#key": "RED-001",
    "Settings.thresholds#key": "overlap_direct",
    "Settings.thresholds": 0.7,
    "Settings.aliases": "salesforce",
    "Fx#key": "EUR",
}
"""What a stack file may not fill with just any text, because it names something: an id, a word of the catalogue."""

MANIFEST: dict[str, Any] = {
    "VendorManifest.api": 1,
    "Vendor.id": "acme",
    "VendorTool.id": "acme_crm",
    "VendorTool.layer": "crm",
    "VendorTool.layers": "crm",
    "VendorTool.functions": "sales",
    "VendorTool.shared_database": "acme",
    "VendorTool.signals": "usage_drop",
    "VendorTool.actions": "create_task",
    "ToolCapabilities.core": "lead_mgmt",
    "ToolCapabilities.secondary": "lead_mgmt",
    "ToolCapabilities.editions": "lead_mgmt",
    "ToolObjects.holds": "lead",
    "ToolObjects.can_own": "lead",
    "ToolObjects.relays": "lead",
    "Requirement.layer": "crm",
    "Requirement.capability": "lead_mgmt",
    "Requirement.objects": "lead",
    "OfferedIntegration.to": "salesforce",
    "OfferedIntegration.objects": "lead",
    "Status.successor": "salesforce",
}
"""The same for a manifest."""

BRAND = {"BrandFile.logo", "BrandFile.accent", "BrandFile.second", "BrandFile.theme"}
"""What a brand file names rather than says: a picture, colours, a theme."""


def stack(text: str, given: stuffed.Given | None = None) -> dict[str, Any]:
    """A stack file with everything in it, and a second tool for what needs two."""
    made: dict[str, Any] = stuffed.data(Inventory, lambda _: text, {**STACK, **(given or {})})
    made["tools"].append({"tool": "Salesforce", "id": "b"})
    made["scenarios"] = {name: {**s, "replace": {}, "add": []} for name, s in made["scenarios"].items()}
    return made


def written(data: Any) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


def refused(error: InputError) -> None:
    """The message says where, and does nothing to a terminal."""
    said = clean(str(error), lines=True)
    assert said.startswith("<stdin>:")
    assert not STEERING.search(said)
    assert len(said) < 10_000


@cache
def known() -> frozenset[tuple[str, str]]:
    """Every element and every attribute of each that pages of harmless text have."""
    pages = [
        *(PAGES[name](harmless(POLYGLOT)) for name in PAGES),
        html.render(case("quillstone")),
        pdf.page(case("quillstone")),
    ]
    return frozenset(pair for page in pages for pair in pairs(Skeleton(page)))


def pairs(shown: Skeleton) -> set[tuple[str, str]]:
    return {(tag, name) for tag, *names in shown.elements for name in ("", *names)}


def acting(page: str) -> list[str]:
    """What a page holds that pages of harmless text do not, or that could act."""
    shown = Skeleton(page)
    return [*shown.acting, *shown.comments, *map(str, sorted(pairs(shown) - known()))]


@pytest.mark.parametrize("model", [AuditResult, Comparison, Portfolio])
def test_every_text_field_of_what_is_rendered_is_filled(model: type[BaseModel]) -> None:
    filled = stuffed.made(model, lambda place: place, OURS[model])
    ours = {*OURS[model], *map(str, OURS[model].values())}
    assert {value.rstrip("_") for _, value in stuffed.strings(filled)} - ours == stuffed.places(model) - ours
    assert set(OURS[model]) <= stuffed.places(model), "a case for a field that there is not"


@pytest.mark.parametrize(("model", "given"), [(Inventory, STACK), (VendorManifest, MANIFEST)])
def test_every_field_that_a_pattern_rules_has_a_case_and_every_case_its_field(
    model: type[BaseModel], given: dict[str, Any]
) -> None:
    numbers = {"ToolEntry.out_of_scope", "Settings.thresholds", "VendorManifest.api"}
    assert set(stuffed.ruled(model)) <= set(given)
    assert set(given) - numbers <= stuffed.places(model)


def test_every_text_of_a_brand_file_reaches_the_brand() -> None:
    assert {f"BrandFile.{f.name}" for f in fields(Brand)} == stuffed.places(BrandFile)
    assert stuffed.places(BrandFile) > BRAND


@pytest.mark.parametrize("payload", one_of_each(), ids=list(kinds()))
def test_a_stack_file_full_of_a_payload_is_refused_in_words_or_shown_and_does_nothing(payload: str) -> None:
    try:
        loaded = load_text(written(stack(payload)))
    except InputError as error:
        refused(error)
        return
    (scenario,) = loaded.inventory.scenarios.values()
    before, _, change = run(loaded, scenario, plugins(), audit_loaded)
    assert acting(html.render(before)) == []
    assert acting(comparison_html.render(change)) == []
    for text in (markdown.render(before), github.render(before), pdf.page(before)):
        assert not STEERING.search(text)
        assert "<script" not in text.lower()


@pytest.mark.parametrize("place", sorted(stuffed.places(Inventory)))
def test_each_text_field_of_a_stack_file_alone_is_refused_in_words_or_shown_and_does_nothing(place: str) -> None:
    data = stack("plain", {place: POLYGLOT})
    try:
        loaded = load_text(written(data))
    except InputError as error:
        assert place in STACK
        refused(error)
        return
    assert not stuffed.ruled(Inventory).get(place)
    try:
        result = audit_loaded(loaded)
    except UsageError as error:
        assert place in STACK
        assert str(error)
        return
    assert acting(html.render(result)) == []
    assert acting(pdf.page(result)) == []


@pytest.mark.parametrize("place", sorted(stuffed.places(VendorManifest)))
def test_each_text_field_of_a_manifest_alone_is_left_out_with_a_problem_or_shown_and_does_nothing(
    place: str, tmp_path: Path
) -> None:
    data = stuffed.data(VendorManifest, lambda _: "https://example.com/a", {**MANIFEST, place: POLYGLOT})
    found = Plugins.load(installed=False, manifest_dirs=[_folder(tmp_path, data)], cache_dir=tmp_path / "cache")
    loaded = load_text(written([POLYGLOT[:200], "https://example.com/a", "acme_crm"]))
    result = audit.run(loaded, found, load_catalog(), as_of=TODAY, as_of_source="inventory")
    assert bool(result.problems) == (place in stuffed.ruled(VendorManifest))
    assert acting(html.render(result)) == []


def _folder(tmp_path: Path, manifest: Any) -> Path:
    folder = tmp_path / "manifests"
    folder.mkdir()
    (folder / "acme.yaml").write_text(written(manifest), encoding="utf-8")
    return folder


@pytest.mark.parametrize("place", sorted(stuffed.places(BrandFile)))
@pytest.mark.parametrize("payload", one_of_each(), ids=named)
def test_each_text_field_of_a_brand_is_refused_in_words_or_shown_and_does_nothing(
    place: str, payload: str, tmp_path: Path
) -> None:
    path = tmp_path / "brand.yaml"
    path.write_text(written({place.partition(".")[2]: payload}), encoding="utf-8")
    try:
        brand, _ = load_brand(path)
    except InputError as error:
        assert place in BRAND or len(payload) > 200 or STEERING.search(payload)
        assert "brand.yaml" in str(error)
        return
    assert place not in BRAND - {"BrandFile.theme"}
    assert acting(html.render(audit_text("- Salesforce\n"), Look(brand))) == []
