"""Hostile stack files, results and exports: what each holds, what the program must answer, and with which exit code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

OK, BAD = 0, 2


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile input.

    Attributes:
        name: What it is.
        make: Its bytes.
        code: The exit code that is promised.
        words: Part of what must be said.
        file: Its name.
        command: The command line, where ``{}`` is the file.
    """

    name: str
    make: Callable[[], bytes]
    code: int
    words: str
    file: str = "stack.yaml"
    command: tuple[str, ...] = ("audit", "{}", "-o", "out.html", "-o", "out.json")


def _text(text: str) -> Callable[[], bytes]:
    return lambda: text.encode("utf-8", "surrogatepass")


def _tool(**fields: str) -> Callable[[], bytes]:
    return _text("tools: [{tool: Gong, " + ", ".join(f"{k}: {v}" for k, v in fields.items()) + "}]\n")


def _aliases() -> bytes:
    lines = ["x-a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"x-a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 30)]
    return "\n".join(["tools: [Gong]", *lines, ""]).encode()


def _merges() -> bytes:
    lines = ["a0: &a0 {k: v}"]
    lines += [f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 8)}]}}" for i in range(1, 12)]
    return "\n".join([*lines, ""]).encode()


def _tools(count: int) -> str:
    return "tools:\n" + "".join(f"- {{tool: Tool {i}, id: t{i}}}\n" for i in range(count))


def _wires(pairs: list[tuple[str, str]]) -> str:
    return "integrations:\n" + "".join(f"- {{from: {a}, to: {b}, objects: [lead, account]}}\n" for a, b in pairs)


