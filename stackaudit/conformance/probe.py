"""Import a plugin in a process apart, and tell what it did: how long it took, what it opened, what it handed over."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stackaudit.conformance.report import Item
from stackaudit.model.plugins import Limits
from stackaudit.pluginmanager.discovery import Entry, Pack

_RUN = "from stackaudit.conformance.probe import main; main()"
_NETWORK = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
_PROCESS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork")


def probe(limits: Limits, entry: Entry | None = None, pack: Pack | None = None) -> Iterator[Item]:
    """Run a plugin's code in a process apart, and say what came of it."""
    order: dict[str, Any] = {"usual": limits.import_seconds_usual}
    if entry is not None:
        folder = str(entry.folder.resolve()) if entry.folder else None
        order["entry"] = [entry.name, entry.value, entry.distribution, entry.version, folder]
    if pack is not None:
        order["pack"] = [pack.name, str(pack.code) if pack.code else None, pack.digest]
    with tempfile.TemporaryDirectory(prefix="stackaudit-probe-") as scratch:
        answer = Path(scratch) / "answer.json"
        order["answer"] = str(answer)
        paths = [p for p in sys.path if p]
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and our own code
                [sys.executable, "-c", _RUN],
                input=json.dumps(order),
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"},
                cwd=scratch,
                capture_output=True,
                text=True,
                timeout=limits.check_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            yield Item("error", "import", f"was still running after {limits.check_seconds:g} seconds")
            return
        if not answer.is_file():
            yield Item("error", "import", f"ended the process with exit code {done.returncode}")
            return
        for level, check, message in json.loads(answer.read_text(encoding="utf-8")):
            yield Item(level, check, message)


def main() -> None:
    """The process apart: reads its order from standard input and writes what it saw to the file named there."""
    order = json.loads(sys.stdin.read())
    Path(order["answer"]).write_text(json.dumps(list(_observe(order))), encoding="utf-8")


def _observe(order: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    import threading

    from stackaudit import audit

    seen: set[tuple[str, str, str]] = set()
    watching = True

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if not watching:
            return
        if event.startswith(_NETWORK):
            seen.add(("error", "network", f"uses the network ({event})"))
            raise PermissionError("a plugin must not use the network")
        if event.startswith(_PROCESS):
            seen.add(("error", "import", f"starts another process ({event})"))
        elif event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
            seen.add(("error", "import", f"writes a file ({str(arguments[0])[:100]})"))

    entry, pack = None, None
    if "entry" in order:
        name, value, distribution, version, folder = order["entry"]
        entry = Entry(name, value, distribution, version, Path(folder) if folder else None)
        if folder:
            sys.path[:0] = [folder, f"{folder}/src"]
    if "pack" in order:
        name, code, digest = order["pack"]
        pack = Pack(name, Path(code) if code else None, (), digest)
    audit.open_plugins(installed=False).collect()
    threads = threading.active_count()
    sys.addaudithook(watch)
    began = time.perf_counter()
    plugins = audit.open_plugins(installed=False, entries=[entry] if entry else (), packs=[pack] if pack else ())
    took = time.perf_counter() - began
    plugins.rules()
    plugins.importers()
    plugins.themes()
    watching = False
    yield from sorted(seen)
    if threading.active_count() > threads:
        yield "error", "import", "starts a thread"
    if took > order["usual"]:
        said = f"takes {took:.1f} s to import; from {order['usual']:g} s on, every command feels it"
        yield "warning", "import", said
    yield from (("error", p.stage, p.message) for p in plugins.problems)
