"""What is compiled is kept between runs, and can be old, damaged, shared or missing without anybody getting a wrong answer."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stackaudit import cache, catalog, frozen
from stackaudit.catalog import load_catalog
from stackaudit.errors import CatalogError
from stackaudit.model.catalog import Catalog
from stackaudit.pluginmanager import Plugins
from stackaudit.report.environment import _shipped
from stackaudit.report.html import render
from stackaudit.resources import data_dir
from stackaudit.vendorindex import store
from tests.catalogue_fixture import tool, vendor, write
from tests.support import case

COUNT = "from tests.test_cache import names; import sys; from pathlib import Path; print(names(Path(sys.argv[1])))"


def names(folder: Path) -> list[str]:
    """The names of all tools, asked anew."""
    plugins = Plugins.load(installed=False, manifest_dirs=[folder / "m"], cache_dir=folder / "cache")
    assert not plugins.problems
    return [row.name for row in plugins.all_tool_rows()]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Manifests that count as settled at once, and no cache yet."""
    monkeypatch.setattr("stackaudit.vendorindex.looks._UNSETTLED", 0)
    write(tmp_path / "m")
    return tmp_path


def refuse(*_: object, **__: object) -> None:
    raise AssertionError("is not needed, and takes its time")


def index_of(folder: Path) -> Path:
    (index,) = (folder / "cache").glob("*.sqlite")
    return index


def write_hub(folder: Path, name: str) -> None:
    (folder / "m" / "hub.yaml").write_text(vendor("hub", tool("hub", name, "crm")))


