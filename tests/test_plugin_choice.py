"""Which plugins an audit uses: chosen, turned off, listed with what they rest on, and pinned."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stackaudit.errors import UsageError
from stackaudit.model.result import AuditResult
from tests.support import HERE

EXAMPLE = HERE / "plugins" / "stackaudit-example" / "stackaudit_example"
ENTRIES = "[stackaudit]\nexample = stackaudit_example:vendor.yaml\nexample-code = stackaudit_example.plugin\n"
STACK = "as_of: 2026-09-01\ntools: [Salesforce, Example Dialer, Two Tool]\n"


def run(*arguments: str) -> int:
    from stackaudit.cli.app import app

    code = app(list(arguments), standalone_mode=False)
    return code if isinstance(code, int) else 0


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Two distributions: the example, and one with a manifest of its own."""
    site = tmp_path / "site"
    shutil.copytree(EXAMPLE, site / "stackaudit_example", ignore=shutil.ignore_patterns("__pycache__"))
    two = site / "stackaudit_two"
    two.mkdir()
    (two / "__init__.py").touch()
    (two / "vendor.yaml").write_text(
        "vendor: {id: two, name: Two}\ntools:\n- {id: two_tool, name: Two Tool, layer: crm, sources: [{claim: a, "
        "checked: 2026-01-02, basis: classified}]}\n"
    )
    for name, version, entries in (
        ("example", "0.1.0", ENTRIES),
        ("two", "2.0", "[stackaudit]\ntwo = stackaudit_two:vendor.yaml\n"),
    ):
        info = site / f"stackaudit_{name}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: stackaudit-{name}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(entries)
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stack.yaml").write_text(STACK)
    yield site
    for name in [n for n in sys.modules if n.startswith(("stackaudit_example", "stackaudit_two"))]:
        del sys.modules[name]


def audited(*options: str) -> AuditResult:
    assert run("audit", "stack.yaml", "-o", "out.json", "-q", *options) == 0
    return AuditResult.model_validate_json(Path("out.json").read_text())


def used(result: AuditResult) -> set[str]:
    return {p.name for p in result.plugins if p.distribution not in (None, "stackaudit")}


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ((), {"example", "example-code", "two"}),
        (("--only-plugins", "two"), {"two"}),
        (("--only-plugins", "example"), {"example", "example-code"}),
        (("--only-plugins", "stackaudit-example, two"), {"example", "example-code", "two"}),
        (("--only-plugins", "example-code"), {"example-code"}),
        (("--no-plugins",), set()),
    ],
)
@pytest.mark.usefixtures("site")
def test_an_audit_uses_the_plugins_that_were_chosen(options: tuple[str, ...], names: set[str]) -> None:
    result = audited(*options)
    assert used(result) == names
    assert "salesforce" in {p.name for p in result.plugins}


@pytest.mark.usefixtures("site")
def test_a_chosen_plugin_that_is_not_there_is_bad_usage_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match="did you mean example"):
        run("audit", "stack.yaml", "--only-plugins", "exampel")


