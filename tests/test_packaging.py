"""The wheel and the editable form, each in a clean environment, audit from another folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.support import HERE

pytestmark = pytest.mark.slow
ROOT = HERE.parent
PARTS = ("stackaudit", "plugins", "catalogs", "reports", "README.md", "LICENSE", "pyproject.toml")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, so that building leaves nothing behind and nothing else is packed."""
    copy = tmp_path_factory.mktemp("checkout")
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy)
    return copy


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    call(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(checkout), cwd=out)
    (found,) = out.glob("*.whl")
    return found


def call(*command: str, cwd: Path) -> str:
    done = subprocess.run(
        command,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def environment(folder: Path) -> Path:
    """A clean environment that sees this one's third-party libraries, but not this project."""
    venv.create(folder, with_pip=True, symlinks=True)
    python = folder / "bin" / "python"
    site = Path(call(str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip())
    libraries = Path(
        subprocess.run(
            [sys.executable, "-c", "import pydantic, pathlib; print(pathlib.Path(pydantic.__file__).parents[1])"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
    )
    shared = folder / "libraries"
    shared.mkdir()
    for entry in libraries.iterdir():
        if "stackaudit" not in entry.name and entry.suffix != ".pth" and entry.name not in {"pip", "__pycache__"}:
            (shared / entry.name).symlink_to(entry)
    (site / "libraries.pth").write_text(f"{shared}\n")
    return python


def audits(python: Path, checkout: Path, folder: Path) -> None:
    """Install nothing more, stand at the root of the file system, and audit."""
    shutil.copy(checkout / "catalogs" / "examples" / "northfield.yaml", folder)
    command = str(python.parent / "stackaudit")
    text = call(command, "audit", str(folder / "northfield.yaml"), cwd=Path("/"))
    assert "Northfield Labs" in text
    assert (folder / "northfield.report.html").stat().st_size > 50_000
    assert "gong" in call(command, "plugins", cwd=Path("/"))


def test_the_wheel_holds_two_packages_and_their_data_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    top = {name.split("/")[0] for name in names}
    assert {t for t in top if not t.endswith(".dist-info")} == {"stackaudit", "stackaudit_vendors"}
    assert "stackaudit_vendors/gong.yaml" in names
    assert "stackaudit/_data/catalogs/rules/red.yaml" in names
    assert "stackaudit/_data/reports/templates/report.html.j2" in names
    assert "stackaudit/py.typed" in names


def test_the_installed_wheel_audits_from_another_folder(wheel: Path, checkout: Path, tmp_path: Path) -> None:
    python = environment(tmp_path / "env")
    call(str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel), cwd=tmp_path)
    where = call(str(python), "-c", "import stackaudit; print(stackaudit.__file__)", cwd=tmp_path).strip()
    assert where.startswith(str(tmp_path))
    audits(python, checkout, tmp_path)


def test_the_editable_form_audits_from_another_folder(checkout: Path, tmp_path: Path) -> None:
    python = environment(tmp_path / "env")
    call(
        str(python),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
        "-e",
        str(checkout),
        cwd=tmp_path,
    )
    where = call(str(python), "-c", "import stackaudit; print(stackaudit.__file__)", cwd=tmp_path).strip()
    assert where.startswith(str(checkout))
    audits(python, checkout, tmp_path)
