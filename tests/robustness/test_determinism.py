"""The same bytes of every format, whatever the process, the place and the language of the machine."""

from __future__ import annotations

import shutil
import subprocess
import sys
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

from tests.robustness.support import contents, environment, run
from tests.support import CASES

pytestmark = pytest.mark.slow
EPOCH = "1788220800"  # 2026-09-01
OUTPUTS = tuple(
    word
    for name in ("out.html", "out.json", "out.md", "out.xlsx", "out.sarif", "out.jsonl", "csv=tables", "github=out.txt")
    for word in ("-o", name)
)
ZONES = ("Pacific/Kiritimati", "America/Los_Angeles")
LOCALES = ("C", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8")


def audited(folder: Path, **variables: Any) -> dict[str, bytes]:
    """All outputs of an audit of a file that names no day."""
    folder.mkdir()
    text = (CASES / "quillstone.yaml").read_text(encoding="utf-8")
    (folder / "stack.yaml").write_text("".join(x for x in text.splitlines(True) if not x.startswith("as_of")))
    done = run("audit", "stack.yaml", "-q", *OUTPUTS, cwd=folder, SOURCE_DATE_EPOCH=EPOCH, **variables)
    assert done.code == 0, done.said
    return contents(folder)


@pytest.mark.parametrize("seeds", [3, pytest.param(20, marks=pytest.mark.full)])
def test_every_format_has_the_same_bytes_under_any_seed_zone_and_language(seeds: int, tmp_path: Path) -> None:
    first = audited(tmp_path / "first", PYTHONHASHSEED="0", TZ="UTC")
    assert len(first) > 8
    around = islice(zip(range(1, seeds + 1), cycle(ZONES), cycle(LOCALES), strict=False), seeds)
    for seed, zone, language in around:
        made = audited(tmp_path / str(seed), PYTHONHASHSEED=str(seed), TZ=zone, LC_ALL=language, LANG=language)
        assert {k for k in first if first[k] != made.get(k)} == set(), (seed, zone, language)


@pytest.mark.full
def test_pages_for_print_have_the_same_bytes_under_any_seed(tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        shutil.copy(CASES / "quillstone.yaml", folder / "stack.yaml")
        run("audit", "stack.yaml", "-q", "-o", "out.pdf", cwd=folder, PYTHONHASHSEED=seed, SOURCE_DATE_EPOCH=EPOCH)
        made.append((folder / "out.pdf").read_bytes())
    assert made[0] == made[1]


def interpreters() -> list[str]:
    """Other interpreters of this machine that the project supports; ``PATH`` and uv's own are looked through."""
    found = {}
    for minor in range(11, 20):
        candidates = [shutil.which(f"python3.{minor}")]
        if uv := shutil.which("uv"):
            asked = subprocess.run([uv, "python", "find", f"3.{minor}"], capture_output=True, text=True, check=False)
            candidates.append(asked.stdout.strip())
        working = [c for c in candidates if c and _works(c)]
        if working and minor != sys.version_info.minor:
            found[minor] = working[0]
    return list(found.values())


def _works(path: str) -> bool:
    return subprocess.run([path, "-c", "import venv, ensurepip"], capture_output=True, check=False).returncode == 0


@pytest.mark.full
def test_every_interpreter_of_this_machine_gives_the_same_bytes(tmp_path: Path) -> None:
    own = audited(tmp_path / "own")
    assert own["out.json"].startswith(b"{")
    for number, interpreter in enumerate(interpreters()):
        place = tmp_path / f"env{number}"
        subprocess.run([interpreter, "-m", "venv", str(place)], check=True)
        python = str(place / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"{CASES.parents[1]}[excel]"], check=True)
        folder = tmp_path / f"other{number}"
        folder.mkdir()
        (folder / "stack.yaml").write_bytes(own["stack.yaml"])
        command = [python, "-m", "stackaudit", "audit", "stack.yaml", "-q", *OUTPUTS]
        plain = {k: v for k, v in environment(SOURCE_DATE_EPOCH=EPOCH).items() if k != "PYTHONPATH"}
        subprocess.run(command, cwd=folder, check=True, env=plain)
        assert {k for k in own if own[k] != contents(folder).get(k)} == set(), interpreter
