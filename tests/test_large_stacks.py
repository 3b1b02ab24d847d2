"""What makes large stacks fast gives the answers that plain counting out gives."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from functools import cache
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from stackaudit import audit
from stackaudit.analysis import Analysis
from stackaudit.analysis.doubles import Groups
from stackaudit.analysis.metrics import MOST_CRMS
from stackaudit.analysis.repairs import connected, repairs, wanted
from stackaudit.analysis.scoring import arrival, path_score, reach
from stackaudit.catalog import load_catalog
from stackaudit.causes import LONGEST_ID
from stackaudit.counterfactual import MOST_TRIED
from stackaudit.graph.build import MOST_OF_A_SUITE
from stackaudit.inventory import load_inventory
from stackaudit.model.inventory import CoverageClaim
from stackaudit.model.plugins import RuleContext
from stackaudit.model.vocabulary import NeedLabel, Tri
from stackaudit.resolve import resolve
from stackaudit.rules.runner import run_rules, standing_ids
from stackaudit.shape import shapes
from stackaudit.testing import audit_stack, named_plugins
from tests.benchmarks.stacks import big_stack
from tests.support import known_of

DAY = dt.date(2026, 9, 1)


@cache
def analysed(tools: int, seed: int) -> Analysis:
    return analysed_stack(big_stack(tools, seed=seed))


def analysed_stack(stack: dict[str, Any]) -> Analysis:
    catalog, plugins = load_catalog(), named_plugins()
    data = yaml.safe_dump(stack).encode()
    words = audit.vocabulary(catalog, plugins)
    loaded = load_inventory(None, vocabulary=words, root=Path(), data=data)
    return known_of(resolve(loaded, plugins, catalog, DAY))


def facts(analysis: Analysis) -> tuple[object, ...]:
    return (analysis.links, analysis.handoffs, analysis.signals, analysis.metrics, analysis.crms, analysis.doubles)


@pytest.mark.parametrize("seed", range(6))
def test_a_stack_with_one_more_connection_is_answered_as_if_it_were_new(seed: int) -> None:
    before = analysed(60, seed)
    facts(before)
    draw = random.Random(seed)
    here = before
    offered = repairs(before, NeedLabel.FULL_REVOPS, 500)
    assert offered
    for repair in draw.sample(offered, min(4, len(offered))):
        here = here.rewired(connected(here.stack, repair))
        assert facts(here) == facts(known_of(here.stack))


@pytest.mark.parametrize("claim", [{}, {"integrations": "complete"}, {"integrations": "complete", "teams": ["sales"]}])
@pytest.mark.parametrize("seed", range(3))
def test_whether_a_record_gets_anywhere_is_whether_its_path_scores_at_all(seed: int, claim: dict[str, Any]) -> None:
    analysis = analysed(60, seed)
    inventory = analysis.stack.inventory.model_copy(update={"coverage": CoverageClaim.model_validate(claim)})
    analysis = known_of(replace(analysis.stack, inventory=inventory))
    r, objects = analysis.roles, tuple(analysis.catalog.objects)
    found = set()
    for source, target in permutations((r.crm, r.map, r.csp, r.billing, r.usage, r.bi_or_warehouse, r.forecast), 2):
        for records in (objects, ("lead",), ("usage", "health")):
            scored = path_score(analysis, source, target, records, None)
            expected = Tri.YES if scored.low else Tri.UNKNOWN if scored.high else Tri.NO
            assert reach(analysis, source, target, records) is expected
            arrived = arrival(analysis, source, target, records)
            assert (arrived.low, arrived.high) == (scored.low, scored.high)
            found.add(expected)
    assert len(found) > 1


@pytest.mark.parametrize("seed", range(3))
def test_a_stack_without_some_of_its_connections_is_answered_as_if_it_were_new(seed: int) -> None:
    before = analysed(60, seed)
    facts(before)
    draw = random.Random(seed)
    gone = {c.index for c in draw.sample(before.stack.connections, 12)}
    after = replace(before.stack, connections=tuple(c for c in before.stack.connections if c.index not in gone))
    assert facts(before.rewired(after)) == facts(known_of(after))


@pytest.mark.parametrize("seed", range(3))
def test_a_stack_without_one_of_its_connections_is_answered_as_if_it_were_new(seed: int) -> None:
    before = known_of(analysed(40, seed).stack)
    facts(before)
    for gone in before.stack.connections:
        rest = replace(before.stack, connections=tuple(c for c in before.stack.connections if c is not gone))
        assert facts(before.rewired(rest)) == facts(known_of(rest))


FEW = {
    "version": 1,
    "company": {"employees": 300, "business_model": "saas_subscription"},
    "coverage": {"integrations": "complete"},
    "tools": [
        {"tool": "6sense", "id": "sixth"},
        {"tool": "Salesforce Sales Cloud", "id": "sfdc"},
        {"tool": "Outreach", "id": "outreach"},
        {"tool": "Zendesk", "id": "zendesk"},
        {"tool": "Marketo", "id": "marketo"},
        {"tool": "Snowflake", "id": "snowflake"},
    ],
    "integrations": [
        {"from": "sixth", "to": "sfdc", "objects": ["intent"], "method": "native", "latency": "hourly"},
        {"from": "sfdc", "to": "outreach", "objects": ["lead"], "method": "native", "latency": "hourly"},
        {"from": "outreach", "to": "sfdc", "objects": ["activity"], "method": "native", "latency": "hourly"},
        {"from": "zendesk", "to": "snowflake", "objects": ["ticket"], "method": "etl", "latency": "daily"},
        {"from": "sfdc", "to": "snowflake", "objects": ["account"], "method": "etl", "latency": "daily"},
        {"from": "marketo", "to": "sfdc", "method": "native"},
    ],
    "plays": [{"signal": "third_party_intent", "tool": "outreach", "owner": "SDR lead", "sla_minutes": 240}],
}


@pytest.mark.parametrize(
    ("gone", "touched"),
    [
        ("sfdc>outreach", "signals"),  # intent that the CRM makes into leads
        ("outreach>sfdc", "signals"),  # the outcome of a play, whatever the signal is carried as
        ("zendesk>snowflake", "links"),  # functions seen together, by any record
        ("marketo>sfdc", "handoffs"),  # nobody says what it carries
    ],
)
def test_what_a_connection_touches_is_answered_anew_without_it(gone: str, touched: str) -> None:
    before = analysed_stack(FEW)
    facts(before)
    kept = tuple(c for c in before.stack.connections if f"{c.source}>{c.target}" != gone)
    after = replace(before.stack, connections=kept)
    assert getattr(known_of(after), touched) != getattr(before, touched)
    assert facts(before.rewired(after)) == facts(known_of(after))


def test_one_search_gives_each_target_the_path_that_it_gets_alone() -> None:
    together, tools = analysed(60, 1).graph, sorted(analysed(60, 1).graph.tools)
    for start, end in combinations(tools[:12], 2):
        alone = known_of(analysed(60, 1).stack).graph if end == tools[1] else together
        asked = ((start,), (end,), ("lead", "account"))
        assert together.best_path(*asked) == alone.best_path(*asked)


def test_findings_that_would_stand_are_those_of_a_whole_run() -> None:
    analysis = analysed(60, 2)
    plugins = named_plugins()
    context = RuleContext(analysis, shapes(analysis), analysis.thresholds)
    findings, _ = run_rules(plugins.rules(), context, settings={}, waivers=(), as_of=DAY)
    ids = standing_ids(plugins.rules(), context, settings={}, waivers=(), as_of=DAY)
    assert ids == {f.id for f in findings if f.stands}


@pytest.mark.parametrize("seed", range(20))
def test_groups_know_what_they_hold(seed: int) -> None:
    draw = random.Random(seed)
    groups = [draw.sample("abcdefgh", draw.randint(1, 5)) for _ in range(4)]
    asked = draw.sample("abcdefgh", 2)
    held = Groups(groups)
    assert held.hold(asked) == any(set(asked) <= set(g) for g in groups)
    assert held.hold_two(asked) == any(len(set(asked) & set(g)) > 1 for g in groups)


def said(assumptions: Iterable[str]) -> bool:
    return any("connections could help the stack" in line for line in assumptions)


def test_a_result_says_when_not_every_connection_was_tried_out() -> None:
    large, small = (audit_stack(big_stack(n)) for n in (400, 12))
    assert len(wanted(analysed(400, 1), NeedLabel.FULL_REVOPS)) > MOST_TRIED
    assert said(large.coverage.assumptions)
    assert not said(small.coverage.assumptions)


def test_the_id_of_a_root_cause_stays_short_however_many_tools_it_has() -> None:
    result = audit_stack(big_stack(150))
    assert max(len("+".join(c.subjects)) for c in result.root_causes) > LONGEST_ID
    assert max(len(c.id) for c in result.root_causes) <= LONGEST_ID
    assert len({c.id for c in result.root_causes}) == len(result.root_causes)


@pytest.mark.parametrize("copies", [MOST_OF_A_SUITE - 1, MOST_OF_A_SUITE, 90])
def test_every_tool_of_a_suite_shares_its_database_however_many_they_are(copies: int) -> None:
    text = "- {tool: Salesforce, id: hub}\n" + "".join(f"- {{tool: Salesforce CPQ, id: q{i}}}\n" for i in range(copies))
    catalog, plugins = load_catalog(), named_plugins()
    loaded = load_inventory(None, vocabulary=audit.vocabulary(catalog, plugins), root=Path(), data=text.encode())
    graph = known_of(resolve(loaded, plugins, catalog, DAY)).graph
    assert len(graph.edges) <= MOST_OF_A_SUITE * (MOST_OF_A_SUITE - 1)
    for start, end in (("hub", "q1"), ("q1", "hub"), ("q1", f"q{copies - 1}")):
        path = graph.best_path((start,), (end,), ("opportunity",))
        assert path is not None
        assert path.automated


def test_metrics_look_into_the_largest_crms_only() -> None:
    crms = "".join(f"- {{tool: Salesforce, id: c{i}, seats: {i + 1}}}\n" for i in range(MOST_CRMS + 3))
    catalog, plugins = load_catalog(), named_plugins()
    loaded = load_inventory(None, vocabulary=audit.vocabulary(catalog, plugins), root=Path(), data=crms.encode())
    analysis = known_of(resolve(loaded, plugins, catalog, DAY))
    assert len(analysis.roles.crm.sure) == MOST_CRMS + 3
    nodes = {m.node for m in analysis.metrics if m.node}
    assert nodes
    assert not nodes & {"c0", "c1", "c2"}
