"""The shipped data: whole, consistent, sourced, and free of names that belong to tests."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

import pytest

from stackaudit import rules, yamlio
from stackaudit.catalog import example_names, example_path, load_catalog
from stackaudit.errors import CatalogError
from stackaudit.model.vendor import OfferedIntegration, VendorManifest, VendorTool
from stackaudit.model.vocabulary import Basis, SignalId
from stackaudit.pluginmanager import fold
from stackaudit.resources import data_dir, vendors_dir
from tests.support import CASES, HERE, audit_data, audit_file, plugins, read_yaml

ROOT = HERE.parent
MANIFESTS = sorted(vendors_dir().glob("*.yaml"))
SIXTY = [
    "INV-001",
    "INV-002",
    "INV-003",
    "RED-001",
    "RED-002",
    "RED-003",
    "RED-004",
    "RED-005",
    "RED-006",
    "RED-007",
    "RED-008",
    "RED-009",
    "GAP-001",
    "GAP-002",
    "GAP-003",
    "GAP-004",
    "GAP-005",
    "GAP-006",
    "GAP-007",
    "GAP-008",
    "GAP-009",
    "GAP-010",
    "DEP-001",
    "DEP-002",
    "DEP-003",
    "DEP-004",
    "DEP-005",
    "DEP-006",
    "DEP-007",
    "DEP-008",
    "INT-001",
    "INT-002",
    "INT-003",
    "INT-004",
    "INT-005",
    "INT-006",
    "INT-007",
    "INT-008",
    "INT-009",
    "HND-001",
    "SOR-001",
    "SOR-002",
    "SOR-003",
    "SIG-001",
    "SIG-002",
    "SIG-003",
    "SIG-004",
    "SIG-005",
    "MET-001",
    "COST-001",
    "COST-002",
    "COST-003",
    "RISK-001",
    "RISK-002",
    "SHP-001",
    "SHP-002",
    "SHP-003",
    "SHP-004",
    "SHP-005",
    "SHP-006",
]
BROADER = {"email_campaigns": ("email",)}
NAMED = [
    "Salesforce", "HubSpot", "HubSpot Marketing Hub", "Pipedrive", "Outreach", "Salesloft", "Apollo", "Marketo", "Pardot",
    "Gainsight", "Catalyst", "ChurnZero", "Clari", "Aviso", "BoostUp", "Gong", "Chorus", "Fathom", "ZoomInfo", "Clearbit",
    "Bombora", "SpurIQ", "Bizible", "Dreamdata", "LeanData", "HockeyStack", "Looker", "Tableau", "Mosaic", "Forecastio",
    "Siebel", "Drift", "Gangly",
]  # fmt: skip


@cache
def manifest(path: Path) -> VendorManifest:
    return VendorManifest.model_validate(yamlio.load_path(path, path.name).data)


def test_the_catalogue_loads_and_its_weights_sum_to_a_hundred() -> None:
    catalog = load_catalog()
    assert sum(w.weight for w in catalog.stack_weights) == 100
    assert sum(w.weight for w in catalog.org_weights) == 100
    assert [w.id for w in catalog.stack_weights] == [f"d{i}" for i in range(1, 9)]
    assert len([x for x in catalog.layers.values() if x.core]) == 10


def test_closed_lists_of_the_contract_and_the_catalogue_agree() -> None:
    catalog = load_catalog()
    assert set(catalog.signals) == set(get_args(SignalId))
    assert list(catalog.handoffs) == [f"H{i:02}" for i in range(1, 11)]
    assert list(catalog.links) == [f"X{i}" for i in range(1, 9)]
    assert len(catalog.objects) == 23


def test_every_layer_says_who_uses_it_what_it_takes_and_gives_and_by_which_test_a_tool_belongs() -> None:
    catalog = load_catalog()
    assert len(catalog.layers) >= 45
    assert [x.id for x in list(catalog.layers.values())[:10]] == [x.id for x in catalog.layers.values() if x.core]
    by_layer = {c.layer for c in catalog.capabilities.values()}
    for layer in catalog.layers.values():
        assert layer.inclusion != layer.definition, layer.id
        assert layer.may_cover, layer.id
        assert layer.aliases, layer.id
        assert layer.needs or layer.feeds or layer.integration or layer.standalone, layer.id
        assert layer.id in by_layer or layer.id == "ai_agents", layer.id


def test_attribution_and_routing_are_told_apart() -> None:
    catalog = load_catalog()
    halves = catalog.layers["attribution_routing"].halves
    assert [h.id for h in halves] == ["attribution", "routing"]
    of_layer = [c.id for c in catalog.capabilities.values() if c.layer == "attribution_routing"]
    assert sorted(c for h in halves for c in h.capabilities) == sorted(of_layer)


def test_a_word_for_a_record_means_one_record_type() -> None:
    objects = load_catalog().objects
    words = [word for o in objects.values() for word in (o.id, *o.aliases)]
    assert len(words) == len(set(words))


def test_the_functions_that_the_shapes_count_are_sales_marketing_and_customer_success() -> None:
    assert {f.id for f in load_catalog().functions.values() if f.counts} == {"sales", "marketing", "cs"}


def test_exactly_eight_capabilities_define_a_layer() -> None:
    defining = {c.id for c in load_catalog().capabilities.values() if c.defining}
    assert defining == {
        "sequencing",
        "forecast_rollup",
        "call_recording",
        "email_campaigns",
        "health_scoring",
        "mta",
        "lead_routing",
        "opportunity_mgmt",
    }


def test_every_rule_of_the_domain_has_all_its_texts() -> None:
    texts = load_catalog().rules
    assert set(texts) - set(SIXTY) == {"INV-004"}  # about the file itself, beyond the sixty
    assert set(SIXTY) <= set(texts)
    for text in texts.values():
        for part in (text.title, text.checks, text.why, text.fix, text.waive_when, text.threshold, text.source):
            assert part.strip(), text.id
        assert len(text.title) <= 80, text.id
        assert "!" not in text.title + text.why + text.fix


def test_every_check_has_its_texts_and_lives_in_one_place() -> None:
    assert set(rules.checks()) <= set(load_catalog().rules)
    assert len(rules.checks()) >= 23


def test_every_threshold_has_a_unit_a_source_and_a_grade() -> None:
    for threshold in load_catalog().thresholds.values():
        assert threshold.unit, threshold.id
        assert threshold.source, threshold.id


def test_a_threshold_that_a_text_names_has_the_value_that_it_says() -> None:
    catalog = load_catalog()
    built = set(rules.checks())
    for text in catalog.rules.values():
        for name, value in re.findall(r"([a-z]+_[a-z0-9_]+): ([\d.,]*\d)", text.threshold):
            if text.id in built:
                assert catalog.thresholds[name].value == float(value.replace(",", "")), (text.id, name)


def test_no_threshold_is_without_use() -> None:
    code = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "stackaudit").rglob("*.py"))
    unused = [name for name in load_catalog().thresholds if name not in code]
    assert not unused


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("layers.yaml", "family: record", "family: recrod", "family"),
        ("capabilities.yaml", "layer: crm", "layer: crmm", "crmm"),
        ("signals.yaml", "carriers: [lead, contact]", "carriers: [leed]", "leed"),
        ("shapes.yaml", "weight: 25", "weight: 24", "sum to 99"),
        ("links.yaml", "id: X2", "id: X1", "X1 stands twice"),
        ("objects.yaml", "objects:", "objects: [", "objects.yaml"),
    ],
)
def test_a_damaged_catalogue_is_refused_with_the_place(
    tmp_path: Path, file: str, old: str, new: str, words: str
) -> None:
    folder = tmp_path / "catalogs"
    shutil.copytree(data_dir("catalogs"), folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogError, match=re.escape(words)):
        load_catalog(folder)


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda p: p.stem)
def test_a_manifest_holds(path: Path) -> None:
    catalog, found = load_catalog(), manifest(path)
    tools = {row.id for row in plugins().all_tool_rows()}
    assert found.vendor.id == path.stem
    for tool in found.tools:
        capabilities = tool.capabilities
        every = {*capabilities.core, *capabilities.secondary, *(c for e in capabilities.editions.values() for c in e)}
        assert every <= set(catalog.capabilities), tool.id
        assert not set(capabilities.core) & set(capabilities.secondary), tool.id
        assert set(tool.all_layers) <= set(catalog.layers), tool.id
        assert {*tool.objects.holds, *tool.objects.can_own, *tool.objects.relays} <= set(catalog.objects), tool.id
        assert set(tool.signals) <= set(catalog.signals), tool.id
        assert set(tool.actions) <= set(catalog.actions), tool.id
        assert set(tool.functions) <= set(catalog.functions), tool.id
        for need in tool.requires:
            assert need.layer is None or need.layer in catalog.layers, tool.id
            assert need.capability is None or need.capability in catalog.capabilities, tool.id
            assert set(need.objects) <= set(catalog.objects), tool.id
        assert {o for i in tool.integrations for o in i.objects} <= set(catalog.objects), tool.id
        assert {i.to for i in tool.integrations} <= tools - {tool.id}, tool.id
        if tool.status:
            assert tool.status.source
            assert tool.status.successor is None or tool.status.successor in tools
        for source in tool.sources:
            assert source.basis in get_args(Basis)
            assert source.basis != "sourced" or source.checked, f"{tool.id}: a sourced fact without the day of reading"


def test_no_two_tools_share_a_name() -> None:
    owners: dict[str, str] = {}
    for path in MANIFESTS:
        for tool in manifest(path).tools:
            for name in (tool.id, tool.name, *tool.aliases, *(f.name for f in tool.former_names)):
                assert owners.setdefault(fold(name), tool.id) == tool.id, name


# Words that many products carry. A product may be called so; nothing else may answer to one.
COMMON = set(
    re.findall(
        r"\w+",
        """
    account accounts admin ads agent agents alerts analytics answers api apps assist attribution audience
    audiences automation base billing board boards bot bridge builder calendar calls campaigns canvas capture
    care cdp chat cloud coach commerce commercecloud communities community connect contacts content contracts
    conversations copilot core crm customer customersuccess dashboard data datacatalog deals demo demoautomation
    desk dialer digital discover docs duplicatecheck dynamics dynamics365 email engage engagement enrich
    enrichment enterprise events experience experiencecloud explore fin flow flows forecast forecasting forms
    growth guide health help hub identity inbox insight insights intelligence intent journey journeys launch
    lead leads learn learning link live mail maps marketing marketplace meet meetings messages messaging mobile
    networks notes now onboarding one optimize orders pages partner partners payments people performance
    pipeline plan planning platform plus portal predict pro projects prospect prospecting pulse quotes recorder
    reports research respond revenue reviews routing sales sandbox scheduler search sequences service sign
    signals signatures social spaces studio success suite support surveys sync tasks templates territory tickets
    track tracking trust vault video visitors voice webinars workflow workflows works workspace
    """,
    )
)
SHORT = set(
    re.findall(
        r"\w+",
        "aem adf adp bq ctm cq5 db dnb eci ga ga4 gbq gcs ghl gsc gtm hvs jsm lgm moz oic pbi pdl qbo s3 ttd ukg woo zra",
    )
)


def test_no_name_that_many_products_carry_and_no_new_abbreviation_means_one_tool() -> None:
    """A product's own name counts, an alias that says less than it does not."""
    wrong = []
    for tool in every_tool().values():
        for alias in tool.aliases:
            key = fold(alias)
            if key in COMMON or (len(key) < 4 and key not in SHORT):
                wrong.append((tool.id, alias))
    assert not wrong
    assert not SHORT - {fold(a) for t in every_tool().values() for a in t.aliases}


