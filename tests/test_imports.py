"""What small commands must not load, and that rules load without the graph."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"networkx", "jinja2"}
SPY = "import atexit, sys; atexit.register(lambda: sys.stderr.write('\\nLOADED ' + ' '.join(sys.modules)))\n"
RUN = SPY + "sys.argv = ['stackaudit', *{arguments!r}]\nfrom stackaudit.cli import main\nmain()\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["audit", "--help"],
        ["rules"],
        ["rules", "RED-001"],
        ["schema", "inventory"],
        ["schema", "result"],
    ],
)
def test_a_small_command_loads_neither_graph_nor_templates(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(arguments=arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = {name.split(".")[0] for name in done.stderr.rsplit("LOADED ", 1)[1].split()}
    assert "stackaudit" in loaded
    assert not HEAVY & loaded


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_and_version_read_no_catalogue(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(arguments=arguments)], capture_output=True, text=True, check=False
    )
    loaded = set(done.stderr.rsplit("LOADED ", 1)[1].split())
    assert not {"yaml", "pydantic", "sqlite3", "stackaudit.catalog"} & loaded


def test_importing_the_public_module_is_all_that_a_plugin_needs() -> None:
    code = "import stackaudit.api as api; print(all(hasattr(api, n) for n in api.__all__), api.API_VERSION)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "True 1\n"
