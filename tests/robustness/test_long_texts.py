"""A saved result may say anything at any length: what is written of it takes time that grows with it, not with its square."""

from __future__ import annotations

import json
import time

import pytest

from stackaudit.report import csv_tables, github, html, jsonl, markdown, sarif
from stackaudit.saved import parse_result
from tests.support import case

LENGTH = 100_000
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
FORMATS = {
    "html": html.render,
    "markdown": markdown.render,
    "sarif": sarif.render,
    "github": github.render,
    "csv": csv_tables.render,
    "jsonl": jsonl.render,
}


@pytest.mark.parametrize("sign", SIGNS, ids=repr)
def test_a_text_of_one_sign_over_and_over_is_written_in_a_moment(sign: str) -> None:
    data = json.loads(case("pinecrest").to_json())
    said = sign * (LENGTH // len(sign)) + "x"
    data["findings"][0] |= {"message": said, "title": said}
    data["company"]["name"] = data["tools"][0]["name"] = data["shape"]["verdict"]["sentence"] = said
    result = parse_result(json.dumps(data).encode(), "r.json")
    for name, write in FORMATS.items():
        began = time.process_time()
        write(result)
        assert time.process_time() - began < 1, name