def test_no_name_of_a_tool_is_the_name_of_another_vendor() -> None:
    makers = {fold(manifest(path).vendor.name): path.stem for path in MANIFESTS}
    owners = {tool.id: path.stem for path in MANIFESTS for tool in manifest(path).tools}
    strangers = [
        (tool.id, alias, makers[fold(alias)])
        for tool in every_tool().values()
        for alias in (*tool.aliases, *(f.name for f in tool.former_names))
        if makers.get(fold(alias), owners[tool.id]) != owners[tool.id]
    ]
    assert not strangers


@pytest.mark.parametrize(
    "name",
    [
        "Apttus",
        "Commerce Cloud",
        "Concierge",
        "Dynamics 365",
        "Experience Cloud",
        "Fin",
        "Microsoft Dynamics 365",
        "Veeam",
    ],
)
def test_a_name_that_belongs_to_several_products_is_asked_about(name: str) -> None:
    """Each was once an alias of one of them, or might have become one."""
    assert not plugins().find(name)


def test_every_site_is_shown_by_an_address_or_said_to_be_judged() -> None:
    """A site turns a host into a tool on import, so nobody may take a guessed one for a fact."""
    for tool in every_tool().values():
        ours = [s for s in tool.sources if s.basis == "classified" and s.claim.startswith("layer")]
        assert len(ours) == 1, tool.id
        judged = re.split(r", | and ", ours[0].claim.removesuffix(", judged by stackaudit"))
        assert {"layer", "functions", "capabilities"} <= set(judged), tool.id
        assert ("further names" in judged) == bool(tool.aliases), tool.id
        assert ("records" in judged) == bool(tool.objects.holds or tool.objects.can_own or tool.objects.relays), tool.id
        if tool.website and "site" not in judged:
            addresses = [s.url or "" for s in tool.sources] + [i.source for i in tool.integrations]
            named = any(s.claim.startswith("this is its site: ") and s.url and s.checked for s in tool.sources)
            assert named or any(_domain(a) == _domain(tool.website) for a in addresses), tool.id
        assert tool.website or "site" not in judged, tool.id


