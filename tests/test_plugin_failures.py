"""Every way in which a plugin can fail, each through an installed distribution: named, contained, and exit 3."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stackaudit import audit
from stackaudit.catalog import load_catalog
from stackaudit.errors import UsageError
from stackaudit.model.catalog import Catalog
from stackaudit.model.plugins import Limits
from stackaudit.pluginmanager import Plugins
from stackaudit.pluginmanager.records import OverranError
from stackaudit.testing import audit_stack
from tests.support import HERE, plugins

BROKEN = HERE / "plugins" / "broken"
CASES = {
    "import_error": ("import", "a_module_that_nobody_has"),
    "import_raises": ("import", "ValueError: no"),
    "import_exit": ("import", "SystemExit: 5"),
    "import_cancelled": ("import", "CancelledError"),
    "import_newer_name": ("import", "another version of the plugin interface"),
    "missing_module": ("import", "fake_missing_module.gone"),
    "unknown_hook": ("hooks", "did you mean stackaudit_rules?"),
    "unmarked_hook": ("hooks", "not marked with @hookimpl"),
    "no_hook": ("hooks", "contributes nothing"),
    "wrong_signature": ("hooks", "inventory"),
    "hook_raises": ("hook stackaudit_rules", "ValueError: no"),
    "hook_exits": ("hook stackaudit_importers", "SystemExit: 7"),
    "generator_raises": ("hook stackaudit_rules", "ValueError: no"),
    "endless_generator": ("hook stackaudit_rules", "more than 1,000 records"),
    "endless_vendors": ("hook stackaudit_vendors", "more than 1,000 records"),
    "wrong_type": ("hook stackaudit_rules", "returned str, expected Rule"),
    "no_list": ("hook stackaudit_themes", "returned int"),
    "text_for_list": ("hook stackaudit_themes", "returned str"),
    "import_hangs": ("import", "ran for more than 1 seconds and was stopped"),
    "hook_hangs": ("hook stackaudit_rules", "ran for more than 1 seconds and was stopped"),
    "generator_hangs": ("hook stackaudit_themes", "ran for more than 1 seconds and was stopped"),
    "prints": ("hook stackaudit_rules", "returned int"),
    "wrong_field": ("hook stackaudit_rules", "severity"),
    "wrong_rule_id": ("hook stackaudit_rules", "OWN-001"),
    "stolen_rule": ("hook stackaudit_rules", "exists already"),
    "newer_api": ("api", "version 9"),
    "fetching_theme": ("hook stackaudit_themes", "points outside"),
    "wandering_theme": ("hook stackaudit_themes", "no plain file name"),
    "no_yaml": ("manifest", "vendor.yaml:2:1"),
    "wrong_schema": ("manifest", "vendor.yaml:5:10: tools.0.layer"),
    "unknown_key": ("manifest", "layers_"),
    "newer_manifest": ("api", "version 2"),
    "duplicate_tools": ("ids", "stands twice"),
    "ten_layers": ("claims", "claims 10 layers"),
    "wide_core": ("claims", "spread over 4 layers"),
    "unknown_layer": ("references", "did you mean crm?"),
    "script_address": ("manifest", "no web address"),
    "file_address": ("manifest", "no web address"),
    "foreign_tool": ("conflict", "belongs to vendor 'salesforce'"),
    "foreign_name": ("conflict", "the name 'Salesforce' belongs to 'salesforce'"),
    "foreign_vendor": ("conflict", "speaks under its own name"),
    "path_out": ("manifest", "does not name a file inside"),
    "absolute_path": ("manifest", "does not name a file inside"),
    "two_distributions": ("conflict", "comes with fake-one already"),
    "broken_metadata": ("metadata", "no Name"),
}
RULE_CASES = {
    "rule_raises": "ValueError: no",
    "rule_exits": "SystemExit: 3",
    "rule_endless": "more than 10,000 records",
    "rule_hangs": "ran for more than 1 seconds and was stopped",
    "rule_garbage": "returned dict, expected Draft",
    "rule_wrong_draft": "message",
    "rule_unknown_subject": "nobody",
    "rule_changes_thresholds": "TypeError",
    "rule_changes_catalogue": "AttributeError",
    "rule_on_competitor": "not its own tool",
    "rule_on_the_stack": "the stack as a whole",
}
UNSTOPPABLE = {"rule_refuses": 2, "rule_counts": -signal.SIGVTALRM}
HARMLESS = {"foreign_site"}
IMPORTERS = {"importer_hangs"}
STACK = ["Salesforce", "Outreach", "Salesloft", "Gong"]
Site = Callable[[str], Path]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Puts a committed site folder on the path, as if its distributions were installed."""
    before = set(sys.modules)

    def put(case: str) -> Path:
        site = BROKEN / case
        monkeypatch.syspath_prepend(str(site))
        return site

    yield put
    for name in set(sys.modules) - before:
        if name.startswith("fake_"):
            del sys.modules[name]


