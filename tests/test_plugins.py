"""Plugins: found, isolated, activated on demand, replaced by the vendor's own, and compiled into a true index."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import fields

from stackaudit import audit
from stackaudit.cache import default_cache_dir
from stackaudit.catalog import load_catalog
from stackaudit.lookup.words import plugin_limits
from stackaudit.model.plugins import Limits
from stackaudit.pluginmanager import Plugins, fold
from stackaudit.pluginmanager.closeness import Closeness
from tests.support import plugins as shipped

MANIFEST = """\
vendor: {{id: {vendor}, name: {name}}}
tools:
- id: {tool}
  name: {name}
  aliases: [{alias}]
  layer: crm
  capabilities: {{core: [opportunity_mgmt]}}
  sources: [{{claim: test, url: "https://example.com", checked: 2026-01-02, basis: sourced}}]
"""


def manifest(vendor: str = "acme", tool: str = "acme_crm", name: str = "Acme CRM", alias: str = "Acme") -> str:
    return MANIFEST.format(vendor=vendor, tool=tool, name=name, alias=alias)


Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install a pretended distribution: metadata, entry points and files on the path."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    before = set(sys.modules)

    def make(dist: str, entry_points: dict[str, str], files: dict[str, str]) -> None:
        info = site / f"{dist.replace('-', '_')}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {dist}\nVersion: 1.0\n")
        lines = "".join(f"{name} = {value}\n" for name, value in entry_points.items())
        (info / "entry_points.txt").write_text(f"[stackaudit]\n{lines}")
        for name, text in files.items():
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_text(text)

    yield make
    for name in set(sys.modules) - before:
        if name.startswith("fake_"):
            del sys.modules[name]


def load(tmp_path: Path, **options: Any) -> Plugins:
    return Plugins.load(cache_dir=tmp_path / "cache", **options)


def stages(plugins: Plugins) -> list[tuple[str, str | None, str]]:
    return [(p.plugin, p.distribution, p.stage) for p in plugins.problems]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Gong.io", "gong io"),
        ("ACME, Inc.", "acme"),
        ("Acme GmbH", "Acme"),
        ("HubSpot  Sales-Hub", "hubspot sales hub"),
        ("ＡＣＭＥ", "acme"),
    ],
)
def test_folding_ignores_case_punctuation_and_legal_suffixes(one: str, two: str) -> None:
    assert fold(one) == fold(two)


@pytest.mark.parametrize(
    ("one", "two"), [("Gong", "Gong Forecast"), ("Co", ""), ("Clari", "Clari Copilot"), ("Zoom", "ZoomInfo")]
)
def test_folding_never_makes_two_products_one(one: str, two: str) -> None:
    assert fold(one) != fold(two)


def test_names_aliases_former_names_and_ids_of_the_catalogue_are_found_exactly() -> None:
    for name, tool, kind in (
        ("Salesforce", "salesforce", "name"),
        ("SFDC", "salesforce", "alias"),
        ("Bizible", "bizible", "former_name"),
        ("google_analytics", "google_analytics", "id"),
    ):
        hits = shipped().find(name)
        assert {h.tool_id for h in hits} == {tool}
        assert kind in {h.kind for h in hits}


def test_a_close_name_is_a_suggestion_and_never_a_match() -> None:
    assert shipped().find("Salesfroce") == ()
    assert shipped().suggest("Salesfroce")[0].tool_id == "salesforce"
    assert shipped().suggest("zzzzqqqq") == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Gainsite", ["gainsight"]),
        ("Hub spot marketing", ["hubspot_marketing_hub"]),
        ("Microsoft Dynamics Sales 365", ["dynamics_365_sales"]),
        ("Braze Engagement", ["braze"]),
        ("Navigator", ["linkedin_sales_navigator"]),
        ("Operative One", []),
        ("Acme Dealer Portal", []),
        ("Sales", ["upsales"]),
    ],
)
def test_a_name_is_close_by_its_letters_or_by_all_of_its_words_and_not_by_one_that_many_have(
    typed: str, meant: list[str]
) -> None:
    assert [s.tool_id for s in shipped().suggest(typed, limit=1)] == meant


def test_suggestions_stand_one_a_tool_and_the_closest_first() -> None:
    close = Closeness([("Salesforce", "sf"), ("SFDC Salesforce", "sf"), ("Salesforge", "forge"), ("Oracle", "oracle")])
    found = close.near("Salesfroce", 5)
    assert [s.tool_id for s in found] == ["sf", "forge"]
    assert found[0].name == "Salesforce"
    assert found == tuple(sorted(found, key=lambda s: -s.score))
    assert close.near("Salesforce " + "x" * 10_000, 5)[0].tool_id == "sf"


def test_only_vendors_that_are_asked_for_are_registered(tmp_path: Path) -> None:
    plugins = load(tmp_path, installed=False)
    plugins.find("Gong")
    assert [i.name for i in plugins.listing()] == []
    tool = plugins.tool("gong")
    assert tool is not None
    assert tool.distribution == "stackaudit"
    assert [i.name for i in plugins.listing()] == ["gong"]
    assert len(plugins.all_plugins()) > 50


def test_a_blocked_vendor_is_unknown(tmp_path: Path) -> None:
    plugins = load(tmp_path, installed=False, blocked=frozenset({"gong"}))
    assert plugins.find("Gong") == ()
    assert plugins.tool("gong") is None


def test_a_manifest_without_code_is_read_without_running_the_package(tmp_path: Path, install: Install) -> None:
    install(
        "fake-acme",
        {"acme": "fake_acme:vendor.yaml"},
        {"fake_acme/__init__.py": "raise RuntimeError('ran')\n", "fake_acme/vendor.yaml": manifest()},
    )
    plugins = load(tmp_path)
    found = plugins.tool("acme_crm")
    assert found is not None
    assert found.distribution == "fake-acme"
    assert plugins.problems == ()


def test_a_manifest_outside_its_package_is_not_read(tmp_path: Path, install: Install) -> None:
    install(
        "fake-out", {"out": "fake_out:../../secret.yaml"}, {"fake_out/__init__.py": "", "../secret.yaml": manifest()}
    )
    plugins = load(tmp_path)
    assert stages(plugins) == [("out", "fake-out", "manifest")]
    assert plugins.find("Acme") == ()


def test_the_vendors_own_distribution_replaces_the_built_in_manifest(tmp_path: Path, install: Install) -> None:
    own = manifest(vendor="gong", tool="gong", name="Gong", alias="Gong New")
    install("fake-gong", {"gong": "fake_gong:vendor.yaml"}, {"fake_gong/__init__.py": "", "fake_gong/vendor.yaml": own})
    plugins = load(tmp_path)
    tool = plugins.tool("gong")
    assert tool is not None
    assert tool.distribution == "fake-gong"
    assert tool.tool.layer == "crm"
    assert next(i for i in plugins.listing() if i.name == "gong").distribution == "fake-gong"


def test_a_vendor_cannot_speak_for_another_vendors_tool(tmp_path: Path, install: Install) -> None:
    theirs = manifest(vendor="rival", tool="salesforce", name="Salesforce", alias="SFDC")
    install("fake-rival", {"rival": "fake_rival:v.yaml"}, {"fake_rival/__init__.py": "", "fake_rival/v.yaml": theirs})
    plugins = load(tmp_path)
    tool = plugins.tool("salesforce")
    assert tool is not None
    assert tool.plugin == "salesforce"
    assert ("rival", "fake-rival", "conflict") in stages(plugins)


def test_two_distributions_with_one_vendor_are_a_conflict_and_the_first_stands(
    tmp_path: Path, install: Install
) -> None:
    for dist in ("fake-a", "fake-b"):
        package = dist.replace("-", "_")
        install(dist, {"acme": f"{package}:v.yaml"}, {f"{package}/__init__.py": "", f"{package}/v.yaml": manifest()})
    plugins = load(tmp_path)
    tool = plugins.tool("acme_crm")
    assert tool is not None
    assert tool.distribution == "fake-a"
    assert stages(plugins) == [("acme", "fake-b", "conflict")]


def test_a_broken_manifest_names_its_line_and_leaves_the_others(tmp_path: Path, install: Install) -> None:
    bad = manifest().replace("layer: crm", "layer: [crm]")
    install("fake-bad", {"bad": "fake_bad:v.yaml"}, {"fake_bad/__init__.py": "", "fake_bad/v.yaml": bad})
    plugins = load(tmp_path)
    assert plugins.find("Gong")
    (problem,) = plugins.problems
    assert problem.message.startswith("v.yaml:6:10:")


RULE = """
from stackaudit.api import Draft, Effort, Rule, Severity, hookimpl

