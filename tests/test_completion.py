"""What a shell completes in the commands of the catalogue."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from stackaudit.cli.catalog.commands import complete_layer, complete_tool
from stackaudit.cli.complete import complete_alias, complete_example, complete_rule, complete_source


@pytest.mark.parametrize(
    ("words", "expected"),
    [("show go", "gong"), ("compare gong ch", "chorus"), ("path marketo gains", "gainsight"), ("layers cr", "crm")],
)
def test_a_shell_completes_tools_and_layers(words: str, expected: str) -> None:
    line = f"stackaudit catalog {words}"
    code = "import sys; sys.argv = ['stackaudit']; from stackaudit.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "_STACKAUDIT_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(line.count(" ")),
        },
    )
    assert expected in done.stdout.split()
    assert all(word.startswith(words.split()[-1]) for word in done.stdout.split())


def test_a_shell_that_completes_never_sees_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("broken on purpose")

    monkeypatch.setattr("stackaudit.pluginmanager.Plugins.load", fail)
    monkeypatch.setattr("stackaudit.catalog.load_catalog", fail)
    assert complete_tool("go") == []
    assert complete_layer("cr") == []


def test_rules_sources_examples_and_the_tools_of_aliases_complete() -> None:
    assert "RED-001" in [i for i, _ in complete_rule("red")]
    assert [i for i, _ in complete_source("okta_as")] == ["okta_assignments"]
    assert complete_example("st") == ["starter"]
    assert "The CRM=salesforce" in complete_alias("The CRM=salesf")
    assert complete_alias("The C") == []
