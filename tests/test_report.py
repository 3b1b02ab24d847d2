"""The report as text: policy, escaping, anchors, completeness, and the same bytes for the same result."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from stackaudit.model.result import AuditResult
from stackaudit.report import markdown, pdf
from stackaudit.report.guidance_view import guidance
from stackaudit.report.html import render
from stackaudit.report.privacy import Level, redact
from tests.support import audit_data, audit_text, case

CASES = ("quillstone", "atlasbridge", "meridian_loom", "pinecrest")
LOADING = {("link", "href"), ("img", "src"), ("script", "src"), ("iframe", "src"), ("image", "href"), ("use", "href")}


class Page(HTMLParser):
    """What a test wants to know of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[int] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))


def page(result: AuditResult) -> Page:
    return Page(render(result))


def everything() -> list[AuditResult]:
    return [*(case(name) for name in CASES), audit_text("- Salesforce\n"), audit_text("- Nobody Knows This\n")]


@pytest.mark.parametrize("name", CASES)
def test_the_policy_allows_this_style_and_script_and_nothing_else(name: str) -> None:
    text = render(case(name))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    allowed = policy[1].replace("&#39;", "'")
    for tag in ("style", "script"):
        (body,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.S)
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in allowed
    assert allowed.startswith("default-src 'none'; ")
    assert "unsafe" not in allowed


def test_nothing_is_loaded_from_elsewhere_and_links_leak_nothing() -> None:
    for result in everything():
        assert ("meta", {"name": "referrer", "content": "no-referrer"}) in page(result).tags
        for tag, attrs in page(result).tags:
            assert "style" not in attrs
            assert not [a for a in attrs if a.startswith("on")]
            for name, value in attrs.items():
                if (tag, name) in LOADING:
                    raise AssertionError(f"{tag} {name} loads {value}")
                if tag == "a" and name == "href" and not str(value).startswith("#"):
                    assert str(value).startswith("https://")
                    assert "target" not in attrs


def test_every_finding_and_tool_has_its_anchor_and_every_link_its_target() -> None:
    for result in everything():
        read = page(result)
        assert len(read.ids) == len(set(read.ids))
        for finding in result.findings:
            if finding.outcome != "not_assessed":
                assert f"finding-{finding.id}" in read.ids
        for tool in result.tools:
            assert f"tool-{tool.id}" in read.ids
        for tag, attrs in read.tags:
            if tag == "a" and str(attrs.get("href", "")).startswith("#"):
                assert str(attrs["href"])[1:] in read.ids


def test_headings_never_skip_a_level_and_there_is_one_title() -> None:
    for result in everything():
        levels = page(result).headings
        assert levels.count(1) == 1
        assert all(b - a <= 1 for a, b in pairwise(levels))


def test_every_table_has_a_caption_and_every_drawing_a_table() -> None:
    text = render(case("atlasbridge"))
    assert text.count("<table") == text.count("<caption")
    for drawing in ("stack_map", "handoffs", "links", "signals", "coverage", "overlap", "dimensions"):
        assert f'id="table-{drawing}-caption"' in text


def test_hostile_text_never_becomes_markup() -> None:
    evil = "</title></style></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'><b>"
    result = audit_data(
        {
            "company": {"name": evil, "business_model": evil},
            "org": {"title": evil, "reports_to": evil},
            "tools": [
                {"tool": evil, "id": "a", "owner": evil, "layer": "crm", "scope": evil, "team": evil},
                {"tool": "Gong", "id": "b", "owner": evil},
                {"tool": f"x{evil}", "id": "c"},
            ],
            "integrations": [
                {"from": "a", "to": "b", "via": evil, "objects": ["lead"]},
                {"from": "a", "to": evil[:50]},
            ],
            "waivers": [{"rule": "INV-002", "tools": ["c"], "reason": evil}],
        }
    )
    text = render(result)
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "<b>" not in text
    assert len(re.findall("<script", text)) == 1


@pytest.mark.parametrize("name", CASES)
def test_the_same_result_gives_the_same_bytes(name: str) -> None:
    assert render(case(name)) == render(AuditResult.model_validate_json(case(name).to_json()))


def test_the_first_page_carries_verdict_facts_figures_and_causes() -> None:
    result = case("quillstone")
    text = render(result)
    first = text[: text.index('id="map"')]
    assert result.shape.verdict.sentence in first
    for fact in result.shape.verdict.facts:
        assert fact in first
    for figure in ("$579,200", "16 Sep 2026", "3 of 9", "2 of 8"):
        assert figure in first
    for cause in result.root_causes:
        assert cause.title in first


def test_what_is_not_known_is_not_assessed_and_never_nought() -> None:
    text = render(audit_text("- Salesforce\n- Gong\n"))
    first = text[: text.index('id="map"')]
    assert "$0" not in first
    assert first.count("not assessed") >= 4


def test_what_was_not_assessed_is_listed_with_what_is_missing() -> None:
    result = audit_text("- Salesforce\n- Gong\n- Outreach\n")
    text = render(result)
    quiet = text[text.index('id="open"') : text.index('id="inventory"')]
    for finding in result.findings:
        if finding.outcome == "not_assessed":
            assert finding.rule in quiet


def test_overrides_of_the_file_are_named() -> None:
    result = audit_text(
        "settings: {rules: {INV-001: {severity: low}}, thresholds: {overlap_direct: 0.9}, aliases: {sf: salesforce}}\n"
        "tools: [sf, Gong]\n"
    )
    assert [(o.kind, o.name, o.default, o.value) for o in result.settings_overrides] == [
        ("alias", "sf", None, "salesforce"),
        ("severity", "INV-001", "medium", "low"),
        ("threshold", "overlap_direct", "0.6", "0.9"),
    ]
    assert "overlap_direct" in render(result)


