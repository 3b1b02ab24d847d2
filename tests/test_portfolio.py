"""Many clients: one that fails stops no other, order changes nothing, and a benchmark hides what is too few."""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
import re
import shutil
import weakref
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from stackaudit.cli.app import app
from stackaudit.errors import UsageError
from stackaudit.model.portfolio import Client, Portfolio
from stackaudit.model.result import AuditResult
from stackaudit.portfolio import Outcome, Using, client_files, run
from stackaudit.portfolio.benchmark import MIN_COMPANIES, benchmark
from stackaudit.portfolio.names import file_names
from stackaudit.portfolio.pool import IN_FLIGHT
from stackaudit.report import portfolio_html
from stackaudit.report.html import render
from stackaudit.report.look import PLAIN
from tests.catalogue_fixture import write
from tests.support import CASES, TODAY, case
from tests.test_brand import EVIL
from tests.test_report import Page

NAMES = ("atlasbridge", "meridian_loom", "pinecrest", "quillstone")
runner = CliRunner()


class Backwards(Executor):
    """An executor of the standard interface that finishes what came last first."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, lambda: fn(*args, **kwargs)))
        if len(self.waiting) == 3:
            self.finish()
        return future

    def finish(self) -> None:
        while self.waiting:
            future, call = self.waiting.pop()
            future.set_result(call())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    for name in NAMES[1:]:
        shutil.copy(CASES / f"{name}.yaml", made)
    return made


def audited(paths: list[Path], **options: Any) -> Portfolio:
    with ThreadPoolExecutor(2) as threads:
        return run(client_files(paths), threads, today=TODAY, using=Using(installed=False), **options)


def fall(result: AuditResult, victim: str) -> str:
    """A page that takes its process down for one client, as a lack of memory would."""
    if result.company.name == victim:
        os._exit(9)
    return "page"


def client(name: str, band: str = "revops", *, day: dt.date = TODAY, **figures: float) -> Client:
    return Client(
        id=name, file=f"{name}.yaml", company=name, as_of=day, ruleset_hash="x", stack="hybrid", org="none",
        band=band, coverage=1, tools=1, resolved=1, figures=figures,
    )  # fmt: skip


def test_every_client_is_listed_with_what_its_own_audit_says(folder: Path) -> None:
    made = audited([folder])
    assert [c.company for c in made.clients] == ["Meridian Loom", "Pinecrest", "Quillstone"]
    (listed,) = [c for c in made.clients if c.id == "quillstone"]
    alone = case("quillstone")
    assert (listed.stack, listed.stack_score) == (alone.shape.stack.label, alone.shape.stack.score)
    assert listed.band == alone.shape.need.label
    assert listed.spend == alone.spend.total
    assert listed.root_causes == tuple(c.title for c in alone.root_causes[:3])
    assert listed.next_deadline
    assert listed.next_deadline.on == min(r.deadline for r in alone.spend.renewals if r.days_left >= 0)
    assert sum(listed.findings.values()) == sum(alone.tally.with_waivers.values())


def test_the_end_of_a_contract_is_no_notice_deadline_where_the_notice_period_is_not_declared(tmp_path: Path) -> None:
    for name, notice in (("told", ", notice_days: 30"), ("untold", "")):
        text = f"company: {{name: {name}}}\ntools:\n- {{tool: Gong, contract_end: 2026-10-31{notice}}}\n"
        (tmp_path / f"{name}.yaml").write_text(text)
    made = audited([tmp_path])
    found = [c.next_deadline for c in made.clients]
    assert [(d.on.isoformat(), d.notice_known) for d in found if d] == [("2026-10-01", True), ("2026-10-31", False)]
    assert portfolio_html.render(made).count("the contract ends, its notice period is not declared") == 1


def test_the_contract_that_ends_first_is_told_from_another_of_the_same_product(tmp_path: Path) -> None:
    units = [f"{{tool: Gong, id: gong_{x}, scope: {x}, contract_end: 2027-0{m}-01}}" for m, x in ((9, "eu"), (5, "us"))]
    (tmp_path / "two.yaml").write_text(f"company: {{name: Two}}\ntools:\n- {units[0]}\n- {units[1]}\n")
    (client,) = audited([tmp_path]).clients
    assert client.next_deadline
    assert client.next_deadline.tool == "Gong (gong_us)"


def test_one_bad_client_never_stops_the_rest(folder: Path) -> None:
    (folder / "a_bad.yaml").write_text("tools: [")
    (folder / "b_wrong.yaml").write_text("tools:\n- {tool: Gong, oner: Ana}\n")
    (folder / "c_result.json").write_text("{}")
    (folder / "d_huge.yaml").write_bytes(b"# " + b"x" * 9_000_000)
    made = audited([folder])
    assert len(made.clients) == 3
    assert [f.id for f in made.failures] == ["a-bad", "b-wrong", "c-result", "d-huge"]
    said = "\n".join(p for f in made.failures for p in f.problems)
    assert "did you mean owner?" in said
    assert "is no result of an audit" in said
    assert "is larger than" in said


def test_the_order_of_completion_and_of_the_paths_changes_nothing(folder: Path) -> None:
    forwards = run(client_files([folder]), Backwards(), today=TODAY, using=Using(installed=False))
    paths = sorted(folder.iterdir(), reverse=True)
    assert audited(paths).to_json() == audited([folder]).to_json() == forwards.to_json()


class Inline(Executor):
    """The least that the interface asks for: everything at once, here."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


