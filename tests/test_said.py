"""What a report must say of a stack and must not: small companies with words to find and words to miss.

One file a company in ``stacks/said``: ``why`` it is there, the ``stack``, findings that must be open (``fires``, by rule
or ``RULE:facet``), rules or facets that must be silent, rules that must stay ``not_assessed``, and pieces of text that
the result ``says`` or ``never`` says anywhere a reader looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from stackaudit.catalog import example_path
from stackaudit.model.result import AuditResult
from stackaudit.model.vocabulary import Outcome
from tests.support import CASES, HERE, audit_data, audit_file, read_yaml

FOLDER = HERE / "stacks" / "said"
FILES = {path.stem: read_yaml(path) for path in sorted(FOLDER.glob("*.yaml"))}
KEYS = {"why", "stack", "fires", "silent", "not_assessed", "says", "never"}

WRONG = {
    "a list with a verb in the singular": r"\b[A-Z]\w+ and [A-Z]\w+ (sends|gets|has|is|does|runs) (no|not|nothing)\b",
    "records without a noun": r": [a-z_]+(, [a-z_]+)* travel\b",
    "an id for a name": r"\b(campaign_engagement|ad_cost|job_change)\b",
    "a value of the program": r"\b(monitored|account|two_way) (None|True|False)\b",
    "a count that does not agree": r"\b1 of \d+ \w+ (have|do)\b|\b1 are\b|\b1 (connectors|tools|integrations|connections|links|signals|unidentified tools|metrics)\b",
    "an abbreviation in small letters": r"\b(mql|pql|cpq|ctas|nps|crm|fp&a)\b",
    "a fact that does not arrive at it": r"\breach it (by|\()",
}
NOT_FOR_READERS = {"id", "facet", "rule", "subjects", "kind", "source", "file", "tools", "metrics", "signals", "match"}


@cache
def told(name: str) -> AuditResult:
    return audit_data(FILES[name]["stack"])


def sentences(value: Any, key: str = "") -> Iterator[str]:
    """Every text of a result that is written to be read: those that hold more than one word."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name not in NOT_FOR_READERS or isinstance(item, (dict, list)):
                yield from sentences(item, name)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from sentences(item, key)
    elif isinstance(value, str) and key not in NOT_FOR_READERS and " " in value:
        yield value


def spoken(result: AuditResult) -> list[str]:
    data = result.model_dump(mode="json", by_alias=True)
    parts = ("shape", "findings", "root_causes", "links", "handoffs", "signals", "metrics", "roadmap", "counterfactual")
    return [s for part in (*parts, "overlaps", "ownership", "coverage", "verdict") for s in sentences(data.get(part))]


def open_findings(result: AuditResult, outcome: Outcome) -> set[str]:
    found = [f for f in result.findings if f.outcome is outcome]
    return {f.rule for f in found} | {f"{f.rule}:{f.facet}" for f in found if f.facet}


@pytest.mark.parametrize("name", FILES)
def test_a_report_says_what_is_true_of_the_company_and_nothing_else(name: str) -> None:
    case = FILES[name]
    assert case["why"]
    assert case.keys() <= KEYS
    result = told(name)
    fired = open_findings(result, Outcome.FAIL)
    text = "\n".join(spoken(result))
    wrong = [f"does not fire: {r}" for r in case.get("fires", ()) if r not in fired]
    wrong += [f"fires: {r}" for r in case.get("silent", ()) if r in fired]
    unknown = open_findings(result, Outcome.NOT_ASSESSED)
    wrong += [f"is not left open: {r}" for r in case.get("not_assessed", ()) if r not in unknown]
    wrong += [f"is not said: {s}" for s in case.get("says", ()) if s not in text]
    wrong += [f"is said: {s}" for s in case.get("never", ()) if s in text]
    assert not wrong, text


def test_no_sentence_of_any_company_is_known_to_be_wrong() -> None:
    results = [told(name) for name in FILES]
    results += [audit_file(path) for path in sorted(CASES.glob("*[!d].yaml")) if ".expected" not in path.name]
    results += [audit_file(example_path("northfield")), audit_file(HERE / "stacks" / "thirty.yaml")]
    said = {s for result in results for s in spoken(result)}
    assert len(said) > 1000
    found = {f"{what}: {s}" for s in said for what, pattern in WRONG.items() if re.search(pattern, s)}
    assert not found


def test_whether_there_are_renewals_is_asked_where_the_business_model_does_not_say() -> None:
    stack = {
        "tools": [{"tool": "Salesforce", "in_use": ["opportunity_mgmt"]}],
        "integrations": [],
        "org": {"title": "Ops"},
    }
    asked = {
        model: any(
            "sell subscriptions" in q
            for q in audit_data({**stack, "company": {"employees": 90, **said}}).coverage.questions
        )
        for model, said in (
            ("none", {}),
            ("saas", {"business_model": "saas_subscription"}),
            ("events", {"business_model": "events"}),
        )
    }
    assert asked == {"none": True, "saas": False, "events": False}


def test_what_fails_for_want_of_an_unconnected_crm_is_laid_at_no_other_tools_door() -> None:
    causes = {cause.id: cause.blocks for cause in told("bought_and_automated").root_causes}
    assert {"H07", "H09"} <= set(causes["rc-islands"].handoffs)
    assert {"forecast_accuracy", "win_rate"} <= set(causes["rc-islands"].metrics)


def test_a_list_of_names_is_not_told_that_nothing_travels() -> None:
    names = audit_data(["Pipedrive", "HubSpot", "Planhat", "Mailchimp"])
    said = "\n".join(spoken(names))
    assert "Whether won deals of HubSpot reach Pipedrive is not declared" in said
    assert "do not reach" not in said
    sized = audit_data(
        {"company": {"employees": 210, "business_model": "saas_subscription"}, "tools": ["Salesforce", "Planhat"]}
    )
    assert sized.root_causes
    assert "cut off" not in "\n".join(spoken(sized))
