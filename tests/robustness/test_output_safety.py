"""What is there is never lost: not to the wrong name, a kill, a full disk, a closed folder, or another run."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.robustness.support import contents, environment, run
from tests.support import case

pytestmark = pytest.mark.slow
STACK = "as_of: 2026-09-01\ncompany: {name: Acme}\ntools:\n- {tool: Salesforce, owner: A}\n- Outreach\n- Salesloft\n"
EVIL = "as_of: 2026-09-01\ncompany: {name: ../../../evil}\ntools: [{tool: ../../x, owner: /tmp/y}, 'C:\\..\\z', Gong]\n"
OUTPUTS = ("-o", "out.html", "-o", "out.json", "-o", "out.md", "-o", "csv=tables", "-o", "github=out.txt")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    (made / "stack.yaml").write_text(STACK)
    (made / "brand.yaml").write_text("consultancy: Acme\n")
    (made / "tools.csv").write_text("Tool\nGong\n")
    return made


@pytest.mark.parametrize(
    ("command", "link", "stdin"),
    [
        (["audit", "stack.yaml"], ("stack.report.html", "stack.yaml"), None),
        (["audit", "stack.yaml", "-o", "link.html"], ("link.html", "stack.yaml"), None),
        (["audit", "stack.yaml", "-o", "github=stack.yaml"], None, None),
        (["audit", "-", "-o", "github=stack.yaml"], None, "stack.yaml"),
        (["audit", "stack.yaml", "--brand", "brand.yaml", "-o", "github=brand.yaml"], None, None),
        (["audit", "stack.yaml", "--privacy", "client", "--key", "stack.yaml"], None, None),
        (["report", "r.json", "-o", "./r.json"], None, None),
        (["report", "-", "-o", "r.json"], None, "r.json"),
        (["diff", "r.json", "s.json", "-o", "s.json"], None, None),
        (["diff", "r.json", "s.json", "-o", "link.md"], ("link.md", "r.json"), None),
        (["whatif", "stack.yaml", "--remove", "outreach", "-o", "link.md"], ("link.md", "stack.yaml"), None),
        (["import", "names.yaml", "-o", "names.yaml", "--force"], None, None),
        (["import", "tools.csv", "-o", "link.yaml", "--force"], ("link.yaml", "tools.csv"), None),
        (["import", "tools.csv", "--into", "stack.yaml"], ("stack.yaml.bak", "tools.csv"), None),
        (["portfolio", "out/index.json", "-o", "out"], None, None),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) else "",
)
def test_no_output_replaces_what_is_read(
    command: list[str], link: tuple[str, str] | None, stdin: str | None, folder: Path
) -> None:
    for name in ("r.json", "s.json"):
        (folder / name).write_text(case("quillstone").to_json())
    (folder / "names.yaml").write_text("- Gong\n")
    (folder / "out").mkdir()
    (folder / "out" / "index.json").write_bytes((folder / "r.json").read_bytes())
    if link:
        (folder / link[0]).symlink_to(link[1])
    before = contents(folder)
    done = run(*command, cwd=folder, stdin=folder / stdin if stdin else None)
    assert done.code == 2, done.said
    assert "is the file that is read" in done.said
    assert contents(folder) == before


def test_two_outputs_of_one_name_are_refused(folder: Path) -> None:
    done = run("audit", "stack.yaml", "-o", "a.md", "-o", "github=a.md", cwd=folder)
    assert (done.code, "several formats" in done.said) == (2, True)


def test_no_path_from_data_leads_out_of_the_output_folder(folder: Path) -> None:
    (folder / "evil.yaml").write_text(EVIL)
    (folder / "..evil.yaml").write_text(EVIL)
    around = contents(folder.parent)
    assert run("audit", "evil.yaml", "-q", *OUTPUTS, cwd=folder).code == 0
    assert run("portfolio", "evil.yaml", "..evil.yaml", "stack.yaml", "-q", "-o", "many", cwd=folder).code == 0
    made = contents(folder.parent).keys() - around.keys()
    assert {Path(m).parts[1] for m in made} <= {"out.html", "out.json", "out.md", "out.txt", "tables", "many"}
    assert {p.name for p in (folder / "many" / "clients").iterdir()} == {"evil.html", "evil-2.html", "stack.html"}


def test_a_file_that_is_replaced_keeps_its_permissions_and_a_key_is_private(folder: Path) -> None:
    (folder / "out.json").touch(mode=0o600)
    assert run("audit", "stack.yaml", "-q", "-o", "out.json", cwd=folder).code == 0
    assert (folder / "out.json").stat().st_mode & 0o777 == 0o600
    (folder / "key.json").touch(mode=0o644)
    options = ("--privacy", "client", "--key", "key.json", "-o", "c.json")
    assert run("audit", "stack.yaml", "-q", *options, cwd=folder).code == 0
    assert (folder / "key.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "command",
    [
        ["audit", "stack.yaml", "-q", *OUTPUTS],
        ["report", "r.json", "-o", "out.html"],
        ["diff", "r.json", "r.json", "-o", "out.html"],
        ["portfolio", "stack.yaml", "-q", "-o", "many"],
        ["import", "big.csv", "--into", "stack.yaml"],
        ["import", "big.csv", "-o", "out.yaml", "--force"],
        ["init", "out.yaml", "--force", "--example", "northfield"],
        ["plugins", "lock"],
    ],
    ids=lambda v: " ".join(v[:2]),
)
@pytest.mark.parametrize("trouble", ["a full disk", "a folder that is closed"])
def test_nothing_is_lost_where_nothing_can_be_written(command: list[str], trouble: str, folder: Path) -> None:
    (folder / "big.csv").write_text("Tool,Owner\n" + "".join(f"Tool number {i},{'o' * 100}\n" for i in range(100)))
    (folder / "r.json").write_text(case("quillstone").to_json())
    (folder / "tables").mkdir()
    for name in ("out.html", "out.json", "tables/findings.csv"):
        (folder / name).write_text("old")
    for name in ("out.yaml", "stackaudit.lock"):
        (folder / name).write_text("old")
    (folder / "many").mkdir()
    (folder / "many" / "index.html").write_text("old")
    before = contents(folder)
    if trouble == "a full disk":
        done = run(*command, cwd=folder, file_size=100)
    else:
        for place in (folder / "many", folder / "tables", folder):
            place.chmod(0o555)
        done = run(*command, cwd=folder, mortal=True)
        for place in (folder, folder / "tables", folder / "many"):
            place.chmod(0o755)
    assert done.code == 2, done.said
    assert "cannot be written" in done.said
    assert "should not" not in done.said
    assert contents(folder) == before


def test_a_report_lands_in_the_working_folder_where_the_stacks_is_closed(folder: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    folder.chmod(0o555)
    done = run("audit", str(folder / "stack.yaml"), "-q", cwd=work, mortal=True)
    folder.chmod(0o755)
    assert done.code == 0, done.said
    assert [p.name for p in work.iterdir()] == ["stack.report.html"]


def test_runs_into_one_folder_do_not_disturb_each_other(folder: Path) -> None:
    commands = [["audit", "stack.yaml", "-q", *OUTPUTS]] * 4 + [["portfolio", "stack.yaml", "-q", "-o", "many"]] * 2
    with ThreadPoolExecutor(6) as pool:
        ended = list(pool.map(lambda c: run(*c, cwd=folder, XDG_CACHE_HOME=str(folder.parent / "cache")), commands))
    assert [e.code for e in ended] == [0] * 6, [e.said for e in ended]
    together = contents(folder)
    assert not [name for name in together if name.endswith(".tmp")]
    alone = folder.parent / "alone"
    alone.mkdir()
    (alone / "stack.yaml").write_text(STACK)
    for command in commands[3:5]:
        assert run(*command, cwd=alone).code == 0
    assert {k: v for k, v in together.items() if k in contents(alone)} == contents(alone)


def killed(command: list[str], cwd: Path, delay: float) -> bool:
    """Start a real process and kill it after a while; whether it was still running then."""
    process = subprocess.Popen(
        command, cwd=cwd, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


WRITER = """
import sys
from pathlib import Path
from stackaudit.cli.output import write_atomically, write_folder_atomically
Path("ready").touch()
while True:
    for letter in "ab":
        write_atomically(Path("one"), letter * 3_000_000)
        write_folder_atomically(Path("many"), {name: letter * 500_000 for name in ("x", "y")})