def check(context):
    yield Draft(message="seen")

@hookimpl
def stackaudit_rules():
    return [Rule(id={id!r}, severity=Severity.LOW, title="t", checks="c", why="w", fix="f", waive_when="n",
                 threshold="none", source="s", effort=Effort.S, check=check)]
"""


def test_a_consultants_own_rule_runs_beside_the_built_in_ones(install: Install) -> None:
    install("fake-own", {"own": "fake_own"}, {"fake_own.py": RULE.format(id="OWN-001")})
    assert "OWN-001" in {r.id for r in audit.open_plugins().rules()}


def test_a_plugin_cannot_replace_a_built_in_rule(install: Install) -> None:
    install("fake-thief", {"thief": "fake_thief"}, {"fake_thief.py": RULE.format(id="RED-001")})
    plugins = audit.open_plugins()
    rule = next(r for r in plugins.rules() if r.id == "RED-001")
    assert rule.title == "Two tools do the same job"
    assert [p.plugin for p in plugins.problems] == ["thief"]


def test_installed_plugins_can_be_turned_off_and_chosen(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("fake-own", {"own": "fake_own"}, {"fake_own.py": RULE.format(id="OWN-001")})
    assert "OWN-001" not in {r.id for r in audit.open_plugins(installed=False).rules()}
    assert "OWN-001" not in {r.id for r in audit.open_plugins(only=frozenset({"other"})).rules()}
    monkeypatch.setenv("STACKAUDIT_DISABLE_PLUGINS", "1")
    assert "OWN-001" not in {r.id for r in audit.open_plugins().rules()}


def test_a_changed_new_or_removed_manifest_is_seen_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    folder.mkdir()
    (folder / "acme.yaml").write_text(manifest())

    def names() -> set[str]:
        plugins = load(tmp_path, installed=False, manifest_dirs=[folder])
        return {row.name for row in plugins.all_tool_rows()}

    assert names() == names() == {"Acme CRM"}
    (folder / "acme.yaml").write_text(manifest(name="Acme Two"))
    assert names() == {"Acme Two"}
    (folder / "beta.yaml").write_text(manifest(vendor="beta", tool="beta", name="Beta", alias="B"))
    assert names() == {"Acme Two", "Beta"}
    (folder / "acme.yaml").unlink()
    assert names() == {"Beta"}


def test_a_touched_manifest_with_the_same_content_keeps_the_index(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    folder.mkdir()
    (folder / "acme.yaml").write_text(manifest())
    load(tmp_path, installed=False, manifest_dirs=[folder]).all_tool_rows()
    (index,) = (tmp_path / "cache").glob("*.sqlite")
    made = index.stat().st_mtime_ns
    os.utime(folder / "acme.yaml", ns=(1, 1))
    load(tmp_path, installed=False, manifest_dirs=[folder]).all_tool_rows()
    assert index.stat().st_mtime_ns == made


@pytest.mark.parametrize("damage", [b"", b"rubbish" * 1000, b"SQLite format 3\x00" + b"\x00" * 5000])
def test_a_corrupt_index_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    load(tmp_path, installed=False).all_tool_rows()
    (index,) = (tmp_path / "cache").glob("*.sqlite")
    index.write_bytes(damage)
    plugins = load(tmp_path, installed=False)
    assert plugins.find("Gong")
    assert not plugins.problems
    with sqlite3.connect(index) as db:
        assert db.execute("SELECT count(*) FROM tools").fetchone()[0] > 50


def test_a_cache_that_cannot_be_written_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    plugins = load(tmp_path, installed=False)
    assert plugins.find("Gong")
    assert plugins.problems == ()


def test_many_at_once_make_one_whole_index(tmp_path: Path) -> None:
    found: list[int] = []

    def work() -> None:
        found.append(len(load(tmp_path, installed=False).all_tool_rows()))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert sorted(p.suffix for p in (tmp_path / "cache").iterdir()) == ["", ".sqlite", ".sum"]


def test_the_cache_lies_where_the_platform_keeps_caches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache_dir() == tmp_path / "stackaudit"


def test_every_limit_of_plugins_is_data_and_the_built_in_catalogue_keeps_to_it() -> None:
    catalog = load_catalog()
    assert set(catalog.plugin_limits) == {f.name for f in fields(Limits)}
    limits = plugin_limits(catalog)
    layer_of = {c.id: c.layer for c in catalog.capabilities.values()}
    index = shipped().index
    wide = 0
    for row in index.tools():
        core = [offer.capability for offer in index.offers_of([row.id]) if offer.kind == "core"]
        spread = len({layer_of[c] for c in core})
        assert len(index.layers_of([row.id])) <= limits.layers
        assert len(core) <= limits.core_capabilities
        assert spread <= limits.core_layers
        wide += spread > limits.core_layers_usual
    assert wide < 10, "the limits say that all but a handful of tools stay within what is usual"
