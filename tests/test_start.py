"""A start loads what its command needs and nothing else; what was made faster says the same as before."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape
from typer.main import get_command
from typer.testing import CliRunner

from stackaudit.cli.app import app
from stackaudit.cli.narrow import narrowed
from stackaudit.report.drawings.base import fit, text_width
from stackaudit.report.environment import MAX_SHORT, environment
from tests.support import CASES

LOADED = """
import sys
from stackaudit.cli import main
sys.argv = ["stackaudit", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    print(" ".join(["", "code", str(end.code or 0), *sys.modules]))
"""
HEAVY = {"networkx", "jinja2", "pydantic", "yaml", "rich", "rapidfuzz", "stackaudit.catalog"}


def loaded(*arguments: str) -> set[str]:
    """The modules that a command loads on its way to success."""
    done = subprocess.run([sys.executable, "-c", LOADED, *arguments], capture_output=True, text=True, check=True)
    code, *modules = done.stdout.rpartition(" code ")[2].split()
    assert code == "0", done.stderr
    return set(modules)


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_a_question_about_the_program_loads_nothing_heavy(option: str) -> None:
    assert not HEAVY & loaded(option)


def test_a_check_loads_no_rule_no_result_no_graph_and_no_template() -> None:
    found = loaded("check", str(CASES / "pinecrest.yaml"), "--no-plugins")
    assert "stackaudit.model.inventory" in found
    assert not {"networkx", "jinja2", "rich", "stackaudit.analysis", "stackaudit.model.result"} & found
    assert not [m for m in found if m.startswith("stackaudit.rules.")]


def names() -> list[str]:
    """Every command and group."""
    return sorted(get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", names())
def test_only_the_command_that_was_asked_for_is_made_and_it_says_the_same(name: str) -> None:
    alone = narrowed(app, [name, "--help"])
    assert list(get_command(alone).commands) == [name]  # type: ignore[attr-defined]
    for arguments in ([name, "--help"], [name, "--no-such-option"], [name]):
        said, expected = (CliRunner().invoke(one, arguments, input="") for one in (alone, app))
        assert (said.output, said.exit_code) == (expected.output, expected.exit_code)
        assert repr(said.exception) == repr(expected.exception)


@pytest.mark.parametrize("arguments", [[], ["--help"], ["--version"], ["chek"], ["CHECK"], ["show"], [""]])
def test_what_names_no_command_needs_all_of_them(arguments: list[str]) -> None:
    assert narrowed(app, arguments) is app


def shortened_one_by_one(text: str, width: float, size: float, bold: bool) -> str:
    """What ``fit`` promises, in the plainest words."""
    if text_width(text, size, bold=bold) <= width:
        return text
    while text and text_width(text + "…", size, bold=bold) > width:
        text = text[:-1]
    return text.rstrip() + "…"


@given(text=st.text(max_size=60), width=st.integers(0, 400), size=st.integers(6, 30), bold=st.booleans())
def test_a_text_is_shortened_no_more_than_it_must_be(text: str, width: int, size: int, bold: bool) -> None:
    assert fit(text, width, size, bold=bold) == shortened_one_by_one(text, width, size, bold)


@pytest.mark.parametrize("expression", ["x.__class__", "x._secret", "x.append(1)", "range.__globals__", "x.mro"])
def test_the_sandbox_refuses_the_second_time_what_it_refused_the_first(expression: str) -> None:
    made = environment()
    for _ in range(2):
        with pytest.raises(Exception, match=r"unsafe|has no attribute|not safely"):
            made.from_string("{{ " + expression + " }}").render(x=[1])
    assert made.from_string("{{ x.count(1) }}").render(x=[1]) == "1"


class Word(str):
    """A text of another type, as enumerations are."""


class Marked:
    """Something that says itself how it is written."""

    def __html__(self) -> str:
        return "<i>"


WRITTEN = st.one_of(
    st.text(alphabet="a<>&\"'–", max_size=5),
    st.text(alphabet="<", min_size=MAX_SHORT, max_size=MAX_SHORT + 1),
    st.text(alphabet="<&a", max_size=3).map(Markup),
    st.text(alphabet="<&a", max_size=3).map(Word),
    st.builds(Marked),
    st.sampled_from((0, 1, True, False, 1.0, None, ("<",))),
)


@given(st.lists(WRITTEN, max_size=12))
def test_what_templates_write_is_escaped_as_always_whatever_was_written_before(values: list[object]) -> None:
    shown = environment().from_string("{% for x in xs %}{{ x }}|{% endfor %}")
    assert shown.render(xs=values) == "".join(f"{escape(x)}|" for x in values)


def test_escaped_texts_are_remembered_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, str] = {}
    monkeypatch.setattr("stackaudit.report.environment.MAX_ESCAPED", 3)
    monkeypatch.setattr("stackaudit.report.environment._ESCAPED", kept)
    texts = [f"{n}<" for n in range(8)] + ["<" * (MAX_SHORT + 1)]
    shown = environment().from_string("{% for x in xs %}{{ x }}{% endfor %}")
    assert shown.render(xs=texts) == "".join(map(escape, texts))
    assert set(kept) == {"6<", "7<"}


class Given:
    """Something with an attribute that not every object has."""

    def __init__(self, **has: object) -> None:
        self.__dict__.update(has)


def test_the_sandbox_reads_each_object_for_itself() -> None:
    shown = environment().from_string("{{ x.a }}")
    given = (Given(a="<b>"), Given(a=2), Given(a=None), Given(a=[1]))
    assert [shown.render(x=x) for x in given] == ["&lt;b&gt;", "2", "None", "[1]"]
    with pytest.raises(Exception, match="has no attribute"):
        shown.render(x=Given())


def test_the_sandbox_looks_into_every_format() -> None:
    shown = environment().from_string("{{ x.format(y) }}")
    for _ in range(2):
        assert shown.render(x="{0.real}", y=1) == "1"
        with pytest.raises(Exception, match="unsafe"):
            shown.render(x="{0.__class__}", y=1)
    assert environment().from_string("{{ x.a.format(y) }}").render(x=Given(a="{}"), y=1) == "1"
    bound = environment().from_string("{{ x.a(y) }}")
    for text in ("{}", "{}"):
        assert bound.render(x=Given(a=text.format), y=1) == "1"
    with pytest.raises(Exception, match="unsafe"):
        bound.render(x=Given(a="{0.__class__}".format), y=1)