EXECUTORS: dict[str, Callable[[], Executor]] = {
    "processes": lambda: ProcessPoolExecutor(2, mp_context=get_context("spawn")),
    "threads": lambda: ThreadPoolExecutor(3),
    "of one's own": Backwards,
}


def with_pages(folder: Path, executor: Executor | None) -> tuple[str, dict[str, bytes]]:
    """The index of a portfolio, and the page of each client."""
    pages: dict[str, bytes] = {}

    def take(outcome: Outcome) -> None:
        assert outcome.client
        assert outcome.page
        pages[outcome.client.id] = outcome.page

    made = run(client_files([folder]), executor, today=TODAY, using=Using(installed=False), render=render, done=take)
    return made.to_json(), pages


@pytest.mark.parametrize("kind", EXECUTORS)
def test_any_executor_gives_the_same_and_is_left_open(folder: Path, kind: str) -> None:
    alone = with_pages(folder, Inline())
    assert len(alone[1]) == 3
    with EXECUTORS[kind]() as executor:
        assert with_pages(folder, executor) == alone
        assert with_pages(folder, executor) == alone


class KeptPage(str):
    """A page that can be watched."""

    __slots__ = ("__weakref__",)


def test_no_page_is_kept_so_that_memory_does_not_grow_with_the_portfolio(folder: Path) -> None:
    for number in range(2 * IN_FLIGHT):
        shutil.copy(folder / "pinecrest.yaml", folder / f"client{number}.yaml")
    pages: list[weakref.ref[KeptPage]] = []
    alive = []

    def show(result: AuditResult) -> str:
        page = KeptPage(f"the page of {result.company.name}")
        pages.append(weakref.ref(page))
        return page

    def count(outcome: Outcome) -> None:
        alive.append(sum(page() is not None for page in pages))

    with ThreadPoolExecutor(2) as threads:
        made = run(client_files([folder]), threads, today=TODAY, using=Using(installed=False), render=show, done=count)
    assert len(made.clients) == len(pages) == 2 * IN_FLIGHT + 3
    assert max(alive) <= IN_FLIGHT
    gc.collect()
    assert not any(page() for page in pages)


def results_of(paths: list[Path]) -> dict[str, str]:
    """The whole result of each client, as JSON."""
    results: dict[str, str] = {}

    def show(result: AuditResult) -> str:
        results[result.company.name or ""] = result.to_json()
        return ""

    run(client_files(paths), Inline(), today=TODAY, using=Using(installed=False), render=show)
    return results


def test_one_client_never_sees_what_another_was_asked_for(folder: Path) -> None:
    together = results_of([folder])
    assert len(together) == 3
    for file in folder.iterdir():
        for name, alone in results_of([file]).items():
            assert together[name] == alone


def test_a_later_run_in_the_same_thread_finds_the_catalogue_of_its_own_day(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "one.yaml").write_text("- Hub CRM\n")
    before = run(client_files([folder / "one.yaml"]), Inline(), today=TODAY, using=Using(installed=False))
    manifests = write(tmp_path / "manifests")
    monkeypatch.setattr("stackaudit.pluginmanager.manager.vendors_dir", lambda: manifests)
    after = run(client_files([folder / "one.yaml"]), Inline(), today=TODAY, using=Using(installed=False))
    assert [c.resolved for c in (*before.clients, *after.clients)] == [0, 1]