def test_a_vendor_of_another_name_is_shown_by_an_address_or_said_to_be_judged() -> None:
    """Products change hands, and who owns one decides what belongs to one suite or to one contract."""
    wrong = []
    for path in MANIFESTS:
        made = manifest(path)
        first = _letters(made.vendor.name.split()[0])
        for tool in made.tools:
            (ours,) = (s for s in tool.sources if s.basis == "classified" and s.claim.startswith("layer"))
            said = "vendor" in re.split(r", | and ", ours.claim.removesuffix(", judged by stackaudit"))
            shown = any(first in _letters(text) for text in _naming(tool))
            succeeded = tool.status is not None and tool.status.successor in {t.id for t in made.tools}
            if said == (shown or succeeded):
                wrong.append((made.vendor.name, tool.id))
    assert not wrong


def test_a_documented_connector_stands_at_a_host_of_either_side() -> None:
    makers = {tool.id: manifest(path).vendor.name for path in MANIFESTS for tool in manifest(path).tools}
    shared = ("github.com", "raw.githubusercontent.com", "intercom.help", "www.notion.so")
    elsewhere = []
    for tool, offered in every_integration():
        place = urlsplit(offered.source)
        if offered.grade != "documented" or place.netloc in shared:
            continue
        sides = [every_tool()[i] for i in (tool, offered.to)]
        names = [makers[t.id] for t in sides]
        names += [n for t in sides for n in (t.id, t.name, *t.aliases, *(f.name for f in t.former_names))]
        words = {_letters(word) for name in names for word in (name, *re.split(r"[\W_]+", name))}
        words |= {_letters(_domain(t.website).split(".")[0]) for t in sides if t.website}
        if not any(word in _letters(place.netloc) for word in words if len(word) > 3):
            elsewhere.append((tool, offered.to, offered.source))
    assert not elsewhere


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def _naming(tool: VendorTool) -> Iterator[str]:
    """Where the name of a tool's maker shows: its names, what sources say, whose hosts and repositories they are."""
    yield from (tool.name, tool.website or "", *tool.aliases, *(f.name for f in tool.former_names))
    yield from (s.claim for s in tool.sources if s.basis != "classified")
    addresses = [s.url or "" for s in tool.sources if s.basis != "classified"] + [i.source for i in tool.integrations]
    if tool.status is not None:
        yield tool.status.note or ""
        addresses.append(tool.status.source or "")
    for address in addresses:
        place = urlsplit(address)
        code = place.netloc in ("github.com", "raw.githubusercontent.com")
        yield place.netloc + (place.path.split("/")[1] if code else "")


