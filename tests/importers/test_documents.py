"""Sources that are no tables: workflows, technologies seen on sites, catalogues of code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stackaudit.errors import UsageError
from stackaudit.importers.words import words
from tests.importers.support import matched, read


def node(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": f"n8n-nodes-base.{kind}", **more}


def wire(*targets: str) -> dict[str, Any]:
    return {"main": [[{"node": t, "type": "main", "index": 0} for t in targets]]}


WORKFLOW = {
    "name": "New leads",
    "active": True,
    "nodes": [
        node("On form", "hubspotTrigger"),
        node("Is it big?", "if"),
        node("Make lead", "salesforce"),
        node("Tell", "slack", disabled=True),
    ],
    "connections": {
        "On form": wire("Is it big?"),
        "Is it big?": wire("Make lead", "Tell"),
        "Make lead": wire("On form"),
    },
}


def test_an_active_workflow_gives_its_tools_and_the_connections_between_them(tmp_path: Path) -> None:
    found = read(tmp_path / "flow.json", json.dumps(WORKFLOW), aliases={"Hubspot": "hubspot_marketing_hub"})
    assert found.importer == "n8n"
    assert matched(found) == ["hubspot_marketing_hub", "salesforce"]
    assert [(w.source, w.target, dict(w.fields)) for w in found.wires] == [
        ("Hubspot", "Salesforce", {"method": "ipaas", "via": "n8n"}),
        ("Salesforce", "Hubspot", {"method": "ipaas", "via": "n8n"}),
    ]


def test_a_workflow_that_is_not_active_connects_nothing(tmp_path: Path) -> None:
    found = read(tmp_path / "flow.json", json.dumps([{**WORKFLOW, "active": False}]))
    assert found.wires == ()
    assert any("not active" in r for r in found.remarks)


HAR = {
    "log": {
        "entries": [
            {
                "request": {
                    "url": "https://js.hs-scripts.com/1.js?email=ana@x.com",
                    "cookies": [{"name": "session", "value": "secret"}],
                    "headers": [{"name": "Authorization", "value": "secret"}],
                },
                "response": {"content": {"text": "secret"}},
            },
            {"request": {"url": "https://cdn.segment.com/a.js"}},
            {"request": {"url": "https://acme.example/"}},
            {"request": {"url": "http://[bad"}},
        ]
    }
}


def test_a_recording_gives_the_tags_of_a_site_and_keeps_nothing_else(tmp_path: Path) -> None:
    found = read(tmp_path / "site.har", json.dumps(HAR))
    assert found.importer == "har"
    assert matched(found) == ["segment"]
    assert [t.match.reason for t in found.tools if t.match.outcome == "confirm"] == [
        "a tag of HubSpot's; it does not say which of its hubs is used"
    ]
    assert "secret" not in repr(found)
    assert "ana@x.com" not in repr(found)


def site(*hosts: str) -> str:
    return json.dumps({"log": {"entries": [{"request": {"url": f"https://{host}/x.js"}} for host in hosts]}})


def test_a_host_tells_a_tool_only_where_a_source_says_so(tmp_path: Path) -> None:
    for host, said in words()["tag_hosts"].items():
        (found,) = read(tmp_path / "site.har", site(f"cdn.{host}")).tools
        assert found.match.candidates, f"{host}: {said['tool']} is no tool of the catalogue"
        assert found.match.outcome == ("matched" if "source" in said else "confirm"), host


def test_the_owner_of_a_host_is_found_below_a_country_with_two_levels(tmp_path: Path) -> None:
    found = read(tmp_path / "site.har", site("www.acme.co.uk", "px.gong.io"))
    assert [t.name for t in found.aside] == ["acme.co.uk"]


DOCUMENTS = [
        ("wappalyzer", {"https://acme.example": {"Gong": {"version": "", "confidence": 100, "categories": []}}}),
        ("wappalyzer", {"urls": {}, "applications": [{"name": "Gong", "confidence": "100", "categories": []}]}),
        ("wappalyzer_technologies", {"urls": {}, "technologies": [{"name": "Gong", "slug": "gong", "categories": []}]}),
        ("builtwith", {"Results": [{"Result": {"Paths": [{"Domain": "a.example", "Technologies": [{"Name": "Gong", "Categories": ["x"]}]}]}}]}),
        ("backstage", {"apiVersion": "backstage.io/v1alpha1", "kind": "Resource", "metadata": {"name": "gong"}}),
]  # fmt: skip


def more(data: Any) -> Any:
    """The same with its keys the other way round and one more in every map that does not list sites or tools."""
    if isinstance(data, list):
        return [more(part) for part in data]
    if not isinstance(data, dict):
        return data
    turned = {key: more(value) for key, value in reversed(data.items())}
    plain_keys = not any(key.startswith("http") or key == "Gong" for key in turned)
    return {**turned, "xtra": "y"} if plain_keys else turned


@pytest.mark.parametrize(("importer", "data"), DOCUMENTS)
def test_order_more_keys_and_a_mark_change_nothing_in_a_document(tmp_path: Path, importer: str, data: Any) -> None:
    found = read(tmp_path / "export.json", json.dumps(more(data)).encode("utf-8-sig"))
    assert (found.importer, matched(found)) == (importer, ["gong"])


@pytest.mark.parametrize(("importer", "data"), DOCUMENTS)
def test_documents_are_recognised_by_their_shape(tmp_path: Path, importer: str, data: Any) -> None:
    found = read(tmp_path / "export.json", json.dumps(data))
    assert (found.importer, matched(found)) == (importer, ["gong"])


def test_a_backstage_file_may_hold_several_documents(tmp_path: Path) -> None:
    entity = "apiVersion: backstage.io/v1alpha1\nkind: {}\nmetadata:\n  name: {}\n"
    text = "---\n".join(
        [entity.format("Component", "gong"), entity.format("User", "salesforce"), entity.format("System", "slack")]
    )
    assert matched(read(tmp_path / "catalog-info.yaml", text)) == ["gong", "slack"]


def test_a_tech_stack_file_asks_about_names_that_libraries_share(tmp_path: Path) -> None:
    entry = "- name: {}\n  website_url: {}\n  hosted_saas: true\n"
    text = (
        "repo_name: x\ntools:\n"
        + entry.format("Apollo", "https://www.apollographql.com")
        + entry.format("Gong", "https://www.gong.io")
    )
    found = read(tmp_path / "techstack.yml", text)
    assert found.importer == "techstack"
    assert matched(found) == ["gong"]
    assert [t.name for t in found.tools if t.match.outcome == "confirm"] == ["Apollo"]


@pytest.mark.parametrize("data", ['{"a": 1}', "3", "null", '"x"', '{"log": {"entries": [1]}}', '{"nodes": 1}'])
def test_a_document_of_no_known_kind_is_said(tmp_path: Path, data: str) -> None:
    with pytest.raises(UsageError, match="no export that is known"):
        read(tmp_path / "x.json", data)
