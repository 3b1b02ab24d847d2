"""Private packs: a consultant's own rules, numbers, reference architecture and tools, from a folder."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from stackaudit.catalog import load_catalog
from stackaudit.conformance import check_target
from stackaudit.errors import InputError, UsageError
from stackaudit.model.result import AuditResult
from stackaudit.packs import open_packs

RULES = '''"""Rules of a pack."""
from stackaudit.api import Draft, Effort, Rule, Severity, hookimpl


def check(context):
    if context.thresholds["own_limit"] < len(context.analysis.stack.tools):
        yield Draft(message="More tools than we advise.")


@hookimpl
def stackaudit_rules():
    return [Rule(id="OWN-001", severity=Severity.LOW, title="Too many tools", checks="c", why="w", fix="f",
                 waive_when="n", threshold="own_limit", source="our engagements", effort=Effort.S, check=check)]
'''
FILES = {
    "rules.py": RULES,
    "thresholds.yaml": (
        "thresholds:\n"
        "- {id: shape_revops_from, value: 60, source: our engagements since 2024}\n"
        "- {id: own_limit, value: 1, unit: tools, grade: synthesis, source: our engagements}\n"
    ),
    "layers.yaml": (
        "layers:\n- {id: war_room, name: War Room, family: govern, function: shared, used_by: both, "
        "definition: Where deals are talked through., inclusion: Keeps one room a deal.}\n"
    ),
    "capabilities.yaml": (
        "capabilities:\n- {id: deal_room, layer: war_room, name: Deal room, definition: A room for one deal.}\n"
    ),
    "bands.yaml": "bands:\n- {layer: war_room, bands: [required, required, required, required]}\n",
    "vendors/ours.yaml": (
        "vendor: {id: ours, name: Ours}\ntools:\n- {id: our_room, name: Our Room, layer: war_room, "
        "capabilities: {core: [deal_room]}, sources: [{claim: capabilities, checked: 2026-01-02, basis: classified}]}\n"
    ),
}


def run(*arguments: str) -> int:
    from stackaudit.cli.app import app

    code = app(list(arguments), standalone_mode=False)
    return code if isinstance(code, int) else 0


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "firm"
    write(folder, FILES)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stack.yaml").write_text(
        "as_of: 2026-09-01\ncompany: {employees: 400}\ntools: [Salesforce, Our Room]\n"
    )
    return folder


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def audited(*options: str, code: int = 0) -> AuditResult:
    assert run("audit", "stack.yaml", "-o", "out.json", "-q", *options) == code
    return AuditResult.model_validate_json(Path("out.json").read_text())


def test_a_pack_brings_rules_numbers_layers_and_tools_without_packaging(pack: Path) -> None:
    result = audited("--pack", str(pack))
    assert "OWN-001" in {f.rule for f in result.findings if f.outcome == "fail"}
    assert next(t for t in result.tools if t.id == "our_room").layer == "war_room"
    assert [(x.expectation, x.tools) for x in result.layers if x.id == "war_room"] == [("required", ("our_room",))]
    assert result.rules["OWN-001"].source == "plugin pack firm (pack firm): our engagements"
    (listed,) = [p for p in result.plugins if p.kind == "pack"]
    assert listed.name == "firm"
    assert len(listed.version or "") == 12


def test_what_a_pack_changes_stands_in_the_result_and_in_the_hash_of_the_rules(pack: Path) -> None:
    before, after = audited(), audited("--pack", str(pack))
    changed = {(o.kind, o.name): (o.default, o.value) for o in after.settings_overrides}
    assert changed[("threshold", "shape_revops_from")] == ("65", "60 (pack firm)")
    assert changed[("threshold", "own_limit")] == (None, "1 (pack firm)")
    assert changed[("reference", "expected war_room")][1].startswith("required, required")
    assert ("reference", "layer war_room") in changed
    assert before.ruleset_hash != after.ruleset_hash
    assert before.settings_overrides == ()


def test_the_shipped_catalogue_is_not_touched(pack: Path) -> None:
    audited("--pack", str(pack))
    assert load_catalog().thresholds["shape_revops_from"].value == 65
    assert "war_room" not in load_catalog().layers


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("thresholds.yaml", "thresholds:\n- {id: shape_revops_from, value: 60}\n", "without saying why"),
        ("thresholds.yaml", "thresholds:\n- {id: own, value: many, unit: u, grade: A, source: s}\n", "value"),
        ("thresholds.yaml", "limits: []\n", "no such list"),
        ("thresholds.yaml", "thresholds: {a: [}\n", "no valid YAML"),
        ("layers.yaml", "layers:\n- {id: x}\n", "name"),
        ("bands.yaml", "bands:\n- {layer: nothing, bands: [required, required, required, required]}\n", "nothing"),
        ("capabilities.yaml", "capabilities:\n- {id: a, layer: nothing, name: A, definition: d}\n", "nothing"),
    ],
)
def test_a_damaged_pack_is_refused_with_its_file(file: str, text: str, words: str, tmp_path: Path) -> None:
    write(tmp_path / "bad", {file: text})
    with pytest.raises(InputError, match=words):
        open_packs([tmp_path / "bad"], load_catalog())
    report = check_target(str(tmp_path / "bad"), as_of=dt.date(2026, 9, 1))
    assert any(words in item.message for item in report.errors)


def test_a_folder_that_is_no_pack_and_a_name_that_stands_twice_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder, words in ((tmp_path / "empty", "is no pack"), (tmp_path / "gone", "is no folder")):
        with pytest.raises(InputError, match=words):
            open_packs([folder], load_catalog())
    write(tmp_path / "a" / "firm", FILES)
    write(tmp_path / "b" / "firm", FILES)
    with pytest.raises(InputError, match="a second pack"):
        open_packs([tmp_path / "a" / "firm", tmp_path / "b" / "firm"], load_catalog())


def test_a_broken_rule_of_a_pack_is_named_and_the_rest_runs(pack: Path) -> None:
    (pack / "rules.py").write_text("raise ValueError('no')\n")
    result = audited("--pack", str(pack), code=3)
    (problem,) = result.problems
    assert (problem.source, problem.stage, problem.message) == ("pack firm", "import", "ValueError: no")
    assert next(t for t in result.tools if t.id == "our_room").plugin == "ours"
    with pytest.raises(UsageError, match="pack firm"):
        run("audit", "stack.yaml", "--pack", str(pack), "--strict-plugins")


def test_a_pack_keeps_to_the_same_checks(pack: Path) -> None:
    day = dt.date(2026, 9, 1)
    report = check_target(str(pack), as_of=day, run=True)
    assert report.kind == "pack"
    assert report.passed, report.errors
    assert any(i.check == "changes" and "60 (pack firm), was 65" in i.message for i in report.items)
    write(
        pack,
        {"threshold.yaml": "x", "vendors/ours.yaml": FILES["vendors/ours.yaml"].replace("layer: war", "layer: wor")},
    )
    report = check_target(str(pack), as_of=day)
    assert any("did you mean war_room?" in i.message for i in report.errors)
    assert any("did you mean thresholds.yaml?" in i.message for i in report.items)


def test_a_lock_holds_a_pack_as_it_is(pack: Path) -> None:
    assert run("plugins", "lock", "--pack", str(pack)) == 0
    audited("--pack", str(pack), "--locked")
    (pack / "rules.py").write_text(RULES + "# more\n")
    with pytest.raises(UsageError, match="pack firm has other content"):
        run("audit", "stack.yaml", "--pack", str(pack), "--locked")


def test_the_brand_of_a_pack_dresses_the_report_unless_another_is_named(pack: Path, tmp_path: Path) -> None:
    write(pack, {"brand.yaml": "consultancy: Firm of the Pack\n"})
    write(tmp_path, {"other.yaml": "consultancy: Another Firm\n"})
    for options, words in (((), "Firm of the Pack"), (("--brand", "other.yaml"), "Another Firm")):
        assert run("audit", "stack.yaml", "-q", "-o", "out.html", "--pack", str(pack), *options) == 0
        assert words in Path("out.html").read_text()
    write(pack, {"brand.yaml": "consultancyy: Firm\n"})
    assert check_target(str(pack), as_of=dt.date(2026, 9, 1)).errors[0].file == "brand.yaml"


def test_a_stack_that_uses_what_a_pack_brings_is_valid_with_the_pack(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("tools:\n- {tool: Home Grown, layer: war_room}\n")
    assert run("check", "own.yaml") == 2
    assert run("check", "own.yaml", "--pack", str(pack)) == 0