def _domain(address: str) -> str:
    """The part of a host that one owner has, as far as it matters here."""
    labels = (re.match(r"https?://([^/:]+)", address) or ["", ""])[1].casefold().split(".")
    return ".".join(
        labels[-3:] if labels[-2:-1] in (["co"], ["com"], ["org"]) and len(labels[-1]) == 2 else labels[-2:]
    )


def test_the_host_of_a_vendor_with_many_products_is_no_single_tool() -> None:
    for host in ("ibm.com", "veeam.com", "avepoint.com", "verint.com", "conga.com", "veeva.com", "yahooinc.com"):
        assert not plugins().find(host), host
    for host, tool in (("workday.com", "workday"), ("webflow.com", "webflow"), ("sproutsocial.com", "sprout_social")):
        assert {hit.tool_id for hit in plugins().find(host)} == {tool}


@cache
def every_tool() -> dict[str, VendorTool]:
    return {tool.id: tool for path in MANIFESTS for tool in manifest(path).tools}


def every_integration() -> list[tuple[str, OfferedIntegration]]:
    return [(tool.id, offered) for tool in every_tool().values() for offered in tool.integrations]


def test_the_catalogue_does_not_shrink() -> None:
    offered = every_integration()
    grades = Counter(grade for *_, grade in {(tool, i.to, i.method, i.grade) for tool, i in offered})
    assert len(every_tool()) >= 1_745
    assert len({frozenset((tool, i.to)) for tool, i in offered}) >= 5_120
    assert grades["documented"] >= 2_144
    assert grades["documented"] + grades["indexed"] >= 3_589
    assert sum(bool(i.objects) for _, i in offered) >= 358
    assert sum(i.basis == "sourced" for _, i in offered) >= 891
    assert sum(tool.status is not None for tool in every_tool().values()) >= 14