def test_a_saved_result_gives_the_same_client_and_gives_way_to_its_stack_file(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    saved = tmp_path / "r" / "quillstone.json"
    saved.write_text(case("quillstone").to_json())
    (from_result,) = audited([saved]).clients
    (from_stack,) = [c for c in audited([folder]).clients if c.id == "quillstone"]
    assert from_result.model_copy(update={"file": from_stack.file}) == from_stack
    shutil.copy(saved, folder)
    assert folder / "quillstone.json" not in client_files([folder])
    assert folder / "quillstone.json" in client_files([folder, folder / "quillstone.json"])


def test_clients_of_one_process_know_nothing_of_each_other(folder: Path) -> None:
    pages: dict[str, bytes | None] = {}
    run(
        client_files([folder]),
        ThreadPoolExecutor(1),
        today=TODAY,
        using=Using(installed=False),
        render=partial(render, look=PLAIN),
        done=lambda o: pages.update({o.client.id: o.page}) if o.client else None,
    )
    alone: list[bytes | None] = []
    run(
        [folder / "pinecrest.yaml"],
        today=TODAY,
        using=Using(installed=False),
        render=partial(render, look=PLAIN),
        done=lambda o: alone.append(o.page),
    )
    assert alone == [pages["pinecrest"]]


@pytest.mark.slow
def test_a_client_that_takes_its_process_down_is_listed_and_the_others_are_done(folder: Path) -> None:
    made = run(
        client_files([folder]), today=TODAY, using=Using(installed=False), render=partial(fall, victim="Pinecrest")
    )
    assert [c.id for c in made.clients] == ["meridian-loom", "quillstone"]
    (failure,) = made.failures
    assert failure.id == "pinecrest"
    assert "the process that audited it stopped" in failure.problems[0]


@pytest.mark.slow
def test_processes_and_threads_say_the_same(folder: Path) -> None:
    assert (
        run(client_files([folder]), today=TODAY, using=Using(installed=False)).to_json() == audited([folder]).to_json()
    )


def watched(result: AuditResult) -> str:
    """A render that tells whether garbage is looked for."""
    return f"{gc.isenabled()} {result.company.name}"


def test_nobody_looks_for_garbage_while_a_client_is_audited(folder: Path) -> None:
    pages: list[bytes] = []
    with ThreadPoolExecutor(1) as executor:
        run(
            client_files([folder]),
            executor,
            today=TODAY,
            using=Using(installed=False),
            render=watched,
            done=lambda outcome: pages.append(outcome.page or b""),
        )
    assert {page.split()[0] for page in pages} == {b"False"}
    assert gc.isenabled()


def test_names_are_plain_and_each_stands_once() -> None:
    stems = ["Acme", "acme", "ACME!", "../../etc/passwd", "..", "a/b\\c", "con", "Ünïcode GmbH", "", "x" * 300, "日本"]
    names = file_names(stems)
    assert names[:7] == ["acme", "acme-2", "acme-3", "etc-passwd", "client", "a-b-c", "con-client"]
    assert names[7] == "unicode-gmbh"
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z0-9-]{1,64}", n) for n in names)


def test_what_is_there_is_said_where_nothing_can_be_audited(tmp_path: Path) -> None:
    for paths, said in (
        ([tmp_path], "no stack file"),
        ([tmp_path / "gone"], "does not exist"),
        ([CASES / "README.md"], "neither a stack file"),
    ):
        with pytest.raises(UsageError, match=said):
            client_files(paths)


def test_a_figure_stands_only_where_three_companies_are_behind_it() -> None:
    clients = [client(n, tools=v, handoffs_working=0.5) for n, v in (("a", 10), ("b", 20), ("c", 40))]
    clients += [client("d", "sales_ops", tools=100)]
    rows = {(r.figure, r.band): r for r in benchmark(clients, {})}
    assert MIN_COMPANIES == 3
    assert set(rows) == {
        ("tools", "all"), ("tools", "revops"), ("handoffs_working", "all"), ("handoffs_working", "revops"),
    }  # fmt: skip
    row = rows["tools", "revops"]
    assert (row.companies, row.lower, row.median, row.upper) == (3, 15, 20, 30)
    assert rows["tools", "all"].median == 30
    assert benchmark(clients[:2], {}) == ()


def test_a_quarter_of_a_tool_is_not_shown() -> None:
    clients = tuple(client(n, tools=v) for n, v in (("a", 20), ("b", 21), ("c", 25), ("d", 26)))
    made = Portfolio(stackaudit_version="0", clients=clients, failures=(), benchmark=benchmark(clients, {}))
    assert made.benchmark[0].lower == 20.75
    page = portfolio_html.render(made)
    assert "20.75" not in page
    assert ">20.8<" in page


