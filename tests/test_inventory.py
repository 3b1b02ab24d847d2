"""Stack files: short and long forms, typed fields, and every mistake named with its place and a suggestion."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackaudit.errors import InputError
from stackaudit.inventory import json_schema
from tests.support import CASES, case, load_text


def refused(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_text(text)
    return [str(p).removeprefix("<stdin>:") for p in caught.value.problems]


def one(text: str) -> str:
    problems = refused(text)
    assert len(problems) == 1, problems
    return problems[0]


def test_a_bare_list_of_names_is_a_valid_inventory() -> None:
    loaded = load_text("- Salesforce\n- Gong\n- Gong\n")
    assert [t.id for t in loaded.inventory.tools] == ["salesforce", "gong", "gong_2"]
    assert [loaded.tool_line(i) for i in range(3)] == [1, 2, 3]


def test_names_and_maps_can_be_mixed() -> None:
    loaded = load_text("tools:\n- Salesforce\n- {tool: Gong, seats: 45, sso: no, annual_cost: 1200.50}\n")
    gong = loaded.inventory.tools[1]
    assert (gong.seats, gong.sso, gong.annual_cost) == (45, False, 1200.5)


def test_text_stays_text_in_text_fields() -> None:
    tool = load_text("tools:\n- {tool: NO, owner: on, edition: 1.10, notes: 12:30}\n").inventory.tools[0]
    assert (tool.tool, tool.owner, tool.edition, tool.notes) == ("NO", "on", "1.10", "12:30")


def test_an_unknown_key_is_an_error_with_a_suggestion() -> None:
    assert one("tools:\n- {tool: Gong, onwer: me}\n") == "2:16: unknown key 'onwer'; did you mean owner?"


def test_keys_that_begin_with_x_are_ignored_anywhere() -> None:
    load_text("x-top: 1\ncompany: {name: A, x-a: {b: [1]}}\ntools:\n- {tool: Gong, x-note: hi}\n")


def test_all_problems_come_in_one_go() -> None:
    text = (
        "company: {employes: 5, motions: [inbund]}\n"
        "tools:\n"
        "- {tool: Gong, seats: -3, in_use: [sequencin], contract_end: 12.03.2026}\n"
        "- {tool: Clari, layer: crmm, sso: maybe}\n"
        "integrations:\n"
        "- {from: gong, to: clari, objects: [opportunty], method: magic}\n"
    )
    problems = refused(text)
    assert len(problems) == 9
    assert [p.split(":")[0] for p in problems] == ["1", "1", "3", "3", "3", "4", "4", "6", "6"]
    assert "did you mean inbound?" in problems[1]
    assert "did you mean sequencing?" in "".join(problems)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tools: {a: 1}\n", "1:8: tools: a map; expected a list"),
        ("org: [a]\ntools: [Gong]\n", "1:6: org: a list; expected a map"),
        ("tools:\n- [a]\n", "2:3: tools: a list; expected a map"),
        ("tools: []\n", "at least one"),
        ("company: {name: A}\n", "'tools' is missing"),
        ("hello\n", "is a single value"),
        ("version: 2\ntools: [Gong]\n", "1:10: version: 2; expected one of 1"),
        ("tools:\n- {tool: Gong, seats: 1.5}\n", "whole number"),
        ("tools:\n- {tool: Gong, annual_cost: 84k}\n", "plain number"),
        ("tools:\n- {tool: Gong, annual_cost: '1,298'}\n", "plain number"),
        ("tools:\n- {tool: Gong, seats: " + "9" * 5000 + "}\n", "number"),
        ("tools:\n- {tool: Gong, contract_end: 2026-13-40}\n", "ISO date"),
        ("tools:\n- {tool: Gong, contract_end: 9999-01-01}\n", "a year from 1990 to 2100"),
        ("tools:\n- {tool: Gong, criticality: 7}\n", "criticality"),
        ("tools:\n- {tool: Gong, id: a}\n- {tool: Clari, id: a}\n", "stands twice, first on line 2"),
        ("tools: [Gong]\nintegrations: [{from: a, to: a}]\n", "with itself"),
        ("tools: [Gong]\nintegrations: [{from: a}]\n", "'to' is missing"),
        ("tools: [Gong]\nwaivers: [{rule: RED-01, reason: x}]\n", "did you mean RED-001"),
        ("tools: [Gong]\nsettings: {rules: {RED-01: {severity: low}}}\n", "unknown rule 'RED-01'"),
        ("tools: [Gong]\nsettings: {rules: {RED-001: {severity: mild}}}\n", "expected one of"),
        ("tools: [Gong]\nplays: [{signal: inbound, tool: gong}]\n", "did you mean inbound_request?"),
        ("tools:\n- {tool: " + "x" * 201 + "}\n", "at most 200"),
    ],
    ids=lambda v: v[:40],
)
def test_a_mistake_is_named_in_plain_words(text: str, words: str) -> None:
    assert words in "\n".join(refused(text))


def test_no_message_speaks_of_types_of_the_program() -> None:
    text = "tools: {a: 1}\norg: 3\ncompany: [x]\nsettings: {fx: {EUR: x}}\nintegrations: no\n"
    for problem in refused(text):
        assert not any(word in problem for word in ("tuple", "dict", "model", "pydantic", "instance", "None")), problem


def test_other_words_for_objects_become_the_catalogues() -> None:
    loaded = load_text("tools: [Gong, Clari]\nintegrations: [{from: gong, to: clari, objects: [deal, company]}]\n")
    assert loaded.inventory.integrations is not None
    assert loaded.inventory.integrations[0].objects == ("opportunity", "account")


def test_a_word_of_an_open_list_that_is_not_known_is_a_warning_only() -> None:
    loaded = load_text("org: {pains: [silo], owns: {bi: revop}}\ntools: [Gong]\n")
    assert [p.warning for p in loaded.problems] == [True, True]
    assert loaded.problems[0].suggestion == "silos"


def test_more_active_seats_than_seats_is_a_warning() -> None:
    assert load_text("tools: [{tool: Gong, seats: 3, active_seats: 4}]\n").problems[0].warning


@pytest.mark.parametrize("path", sorted(CASES.glob("*.yaml")), ids=lambda p: p.stem)
def test_the_worked_cases_and_the_schema_agree(path: Path) -> None:
    if path.stem.endswith(".expected"):
        return
    assert not load_text(path.read_text(encoding="utf-8")).problems


def test_the_schema_accepts_names_maps_and_bare_lists() -> None:
    schema = json.loads(json.dumps(json_schema()))
    forms = schema["anyOf"]
    assert {"type": "string"} in forms[1]["items"]["anyOf"]
    assert "from" in schema["$defs"]["Integration"]["properties"]
    assert forms[0]["patternProperties"] == {"^x-": {}}


def test_a_file_outside_the_root_is_shown_by_its_bare_name(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("tools: [{tool: Gong, onwer: x}]\n")
    run = subprocess.run(
        [sys.executable, "-m", "stackaudit", "check", str(tmp_path / "s.yaml"), "--root", str(tmp_path / "other")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert run.stdout.startswith("s.yaml:1:")


KEYS = st.sampled_from(
    [
        "version",
        "as_of",
        "company",
        "org",
        "coverage",
        "tools",
        "integrations",
        "plays",
        "waivers",
        "scenarios",
        "settings",
        "x-a",
        "tool",
        "id",
        "from",
        "to",
        "objects",
        "seats",
        "in_use",
        "name",
        "owns",
        "fx",
        "rules",
        "thresholds",
        "RED-001",
        "severity",
        "aliases",
        "motions",
    ]
)
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 10**20),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=8),
        KEYS,
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=20,
)


@settings(max_examples=400, deadline=None)
@given(VALUES)
def test_any_shape_of_file_either_loads_or_is_refused_in_words(value: object) -> None:
    try:
        load_text(json.dumps(value))
    except InputError as error:
        assert all(p.what for p in error.problems)


def test_a_tool_that_stands_twice_with_nothing_to_tell_the_two_apart_is_a_warning() -> None:
    loaded = load_text("- Salesforce\n- Gong\n- Salesforce\n")
    (problem,) = loaded.problems
    assert (problem.line, problem.warning) == (3, True)
    assert "line 1" in problem.what
    apart = "- {tool: Salesforce, scope: 'region:EMEA'}\n- {tool: Salesforce, scope: 'region:US'}\n- {tool: Gong, id: a}\n- {tool: Gong, id: b}\n"
    assert load_text(apart).problems == ()


@pytest.mark.parametrize(("copies", "refused"), [(100, False), (101, True)])
def test_a_tool_is_declared_a_hundred_times_at_most(copies: int, refused: bool) -> None:
    text = "".join(f"- {{tool: Salesforce, id: s{i}}}\n" for i in range(copies))
    if not refused:
        assert len(load_text(text).inventory.tools) == copies
        return
    with pytest.raises(InputError) as raised:
        load_text(text)
    (problem,) = raised.value.problems
    assert problem.what == "'Salesforce' is declared 101 times"


def test_ids_of_further_instances_count_on_and_pass_over_what_is_taken() -> None:
    loaded = load_text("- Gong\n- {tool: Gong, scope: a}\n- {tool: Clari, id: gong_3}\n- {tool: Gong, scope: b}\n")
    assert [t.id for t in loaded.inventory.tools] == ["gong", "gong_2", "gong_3", "gong_4"]


def test_a_rate_of_the_companys_own_currency_is_questioned() -> None:
    text = "company: {currency: EUR}\nsettings: {fx: {EUR: 1.08, as_of: 2026-11-01}}\ntools: [Gong]\n"
    (problem,) = load_text(text).problems
    assert problem.warning
    assert (problem.line, "own currency" in problem.what, "USD" in problem.expected) == (2, True, True)
    assert not load_text(text.replace("EUR: 1.08", "USD: 0.93")).problems


def test_a_saved_result_is_told_from_a_stack_file() -> None:
    with pytest.raises(InputError) as error:
        load_text(case("pinecrest").to_json(), "result.json")
    assert [p.what for p in error.value.problems] == ["is the saved result of an audit"]
    assert "stackaudit report" in error.value.problems[0].expected