def test_a_repository_of_a_third_party_documents_no_connector() -> None:
    held = {
        grade: {
            tuple(i.source.split("/")[3:5])
            for _, i in every_integration()
            if i.grade == grade and i.source.startswith("https://github.com/")
        }
        for grade in ("documented", "registry")
    }
    assert not held["documented"] & held["registry"]


def test_every_layer_has_a_tool_and_every_tool_a_capability() -> None:
    tools = every_tool().values()
    assert {t.layer for t in tools} >= set(load_catalog().layers)
    for tool in tools:
        assert tool.capabilities.core or tool.capabilities.secondary, tool.id
        assert tool.functions, tool.id


def test_a_capability_that_defines_a_layer_is_core_only_where_it_belongs() -> None:
    """A false core capability would show an overlap that nobody has."""
    capabilities = load_catalog().capabilities
    at_home = {name: {c.layer, *BROADER.get(name, ())} for name, c in capabilities.items() if c.defining}
    strangers = {
        (tool.id, name)
        for tool in every_tool().values()
        for name in tool.capabilities.core
        if name in at_home and tool.layer not in at_home[name]
    }
    assert not strangers


@pytest.mark.parametrize(
    ("name", "layer", "home"),
    [
        ("Avalara", "billing", "tax"),
        ("PayPal", "billing", "payments"),
        ("RightRev", "billing", "revenue_accounting"),
        ("Zuora Revenue", "billing", "revenue_accounting"),
        ("m3ter", "billing", "metering"),
        ("Stigg", "billing", "metering"),
        ("ChartMogul", "billing", "reporting_bi"),
        ("GuideCX", "customer_success", "onboarding"),
        ("Churnkey", "customer_success", "survey"),
        ("Einstein Activity Capture", "sales_forecasting", "crm_productivity"),
        ("ZeroBounce", "data_enrichment", "data_quality"),
        ("Cloudingo", "data_enrichment", "data_quality"),
        ("Calendly", "sales_engagement", "scheduling"),
        ("MailReach", "sales_engagement", "email"),
        ("Artisan", "execution_layer", "ai_agents"),
        ("Appcues", "product_analytics", "digital_adoption"),
        ("Loopio", "cpq", "trust_review"),
    ],
)
def test_a_tool_beside_a_layer_does_not_make_it_look_covered(name: str, layer: str, home: str) -> None:
    present = {row.id for row in audit_data({"tools": [name]}).layers if row.present == "yes"}
    assert home in present
    assert layer not in present