@pytest.mark.parametrize(("value", "off"), [("1", True), ("yes", True), ("0", False), ("", False)])
@pytest.mark.usefixtures("site")
def test_the_environment_turns_installed_plugins_off(value: str, off: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STACKAUDIT_DISABLE_PLUGINS", value)
    assert (used(audited()) == set()) is off


@pytest.mark.usefixtures("site")
def test_a_list_says_what_the_facts_of_each_plugin_rest_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plugins", "list", "--provenance") == 0
    rows = {line.split("\t")[0]: line.split("\t")[1:] for line in capsys.readouterr().out.splitlines()}
    assert rows["example"] == ["vendor", "stackaudit-example", "0.1.0", "4", "2026-06-01", "3", "0", "1", "1", ""]
    assert rows["example-code"][:3] == ["code", "stackaudit-example", "0.1.0"]
    assert rows["gong"][1] == "stackaudit"
    assert run("plugins", "--format", "json") == 0
    data = json.loads(capsys.readouterr().out)
    assert data["problems"] == []
    assert {
        "name": "two",
        "kind": "vendor",
        "distribution": "stackaudit-two",
        "version": "2.0",
        "facts": 1,
    }.items() <= (next(p for p in data["plugins"] if p["name"] == "two").items())


@pytest.mark.usefixtures("site")
def test_a_report_lists_each_plugin_with_its_distribution_version_facts_and_oldest_day() -> None:
    audited("-o", "out.html")
    page = Path("out.html").read_text()
    for words in ("stackaudit-example", "0.1.0", "2026-06-01"):
        assert words in page


def test_a_locked_audit_refuses_whatever_differs(site: Path) -> None:
    with pytest.raises(UsageError, match="plugins lock writes it"):
        run("audit", "stack.yaml", "--locked")
    assert run("plugins", "lock") == 0
    held = json.loads(Path("stackaudit.lock").read_text())
    assert [p["name"] for p in held["plugins"]] == ["example", "example-code", "two"]
    audited("--locked")
    manifest = site / "stackaudit_two" / "vendor.yaml"
    metadata = site / "stackaudit_two-2.0.dist-info"
    text = manifest.read_text()
    for change, words in (
        (lambda: manifest.write_text(text + "# more\n"), "two .stackaudit-two. has other content"),
        (lambda: metadata.rename(site / "gone"), "locked and not in use"),
    ):
        change()
        with pytest.raises(UsageError, match=words):
            run("audit", "stack.yaml", "--locked")
        manifest.write_text(text)
    (site / "gone").rename(metadata)
    audited("--locked")
    with pytest.raises(UsageError, match="locked and not in use"):
        run("audit", "stack.yaml", "--locked", "--no-plugins")
    release = metadata / "METADATA"
    release.write_text(release.read_text().replace("2.0", "2.1"))
    with pytest.raises(UsageError, match=r"is 2\.1, locked at 2\.0"):
        run("audit", "stack.yaml", "--locked")


def test_a_locked_audit_runs_no_code_of_a_plugin_that_is_not_in_the_lock(site: Path) -> None:
    assert run("plugins", "lock") == 0
    (site / "stackaudit_example" / "plugin.py").write_text("raise SystemExit('ran')\n")
    with pytest.raises(UsageError, match="other content"):
        run("audit", "stack.yaml", "--locked")
    assert "stackaudit_example.plugin" not in sys.modules


@pytest.mark.usefixtures("site")
def test_a_lock_is_found_beside_the_stack_file_too_and_a_damaged_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("plugins", "lock", "--only-plugins", "two", "-o", "stackaudit.lock")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    path = str(tmp_path / "stack.yaml")
    assert run("audit", path, "-o", "o.json", "-q", "--locked", "--only-plugins", "two") == 0
    (tmp_path / "stackaudit.lock").write_text("[]")
    with pytest.raises(Exception, match="is no lock"):
        run("audit", path, "-o", "o.json", "--locked")


def test_a_catalogue_that_changed_breaks_the_lock(site: Path) -> None:
    run("plugins", "lock")
    path = Path("stackaudit.lock")
    held = json.loads(path.read_text())
    held["stackaudit"]["sha256"] = "0" * 64
    path.write_text(json.dumps(held))
    with pytest.raises(UsageError, match="catalogue has changed"):
        run("audit", "stack.yaml", "--locked")


@pytest.mark.usefixtures("site")
def test_a_theme_of_a_plugin_dresses_the_report_and_an_unknown_one_is_bad_usage() -> None:
    assert run("audit", "stack.yaml", "-q", "-o", "plain.html") == 0
    assert run("audit", "stack.yaml", "-q", "-o", "out.html", "--theme", "example") == 0
    assert "#0b5cad" in Path("out.html").read_text()
    assert "#0b5cad" not in Path("plain.html").read_text()
    with pytest.raises(UsageError, match="did you mean example"):
        run("audit", "stack.yaml", "--theme", "exampel")


def test_a_theme_that_a_brand_names_comes_from_the_plugins_of_the_run(site: Path) -> None:
    Path("brand.yaml").write_text("consultancy: Firm\ntheme: example\n")
    dressed = ("audit", "stack.yaml", "-q", "-o", "out.html", "--brand", "brand.yaml")
    assert run(*dressed) == 0
    assert "#0b5cad" in Path("out.html").read_text()
    with pytest.raises(UsageError, match="theme 'example'"):
        run(*dressed, "--no-plugins")
    run("plugins", "lock")
    for name in [n for n in sys.modules if n.startswith("stackaudit_example")]:
        del sys.modules[name]
    (site / "stackaudit_example" / "plugin.py").write_text("raise SystemExit('ran')\n")
    with pytest.raises(UsageError, match="other content"):
        run(*dressed, "--locked")
    assert "stackaudit_example.plugin" not in sys.modules


USING = {"--plugins", "--no-plugins", "--only-plugins", "--strict-plugins", "--pack", "--locked"}
DRESSING = {"--brand", "--theme", "--template"}


def options(*path: str) -> set[str]:
    import typer.main

    from stackaudit.cli.app import app

    command: Any = typer.main.get_command(app)
    for name in path:
        command = command.commands[name]
    return {word for p in command.params for word in (*p.opts, *p.secondary_opts)}


@pytest.mark.parametrize(
    "path",
    [
        *("audit", "check", "init", "import", "report", "diff", "whatif", "portfolio", "rules", "graph"),
        *("plugins", "plugins list"),
        *(f"catalog {name}" for name in ("search", "show", "compare", "path", "layers", "stats")),
    ],
)
def test_every_command_that_loads_plugins_has_the_same_options_about_them(path: str) -> None:
    assert options(*path.split()) >= USING


@pytest.mark.parametrize("path", ["audit", "report", "diff", "whatif", "portfolio"])
def test_every_command_that_writes_pages_has_the_same_options_about_their_look(path: str) -> None:
    assert options(path) >= DRESSING


PAGES = {
    "audit": ("audit", "stack.yaml", "-q", "-o", "out.html"),
    "report": ("report", "saved.json", "-o", "out.html"),
    "diff": ("diff", "saved.json", "saved.json", "-o", "out.html"),
    "whatif": ("whatif", "stack.yaml", "--remove", "Salesforce", "-o", "out.html"),
    "portfolio": ("portfolio", "stack.yaml", "-q", "-o", "out"),
}


def page(command: str) -> str:
    return Path("out/index.html" if command == "portfolio" else "out.html").read_text()


def forget_example() -> None:
    for name in [n for n in sys.modules if n.startswith("stackaudit_example")]:
        del sys.modules[name]


@pytest.mark.parametrize("command", PAGES)
def test_a_theme_of_any_page_comes_from_the_plugins_of_the_run_and_no_others(
    command: str, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("audit", "stack.yaml", "-q", "-o", "saved.json") == 0
    Path("brand.yaml").write_text("consultancy: Firm\ntheme: example\n")
    assert run(*PAGES[command], "--theme", "example") == 0
    assert "#0b5cad" in page(command)
    dressed = (*PAGES[command], "--brand", "brand.yaml")
    assert run(*dressed) == 0
    assert "#0b5cad" in page(command)
    for choice in (("--no-plugins",), ("--only-plugins", "two")):
        with pytest.raises(UsageError, match="theme 'example'"):
            run(*dressed, *choice)
    run("plugins", "lock")
    forget_example()
    (site / "stackaudit_example" / "plugin.py").write_text("raise SystemExit('ran')\n")
    with pytest.raises(UsageError, match="other content"):
        run(*dressed, "--locked")
    assert "stackaudit_example.plugin" not in sys.modules


@pytest.mark.parametrize("command", PAGES)
def test_a_broken_plugin_stops_any_command_that_is_strict(command: str, site: Path) -> None:
    assert run("audit", "stack.yaml", "-q", "-o", "saved.json") == 0
    forget_example()
    (site / "stackaudit_example" / "plugin.py").write_text("raise SystemExit('broke')\n")
    with pytest.raises(UsageError, match=r"(?s)strict-plugins.*SystemExit: broke"):
        run(*PAGES[command], "--strict-plugins")


PACK_RULE = """
from stackaudit.api import Draft, Effort, Rule, Severity, hookimpl

def check(context):
    yield Draft(message="The firm says so.")

@hookimpl
def stackaudit_rules():
    return [Rule("FIRM-001", Severity.HIGH, "Of the firm", "c", "w", "f", "n", "none", "s", Effort.S, check)]
"""


@pytest.fixture
def firm(site: Path) -> str:
    folder = Path("firm")
    folder.mkdir()
    (folder / "rules.py").write_text(PACK_RULE)
    (folder / "thresholds.yaml").write_text("thresholds:\n- {id: gap_007_tools, value: 99, source: our own files}\n")
    return "firm"


def test_a_pack_is_heard_by_every_command_that_audits(firm: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("rules", "FIRM-001", "--pack", firm) == 0
    assert "Of the firm" in capsys.readouterr().out
    assert run("whatif", "stack.yaml", "--remove", "Salesforce", "--pack", firm, "-o", "-") == 0
    assert "The firm says so." in capsys.readouterr().out
    assert run("portfolio", "stack.yaml", "-q", "-o", "out", "--pack", firm) == 0
    (client,) = Path("out/clients").glob("*.html")
    text = client.read_text()
    assert "The firm says so." in text
    assert "gap_007_tools" in text
    assert "pack firm" in text


@pytest.mark.parametrize(
    "arguments",
    [("audit", "stack.yaml", "-q"), ("whatif", "stack.yaml", "--remove", "Salesforce"), ("graph", "stack.yaml")],
    ids=lambda a: a[0],
)
def test_a_rule_that_breaks_is_told_by_every_command_that_audits_and_stops_a_strict_one(
    arguments: tuple[str, ...], firm: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (Path(firm) / "rules.py").write_text(PACK_RULE.replace("    yield ", "    1 / 0\n    yield "))
    asked = (*arguments, "--pack", firm, "-o", "out.json")
    run(*asked)
    told = capsys.readouterr().err
    assert "problem: " in told
    assert "ZeroDivisionError" in told
    Path("out.json").unlink()
    with pytest.raises(UsageError, match=r"(?s)strict-plugins.*ZeroDivisionError"):
        run(*asked, "--strict-plugins")
    assert not Path("out.json").exists()


@pytest.mark.usefixtures("site")
def test_the_list_names_what_can_be_imported_and_how_far_each_format_is_confirmed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("plugins", "list", "--provenance", "--format", "json") == 0
    rows = json.loads(capsys.readouterr().out)["plugins"]
    importers = {row["name"]: row for row in rows if row["kind"] == "importer"}
    assert importers["backstage"]["distribution"] == "stackaudit"
    assert importers["torii_apps"]["format"] == "unconfirmed"
    assert importers["example"]["distribution"] == "stackaudit-example"
    assert run("plugins", "list", "--no-plugins") == 0
    assert "\nexample\timporter" not in capsys.readouterr().out


@pytest.mark.usefixtures("site")
def test_a_list_fits_a_narrow_terminal_and_says_what_it_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("stackaudit.cli.plugins.listing.is_terminal", lambda *, err: True)
    monkeypatch.setenv("COLUMNS", "80")
    for arguments in ((), ("--provenance",)):
        assert run("plugins", "list", *arguments) == 0
        said = capsys.readouterr()
        assert max(map(len, said.out.splitlines())) <= 80
        assert ("too narrow here for version" in said.err) is bool(arguments)


def test_the_catalogue_is_asked_with_the_plugins_that_were_chosen(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("catalog", "show", "Two Tool") == 0
    with pytest.raises(UsageError, match="Two Tool"):
        run("catalog", "show", "Two Tool", "--no-plugins")
    run("plugins", "lock")
    (site / "stackaudit_two" / "vendor.yaml").write_text("vendor: {}\n")
    with pytest.raises(UsageError, match="other content"):
        run("catalog", "show", "Salesforce", "--locked")
