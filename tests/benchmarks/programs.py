"""The programs that are compared: ours as a console script, and the floor under each of its commands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.pairs import Ratio, Spent, ratio, run

HERE = Path(__file__).parent
STACK = HERE.parent / "cases" / "atlasbridge.yaml"
"""A worked case of 30 tools."""
AS_OF = "2026-09-01"
VALIDATE = "validate"
_FOREIGN = """
import json, sys
from stackaudit.cli import main
sys.argv = ["stackaudit", *sys.argv[1:]]
try:
    main()
except SystemExit:
    pass
theirs = [n for n, m in list(sys.modules.items()) if "site-packages" in (getattr(m, "__file__", None) or "")]
sys.stdout.write("\\n" + json.dumps(theirs))
"""
_BARE = """
import typer

app = typer.Typer(help="Nothing.", no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)


def show(value: bool) -> None:
    if value:
        typer.echo("bare 1.0")
        raise typer.Exit


@app.callback()
def main(version: bool = typer.Option(False, "--version", callback=show, is_eager=True)) -> None:
    pass


@app.command()
def work() -> None:
    pass


if __name__ == "__main__":
    app()
"""
"""The least program that answers ``--version`` and ``--help`` with the same library in the same plain mode."""


def script() -> str:
    """Our console script, as it is installed."""
    found = Path(sys.executable).parent / "stackaudit"
    return str(found) if found.is_file() else str(shutil.which("stackaudit"))


@dataclass(frozen=True, slots=True)
class Bench:
    """A folder to work in, and the environment with a cache of its own."""

    folder: Path

    def env(self) -> dict[str, str]:
        """The environment of every run."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("STACKAUDIT_", "PYTHON"))}
        return {**kept, "XDG_CACHE_HOME": str(self.folder / "cache"), "PYTHONHASHSEED": "0"}

    def forget(self) -> None:
        """Empty our cache."""
        shutil.rmtree(self.folder / "cache", ignore_errors=True)

    def ours(self, *arguments: str) -> Spent:
        """Run our console script."""
        return run([script(), *arguments], self.env())

    def floor(self, plan: Path, *options: str) -> Spent:
        """Run the floor of a plan."""
        return run([sys.executable, str(HERE / "floor.py"), str(plan), *options], self.env())

    def plan(self, name: str, arguments: list[str], outputs: Mapping[str, int]) -> Path:
        """Write what the floor under a command does: the modules of others that the command imports, and its sizes."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        shutil.copy(STACK, folder / "stack.yaml")
        found = foreign_modules(arguments, self.env())
        (folder / "modules.txt").write_text("\n".join(found) + "\n", encoding="utf-8")
        sizes = "".join(f"{file} {size}\n" for file, size in outputs.items())
        (folder / "outputs.txt").write_text(sizes, encoding="utf-8")
        return folder

    def audit_plan(self) -> tuple[list[str], Path]:
        """An audit with HTML and JSON, and the plan of the floor under it."""
        outputs = {"html": self.folder / "report.html", "json": self.folder / "report.json"}
        written = [part for path in outputs.values() for part in ("-o", str(path))]
        arguments = ["audit", str(STACK), "--as-of", AS_OF, *written]
        self.ours(*arguments)
        sizes = {f"written.{kind}": path.stat().st_size for kind, path in outputs.items()}
        return arguments, self.plan("audit", arguments, sizes)

    def check_plan(self) -> tuple[list[str], Path]:
        """A check, and the plan of the floor under it, which validates and writes nothing."""
        arguments = ["check", str(STACK)]
        self.ours(*arguments)
        return arguments, self.plan("check", arguments, {})

    def audit(self, rounds: int, *, cold: bool = False) -> Ratio:
        """An audit against its floor; ``cold`` empties our cache before each run of ours."""
        arguments, plan = self.audit_plan()

        def ours() -> Spent:
            if cold:
                self.forget()
            return self.ours(*arguments)

        return ratio(ours, lambda: self.floor(plan), rounds)

    def check(self, rounds: int) -> Ratio:
        """A check against its floor."""
        arguments, plan = self.check_plan()
        return ratio(lambda: self.ours(*arguments), lambda: self.floor(plan, VALIDATE), rounds)

    def bare(self, option: str) -> Spent:
        """Run the bare program."""
        path = self.folder / "bare.py"
        path.write_text(_BARE, encoding="utf-8")
        return run([sys.executable, str(path), option], self.env())

    def start(self, option: str, rounds: int) -> Ratio:
        """``--version`` or ``--help`` against the bare program."""
        return ratio(lambda: self.ours(option), lambda: self.bare(option), rounds)


def foreign_modules(arguments: list[str], env: Mapping[str, str]) -> list[str]:
    """The modules of other distributions that a command of ours imports, in the order of their import."""
    command = [sys.executable, "-c", _FOREIGN, *arguments]
    done = subprocess.run(command, env=dict(env), capture_output=True, text=True, check=True)
    found: list[str] = json.loads(done.stdout.rpartition("\n")[2])
    return [name for name in found if not name.startswith(("stackaudit", "_", "sitecustomize"))]