def test_every_fact_has_an_address_or_is_our_own_dated_judgement() -> None:
    addresses = [s.url for t in every_tool().values() for s in t.sources if s.url]
    addresses += [i.source for _, i in every_integration()]
    addresses += [f.source for t in every_tool().values() for f in t.former_names if f.source]
    addresses += [t.status.source for t in every_tool().values() if t.status]
    assert not [a for a in addresses if not re.fullmatch(r"https?://[\w.-]+\.[a-z]+(/\S*)?|source document [AB]", a)]
    for tool in every_tool().values():
        assert any(s.basis != "classified" for s in tool.sources), f"{tool.id} rests on nothing"
        for source in tool.sources:
            assert source.basis != "classified" or source.checked, tool.id
        for former in tool.former_names:
            assert former.source, f"{tool.id}: {former.name}"


def test_a_connector_says_how_well_it_is_known() -> None:
    for tool, offered in every_integration():
        assert offered.grade, f"{tool} to {offered.to}"
        assert offered.basis != "sourced" or offered.checked, f"{tool} to {offered.to}: read on which day?"


def test_a_record_stands_once_in_what_a_manifest_says_of_a_connector() -> None:
    """A connector has a row for each way that records go, and for each address that shows it; no record has two."""
    records = Counter((tool, i.to, i.method, o) for tool, i in every_integration() for o in i.objects or (None,))
    assert not [way for way, times in records.items() if times > 1]


def test_two_sides_that_speak_of_the_same_connection_do_not_contradict_each_other() -> None:
    seen_from_there = {"inbound": "outbound", "outbound": "inbound"}
    ways: dict[tuple[str, str, str | None], set[str]] = {}
    for tool, i in every_integration():
        if i.direction:
            ways.setdefault((tool, i.to, i.method), set()).add(i.direction)
    said = {way: min(found) if len(found) == 1 else "two_way" for way, found in ways.items()}
    both = [(way, (way[1], way[0], way[2])) for way in said if (way[1], way[0], way[2]) in said]
    assert both
    for here, there in both:
        assert said[here] == seen_from_there.get(said[there], said[there]), f"{here} and {there}"


def test_no_fact_was_read_in_the_future() -> None:
    days = [s.checked for t in every_tool().values() for s in t.sources]
    days += [i.checked for _, i in every_integration()]
    assert max(d for d in days if d) <= dt.datetime.now(dt.UTC).date()


def test_no_fact_rests_on_a_list_that_forbids_it() -> None:
    barred = re.compile(r"github\.com/(snowplow|estuary)/|docs\.snowplow\.io")
    for path in MANIFESTS:
        assert not barred.search(path.read_text(encoding="utf-8")), path.name


