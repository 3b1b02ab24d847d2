"""The index behind the catalogue's answers: true when manifests change, whatever becomes of the cache, and cheap."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

import pytest

from stackaudit.catalog import load_catalog
from stackaudit.lookup import stats
from stackaudit.lookup.card import tool_card
from stackaudit.lookup.compare import compare
from stackaudit.lookup.connections import connections_of
from stackaudit.lookup.names import find_tool
from stackaudit.lookup.paths import find_ways
from stackaudit.lookup.search import search
from stackaudit.pluginmanager import Plugins
from tests.catalogue_fixture import link, small, tool, vendor, write

CATALOG = load_catalog()
DAY = dt.date(2026, 9, 1)


def test_answers_follow_a_manifest_that_changes(tmp_path: Path) -> None:
    assert [c.other for c in connections_of(small(tmp_path).index, "care")] == ["hub", "pipes"]
    open_before = small(tmp_path).index
    changed = vendor("care", tool("care", "Care", "customer_success", "", (link("ears", direction="inbound"),)))
    (tmp_path / "manifests" / "care.yaml").write_text(changed)
    fresh = Plugins.load(installed=False, manifest_dirs=[tmp_path / "manifests"], cache_dir=tmp_path / "cache")
    assert [c.other for c in connections_of(fresh.index, "care")] == ["ears", "hub", "pipes"]
    assert fresh.index.offers_of(["care"]) == ()
    assert [c.other for c in connections_of(open_before, "care")] == ["hub", "pipes"]


@pytest.mark.parametrize("table", ["links", "capabilities", "claims", "tool_layers"])
def test_an_index_without_a_table_is_not_the_one_that_was_written_and_not_used(tmp_path: Path, table: str) -> None:
    small(tmp_path).all_tool_rows()
    (index,) = (tmp_path / "cache").glob("*.sqlite")
    with sqlite3.connect(index) as db:
        db.execute(f"DROP TABLE {table}")
    assert stats.stats(small(tmp_path), CATALOG, DAY).integration_rows == 10


def test_a_read_only_cache_answers_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr("stackaudit.cache.tempfile.mkstemp", refuse)
    assert len(connections_of(small(tmp_path).index, "hub")) == 4
    assert list((tmp_path / "cache").iterdir()) == []


def test_no_question_but_a_card_loads_a_manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(tmp_path).all_tool_rows()
    plugins = small(tmp_path)
    monkeypatch.setattr("stackaudit.vendorindex.index.VendorIndex.vendor", None)
    search(plugins, CATALOG, "call recording")
    compare(plugins, CATALOG, ["ears", "tape"])
    find_ways(plugins, CATALOG, "ears", "care")
    stats.stats(plugins, CATALOG, DAY)
    assert plugins.listing() == ()


def test_the_work_of_a_question_does_not_grow_with_the_catalogue(tmp_path: Path) -> None:
    def work(extra: int) -> int:
        folder = write(tmp_path / f"m{extra}")
        for i in range(extra):
            filler = tool(f"x{i}", f"Filler {i}", "cms", "", (link(f"x{i // 2}"),))
            (folder / f"x{i}.yaml").write_text(vendor(f"x{i}", filler))
        plugins = Plugins.load(installed=False, manifest_dirs=[folder], cache_dir=tmp_path / f"c{extra}")
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        plugins.index._db.set_progress_handler(count, 1)
        assert tool_card(plugins, CATALOG, find_tool(plugins, CATALOG, "Ears"), DAY)
        compare(plugins, CATALOG, ["ears", "tape"])
        assert find_ways(plugins, CATALOG, "ears", "end").ways
        return steps

    assert work(400) < 1.2 * work(20)


def test_a_foreign_tool_that_a_manifest_claims_brings_no_facts(tmp_path: Path) -> None:
    folder = write(tmp_path / "m")
    theirs = vendor("rival", tool("hub", "Hub CRM", "crm", "", (link("lone"),)))
    (folder / "rival.yaml").write_text(theirs)
    plugins = Plugins.load(installed=False, manifest_dirs=[folder], cache_dir=tmp_path / "c")
    assert "lone" not in {c.other for c in connections_of(plugins.index, "hub")}
    assert [p.plugin for p in plugins.problems] == ["rival"]
