"""From names to tools: by rule, never by likeness; what is unsure asks."""

from __future__ import annotations

import pytest

from stackaudit.importers.matching import match
from stackaudit.importers.words import plain, words
from stackaudit.model.importing import Match, Record
from tests.support import plugins


def found(name: str, *, general: bool = False, domain: str = "", **aliases: str) -> Match:
    return match(Record(name, name, "row 2", {}, domain), plugins(), general=general, aliases=aliases)


@pytest.mark.parametrize(
    ("name", "tool"),
    [
        ("Salesforce", "salesforce"),
        ("SFDC", "salesforce"),
        ("Salesforce.com, Inc.", "salesforce"),
        ("Marketo Engage", "marketo"),
        ("ZoomInfo (DiscoverOrg)", "zoominfo"),
        ("Slack (Enterprise Grid)", "slack"),
        ("Gong (Enterprise)", "gong"),
        ("Gong Professional", "gong"),
        ("gong.io", "gong"),
        ("HubSpot (Marketing Hub)", "hubspot_marketing_hub"),
    ],
)
def test_names_aliases_former_names_domains_and_editions_match(name: str, tool: str) -> None:
    assert found(name).tool_id == tool
    assert found(name).confidence >= 0.9


def test_the_edition_is_kept() -> None:
    assert found("Gong (Enterprise)").edition == "Enterprise"


@pytest.mark.parametrize(
    ("name", "candidate"),
    [
        ("Salesfroce", "salesforce"),
        ("Outreech", "outreach"),
        ("Drift / Salesloft", "drift"),
        ("Gong (Zoom)", "gong"),
        ("Zoom + Slack", "slack"),
        ("Slack and Zoom", "zoom"),
        ("HubSpot Marketing/Sales", "hubspot_sales_hub"),
        ("Salesforce (Sales Cloud + Service Cloud)", "salesforce_service_cloud"),
        ("DocuSign CLM", "docusign"),
    ],
)
def test_a_name_that_is_only_alike_or_holds_two_asks(name: str, candidate: str) -> None:
    assert found(name).outcome == "confirm"
    assert found(name).tool_id is None
    assert candidate in found(name).candidates


def test_a_name_that_nobody_has_is_unknown() -> None:
    assert found("Frobnicator 3000").outcome == "unknown"


@pytest.mark.parametrize("name", ["Apollo", "Chorus", "Segment", "Clay"])
def test_a_shared_name_matches_in_a_list_of_tools_and_asks_where_all_software_is_listed(name: str) -> None:
    assert found(name).outcome == "matched"
    assert found(name, general=True).outcome == "confirm"


def test_the_tools_own_web_address_settles_a_shared_name() -> None:
    assert found("Apollo", general=True, domain="https://www.apollo.io").tool_id == "apollo"
    assert found("Apollo", general=True, domain="https://www.apollographql.com").outcome == "confirm"


def test_a_name_and_an_address_of_different_tools_ask() -> None:
    assert found("Gong", domain="https://www.outreach.io").outcome == "confirm"


def test_what_a_person_has_decided_wins() -> None:
    assert found("Apollo", general=True, Apollo="apollo").tool_id == "apollo"
    assert (
        match(Record("The CRM", "k", "row 2"), plugins(), general=False, aliases={"the crm": "salesforce"}).tool_id
        == "salesforce"
    )


@pytest.mark.parametrize("name", ["Pigma", "Gung", "Gonh", "Slock", "Amazon", "Bong", "Outland", "Sigmund"])
def test_a_short_name_that_differs_in_more_than_a_slip_suggests_nothing(name: str) -> None:
    assert (found(name).outcome, found(name).candidates) == ("unknown", ())


@pytest.mark.parametrize("name", ["Datadog", "Datadog, Inc.", "GitLab (Premium)", "adobe photoshop", "Lever"])
def test_well_known_software_of_another_kind_is_known_as_such(name: str) -> None:
    assert found(name).outcome == "unknown"
    assert found(name).other


def test_no_tool_of_the_catalogue_is_listed_as_software_of_another_kind() -> None:
    listed = [name for names in words()["other_software"].values() for name in names]
    assert [name for name in listed if plugins().named(name)] == []
    assert len({plain(name) for name in listed}) == len(listed)


def test_each_name_that_another_product_shares_has_a_page_of_that_product() -> None:
    for name, said in words()["shared_names"].items():
        assert plugins().named(name), name
        assert said["source"].startswith("https://")


def test_every_everyday_word_is_the_name_of_a_tool() -> None:
    assert [word for word in words()["everyday_words"] if not plugins().named(word)] == []


def test_the_tools_fuller_name_is_not_shared() -> None:
    assert found("Apollo.io", general=True).tool_id == "apollo"
    assert found("Outreach.io", general=True).tool_id == "outreach"


def test_a_web_address_of_somebody_else_puts_a_shared_name_in_doubt() -> None:
    assert found("Apollo", domain="https://www.apollographql.com").outcome == "confirm"
    assert found("Gong", domain="https://intranet.example/gong").outcome == "matched"