def test_every_repository_that_facts_come_from_stands_in_the_list_of_origins() -> None:
    origins = (data_dir("catalogs") / "SOURCES.md").read_text(encoding="utf-8")
    lists = [i.source for _, i in every_integration() if i.grade == "registry"]
    owners = {m[1] for a in lists if (m := re.match(r"https://github\.com/([\w.-]+)/", a))}
    assert not sorted(owner for owner in owners if f"{owner}/" not in origins)


def test_a_tool_answers_to_its_own_site_and_never_to_another_ones() -> None:
    known = plugins()
    answered = 0
    for tool in every_tool().values():
        found = re.fullmatch(r"https://([\w.-]+)/?", tool.website or "")
        if found:
            hits = {hit.tool_id for hit in known.find(found[1])}
            assert hits <= {tool.id}, f"{found[1]} means {hits}, not {tool.id}"
            assert hits == {hit.tool_id for hit in known.find(f"https://www.{found[1]}/")}
            answered += bool(hits)
    assert answered >= 560


@pytest.mark.parametrize(
    ("name", "tool"),
    [
        ("SFDC", "salesforce"),
        ("Sales Cloud", "salesforce"),
        ("Salesforce Sandbox", "salesforce"),
        ("SFMC", "sfmc"),
        ("MCAE", "pardot"),
        ("Account Engagement", "pardot"),
        ("Marketing Hub", "hubspot_marketing_hub"),
        ("HubSpot CRM", "hubspot"),
        ("Marketo Engage", "marketo"),
        ("Zuora Revenue", "zuora_revenue"),
        ("Slack Enterprise Grid", "slack"),
        ("GA4", "google_analytics"),
        ("Universal Analytics", "google_analytics"),
        ("G Suite", "google_workspace"),
        ("Sales Nav", "linkedin_sales_navigator"),
        ("HelloSign", "dropbox_sign"),
        ("Integromat", "make"),
        ("Wingman", "clari_copilot"),
        ("Facebook Ads", "meta_ads"),
        ("Data Studio", "looker_studio"),
        ("https://www.gong.io/", "gong"),
        ("chilipiper.com", "chili_piper"),
        ("Fathom", "fathom"),
        ("Fathom Analytics", "fathom_analytics"),
        ("Gong Engage", "gong_engage"),
        ("SF CPQ", "salesforce_cpq"),
        ("LI Sales Nav", "linkedin_sales_navigator"),
        ("MSFT Teams", "microsoft_teams"),
        ("HubSpot - Mktg Hub (Ent)", "hubspot_marketing_hub"),
        ("Groove by Clari", "clari_groove"),
    ],
)
def test_a_name_that_people_write_means_its_tool(name: str, tool: str) -> None:
    assert {hit.tool_id for hit in plugins().find(name)} == {tool}


@pytest.mark.parametrize(
    ("name", "tool"),
    [
        ("Salesforce - US Prod", "salesforce"),
        ("SFDC Sandbox (Full)", "salesforce"),
        ("Salesforce Sales Cloud EE", "salesforce"),
        ("HubSpot (legacy, sunset Q3)", "hubspot"),
        ("Outreach | US | 120 seats", "outreach"),
        ("Marketo - NA - Production", "marketo"),
        ("6sense – Growth plan", "sixsense"),
        ("Office 365 E3", "microsoft_365"),
        ("Pardot (MCAE)", "pardot"),
        ("Clari Copilot (ex Wingman)", "clari_copilot"),
        ("Tableau (Salesforce)", "tableau"),
        ("Salesforce (Tableau)", "tableau"),
        ("Google Ads (brand account)", "google_ads"),
    ],
)
def test_a_remark_on_place_plan_instance_or_vendor_does_not_hide_a_tool(name: str, tool: str) -> None:
    assert {hit.tool_id for hit in plugins().find(name)} == {tool}