LONG = "x" * 100_000
STACKS = (
    Case("a bomb of aliases", _aliases, BAD, "aliases repeat more than"),
    Case("a bomb of merge keys", _merges, BAD, "merge keys (<<) are not allowed"),
    Case("brackets nested 100,000 deep", _text("[" * 100_000), BAD, "nested more than 50 levels deep"),
    Case("lists nested 100,000 deep", _text("- " * 100_000 + "x\n"), BAD, "stack.yaml"),
    Case("maps nested 100,000 deep", _text("{a: " * 100_000), BAD, "nested more than 50 levels deep"),
    Case("a key of 100,000 characters", _text(f"? {LONG}\n: 1\ntools: [Gong]\n"), BAD, "a key is longer than 200"),
    Case("a million keys", lambda: b"{" + b"".join(b"%d: a," % i for i in range(600_000)) + b"}", BAD, "more than 1,000,000 values"),
    Case("more bytes than are read", lambda: b"# " + b"x" * (9 * 1024 * 1024), BAD, "is larger than"),
    Case("a number of 400 digits", _tool(annual_cost="1" + "0" * 400), BAD, "plain number"),
    Case("a number with an exponent", _tool(annual_cost="1e400"), BAD, "plain number"),
    Case("no number", _tool(annual_cost=".nan"), BAD, "no finite number"),
    Case("seats of 5,000 digits", _tool(seats="9" * 5000), BAD, "plain number"),
    Case("a version of 5,000 digits", _text("version: " + "9" * 5000 + "\ntools: [Gong]\n"), BAD, "version"),
    Case("a version in digits of another script", _text("version: ²\ntools: [Gong]\n"), BAD, "version"),
    Case("a threshold of 5,000 digits", _text("tools: [Gong]\nsettings: {thresholds: {x: " + "9" * 5000 + "}}\n"), BAD, "plain number"),
    Case("a rate of zero", _text("company: {currency: USD}\ntools: [{tool: Gong, annual_cost: 5, currency: EUR}]\nsettings: {fx: {EUR: 0}}\n"), OK, ""),
    Case("the largest numbers there may be", _tool(seats="100000000", active_seats="0", annual_cost="1000000000000000", criticality="1", satisfaction="5"), OK, ""),
    Case("a day in the year 9999", _text("as_of: 9999-12-31\ntools: [Gong]\n"), BAD, "a year from 1990 to 2100"),
    Case("a day in the year 1", _text("as_of: 0001-01-01\ntools: [Gong]\n"), BAD, "a year from 1990 to 2100"),
    Case("a day in the year 0", _text("as_of: 0000-01-01\ntools: [Gong]\n"), BAD, "ISO date"),
    Case("the thirtieth of February", _tool(contract_end="2026-02-30"), BAD, "ISO date"),
    Case("a day in digits of another script", _tool(contract_end="٢٠٢٦-٠١-٠١"), BAD, "ISO date"),
    Case("a waiver until the year 9999", _text("tools: [Gong]\nwaivers: [{rule: RED-001, reason: x, expires: 9999-12-31}]\n"), BAD, "a year from 1990 to 2100"),
    Case("a company bought in the year 1", _text("company: {acquisitions: [{name: X, closed: 0001-01-01}]}\ntools: [Gong]\n"), BAD, "a year from 1990 to 2100"),
    Case("a notice of 100,000,000 days", _tool(contract_end="2027-01-31", notice_days="100000000", auto_renew="yes", annual_cost="1"), OK, ""),
    Case("the first and the last day there may be", _text("as_of: 1990-01-01\ntools: [{tool: Gong, contract_end: 2100-12-31, since: 2100-12-31, notice_days: 100000000, auto_renew: yes, annual_cost: 1}]\n"), OK, ""),
    Case("NUL", lambda: b"tools: [\x00]\n", BAD, "control character (U+0000)"),
    Case("NUL as an escape", _text('tools: ["a\\0b"]\n'), BAD, "control character (U+0000)"),
    Case("an escape that steers the terminal", _text('tools: ["\\e]0;t\\a"]\n'), BAD, "control character (U+001B)"),
    Case("half a character", _text("tools: [\ud800]\n"), BAD, "not UTF-8"),
    Case("half a character as an escape", _text('tools: ["\\ud800"]\n'), BAD, "no valid YAML"),
    Case("text that runs backwards", _text("tools: [\u202eGong]\n"), BAD, "reverses the direction"),
    Case("text that runs backwards as an escape", _text('tools: ["\\u202eGong"]\n'), BAD, "reverses the direction"),
    Case("a key that runs backwards as an escape", _text('"\\u2067tools": [Gong]\n'), BAD, "reverses the direction"),
    Case("a tool's name of 100,000 characters", _text(f"tools: [{LONG}]\n"), BAD, "at most 200"),
    Case("a company's name of 100,000 characters", _text(f"company: {{name: {LONG}}}\ntools: [Gong]\n"), BAD, "at most 200"),
    Case("an alias of 90,000 characters", _text(f"tools: [Gong]\nsettings: {{aliases: {{Foo: {'x' * 90_000}}}}}\n"), BAD, "at most"),
    Case("a change of 90,000 characters", _text(f"tools: [Gong]\nscenarios: {{a: {{replace: {{Gong: {'x' * 90_000}}}}}}}\n"), BAD, "at most"),
    Case("names of 200 characters everywhere", _text("tools:\n" + "".join(f"- {{tool: {'x' * 190}{i}, owner: {'o' * 1900}, notes: {'n' * 1900}}}\n" for i in range(40))), OK, ""),
    Case("a name without a space in any script", _text("tools: ['" + "漢" * 200 + "', '" + "ا" * 200 + "', '" + "e\u0301" * 100 + "', '" + "\U0001f469\u200d\U0001f4bb" * 60 + "']\n"), OK, ""),
    Case("a tool wired to itself", _text("tools: [Gong]\nintegrations: [{from: gong, to: gong}]\n"), BAD, "connects 'gong' with itself"),
    Case("a circle of 150 tools", _text(_tools(150) + _wires([(f"t{i}", f"t{(i + 1) % 150}") for i in range(150)])), OK, ""),
    Case("a tool that is wired to every other", _text(_tools(150) + _wires([("t0", f"t{i}") for i in range(1, 150)])), OK, ""),
    Case("30 tools that are all wired to all", _text(_tools(30) + _wires([(f"t{a}", f"t{b}") for a in range(30) for b in range(30) if a != b])), OK, ""),
    Case("5,000 integrations between two tools", _text("tools: [Gong, Salesforce]\n" + _wires([("gong", "salesforce")] * 5000)), OK, ""),
    Case("integrations of tools that are not there", _text("tools: [Gong]\n" + _wires([("a", "b"), ("../../x", "http://y/")])), OK, ""),
    Case("a path as id", _tool(id="../../etc/passwd"), BAD, "a short id of letters"),
    Case("an address as id", _tool(id='"https://evil.example/x"'), BAD, "a short id of letters"),
    Case("paths and addresses as names", _text("company: {name: ../../../evil}\ntools: [../../etc/passwd, 'file:///etc/passwd', 'https://evil.example/a?b=c#d', 'C:\\Windows\\x', '~/x', '$HOME', '`id`', '%s%n', '{0.__class__}', '{{7*7}}']\n"), OK, ""),
    Case("a markup of every kind as name", _text("tools: ['<script>alert(1)</script>', '\"><img src=x onerror=alert(1)>', '[x](javascript:alert(1))', '=cmd|x!A0', ']]>', '&lt;', '-->']\n"), OK, ""),
    Case("one tool 30 times", _text("tools:\n" + "- Salesforce\n" * 30), OK, ""),
    Case("tags of the language", _text("tools: !!python/object/apply:os.system ['touch out.html']\n"), BAD, "tag"),
    Case("a file of problems alone", _text("tools:\n" + "- {toll: x}\n" * 3000), BAD, "did you mean tool?"),
    Case("bytes that are no text", lambda: bytes(range(256)) * 50, BAD, "not UTF-8"),
    Case("a picture", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, BAD, "not UTF-8"),
    Case("line ends of every kind", lambda: b"tools:\r\n- Gong\r- Salesforce\n", OK, ""),
)  # fmt: skip