"""


@pytest.mark.parametrize("times", [10, pytest.param(200, marks=pytest.mark.full)])
def test_a_writer_that_is_killed_at_any_moment_leaves_the_old_file_or_the_new_one(times: int, folder: Path) -> None:
    chance = random.Random(times)
    caught = 0
    for _ in range(times):
        (folder / "ready").unlink(missing_ok=True)
        process = subprocess.Popen([sys.executable, "-c", WRITER], cwd=folder, env=environment())
        while not (folder / "ready").exists():
            time.sleep(0.005)
        time.sleep(chance.random() * 0.1)
        process.kill()
        process.wait()
        one = (folder / "one").read_bytes() if (folder / "one").exists() else b"a" * 3_000_000
        assert one in (b"a" * 3_000_000, b"b" * 3_000_000)
        for part in (folder / "many").iterdir() if (folder / "many").exists() else ():
            assert part.read_bytes() in (b"a" * 500_000, b"b" * 500_000)
        rests = [p for p in folder.iterdir() if p.name.endswith(".tmp")]
        caught += bool(rests)
        for rest in rests:
            subprocess.run(["rm", "-r", str(rest)], check=True)
    assert caught, "no kill came while something was being written"


@pytest.mark.parametrize("times", [5, pytest.param(200, marks=pytest.mark.full)])
def test_an_audit_that_is_killed_at_any_moment_leaves_old_outputs_or_new_ones(times: int, folder: Path) -> None:
    said = {}
    began = time.monotonic()
    for day in ("2026-09-01", "2026-10-01"):
        assert run("audit", "stack.yaml", "-q", "--as-of", day, *OUTPUTS, cwd=folder).code == 0
        said[day] = {k: v for k, v in contents(folder).items() if k.startswith(("out.", "tables/"))}
    took = (time.monotonic() - began) / 2
    old, new = said.values()
    assert old != new
    assert json.loads(old["out.json"])["as_of"] == "2026-09-01"
    days = ("2026-09-01", "2026-10-01")
    chance = random.Random(times)
    stopped = 0
    for i in range(times):
        command = [sys.executable, "-m", "stackaudit", "audit", "stack.yaml", "-q", "--as-of", days[i % 2], *OUTPUTS]
        stopped += killed(command, folder, chance.uniform(0.3, 1.0) * took)
        for name, data in contents(folder).items():
            if name in old:
                assert data in (old[name], new[name]), name
        assert contents(folder).keys() >= old.keys()
    assert stopped
