"""The authors' guide says what is so: its tutorial runs, its generated parts are fresh, and nothing is missing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import stackaudit.api
import stackaudit.testing
from stackaudit.catalog import load_catalog
from stackaudit.cli.inputs import PluginChoice
from stackaudit.hookspecs import HOOKS
from stackaudit.resources import data_dir
from stackaudit.rules import checks
from stackaudit.scaffold.reference import hook_reference, manifest_reference, refreshed
from tests.support import HERE

ROOT = HERE.parent
GUIDE = (ROOT / "plugins" / "README.md").read_text(encoding="utf-8")
TUTORIAL = GUIDE.partition("## Ten minutes")[2].partition("\n## ")[0]


def test_the_generated_parts_of_the_guide_are_fresh() -> None:
    assert refreshed(GUIDE) == GUIDE, "run: python -m stackaudit.scaffold.reference plugins/README.md"
    assert hook_reference() in GUIDE
    assert manifest_reference() in GUIDE


def test_a_stale_part_would_be_noticed_and_a_guide_without_marks_refused() -> None:
    assert refreshed(GUIDE.replace("| `layer` | id | yes |", "| `layer` | id | no |")) == GUIDE
    with pytest.raises(ValueError, match="lacks the marks"):
        refreshed("# Plugins")


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_is_documented_tested_and_used_by_the_example(hook: str) -> None:
    assert f"### `{hook}()`" in GUIDE
    tests = "".join(p.read_text(encoding="utf-8") for p in HERE.glob("test_*.py"))
    assert f"hook {hook}" in tests
    example = HERE / "plugins" / "stackaudit-example" / "stackaudit_example" / "plugin.py"
    assert hook == "stackaudit_vendors" or hook in example.read_text(encoding="utf-8")


def test_every_record_that_a_hook_takes_can_be_imported_from_the_one_public_module() -> None:
    named = set(re.findall(r"^### `(\w+)`$", hook_reference(), re.MULTILINE)) | {"VendorManifest"}
    assert named <= set(stackaudit.api.__all__)
    assert all(hasattr(stackaudit.api, name) for name in stackaudit.api.__all__)


def test_every_name_of_the_kit_is_in_the_guide() -> None:
    for name in stackaudit.testing.__all__:
        assert name in GUIDE or name in {"CaseError", "RuleCase"}, name


def test_every_rule_is_documented_and_has_its_cases() -> None:
    reference = (data_dir("catalogs") / "rules" / "README.md").read_text(encoding="utf-8")
    for rule in checks():
        assert rule in reference
        assert (HERE / "rules" / f"{rule}.yaml").is_file()
        assert rule in load_catalog().rules


def test_every_catalogue_file_is_described() -> None:
    text = (data_dir("catalogs") / "README.md").read_text(encoding="utf-8")
    for path in data_dir("catalogs").iterdir():
        if path.name != "README.md":
            assert f"`{path.stem}" in text, path.name


def test_every_part_of_a_pack_and_every_switch_is_in_the_guide() -> None:
    from stackaudit.packs import KNOWN

    for name in KNOWN:
        assert name in GUIDE
    for option in ("--only-plugins", "--no-plugins", "--strict-plugins", "--locked", "--pack", "--provenance"):
        assert option in GUIDE
    assert len(PluginChoice._fields) == 5


def run(script: str, folder: Path) -> str:
    """Run the guide's own commands, with pip kept from the network and from this environment."""
    site = folder.parent / "site"
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_TARGET": str(site),
        "PYTHONPATH": str(site),
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_tutorial_leads_from_an_empty_folder_to_a_plugin_in_the_report(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    blocks = re.findall(r"^```sh\n(.*?)^```$", TUTORIAL, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 4
    said = run("\n".join(blocks), folder)
    assert re.search(r"^acme\tvendor\tstackaudit-acme\t0\.1\.0\t2\t2026-10-01$", said, re.MULTILINE)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Acme Dialer" in page
    assert "stackaudit-acme" in page
    assert "passed" in run("cd stackaudit-acme && python -m pytest -q -p no:cacheprovider", folder)


@pytest.mark.slow
def test_the_example_is_installed_by_pip_as_a_strangers_would_be(tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "empty"
    shutil.copytree(HERE / "plugins" / "stackaudit-example", folder / "stackaudit-example")
    said = run(
        "python -m pip install --quiet ./stackaudit-example\n"
        "stackaudit plugins check stackaudit-example --import --format json\n"
        "stackaudit plugins list\n"
        "stackaudit rules EXAMPLE-001\n"
        "printf -- '- Salesforce\\n- Example Caller\\n' > stack.yaml\n"
        "stackaudit audit stack.yaml -o out.json\n",
        folder,
    )
    assert '"passed": true' in said
    assert "example-code\tcode\tstackaudit-example" in said
    result = (folder / "out.json").read_text(encoding="utf-8")
    assert '"rule": "EXAMPLE-001"' in result
    assert '"plugin": "example"' in result
    assert '"problems": []' in result