_REPORT = ("report", "{}", "-o", "out.html")
_IMPORT = ("import", "{}", "-o", "out.yaml")


def _result(**changed: str) -> Callable[[], bytes]:
    inner = "".join(f', "{k}": {v}' for k, v in changed.items())
    return _text('{"schema_version": "1"' + inner + "}")


OTHERS = (
    Case("a result that is nested deeply", _text('{"a":' * 5000), BAD, "nested too deeply", "r.json", _REPORT),
    Case("a result that is whole and nested deeply", _text('{"a":' * 500 + "1" + "}" * 500), BAD, "nested too deeply", "r.json", _REPORT),
    Case("a result with a number of 5,000 digits", _result(x="9" * 5000), BAD, "number that is too long", "r.json", _REPORT),
    Case("a result with NaN", _result(x="NaN"), BAD, "NaN, which is no number", "r.json", _REPORT),
    Case("a result with an endless number", _result(x="1e999"), BAD, "too large", "r.json", _REPORT),
    Case("a result with half a character", _result(x='"\\ud800"'), BAD, "broken characters", "r.json", _REPORT),
    Case("a result in UTF-16", lambda: '{"schema_version": "1"}'.encode("utf-16"), BAD, "not UTF-8", "r.json", _REPORT),
    Case("a result of eight million values", lambda: b"[" + b"[]," * 4_000_000 + b"[]]", BAD, "more than 4,000,000 values", "r.json", _REPORT),
    Case("a result of nothing", lambda: b"", BAD, "is no JSON", "r.json", _REPORT),
    Case("a result that is another document", _text('{"a": 1}'), BAD, "no result of an audit", "r.json", _REPORT),
    Case("a comparison with what is no result", _text("[]"), BAD, "no result of an audit", "r.json", ("diff", "{}", "{}")),
    Case("a table of NUL", lambda: b"Tool,Owner\n\0,\0\n", BAD, "null characters", "t.csv", _IMPORT),
    Case("a table of one row of a million cells", lambda: b"Tool" + b",x" * 1_000_000 + b"\nGong\n", OK, "1 entry", "t.csv", _IMPORT),
    Case("a table of 100,001 rows", lambda: b"Tool\n" + b"Gong\n" * 100_001, BAD, "more than 100,000 rows", "t.csv", _IMPORT),
    Case("a document that is nested deeply", _text("[" * 5000 + "]" * 5000), BAD, "nested too deeply", "t.json", _IMPORT),
    Case("a document with NaN", _text('[{"name": "Gong", "seats": NaN}]'), BAD, "no number", "t.json", _IMPORT),
    Case("a document with half a character", _text('[{"name": "Gong\\ud800"}]'), OK, "", "t.json", ("import", "{}")),
    Case("a workbook that is none", lambda: b"PK\x03\x04" + b"\0" * 200, BAD, "no readable workbook", "t.xlsx", _IMPORT),
    Case("a table with names that are paths", _text("Tool,Owner\n../../etc/passwd,$HOME\n"), OK, "", "t.csv", _IMPORT),
    Case("choices that are a bomb", _aliases, BAD, "aliases repeat", "stackaudit-import.yaml", ("import", "-o", "out.yaml", "t.csv")),
)  # fmt: skip