@pytest.mark.parametrize(
    "name", ["Salesforce & Pardot", "Gong / Chorus", "Totango + Catalyst", "Amplitude and Mixpanel"]
)
def test_a_row_about_two_products_is_no_single_tool(name: str) -> None:
    assert not plugins().find(name)


@pytest.mark.parametrize("name", ["Apollo (GraphQL)", "Front Desk", "Power BI Pro (training)", "Gong (via Outreach)"])
def test_a_remark_that_says_something_else_leaves_a_name_unmatched(name: str) -> None:
    assert not plugins().find(name)


@pytest.mark.parametrize(
    "name", ["Zoho", "SAP", "Groove", "Reveal", "Dynamics", "Oracle", "Google", "Adobe", "Microsoft"]
)
def test_a_name_that_may_mean_several_products_is_never_matched(name: str) -> None:
    assert not plugins().find(name)


@pytest.mark.parametrize("name", NAMED)
def test_every_tool_that_the_source_documents_name_is_known(name: str) -> None:
    assert len({hit.tool_id for hit in plugins().find(name)}) == 1


def test_names_that_changed_hands_carry_status_and_source() -> None:
    states = {}
    for tool_id in ("clearbit", "drift", "bizible", "pardot", "catalyst", "boostup"):
        tool = plugins().tool(tool_id)
        assert tool is not None
        assert tool.tool.status is not None
        states[tool_id] = tool.tool.status.state
    assert states == {
        "clearbit": "absorbed",
        "drift": "sunset",
        "bizible": "renamed",
        "pardot": "renamed",
        "catalyst": "merged",
        "boostup": "renamed",
    }
    for tool_id in ("clari", "salesloft", "chorus", "momentum", "tableau", "slack"):
        tool = plugins().tool(tool_id)
        assert tool is not None
        assert tool.tool.status is None


def test_no_vendor_of_the_sources_gets_an_advantage() -> None:
    text = "".join(p.read_text(encoding="utf-8").casefold() for p in (ROOT / "stackaudit").rglob("*.py"))
    text += "".join(p.read_text(encoding="utf-8").casefold() for p in (data_dir("catalogs") / "rules").glob("*.yaml"))
    assert "gangly" not in text
    assert "spuriq" not in text


def test_no_name_of_a_case_or_of_a_real_company_stands_in_the_product() -> None:
    names = {str(read_yaml(p)["company"]["name"]) for p in CASES.glob("*.yaml") if not p.stem.endswith(".expected")}
    names |= {"Sourcegraph", "PostHog Inc", "Fleet Device", "Observe Inc", "kestrel"}
    assert len(names) == 9
    files = [p for p in (ROOT / "stackaudit").rglob("*") if p.suffix in {".py", ".md"}]
    files += [p for p in data_dir("catalogs").rglob("*.yaml") if "examples" not in p.parts]
    files += [p for p in data_dir("reports").rglob("*") if p.is_file()]
    for path in files:
        text = path.read_text(encoding="utf-8").casefold()
        for name in names:
            assert name.casefold() not in text, f"{path}: {name}"


@pytest.mark.parametrize("name", example_names())
def test_an_example_audits_without_a_problem_and_all_its_tools_resolve(name: str) -> None:
    result = audit_file(example_path(name))
    assert not result.problems
    assert not result.coverage.unresolved


def test_an_example_that_does_not_exist_is_named() -> None:
    with pytest.raises(CatalogError, match="northfield"):
        example_path("none")


def test_every_folder_opens_with_a_readme() -> None:
    for folder in ("stackaudit", "plugins", "catalogs", "reports", "tests"):
        assert (ROOT / folder / "README.md").read_text(encoding="utf-8").startswith("# ")


def test_the_rule_reference_is_the_generated_one() -> None:
    from stackaudit.cli.rules import reference
    from tests.support import plugins

    written = (data_dir("catalogs") / "rules" / "README.md").read_text(encoding="utf-8")
    assert written == reference(plugins().rules()), "run: stackaudit rules --format md > catalogs/rules/README.md"
