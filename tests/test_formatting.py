"""The form of a manifest: one, stable, sorted, and nothing lost on the way into it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackaudit import yamlio
from stackaudit.errors import InputError
from stackaudit.formatting import format_manifest
from stackaudit.model.vendor import VendorManifest
from stackaudit.resources import vendors_dir
from tests.support import HERE

UNTIDY = """\
# Facts of Acme, read by hand.
tools:
- name: Acme Zeta
  id: zeta
  layer: crm
  sources: [{checked: 2026-01-02, claim: "a, b", url: https://example.com/z, basis: sourced}]
- id: acme
  limits:
    max_crm: 1
  platform: yes
  sources:
  - claim: 'plain'
    url: "https://example.com"
    basis: snapshot
    checked: null
  integrations:
  - {to: slack, basis: snapshot, source: "https://example.com/s", method: webhook, checked: null}
  - {source: "https://example.com/c", to: clari, basis: snapshot}
  - {to: slack, basis: snapshot, source: "https://example.com/s", method: native, checked: null}
  website: "a, b"
  capabilities:
    editions: {Acme Pro: [dialer]}
    core:
    - opportunity_mgmt
  name: Acme
  former_names: [{until: "2021", name: "on"}]
  layer: crm
  x-note: {b: 1, a: [yes]}
vendor: {name: "Acme: The \\"Best\\"", id: acme}
"""

TIDY = """\
# Facts of Acme, read by hand.
vendor:
  id: acme
  name: "Acme: The \\"Best\\""
tools:
- id: acme
  name: Acme
  former_names:
  - {name: "on", until: "2021"}
  website: a, b
  layer: crm
  capabilities:
    core: [opportunity_mgmt]
    editions:
      Acme Pro: [dialer]
  platform: yes
  limits: {max_crm: 1}
  integrations:
  - {to: clari, basis: snapshot, source: "https://example.com/c"}
  - {to: slack, method: native, basis: snapshot, source: "https://example.com/s", checked: null}
  - {to: slack, method: webhook, basis: snapshot, source: "https://example.com/s", checked: null}
  sources:
  - {claim: plain, url: "https://example.com", checked: null, basis: snapshot}
  x-note: {b: "1", a: ["yes"]}
- id: zeta
  name: Acme Zeta
  layer: crm
  sources:
  - {claim: "a, b", url: "https://example.com/z", checked: 2026-01-02, basis: sourced}
"""

NAMED = """\
vendor: {{id: acme, name: {0}}}
tools:
- id: acme
  name: {0}
  aliases: [{0}]
  layer: crm
  sources: [{{claim: {0}, checked: 2026-01-02, basis: classified}}]
  x-own: [{{{0}: {0}}}]
"""


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stackaudit", "plugins", "fmt", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(HERE.parent)},
    )


def test_a_manifest_gets_its_one_form() -> None:
    assert format_manifest(UNTIDY.encode(), "acme.yaml") == TIDY


def test_the_form_is_stable() -> None:
    assert format_manifest(TIDY.encode(), "acme.yaml") == TIDY


def test_line_ends_byte_order_mark_and_blank_lines_do_not_matter() -> None:
    spaced = "\ufeff" + UNTIDY.replace("tools:\n", "\n\ntools:\n").replace("\n", "\r\n")
    assert format_manifest(spaced.encode(), "acme.yaml") == TIDY


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\x85:#,'\"{}[]&*!|>%@-? ~"), min_size=1)
)
@settings(max_examples=300, deadline=None)
def test_no_text_is_changed_by_formatting(name: str) -> None:
    text = NAMED.format(json.dumps(name[:100]))
    try:
        before = yamlio.load(text.encode(), "a.yaml").data
        shaped = format_manifest(text.encode(), "a.yaml")
    except InputError as refused:
        assert "changing what it says" not in str(refused)
        return
    assert yamlio.load(shaped.encode(), "a.yaml").data == before
    assert format_manifest(shaped.encode(), "a.yaml") == shaped


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("vendor: {name", " # indented\nvendor: {name", "acme.yaml:29:2"),
        ("- id: acme", "# a remark\n- id: acme", "acme.yaml:7:1"),
        ("platform: yes", "platform: yes  # by now", "acme.yaml:10:18"),
        ("[{checked", "[ # here\n  {checked", "acme.yaml:6:14"),
        ("name: Acme\n", "name: Acme\r# after a lone return\n", "acme.yaml:26:1"),
        ("basis: snapshot}\n", "basis: snapshot,# no space\n  }\n", "acme.yaml:18:66"),
        ('"https://example.com"', '"https://example.com"#close', "acme.yaml:13:31"),
        ("claim: 'plain'", "claim: 'é # ü'  # é", "acme.yaml:12:21"),
        ("name: Acme\n", "name: >- # folded\n    Acme\n", "acme.yaml:25:12"),
    ],
)
def test_a_comment_that_would_be_lost_is_refused_with_its_place(old: str, new: str, place: str) -> None:
    text = UNTIDY.replace(old, new)
    assert text != UNTIDY
    with pytest.raises(InputError, match="a comment inside the manifest would be lost") as refused:
        format_manifest(text.encode(), "acme.yaml")
    assert str(refused.value).startswith(f"{place}: ")


def test_all_comment_lines_at_the_head_are_kept() -> None:
    text = UNTIDY.replace("by hand.\n", "by hand.\n\n\n\n\n\n# And again.\n\n")
    assert format_manifest(text.encode(), "a.yaml") == TIDY.replace("by hand.\n", "by hand.\n# And again.\n")


def test_a_number_sign_inside_a_text_is_no_comment() -> None:
    text = UNTIDY.replace("claim: 'plain'", "claim: 'plan # 1'").replace("name: Acme\n", "name: |-\n    Acme #1\n")
    assert '{claim: "plan # 1"' in format_manifest(text.encode(), "acme.yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("# only a remark\n", "Input should be a valid dictionary"),
        ("- gong\n", "Input should be a valid dictionary"),
        ("vendor: {id: a, name: A}\ntools: [{id: a}]\n", "a.yaml:2:9: tools.0.name: Field required"),
        ("vendor: {id: a\n", "no valid YAML"),
        ("a: 1\n---\nb: 2\n", "a second document begins"),
    ],
)
def test_what_is_no_manifest_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(InputError) as refused:
        format_manifest(text.encode(), "a.yaml")
    assert words in str(refused.value)


def test_every_shipped_manifest_is_in_form() -> None:
    done = run("--check", str(vendors_dir()), cwd=HERE)
    assert done.stdout.splitlines() == []
    assert done.returncode == 0, done.stderr


def test_check_names_what_would_change_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(UNTIDY)
    (tmp_path / "b.yaml").write_text(TIDY.replace("acme", "beta"))
    done = run("--check", ".", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "would change\ta.yaml\n")
    assert (tmp_path / "a.yaml").read_text() == UNTIDY
    assert run("a.yaml", cwd=tmp_path).returncode == 0
    assert (tmp_path / "a.yaml").read_text() == TIDY
    assert run("--check", ".", cwd=tmp_path).returncode == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.yaml", "b.yaml"]


def test_one_broken_manifest_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("vendor: {id: a}\ntools: []\n")
    (tmp_path / "b.yaml").write_text(UNTIDY)
    done = run(".", cwd=tmp_path)
    assert done.returncode == 2
    assert "a.yaml:1:9: vendor.name" in done.stderr
    assert (tmp_path / "b.yaml").read_text() == TIDY


def test_without_a_path_the_checkouts_manifests_are_meant(tmp_path: Path) -> None:
    assert "name the manifests" in run(cwd=tmp_path).stderr
    assert run("--check", cwd=HERE.parent).returncode == 0
    assert run("nothing.yaml", cwd=tmp_path).returncode == 2
    (tmp_path / "empty").mkdir()
    assert "holds no manifest" in run("empty", cwd=tmp_path).stderr


def test_the_form_follows_the_model_when_it_grows() -> None:
    tidy = format_manifest(UNTIDY.encode(), "acme.yaml")
    keys = [
        line.split(":")[0].strip("- ") for line in tidy.splitlines() if line.startswith(("- ", "  ")) and line[2] != " "
    ]
    order = list(VendorManifest.model_fields["tools"].annotation.__args__[0].model_fields)  # type: ignore[union-attr]
    first_tool = [k for k in keys[2 : keys.index("x-note")] if k in order]
    assert first_tool == sorted(first_tool, key=order.index)