def test_a_waived_finding_stays_listed_with_its_reason() -> None:
    result = audit_text(
        "as_of: 2026-09-01\ntools:\n- {tool: Outreach, id: a, in_use: [sequencing]}\n- {tool: Salesloft, id: b, in_use: [sequencing]}\n"
        "waivers: [{rule: RED-001, tools: [a, b], reason: two teams, owner: Ana, expires: 2027-01-01}]\n"
    )
    (finding,) = [f for f in result.findings if f.rule == "RED-001"]
    assert finding.waiver
    assert not finding.waiver.expired
    assert "Waived until 1 Jan 2027: two teams (Ana)" in render(result)
    assert finding.id not in {f for c in result.root_causes for f in c.findings}


def test_an_expired_waiver_holds_nothing_back_and_is_marked() -> None:
    result = audit_text(
        "as_of: 2026-09-01\ntools:\n- {tool: Outreach, id: a, in_use: [sequencing]}\n- {tool: Salesloft, id: b, in_use: [sequencing]}\n"
        "waivers: [{rule: RED-001, tools: [a, b], reason: two teams, expires: 2026-08-31}]\n"
    )
    (finding,) = [f for f in result.findings if f.rule == "RED-001"]
    assert finding.waiver
    assert finding.waiver.expired
    for page in (render(result), markdown.render(result), pdf.page(result)):
        assert "Waiver expired: two teams" in page


def test_a_sign_that_the_file_does_not_tell_is_not_assessed() -> None:
    result = audit_data({"company": {"employees": 140, "arr": 16000000, "currency": "USD"}, "tools": ["Salesforce"]})
    advice = result.shape.advice
    assert advice is not None
    unknown = {t.text for t in advice.triggers if t.state == "unknown"}
    assert unknown
    assert {text for text, _, state, _ in guidance(result).triggers if state == "not assessed"} == unknown


@pytest.mark.parametrize("count", [60, 300])
def test_a_large_stack_renders(count: int) -> None:
    names = [
        "Salesforce",
        "Outreach",
        "Gong",
        "Marketo",
        "Gainsight",
        "Clari",
        "Zendesk",
        "Pendo",
        "Snowflake",
        "Looker",
    ]
    tools = [{"tool": names[i % 10], "id": f"t{i}"} for i in range(count)]
    edges = [
        {"from": f"t{i}", "to": f"t{(i * 7 + 3) % count}", "objects": ["lead"]}
        for i in range(count)
        if (i * 7 + 3) % count != i
    ]
    result = audit_data({"tools": tools, "integrations": edges})
    text = render(result)
    assert text.count('id="tool-t') == count
    assert len(text) < 6_000_000


def test_a_tool_that_goes_by_another_name_is_known_again_by_the_declared_one() -> None:
    result = audit_text("- Census\n- salesforce\n- Pardot\n")
    shown = re.sub(r"<[^>]+>", " ", render(result))
    table = markdown.render(result).partition("## Tools")[2].partition("##")[0]
    assert "Fivetran Activations declared as Census" in re.sub(r"\s+", " ", shown)
    assert "| Fivetran Activations, declared as Census |" in table
    assert table.count("declared as") == 2
    assert "declared as salesforce" not in shown
    masked = redact(result, Level.VENDOR).result
    assert "declared as" not in markdown.render(masked).partition("## Tools")[2].partition("##")[0]


def test_the_tables_in_markdown_speak_in_the_words_of_the_page() -> None:
    text = markdown.render(case("quillstone"))
    handoffs, metrics = (text.partition(f"## {name}\n")[2].partition("\n## ")[0] for name in ("Handoffs", "Metrics"))
    assert "| absent |" in handoffs
    assert "| not computable |" in metrics
    for value in ("| broken |", "not\\_", "| sales\\_ops |", "| L |"):
        assert value not in text, value


def test_money_in_consolidation_scope_is_told_where_there_is_some() -> None:
    tools = [{"tool": "Gong", "id": "a", "annual_cost": 9000, "in_use": ["call_recording"]}]
    double = {"tool": "Chorus", "id": "b", "annual_cost": 5000, "in_use": ["call_recording"]}
    company = {"currency": "USD"}
    alone, both = (markdown.render(audit_data({"company": company, "tools": t})) for t in (tools, [*tools, double]))
    assert "consolidation scope" not in alone
    assert "$5,000 in consolidation scope (36%)" in both


def test_two_of_one_product_are_told_apart_wherever_they_stand() -> None:
    tools = [{"tool": "Gong", "id": "us"}, {"tool": "Gong", "id": "eu"}, {"tool": "Salesforce", "id": "crm"}]
    edges = [{"from": "us", "to": "crm", "objects": ["activity"], "method": "native"}]
    result = audit_data({"as_of": "2026-09-01", "company": {"employees": 90}, "tools": tools, "integrations": edges})
    assert not re.findall(r"<t[hd][^>]*>Gong[<,]", render(result))


def test_a_pillar_that_is_not_assessed_asks_for_what_would_answer_it() -> None:
    result = audit_data({"version": 1, "tools": ["Salesforce"]})
    alignment = next(p for p in result.shape.pillars if p.id == "alignment")
    page = render(result)
    assert alignment.state == "not_assessed"
    assert f"<dt>Alignment: not assessed</dt><dd>{alignment.because}</dd>" in page
