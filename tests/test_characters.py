"""What may not get to any place a text is written to: one table for terminals, pages, files and logs."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from stackaudit.cli import output
from stackaudit.report import escape, terminal
from tests.support import case

STEERING = "\x00\x08\x0b\x0c\x1b\x7f\x85\x9b\u061c\u200e\u200f\u2028\u202e\u2066\ufdd0\ufffe\uffff\ud800"
NAME = "Bjørn\u00a0& Söhne 株式会社 👩\u200d🚀"


@pytest.mark.parametrize("char", STEERING)
def test_no_output_lets_through_what_could_steer_its_place(char: str) -> None:
    assert escape.clean(f"a{char}b") == "a\N{REPLACEMENT CHARACTER}b"
    assert output.clean(f"a{char}b", lines=True) == "a\N{REPLACEMENT CHARACTER}b"


@pytest.mark.parametrize("char", STEERING)
def test_a_long_text_is_cleaned_as_a_short_one_is(char: str) -> None:
    page = f"<p>{NAME}\r\n\t</p>" * 100
    assert escape.clean(page) == page
    assert (
        escape.clean(f"{page}{char}x{char}{page}") == f"{page}\N{REPLACEMENT CHARACTER}x\N{REPLACEMENT CHARACTER}{page}"
    )
    assert escape.clean(f"\ud83d{page}\ude00") == f"\N{REPLACEMENT CHARACTER}{page}\N{REPLACEMENT CHARACTER}"


def test_a_terminal_gets_no_return_to_the_start_of_a_line_and_line_ends_only_where_asked() -> None:
    assert output.clean("a\rb\nc") == "a\N{REPLACEMENT CHARACTER}b c"
    assert output.clean("a\nb", lines=True) == "a\nb"


def test_names_as_people_write_them_reach_the_terminal_whole() -> None:
    result = case("quillstone")
    named = result.model_copy(update={"company": result.company.model_copy(update={"name": NAME + "\x1b[31m"})})
    stream = io.StringIO()
    terminal.summary(named, Console(file=stream, width=10_000), (), verbose=False)
    assert NAME in stream.getvalue()
    assert "\x1b" not in stream.getvalue()
    assert output.clean(NAME) == escape.clean(NAME) == NAME
