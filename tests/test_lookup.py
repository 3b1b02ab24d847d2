"""Questions about a catalogue small enough to know every answer."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from stackaudit.catalog import load_catalog
from stackaudit.errors import UsageError
from stackaudit.lookup import stats, taxonomy
from stackaudit.lookup.ages import age_of, months_before
from stackaudit.lookup.card import ToolCard, tool_card
from stackaudit.lookup.compare import compare
from stackaudit.lookup.connections import connections_of
from stackaudit.lookup.names import find, find_tool
from stackaudit.lookup.paths import Owned, Way, find_ways
from stackaudit.lookup.search import search
from stackaudit.pluginmanager import Plugins
from tests.catalogue_fixture import MANIFESTS, link, small, tool, vendor, write

CATALOG = load_catalog()
DAY = dt.date(2026, 9, 1)


@pytest.fixture
def plugins(tmp_path: Path) -> Plugins:
    return small(tmp_path)


def found(plugins: Plugins, text: str) -> dict[str, tuple[str, str]]:
    return {hit.id: (hit.reasons[0].why, hit.reasons[0].text) for hit in search(plugins, CATALOG, text)}


def card(plugins: Plugins, name: str) -> ToolCard:
    made = tool_card(plugins, CATALOG, find_tool(plugins, CATALOG, name), DAY)
    assert made is not None
    return made


def relays(ways: tuple[Way, ...]) -> list[tuple[str, ...]]:
    return [way.relays for way in ways]


def test_the_small_catalogue_is_whole(plugins: Plugins) -> None:
    assert len(plugins.all_tool_rows()) == 10
    assert plugins.problems == ()


def test_a_capability_finds_who_offers_it_core_before_the_rest(plugins: Plugins) -> None:
    assert found(plugins, "call recording") == {"ears": ("core", "Call recording"), "tape": ("core", "Call recording")}
    assert found(plugins, "coaching") == {"tape": ("offers", "Coaching scorecards")}
    assert found(plugins, "sequences") == {"ears": ("edition", "Sequences / cadences with Plus")}


def test_a_name_says_whether_it_is_the_name_another_or_a_former_one(plugins: Plugins) -> None:
    assert found(plugins, "ears")["ears"] == ("named so", "Ears")
    assert found(plugins, "ears.io")["ears"] == ("also called", "Ears.io")
    assert found(plugins, "otophone")["ears"] == ("formerly", "Otophone")
    assert found(plugins, "otop")["ears"] == ("name begins", "Otophone")
    assert found(plugins, "phone")["ears"] == ("name holds", "Otophone")


def test_a_layer_finds_its_tools_and_words_of_a_definition_rank_last(plugins: Plugins) -> None:
    assert next(iter(found(plugins, "crm"))) == "hub"
    assert found(plugins, "conversation intelligence") == {
        "ears": ("layer", "Conversation Intelligence"),
        "tape": ("layer", "Conversation Intelligence"),
    }
    assert found(plugins, "support sentiment")["care"] == ("core, by its definition", "Health scores")


def test_a_typing_error_still_leads_to_similar_names_and_capabilities(plugins: Plugins) -> None:
    assert found(plugins, "Otophne") == {"ears": ("similar name", "Otophone")}
    assert set(found(plugins, "call recrding")) == {"ears", "tape"}
    assert found(plugins, "qqqqzzzz") == {}


@pytest.mark.parametrize("text", ["", "   ", "%", "_", "'; DROP TABLE tools; --", "(", "\\", "*"])
def test_odd_queries_find_nothing_and_break_nothing(plugins: Plugins, text: str) -> None:
    assert search(plugins, CATALOG, text) == ()
    assert len(plugins.all_tool_rows()) == 10


def test_a_name_that_several_tools_carry_lists_them(plugins: Plugins) -> None:
    with pytest.raises(UsageError) as refused:
        find(plugins, CATALOG, "recorder")
    assert str(refused.value).splitlines() == [
        "'recorder' means several tools; name one of them:",
        "  hub  Hub CRM, CRM (by its alias)",
        "  tape  Tape, Conversation Intelligence (by its alias)",
    ]


def test_an_unknown_name_lists_the_closest_and_never_takes_one(plugins: Plugins) -> None:
    with pytest.raises(UsageError, match="nothing is called 'Otophon'; did you mean ears"):
        find(plugins, CATALOG, "Otophon")
    with pytest.raises(UsageError, match="catalog search finds tools by what they do"):
        find(plugins, CATALOG, "qqqqzzzz")


def test_the_name_of_a_vendor_leads_to_its_tools(tmp_path: Path) -> None:
    folder = write(tmp_path / "m", {"house": vendor("house", tool("a", "Alpha", "crm"), tool("b", "Beta", "cpq"))})
    plugins = Plugins.load(installed=False, manifest_dirs=[folder], cache_dir=tmp_path / "c")
    assert found(plugins, "house") == {"a": ("made by", "House"), "b": ("made by", "House")}
    with pytest.raises(UsageError, match="'House' is a vendor; name one of its tools: a, b"):
        find(plugins, CATALOG, "House")


def test_layers_and_capabilities_are_found_by_id_name_and_in_any_case(plugins: Plugins) -> None:
    assert find(plugins, CATALOG, "Customer Success").kind == "layer"
    assert find(plugins, CATALOG, "CALL_RECORDING").kind == "capability"
    assert find(plugins, CATALOG, "Call recording").kind == "capability"
    with pytest.raises(UsageError, match="'crm' is a layer; name a tool"):
        find_tool(plugins, CATALOG, "crm")


def test_a_connection_that_both_sides_name_is_mutual_and_both_sayings_stand(plugins: Plugins) -> None:
    ears = {(c.other, c.method): c for c in connections_of(plugins.index, "ears")}
    hub = ears["hub", "native"]
    assert hub.evidence == "mutual"
    assert hub.differs == ("direction",)
    assert [(s.by, s.direction, s.grade, s.objects) for s in hub.said] == [
        ("ears", "two_way", "documented", ("activity", "contact")),
        ("hub", "outbound", "indexed", ("activity",)),
    ]


@pytest.mark.parametrize(("other_side", "differs"), [("two_way", ()), ("inbound", ("direction",))])
def test_a_side_that_has_a_row_for_each_way_says_that_the_connection_goes_both_ways(
    other_side: str, differs: tuple[str, ...], tmp_path: Path
) -> None:
    rows = (
        link("box", direction="inbound", objects="[contact]"),
        link("box", direction="outbound", objects="[activity]"),
    )
    here = vendor("pen", tool("pen", "Pen", "sales_engagement", links=rows))
    there = vendor("box", tool("box", "Box", "crm", links=(link("pen", direction=other_side),)))
    folder = write(tmp_path / "m", {"pen": here, "box": there})
    plugins = Plugins.load(installed=False, manifest_dirs=[folder], cache_dir=tmp_path / "c")
    (both,) = connections_of(plugins.index, "pen")
    assert (both.direction, both.objects, both.differs) == ("two_way", ("contact", "activity"), differs)
    ways = {(s.direction, s.objects) for s in both.said if s.by == "pen"}
    assert ways == {("inbound", ("contact",)), ("outbound", ("activity",))}


def test_a_connection_that_the_sides_make_differently_is_kept_twice_and_said_so(plugins: Plugins) -> None:
    ears = {(c.other, c.method): c for c in connections_of(plugins.index, "ears")}
    assert ears["pipes", "ipaas"].evidence == ears["pipes", "webhook"].evidence == "mutual"
    assert ears["pipes", "ipaas"].differs == ears["pipes", "webhook"].differs == ("method",)
    assert [s.by for s in ears["pipes", "webhook"].said] == ["pipes"]


def test_a_connection_that_one_side_names_is_claimed_and_seen_from_both(plugins: Plugins) -> None:
    (tape,) = connections_of(plugins.index, "tape")
    assert (tape.other, tape.evidence, tape.direction) == ("hub", "claimed", "outbound")
    hub = {c.other: c for c in connections_of(plugins.index, "hub")}
    assert (hub["tape"].evidence, hub["tape"].direction, hub["tape"].said[0].by) == ("claimed", "inbound", "tape")


def test_a_card_tells_names_status_limits_and_what_is_not_known(plugins: Plugins) -> None:
    tape = card(plugins, "Tape")
    assert tape.status is not None
    assert (tape.status.state, tape.status.successor_name, tape.status.as_of) == ("absorbed", "Ears", "2025-06")
    ears = card(plugins, "Otophone")
    assert (ears.asked_by, ears.asked) == ("former_name", "Otophone")
    assert ears.limits == {"max_crm": 1}
    assert [(c.id, c.kind, c.edition, c.defining) for c in ears.capabilities] == [
        ("call_recording", "core", None, True),
        ("transcription", "core", None, False),
        ("deal_inspection", "secondary", None, False),
        ("sequencing", "edition", "Plus", True),
    ]
    assert ears.claims[0].age == "aging"
    assert not any("core capability" in text for text in ears.unknown)


def test_a_tool_of_which_little_is_known_says_so(plugins: Plugins) -> None:
    lone = card(plugins, "Lone")
    assert lone.connections == ()
    assert len(lone.unknown) == 4
    assert any("no manifest names a connection" in text for text in lone.unknown)
    care = card(plugins, "Care")
    assert any("only others name it" in text for text in care.unknown)


def test_a_comparison_tells_shared_from_single_and_core_from_the_rest(plugins: Plugins) -> None:
    both = compare(plugins, CATALOG, ["ears", "tape"])
    assert {row.capability: row.offered for row in both.rows} == {
        "call_recording": ("core", "core"),
        "transcription": ("core", None),
        "deal_inspection": ("secondary", None),
        "sequencing": ("with Plus", None),
        "coaching": (None, "secondary"),
    }
    assert [row.capability for row in both.shared] == ["call_recording"]
    assert {row.capability for row in both.only(0)} == {"transcription", "deal_inspection", "sequencing"}
    assert [row.capability for row in both.only(1)] == ["coaching"]
    assert {row.capability for row in both.rows if row.defining} == {"call_recording", "sequencing"}
    assert [(n.id, n.connects) for n in both.neighbours] == [("hub", ("ears", "tape")), ("pipes", ("ears",))]
    assert [t.state for t in both.tools] == [None, "absorbed"]


def test_a_comparison_of_three_keeps_their_order_and_shows_direct_connections_once(plugins: Plugins) -> None:
    three = compare(plugins, CATALOG, ["tape", "hub", "ears"])
    assert [t.id for t in three.tools] == ["tape", "hub", "ears"]
    assert {(c.tool, c.other) for c in three.direct} == {("tape", "hub"), ("hub", "ears")}
    assert three.shared == ()


def test_a_direct_way_comes_first_then_single_relays(plugins: Plugins) -> None:
    ways = find_ways(plugins, CATALOG, "ears", "hub").ways
    assert relays(ways)[0] == ()
    ways = find_ways(plugins, CATALOG, "ears", "care").ways
    assert relays(ways) == [("hub",), ("pipes",)]
    assert [way.carries for way in ways] == [("contact",), None]


def test_a_way_never_runs_against_a_known_direction(plugins: Plugins) -> None:
    assert relays(find_ways(plugins, CATALOG, "tape", "care").ways) == [("hub",)]
    assert find_ways(plugins, CATALOG, "care", "tape").ways == ()


def test_two_relays_are_named_where_neither_alone_would_do(plugins: Plugins) -> None:
    assert relays(find_ways(plugins, CATALOG, "ears", "end").ways) == [("pipes", "far")]


def test_beside_a_shorter_way_two_relays_are_named_only_where_all_of_them_are_owned(tmp_path: Path) -> None:
    far = vendor(
        "far", tool("far", "Far", "warehouse", "", (link("end", direction="outbound"),)), tool("end", "End", "ads")
    )
    near = vendor("near", tool("near", "Near", "ipaas", "", (link("ears"), link("end"))))
    known = Plugins.load(
        installed=False,
        manifest_dirs=[write(tmp_path / "manifests", MANIFESTS | {"far": far, "near": near})],
        cache_dir=tmp_path / "cache",
    )
    assert relays(find_ways(known, CATALOG, "ears", "end").ways) == [("near",)]
    some = Owned(frozenset({"ears", "end", "pipes"}))
    assert relays(find_ways(known, CATALOG, "ears", "end", some).ways) == [("near",)]
    every = Owned(frozenset({"ears", "end", "pipes", "far"}))
    assert relays(find_ways(known, CATALOG, "ears", "end", every).ways) == [("pipes", "far"), ("near",)]


def test_a_tool_that_passes_nothing_on_is_no_relay(plugins: Plugins) -> None:
    assert all("end" not in way.relays for way in find_ways(plugins, CATALOG, "far", "hub").ways)
    assert all("end" not in way.relays for way in find_ways(plugins, CATALOG, "far", "ears").ways)


def test_tools_of_one_database_need_no_connection(plugins: Plugins) -> None:
    (way,) = find_ways(plugins, CATALOG, "one", "two").ways
    assert [hop.method for hop in way.hops] == ["shared database"]


def test_with_an_inventory_what_is_owned_comes_first_and_the_rest_says_what_is_missing(plugins: Plugins) -> None:
    owned = Owned(frozenset({"ears", "care", "pipes"}), frozenset({("ears", "pipes")}))
    ways = find_ways(plugins, CATALOG, "ears", "care", owned).ways
    assert [(way.relays, way.missing) for way in ways] == [(("pipes",), ()), (("hub",), ("hub",))]
    assert [hop.wired for hop in ways[0].hops] == [True, False]


def test_an_end_that_is_no_longer_sold_as_it_was_is_named(plugins: Plugins) -> None:
    assert find_ways(plugins, CATALOG, "tape", "care").fates == {"tape": "absorbed"}


def test_layers_count_their_tools_and_show_them(plugins: Plugins) -> None:
    counted = {row.id: row.tools for row in taxonomy.layers(plugins, CATALOG)}
    assert (counted["conversation_intelligence"], counted["crm"], counted["cpq"]) == (2, 1, 0)
    assert sum(counted.values()) == 10
    crm = taxonomy.layer_card(plugins, CATALOG, "crm")
    assert [row.id for row in crm.tools] == ["hub"]
    assert "opportunity_mgmt" in [c.id for c in crm.capabilities]
    recording = taxonomy.capability_card(plugins, CATALOG, "call_recording")
    assert [row.id for row in recording.core] == ["ears", "tape"]


def test_the_numbers_add_up(plugins: Plugins) -> None:
    now = stats.stats(plugins, CATALOG, DAY)
    assert (now.tools, now.vendors) == (10, 7)
    assert (now.integration_rows, now.integration_pairs, now.pairs_mutual, now.pairs_differing) == (10, 8, 2, 2)
    assert now.facts == now.facts_with_basis == 10 + 10 + 1 + 1
    assert sum(now.facts_by_age.values()) == sum(now.facts_by_kind.values()) == sum(now.facts_by_basis.values()) == 22
    assert now.integrations_by_grade == {"documented": 6, "registry": 3, "indexed": 1}
    assert now.integrations_by_age == {"aging": 8, "stale": 1, "undated": 1}
    holes = {h.layer: h for h in now.holes_by_layer}
    assert (holes["gifting"].tools, holes["gifting"].no_core, holes["gifting"].no_connections) == (1, 1, 1)
    assert (holes["crm"].no_core, holes["crm"].no_records, holes["crm"].only_lists) == (0, 0, 0)


def test_old_and_undated_facts_are_listed_and_ages_follow_the_day(plugins: Plugins) -> None:
    assert [(f.tool, f.text, f.checked) for f in stats.stale(plugins, DAY)] == [("hub", "ears", "2024-05-01")]
    assert len(stats.stale(plugins, dt.date(2028, 1, 1))) == 19
    assert {(f.tool, f.kind) for f in stats.undated(plugins)} == {
        ("ears", "former_name"),
        ("tape", "status"),
        ("tape", "integration"),
    }


def test_holes_name_tools_layers_and_capabilities(plugins: Plugins) -> None:
    holes = {(h.what, h.id, h.missing) for h in stats.holes(plugins, CATALOG)}
    assert ("tool", "lone", "no connection") in holes
    assert ("layer", "cpq", "no tool") in holes
    assert ("capability", "quoting", "nobody offers it") in holes
    assert ("capability", "coaching", "nobody offers it") not in holes


def test_pairs_on_which_the_sides_differ_are_listed_once_a_method(plugins: Plugins) -> None:
    listed = [(c.tool, c.other, c.method, c.differs) for c in stats.disagreements(plugins)]
    assert listed == [
        ("ears", "hub", "native", ("direction",)),
        ("ears", "pipes", "webhook", ("method",)),
        ("ears", "pipes", "ipaas", ("method",)),
    ]


@pytest.mark.parametrize(
    ("checked", "age"),
    [
        (None, "undated"),
        ("2026-09-01", "fresh"),
        ("2026-03-01", "fresh"),
        ("2026-02-28", "aging"),
        ("2025-09-01", "aging"),
        ("2025-08-31", "stale"),
        ("2026-09-02", "later"),
    ],
)
def test_a_fact_ages_by_whole_months(checked: str | None, age: str) -> None:
    assert age_of(checked, DAY) == age


def test_months_end_where_they_end() -> None:
    assert months_before(dt.date(2024, 2, 29), 12) == dt.date(2023, 2, 28)
    assert months_before(dt.date(2026, 1, 31), 2) == dt.date(2025, 11, 30)
    assert months_before(dt.date(2026, 12, 31), 12) == dt.date(2025, 12, 31)
