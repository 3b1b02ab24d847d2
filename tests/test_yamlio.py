"""Hardened YAML: what stays text, what is refused, and where every problem stands."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackaudit import yamlio
from stackaudit.errors import InputError


def refused(data: bytes) -> list[str]:
    with pytest.raises(InputError) as caught:
        yamlio.load(data, "f.yaml")
    return [str(p) for p in caught.value.problems]


def load(text: str) -> object:
    return yamlio.load(text.encode(), "f.yaml").data


@pytest.mark.parametrize(
    "text", ["NO", "on", "1.10", "12:30", "1_000", "0x1F", "1e3", "2026-09-01", "true", "=", "010"]
)
def test_a_plain_scalar_stays_the_text_that_it_looks_like(text: str) -> None:
    assert load(f"a: {text}\n") == {"a": text}


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_only_null_becomes_nothing(text: str) -> None:
    assert load(f"a: {text}\n") == {"a": None}


def test_a_quoted_null_stays_text() -> None:
    assert load("a: 'null'\nb: \"~\"\n") == {"a": "null", "b": "~"}


def test_every_key_and_value_has_its_place() -> None:
    document = yamlio.load(b"a: 1\nb:\n  - x\n  - {c: 2}\n", "f.yaml")
    assert document.place(("b", 1, "c")) == (4, 9)
    assert document.place(("b", 1, "c"), key=True) == (4, 6)
    assert document.place(("b", 7)) == (3, 3)


def test_a_duplicate_key_names_both_lines() -> None:
    assert refused(b"a: 1\nb: 2\na: 3\n") == [
        "f.yaml:3:1: the key 'a' stands twice, first on line 1; expected each key once"
    ]


def test_all_problems_of_a_file_come_at_once() -> None:
    assert len(refused(b"a: .inf\na: 1\nb: !!python/name:os.system x\n")) == 3


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a: &x {b: 1}\nc: {<<: *x}\n", "merge keys"),
        (b"a: 1\n---\nb: 2\n", "second document"),
        (b"a: .inf\n", "no finite number"),
        (b"a: -.INF\n", "no finite number"),
        (b"a: .nan\n", "no finite number"),
        (b"a: !!python/object/apply:os.system [ls]\n", "tag"),
        (b"a:\n\tb: 1\n", "tab"),
        (b"a: \x00\n", "control character"),
        (b"a: caf\xe9\n", "not UTF-8"),
        ("a: 1\n".encode("utf-16"), "UTF-16"),
        ("a: 1\n".encode("utf-32"), "UTF-16"),
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (b"? [a, b]\n: 1\n", "key is not plain text"),
        (b"a: *nowhere\n", "nowhere"),
        (b"a: &a [*a]\n", "unfinished"),
        (b"a: [1\nb: }\n", "no valid YAML"),
        (b"k" * 300 + b": 1\n", "longer than 200"),
        (b"a: " + b"x" * 100_001 + b"\n", "longer than 100,000"),
        (b"# " + b"x" * yamlio.MAX_BYTES, "larger than"),
        ("a: \u202eevil\n".encode(), "direction"),
        (b'a: "\\u202eevil"\n', "direction"),
        (b'"a\\u2066": 1\n', "direction"),
        (b'a: "\\0"\n', "control character (U+0000)"),
        (b'a: "\\e[31m"\n', "control character (U+001B)"),
    ],
    ids=lambda v: v[:25] if isinstance(v, bytes) else v,
)
def test_what_is_refused_says_why(data: bytes, words: str) -> None:
    assert words in "\n".join(refused(data))


@pytest.mark.parametrize("data", [b"[" * 100_000, b"{a: " * 100_000, b"- " * 100_000, b"a:\n" + b" " * 60 + b"- " * 60])
def test_depth_is_refused_before_it_hurts(data: bytes) -> None:
    assert any("nested" in p or "no valid YAML" in p for p in refused(data))


def test_an_alias_bomb_is_refused_before_it_is_built() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    began = time.perf_counter()
    assert "aliases repeat" in "\n".join(refused("\n".join(lines).encode()))
    assert time.perf_counter() - began < 2


def test_a_plain_alias_is_allowed() -> None:
    assert load("a: &x [1]\nb: *x\n") == {"a": ["1"], "b": ["1"]}


def test_a_byte_order_mark_is_no_problem() -> None:
    assert yamlio.load(b"\xef\xbb\xbfa: 1\n", "f.yaml").data == {"a": "1"}


def test_what_is_no_regular_file_is_refused_with_a_reason(tmp_path: Path) -> None:
    for path, words in (
        (tmp_path, "is a folder"),
        (tmp_path / "none", "does not exist"),
        (Path(os.devnull), "no regular file"),
    ):
        with pytest.raises(InputError, match=words):
            yamlio.load_path(path, "f.yaml")


def test_a_pipe_that_never_speaks_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="no regular file"):
        yamlio.load_path(tmp_path / "pipe", "f.yaml")


YAMLISH = st.text(alphabet="ab:-[]{}&*!|>#'\"\n\t ,?%@~<.0\u202e\x00é", max_size=200)


@settings(max_examples=1500, deadline=None)
@given(st.one_of(st.binary(max_size=300), YAMLISH.map(lambda t: t.encode("utf-8"))))
def test_any_bytes_either_load_or_are_refused_in_words(data: bytes) -> None:
    try:
        yamlio.load(data, "f.yaml")
    except InputError as error:
        assert error.problems
        assert all(p.what and p.file == "f.yaml" for p in error.problems)
