"""Read a plugin's Python without running it: hooks, signatures, imports, work at import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from stackaudit.conformance.report import Item
from stackaudit.errors import InputError
from stackaudit.hookspecs import HOOKS, PROJECT
from stackaudit.vendorindex.trust import wrong_api
from stackaudit.yamlio import MAX_BYTES, read_bytes

_NETWORK = frozenset({"socket", "urllib", "http", "requests", "httpx", "aiohttp", "ftplib", "smtplib", "urllib3"})
_WORK = frozenset({"open", "exec", "eval", "input", "print", "system", "popen", "run", "Popen", "urlopen", "sleep"})


def source_items(path: Path, shown: str) -> Iterator[Item]:
    """Everything worth saying about a module's text."""
    try:
        tree = ast.parse(read_bytes(path, shown, MAX_BYTES))
    except InputError as error:
        yield Item("error", "import", error.problems[0].what, shown)
        return
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", 0) or 0
        yield Item("error", "import", f"is no Python: {getattr(error, 'msg', error)}", shown, line, 1 if line else 0)
        return
    yield from _hooks(tree, shown)
    yield from _imports(tree, shown)
    for node in tree.body:
        yield from _version(node, shown)
        yield from _work(node, shown)


def _hooks(tree: ast.Module, shown: str) -> Iterator[Item]:
    functions = [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    hooks = 0
    for node in functions:
        marked = any(_last(d) == "hookimpl" for d in node.decorator_list)
        close = get_close_matches(node.name, HOOKS, n=1)
        hint = f"; did you mean {close[0]}?" if close else f"; there are {', '.join(HOOKS)}"
        place = (shown, node.lineno, node.col_offset + 1)
        if marked and node.name not in HOOKS:
            yield Item("error", "hooks", f"unknown hook {node.name!r}{hint}", *place)
        elif node.name in HOOKS and not marked:
            yield Item("error", "hooks", f"{node.name} is not marked with @hookimpl", *place)
        elif node.name.startswith(f"{PROJECT}_") and not marked:
            yield Item("warning", "hooks", f"{node.name} looks like a hook and is none{hint}", *place)
        elif marked:
            hooks += 1
            names = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
            wrong = [a for a in names if a != "self"]
            if wrong:
                yield Item("error", "hooks", f"{node.name} takes {wrong[0]!r}; hooks take no arguments", *place)
    if not hooks:
        yield Item("warning", "hooks", "no hook is implemented in this file itself", shown)


def _imports(tree: ast.Module, shown: str) -> Iterator[Item]:
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        for name in names:
            line, column = getattr(node, "lineno", 0), getattr(node, "col_offset", 0) + 1
            top, _, below = name.partition(".")
            if top == PROJECT and below.split(".")[0] not in ("api", "testing"):
                said = f"imports {name}; only {PROJECT}.api stays as it is between versions"
                yield Item("warning", "imports", said, shown, line, column)
            elif top in _NETWORK:
                said = f"imports {name}; a plugin must not use the network"
                yield Item("warning", "network", said, shown, line, column)


def _version(node: ast.stmt, shown: str) -> Iterator[Item]:
    if isinstance(node, ast.Assign) and any(_last(t) == "STACKAUDIT_API" for t in node.targets):
        value = node.value.value if isinstance(node.value, ast.Constant) else None
        wrong = wrong_api(value)
        if wrong:
            yield Item("error", "api", wrong, shown, node.lineno, node.col_offset + 1)


def _work(node: ast.stmt, shown: str) -> Iterator[Item]:
    """Calls that run when the module is imported; what stands in functions waits until it is asked."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return
    if isinstance(node, (ast.While, ast.For)):
        yield Item("warning", "import", "a loop runs at import", shown, node.lineno, node.col_offset + 1)
    for call in (n for n in ast.walk(node) if isinstance(n, ast.Call)):
        if _last(call.func) in _WORK:
            said = f"{_last(call.func)}() runs at import; a plugin works when it is asked"
            yield Item("warning", "import", said, shown, call.lineno, call.col_offset + 1)


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return _last(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