IMPATIENT = {"import_seconds": 1, "hook_seconds": 1, "rule_seconds": 1, "grace_seconds": 1}


def impatient() -> Catalog:
    """The catalogue with little patience, as somebody might write it."""
    catalog = load_catalog()
    limits = {
        name: limit.model_copy(update={"value": IMPATIENT.get(name, limit.value)})
        for name, limit in catalog.plugin_limits.items()
    }
    return catalog.model_copy(update={"plugin_limits": limits})


def opened(case: str = "") -> Plugins:
    """All plugins, asked for everything; those of the tests' own environment are not among them."""
    found = audit.open_plugins(catalog=impatient() if case.endswith("_hangs") else None)
    found.collect()
    return found


def distribution(case: str) -> str:
    others = {"two_distributions": "fake-two", "broken_metadata": "fake_broken_metadata-1.0.dist-info"}
    return others.get(case, f"fake-{case.replace('_', '-')}")


def test_every_committed_failure_is_tested() -> None:
    assert {p.name for p in BROKEN.iterdir()} == set(CASES) | set(RULE_CASES) | set(UNSTOPPABLE) | IMPORTERS | HARMLESS


@pytest.mark.parametrize("case", CASES)
def test_a_failure_is_named_and_the_rest_runs(case: str, install: Site, capsys: pytest.CaptureFixture[str]) -> None:
    install(case)
    found = opened(case)
    stage, words = CASES[case]
    assert {(p.distribution, p.stage) for p in found.problems} == {(distribution(case), stage)}
    assert any(words in p.message for p in found.problems)
    assert len(found.problems) <= 4
    result = audit_stack(STACK, found)
    assert [f.id for f in result.findings] == [f.id for f in audit_stack(STACK, plugins()).findings]
    assert {(p.kind, p.distribution) for p in result.problems} == {("plugin", distribution(case))}
    assert not capsys.readouterr().out


@pytest.mark.parametrize("case", RULE_CASES)
def test_a_rule_that_fails_is_an_error_of_its_own_and_changes_no_other(case: str, install: Site) -> None:
    install(case)
    found = opened(case)
    assert not found.problems
    result = audit_stack(STACK, found)
    (problem,) = result.problems
    assert (problem.kind, problem.source, problem.distribution) == ("rule", "FAKE-001", distribution(case))
    assert RULE_CASES[case] in problem.message
    others = [f.id for f in result.findings if f.rule != "FAKE-001"]
    assert others == [f.id for f in audit_stack(STACK, plugins()).findings]
    assert [f.outcome for f in result.findings if f.rule == "FAKE-001"] == ["error"]


def test_a_rule_that_was_stopped_is_not_asked_again(install: Site) -> None:
    install("rule_hangs")
    found = opened("rule_hangs")
    audit_stack(STACK, found)
    began = time.monotonic()
    again = [r for r in found.rules() if r.id == "FAKE-001"]
    with pytest.raises(OverranError, match="was stopped"):
        again[0].check(None)  # type: ignore[arg-type]
    assert time.monotonic() - began < 0.5


QUICK = f"""
import stackaudit.lookup.words
from stackaudit.model.plugins import Limits
stackaudit.lookup.words.plugin_limits = lambda catalog: Limits(**{IMPATIENT})
from stackaudit.cli import main
main()
"""


