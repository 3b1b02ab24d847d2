"""The six real tool lists, kept as messy spreadsheets: what the catalogue knows resolves, and nothing resolves wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importers.support import read
from tests.support import HERE, plugins, read_yaml

FOLDER = HERE / "real_stacks"
FLOORS = read_yaml(FOLDER / "floors.yaml")
MESSES = ("{}", "{}, Inc.", "  {} ", "{} (Enterprise)", "{} - Pro")


def names(company: str) -> list[str]:
    """The list's own spelling, without what is no go-to-market tool."""
    listed = dict.fromkeys(t["name"] for t in read_yaml(FOLDER / f"{company}.facts.yaml")["tools"])
    return [n for n in listed if n not in FLOORS[company]["not_go_to_market"]]


def known(name: str) -> str | None:
    ids = {hit.tool_id for hit in plugins().find(name)}
    return next(iter(ids)) if len(ids) == 1 else None


def messy(name: str, number: int) -> str:
    text = MESSES[number % len(MESSES)].format(name)
    return text.upper() if number % 3 == 1 else text


@pytest.mark.parametrize("company", FLOORS)
def test_a_real_list_resolves_from_a_messy_spreadsheet(tmp_path: Path, company: str) -> None:
    listed = names(company)
    lines = [f'"{messy(n, i)}";{i},5 k€;{i % 28 + 1:02}.03.2027;yes' for i, n in enumerate(listed)]
    text = f"Software at {company};;;\n\nSoftware name;Cost per year;Renews on;Frob\n" + "\n".join(lines) + "\n"
    found = read(tmp_path / "tools.csv", text.encode("utf-8-sig"))
    by_row = {place: t for t in found.tools for place in t.places}
    right, wrong, total = 0, [], 0
    for i, name in enumerate(listed):
        tool = by_row[f"row {i + 4}"].match.tool_id
        expected = known(name)
        total += expected is not None
        right += tool is not None and tool == expected
        if tool not in (None, expected):
            wrong.append((messy(name, i), tool, expected))
    assert wrong == []
    assert total >= 8
    assert right / total >= 0.95


@pytest.mark.parametrize("company", FLOORS)
def test_software_of_other_kinds_in_a_real_list_is_taken_for_no_tool(tmp_path: Path, company: str) -> None:
    listed = FLOORS[company]["not_go_to_market"]
    text = "Software name;Owner\n" + "".join(f"{name};Ana\n" for name in listed)
    found = read(tmp_path / "tools.csv", text)
    for tool in (*found.tools, *found.aside):
        assert tool.match.tool_id in (None, known(tool.name)), tool.name
    assert {t.name for t in (*found.tools, *found.aside)} >= {n for n in listed if known(n) is None}
