"""Merging leaves the layout of a stack file alone: only the places that an import fills differ, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackaudit.inventory_writer import write_draft
from stackaudit.yamledit import Editor, emit
from stackaudit.yamlio import load
from tests.importers.support import read
from tests.importers.test_writing import identify
from tests.support import TODAY, load_text

SHEET = b"Tool,Owner,Seats\nSFDC,Ivy,96\nGong,Ana,5\nZapier,Ben,7\n"
STACK = """\
# Our stack. Ask Ivy before changing it.
version: 1
company: {name: Acme}   # short

tools:
- Outreach            # SDRs only
- tool: Salesforce
  id: crm
  owner:   "Ivy (systems)"     # since 2024
  notes: >
    A long
    story.

# Calls
- {tool: Gong}

integrations:
- {from: gong, to: crm}
"""
LAYOUTS = [
    STACK,
    STACK.replace("\n", "\r\n"),
    "\ufeff" + STACK,
    STACK.rstrip("\n"),
    STACK.replace("- ", "    - ")
    .replace("  id", "      id")
    .replace("  owner", "      owner")
    .replace("  notes: >\n    A long\n    story.\n", ""),
    "- Outreach\n- Gong # ünïcode 🎯\n",
    "- Outreach\r\n- Gong\r\n",
    '{"tools": ["Outreach", {"tool": "Gong"}]}',
    "tools: [Outreach, {tool: Gong, owner: }]\n",
    "tools:\n  - Outreach\n  - tool: Gong\n    owner:\n    # who?\n",
    "tools:\n- tool: Gong\n  imported:\n    source: other\n    key: G\n",
    "tools:\n- tool: Gong\n  modules:\n  - a\n  - b   # two\n\n\n# the end\n",
]


def merged(text: str, folder: Path, sheet: bytes = SHEET) -> str:
    return write_draft(text, read(folder / "a.csv", sheet), identify, TODAY).text


def test_a_comment_above_the_next_row_stays_above_it(tmp_path: Path) -> None:
    after = merged(STACK, tmp_path).splitlines()
    lost = [line for line in STACK.splitlines() if line not in after]
    assert lost == ["- {tool: Gong}"]
    assert after[after.index("# Calls") + 1].startswith("- {tool: Gong, owner: Ana, seats: 5")
    assert after[after.index("    story.") + 1] == "  seats: 96"


@pytest.mark.parametrize("stack", LAYOUTS)
def test_files_of_every_layout_take_fields_and_rows(tmp_path: Path, stack: str) -> None:
    text = merged(stack, tmp_path)
    found = {t.tool: (t.owner, t.seats) for t in load_text(text).inventory.tools}
    assert found["Gong"] == ("Ana", 5)
    assert found["Zapier"] == ("Ben", 7)
    assert merged(text, tmp_path) == text
    assert text.count("\r\n") == (text.count("\n") if "\r\n" in stack else 0)
    assert text.startswith("\ufeff") == stack.startswith("\ufeff")
    for line in stack.splitlines():
        if "#" in line:
            assert line.split("#", 1)[1] in text


@given(
    st.one_of(
        st.text(max_size=40),
        st.booleans(),
        st.integers(-(10**9), 10**9),
        st.dates(),
        st.sampled_from(["1e3", "0x1F", "0o7", ".5", "yes", "~", "2026-09-01", "1_000"]),
    )
)
@settings(max_examples=200, deadline=None)
def test_a_written_value_reads_back_as_it_was(value: object) -> None:
    if isinstance(value, str) and not value.isprintable():
        return
    said = load(f"a: {{b: {emit(value)}, c: [{emit(value)}]}}\n".encode(), "x").data["a"]
    expected = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    assert said == {"b": expected, "c": [expected]}


def test_an_editor_without_changes_gives_the_text_back() -> None:
    assert Editor(STACK).result() == STACK
