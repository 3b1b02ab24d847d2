"""The same figures on every Python: since 3.12 ``sum`` adds fractions in another way, ``math.fsum`` is exact on all."""

from __future__ import annotations

import builtins
import datetime as dt
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from stackaudit.diff import compare
from stackaudit.portfolio import client_files, run
from stackaudit.portfolio.work import Using
from stackaudit.report import comparison_html, html, jsonl, markdown, pdf, portfolio_html
from stackaudit.report.drawings.base import fit, text_width
from tests.support import CASES, audit_file, case

PLAIN = builtins.sum
STACKS = [p for p in sorted(CASES.glob("*.yaml")) if ".expected" not in p.name]


@pytest.fixture
def fractions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where the plain ``sum`` added up to a fraction."""
    found: list[str] = []

    def watched(items: Iterable[Any], /, start: Any = 0) -> Any:
        total = PLAIN(items, start)
        if isinstance(total, float):
            caller = sys._getframe(1).f_code
            found.append(f"{caller.co_filename}: {caller.co_name}")
        return total

    monkeypatch.setattr(builtins, "sum", watched)
    return found


def test_what_watches_sums_sees_fractions_and_nothing_else(fractions: list[str]) -> None:
    assert (sum([0.5, 0.25]), sum([1, 2])) == (0.75, 3)
    assert len(fractions) == 1


@pytest.mark.parametrize("path", STACKS, ids=lambda p: p.stem)
def test_no_audit_and_no_output_adds_fractions_in_a_way_of_its_python(path: Path, fractions: list[str]) -> None:
    result = audit_file(path)
    for written in (html.render, markdown.render, pdf.page, jsonl.render):
        assert written(result)
    assert sorted({x for x in fractions if "stackaudit" in x}) == []


def test_neither_does_a_comparison_nor_a_portfolio(fractions: list[str]) -> None:
    assert comparison_html.render(compare(case("quillstone"), case("pinecrest")))
    with ThreadPoolExecutor(1) as executor:
        made = run(client_files(STACKS), executor, today=dt.date(2026, 9, 1), using=Using(installed=False))
    assert portfolio_html.render(made)
    assert sorted({x for x in fractions if "stackaudit" in x}) == []


def test_widths_of_texts_do_not_depend_on_the_order_of_their_characters() -> None:
    assert text_width("iMa…", 11) == text_width("…aMi", 11) == text_width("Mi", 11) + text_width("a…", 11)
    assert fit("iMa", text_width("iMa", 11), 11) == "iMa"