@pytest.mark.parametrize("case", UNSTOPPABLE)
def test_a_plugin_that_cannot_be_stopped_ends_the_program_and_writes_nothing(case: str, stack_file: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", QUICK, "audit", stack_file, "-o", "out.json"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(BROKEN / case), str(HERE.parent)])},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == UNSTOPPABLE[case]
    assert distribution(case).replace("-", "_") in done.stderr.replace("-", "_")
    assert not Path("out.json").exists()


def test_an_importer_that_never_ends_is_stopped_and_named(
    install: Site, stack_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("importer_hangs")
    monkeypatch.setattr("stackaudit.lookup.words.plugin_limits", lambda _: Limits(hook_seconds=1, grace_seconds=1))
    Path("tools.csv").write_text("Hanging heading\nSalesforce\n")
    with pytest.raises(UsageError, match=r"importer 'hanging' failed .*ran for more than 1 seconds"):
        run("import", "tools.csv")


def run(*arguments: str) -> int:
    from stackaudit.cli.app import app

    code = app(list(arguments), standalone_mode=False)
    return code if isinstance(code, int) else 0


@pytest.fixture
def stack_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("stack.yaml").write_text("[Salesforce, Gong]\n")
    return "stack.yaml"


@pytest.mark.parametrize("case", ["import_exit", "endless_generator", "ten_layers", "rule_exits"])
def test_an_audit_with_a_broken_plugin_ends_with_3_and_a_strict_one_does_not_write(
    case: str, install: Site, stack_file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    install(case)
    assert run("audit", stack_file, "-o", "a.json", "-o", "a.html") == 3
    assert json.loads(Path("a.json").read_text())["problems"][0]["distribution"] == distribution(case)
    assert distribution(case) in Path("a.html").read_text()
    with pytest.raises(UsageError, match=r"(?s)strict-plugins.*fake|FAKE"):
        run("audit", stack_file, "-o", "b.json", "--strict-plugins")
    assert not Path("b.json").exists()
    assert run("audit", stack_file, "-o", "c.json", "--strict-plugins", "--no-plugins") == 0


def test_a_plugin_that_prints_does_not_spoil_the_data(
    install: Site, stack_file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    install("prints")
    assert run("audit", stack_file, "-o", "-") == 3
    assert json.loads(capsys.readouterr().out)["schema_version"] == "1"


def test_a_competitors_names_site_and_facts_stay_as_they_are(install: Site) -> None:
    for case in ("foreign_tool", "foreign_name", "foreign_site", "foreign_vendor"):
        install(case)
    found = opened()
    for name, tool in (("Salesforce", "salesforce"), ("Gong", "gong"), ("gong.io", "gong")):
        assert {hit.tool_id for hit in found.find(name)} == {tool}
        mine, theirs = plugins().tool(tool), found.tool(tool)
        assert mine is not None
        assert theirs is not None
        assert (theirs.tool, theirs.distribution) == (mine.tool, mine.distribution)
    assert {hit.tool_id for hit in found.find("Our Own Name")} == {"foreign_name_tool"}


MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} \"'`"


def hostile(vendor: str) -> str:
    """A manifest with markup in every field that takes free text."""
    text = json.dumps(MARKUP)
    return (
        f"vendor: {{id: {vendor}, name: {text}, aliases: [{text}], website: https://example.com}}\n"
        f"tools:\n- id: {vendor}\n  name: {text}\n  aliases: [Hostile Tool]\n  layer: crm\n"
        f"  status: {{state: renamed, as_of: {text}, note: {text}, source: https://example.com}}\n"
        f"  former_names: [{{name: {json.dumps('Old ' + MARKUP)}, until: {text}, source: https://example.com}}]\n"
        f"  capabilities: {{core: [opportunity_mgmt], editions: {{{text}: [sequencing]}}}}\n"
        f"  sources: [{{claim: {text}, url: https://example.com, checked: 2026-01-02, basis: sourced}}]\n"
    )


Build = Callable[[str, str], Path]


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    """Makes an installed distribution that holds a manifest, for those too large or too odd to be committed."""

    def make(vendor: str, text: str) -> Path:
        site = tmp_path / "site"
        info = site / f"fake_{vendor}-1.0.dist-info"
        package = site / f"fake_{vendor}"
        for folder in (info, package):
            folder.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: fake-{vendor}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[stackaudit]\n{vendor} = fake_{vendor}:vendor.yaml\n")
        (package / "__init__.py").touch()
        (package / "vendor.yaml").write_text(text)
        monkeypatch.syspath_prepend(str(site))
        return package / "vendor.yaml"

    return make


def test_markup_in_every_field_of_a_manifest_reaches_no_report(build: Build) -> None:
    from stackaudit.report.html import render

    build("hostile", hostile("hostile"))
    found = opened()
    assert found.problems == ()
    result = audit_stack(["Hostile Tool", "Salesforce"], found)
    assert next(t for t in result.tools if t.plugin == "hostile").name == MARKUP
    page = render(result)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_five_megabytes_of_yaml_are_refused_and_named(build: Build) -> None:
    build("huge", "vendor: {id: huge, name: Huge}\ntools:\n" + "- {id: a, name: A, layer: crm}\n" * 170_000)
    (problem,) = opened().problems
    assert (problem.plugin, problem.distribution) == ("huge", "fake-huge")
    assert "holds more than 1,000,000 values" in problem.message


def test_a_manifest_that_is_a_link_out_of_its_package_is_refused(build: Build, tmp_path: Path) -> None:
    path = build("linked", "")
    secret = tmp_path / "secret.yaml"
    secret.write_text(hostile("linked"))
    path.unlink()
    path.symlink_to(secret)
    (problem,) = opened().problems
    assert "does not name a file inside" in problem.message


def test_a_manifest_that_is_a_pipe_hangs_nothing(build: Build) -> None:
    path = build("piped", "")
    path.unlink()
    os.mkfifo(path)
    (problem,) = opened().problems
    assert (problem.plugin, problem.stage) == ("piped", "manifest")