def test_a_company_counts_once_with_its_latest_audit() -> None:
    old = client("A", tools=1, day=dt.date(2026, 1, 1))
    again = client("a ", tools=10)
    others = [client("b", tools=20), client("c", tools=30)]
    rows = {r.band: r for r in benchmark([old, again, *others], {})}
    assert rows["all"].companies == 3
    assert rows["all"].lower == 15
    assert benchmark([old, again, others[0]], {}) == ()


def test_layers_are_named_and_what_is_not_known_is_left_out(folder: Path) -> None:
    shutil.copy(CASES / "atlasbridge.yaml", folder)
    made = audited([folder])
    rows = {r.figure: r for r in made.benchmark if r.band == "all"}
    assert rows["layer:crm"].name == "Tools in CRM"
    for figure, row in rows.items():
        assert row.companies == sum(figure in c.figures for c in made.clients)


def test_the_command_writes_index_reports_and_json(folder: Path, tmp_path: Path) -> None:
    (folder / "bad.yaml").write_text("tools: [")
    (folder / "brand.yaml").write_text("consultancy: Vale\nclient: Only One\nprepared_for: Ana\n")
    out = tmp_path / "out"
    done = runner.invoke(
        app, ["portfolio", str(folder), "--no-plugins", "-o", str(out), "--brand", str(folder / "brand.yaml")]
    )
    assert done.exit_code == 3, done.output
    assert sorted(p.name for p in (out / "clients").iterdir()) == [
        "meridian-loom.html", "pinecrest.html", "quillstone.html",
    ]  # fmt: skip
    index = (out / "index.html").read_text()
    read = Page(index)
    hrefs = {str(a.get("href")) for tag, a in read.tags if tag == "a"}
    for name in ("meridian-loom", "pinecrest", "quillstone"):
        assert f"clients/{name}.html" in hrefs
    assert "bad.yaml" in index
    assert index.lower().count("stackaudit") == 1
    assert "Only One" not in index + (out / "clients" / "pinecrest.html").read_text()
    content = json.loads((out / "index.json").read_text())
    assert [f["id"] for f in content["failures"]] == ["bad"]
    assert str(tmp_path) not in index + json.dumps(content)
    assert "bad.yaml: could not be audited" in done.output


def test_outputs_never_leave_the_folder(folder: Path, tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    (out / "clients").mkdir(parents=True)
    elsewhere.mkdir()
    target = elsewhere / "precious"
    target.write_text("keep")
    (out / "clients" / "pinecrest.html").symlink_to(target)
    (out / "index.html").symlink_to(target)
    one = str(folder / "pinecrest.yaml")
    assert runner.invoke(app, ["portfolio", one, "--no-plugins", "-o", str(out)]).exit_code == 0
    assert target.read_text() == "keep"
    assert not (out / "index.html").is_symlink()
    shutil.rmtree(out / "clients")
    (out / "clients").symlink_to(elsewhere)
    with pytest.raises(UsageError, match="leads elsewhere"):
        runner.invoke(app, ["portfolio", one, "--no-plugins", "-o", str(out)], catch_exceptions=False)
    assert sorted(elsewhere.iterdir()) == [target]


def test_the_folder_that_is_read_is_not_written_to(folder: Path) -> None:
    with pytest.raises(UsageError, match="is a folder that is read"):
        runner.invoke(app, ["portfolio", str(folder), "-o", str(folder)], catch_exceptions=False)


def test_hostile_clients_never_become_markup(tmp_path: Path) -> None:
    bad = tmp_path / "<img src=x onerror=alert(1)>.yaml"
    bad.write_text(f"tools: [{{tool: '{EVIL[:40].replace(chr(39), '')}', zzz<script>: 1}}]\n")
    good = tmp_path / "good.yaml"
    good.write_text(json.dumps({"company": {"name": EVIL}, "tools": ["Salesforce", {"tool": EVIL, "layer": "crm"}]}))
    made = audited([tmp_path])
    page = portfolio_html.render(made)
    assert len(made.failures) == len(made.clients) == 1
    for markup in ("<script>alert", "<img", "<b>", "zzz<script"):
        assert markup not in page


def test_the_page_of_many_or_none_is_sound(folder: Path) -> None:
    for made in (audited([folder]), Portfolio(stackaudit_version="1")):
        read = Page(portfolio_html.render(made))
        assert len(read.ids) == len(set(read.ids))
        assert read.headings.count(1) == 1
        for tag, attrs in read.tags:
            if tag == "a" and str(attrs.get("href", "")).startswith("#"):
                assert str(attrs["href"])[1:] in read.ids