def test_a_warm_start_neither_compiles_nor_reads_a_manifest(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = names(folder)
    monkeypatch.setattr(store, "_compiled", refuse)
    monkeypatch.setattr(store, "contents", refuse)
    assert names(folder) == first


def test_files_that_only_look_new_are_read_once_and_not_compiled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = names(folder)
    shutil.copytree(folder / "m", folder / "copy")
    shutil.rmtree(folder / "m")
    (folder / "copy").rename(folder / "m")
    monkeypatch.setattr(store, "_compiled", refuse)
    assert names(folder) == first
    monkeypatch.setattr(store, "contents", refuse)
    assert names(folder) == first


def test_a_change_that_keeps_size_and_time_is_seen(folder: Path) -> None:
    write_hub(folder, "Hub One")
    before = (folder / "m" / "hub.yaml").stat()
    assert "Hub One" in names(folder)
    write_hub(folder, "Hub Two")
    os.utime(folder / "m" / "hub.yaml", ns=(before.st_atime_ns, before.st_mtime_ns))
    after = (folder / "m" / "hub.yaml").stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert "Hub Two" in names(folder)
    assert "Hub One" not in names(folder)


def test_a_manifest_of_this_moment_is_read_as_its_time_proves_nothing(tmp_path: Path) -> None:
    write(tmp_path / "m")
    for name in ("Hub One", "Hub Two", "Hub Six"):
        write_hub(tmp_path, name)
        assert name in names(tmp_path)


def test_a_change_back_finds_the_index_that_was_true_then(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_hub(folder, "Hub One")
    first = names(folder)
    write_hub(folder, "Hub Two")
    assert names(folder) != first
    write_hub(folder, "Hub One")
    monkeypatch.setattr(store, "_compiled", refuse)
    assert names(folder) == first


def test_a_manifest_that_comes_or_goes_is_seen(folder: Path) -> None:
    first = names(folder)
    (folder / "m" / "new.yaml").write_text(vendor("new", tool("new", "New Tool", "crm")))
    assert sorted(names(folder)) == sorted([*first, "New Tool"])
    (folder / "m" / "new.yaml").unlink()
    assert names(folder) == first


def test_a_manifest_that_changes_while_it_is_compiled_is_not_kept_under_the_old_content(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = store._compiled

    def meanwhile(*arguments: object) -> object:
        write_hub(folder, "Hub Meanwhile")
        return compiled(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "_compiled", meanwhile)
    names(folder)
    assert not list((folder / "cache").glob("*.sqlite"))
    monkeypatch.setattr(store, "_compiled", compiled)
    assert "Hub Meanwhile" in names(folder)


def flip(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0x01]) + data[middle + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "rubbish": lambda data: b"rubbish" * 1000,
    "cut": lambda data: data[: len(data) // 2],
    "one bit": flip,
    "a page of zeros": lambda data: data[:4096] + bytes(4096) + data[8192:],
    "longer": lambda data: data + b"\0" * 4096,
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("pattern", ["vendors-*.sqlite", "vendors-*.sum", "manifests-*"])
def test_a_damaged_cache_is_noticed_and_repaired(
    folder: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, damage: str
) -> None:
    first = names(folder)
    (path,) = (folder / "cache").glob(pattern)
    whole = path.read_bytes()
    path.write_bytes(DAMAGES[damage](whole))
    assert names(folder) == first
    monkeypatch.setattr(store, "_compiled", refuse)
    assert names(folder) == first
    summed = slice(32, 36) if path.suffix == ".sum" else slice(None)
    assert path.read_bytes()[summed] == whole[summed]


def test_bytes_that_a_disk_lost_are_noticed_once_the_index_was_touched(folder: Path) -> None:
    first = names(folder)
    index = index_of(folder)
    with index.open("r+b") as stream:
        stream.seek(index.stat().st_size // 2)
        byte = stream.read(1)
        stream.seek(-1, os.SEEK_CUR)
        stream.write(bytes([byte[0] ^ 0x01]))
    damaged = index.read_bytes()
    assert names(folder) == first
    assert index.read_bytes() != damaged


@pytest.mark.parametrize("pattern", ["vendors-*.sqlite", "vendors-*.sum", "manifests-*"])
def test_a_cache_that_lacks_a_part_is_completed(folder: Path, pattern: str) -> None:
    first = names(folder)
    (path,) = (folder / "cache").glob(pattern)
    path.unlink()
    assert names(folder) == first
    assert path.is_file()


def test_processes_that_start_at_once_agree_and_leave_one_whole_index(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, "-c", COUNT, str(folder)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = {process.communicate(timeout=300)[0] for process in running}
    assert [process.returncode for process in running] == [0, 0, 0]
    assert said == {f"{names(folder)}\n"}
    assert not list((folder / "cache").glob("*.tmp"))
    monkeypatch.setattr(store, "_compiled", refuse)
    assert str(names(folder)) in said.pop()


def test_a_cache_that_cannot_be_written_is_used_as_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    first = names(folder)
    monkeypatch.setattr("stackaudit.cache.tempfile.mkstemp", full)
    with monkeypatch.context() as patch:
        patch.setattr(store, "_compiled", refuse)
        assert names(folder) == first
    write_hub(folder, "Hub Two")
    assert "Hub Two" in names(folder)


def test_a_cache_where_the_folder_is_a_file_is_done_without(folder: Path) -> None:
    (folder / "cache").write_text("a file")
    assert len(names(folder)) == len(names(folder)) > 3
    assert (folder / "cache").read_text() == "a file"


def test_a_cache_that_others_may_write_is_not_believed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = names(folder)
    (folder / "cache").chmod(0o777)
    compiled: list[object] = []
    real = store._compiled

    def count(*arguments: object) -> object:
        compiled.append(arguments)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "_compiled", count)
    assert names(folder) == first
    assert compiled


def test_old_indexes_go(folder: Path) -> None:
    for number in range(store.KEPT + 3):
        write_hub(folder, f"Hub {number}")
        assert f"Hub {number}" in names(folder)
    assert len(list((folder / "cache").glob("*.sqlite"))) == store.KEPT
    assert len(list((folder / "cache").glob("*.sum"))) == store.KEPT


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the catalogue's files, and an empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shutil.copytree(data_dir("catalogs"), tmp_path / "catalogs")
    return tmp_path / "catalogs"


def read(folder: Path) -> Catalog:
    return load_catalog.__wrapped__(folder)


def kept(kind: str) -> Path:
    (path,) = cache.default_cache_dir().glob(f"{kind}-*")
    return path


def test_the_catalogue_is_the_same_from_its_files_and_from_the_cache(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read(data)
    monkeypatch.setattr(catalog, "_compiled", refuse)
    assert read(data) == first == load_catalog()


def test_a_catalogue_that_changes_is_read_anew_and_a_wrong_one_is_never_kept(data: Path) -> None:
    first = read(data)
    path = data / "rules" / "gap.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("title: ", "title: Changed ", 1), encoding="utf-8")
    assert read(data).rules != first.rules
    path.write_text("- {id: GAP-001, nonsense: yes}", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(CatalogError, match="expected a map"):
            read(data)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_catalogue_is_compiled_anew(data: Path, damage: str) -> None:
    first = read(data)
    path = kept("catalog")
    whole = path.read_bytes()
    path.write_bytes(DAMAGES[damage](whole))
    assert read(data) == first
    assert path.read_bytes() == whole


class Hostile:
    """What becomes a command when it is read by a reader that believes everything."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch pwned",)


def test_bytes_of_others_run_nothing(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first = read(data)
    cache.keep(kept("catalog").name, pickle.dumps(Hostile()))
    assert read(data) == first
    assert not (tmp_path / "pwned").exists()
    for other in (Hostile(), Path(), {"a": 1}, case("pinecrest")):
        assert frozen.thaw(pickle.dumps(other), Catalog) is None


def test_a_page_is_the_same_whether_its_templates_are_compiled_kept_or_damaged(data: Path) -> None:
    result = case("quillstone")
    pages = []
    for damage in (bytes, flip, DAMAGES["cut"]):
        _shipped.cache_clear()
        pages.append(render(result))
        for path in cache.default_cache_dir().glob("template-*"):
            path.write_bytes(damage(path.read_bytes()))
    _shipped.cache_clear()
    pages.append(render(result))
    assert len(set(pages)) == 1
    assert list(cache.default_cache_dir().glob("template-*"))
