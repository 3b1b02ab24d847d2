"""A saved result may say anything at any length: what is written of it takes time that grows with it, not with its square."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from stackaudit.model.result import AuditResult
from stackaudit.report import csv_tables, github, html, jsonl, markdown, sarif
from stackaudit.saved import parse_result
from tests.support import case

SHORT, LONG = 8_000, 32_000
MOST = 9
"""Four times the text may take four times as long, and not sixteen times; in between lies what a busy machine adds."""
SLACK = 0.05
"""Seconds below which nothing is compared."""
SIGNS = (
    "\n",
    " ",
    " \n",
    "a",
    "www.",
    "a:",
    "1.",
    "-",
    "=",
    "\\",
    "`",
    "<",
    ">",
    "&",
    "{",
    "%",
    "[",
    "@",
    "\u202e",
    "é",
)
FORMATS = (html.render, markdown.render, sarif.render, github.render, csv_tables.render, jsonl.render)


def saying(sign: str, length: int) -> AuditResult:
    data = json.loads(case("pinecrest").to_json())
    said = sign * (length // len(sign)) + "x"
    data["findings"][0] |= {"message": said, "title": said}
    data["company"]["name"] = data["tools"][0]["name"] = data["shape"]["verdict"]["sentence"] = said
    return parse_result(json.dumps(data).encode(), "r.json")


def seconds(write: Callable[[AuditResult], object], result: AuditResult) -> float:
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        write(result)
        best = min(best, time.process_time() - began)
    return best


@pytest.mark.parametrize("sign", SIGNS, ids=repr)
def test_a_text_of_one_sign_over_and_over_is_written_in_time_that_grows_with_it(sign: str) -> None:
    short, long = saying(sign, SHORT), saying(sign, LONG)
    for write in FORMATS:
        assert seconds(write, long) < MOST * seconds(write, short) + SLACK, write.__module__
