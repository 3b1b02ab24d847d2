"""Read a saved result, from wherever its bytes come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackaudit import jsonio
from stackaudit.errors import InputError, InputProblem

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult

MAX_BYTES = 64 * 1024 * 1024


def parse_result(data: bytes, name: str) -> AuditResult:
    """The result that bytes hold; ``name`` is what messages call them.

    Raises:
        InputError: They hold no result, or one of a later version.
    """
    from pydantic import ValidationError

    from stackaudit.model.result import SCHEMA_VERSION, AuditResult

    def fail(what: str, expected: str) -> InputError:
        return InputError([InputProblem(name, 0, 0, what, expected)])

    if len(data) > MAX_BYTES:
        raise fail(f"is larger than {MAX_BYTES:,} bytes", "a smaller file")
    try:
        content = jsonio.load(data, whole_characters=True)
    except jsonio.JsonError as problem:
        raise fail(str(problem), "a result that stackaudit wrote") from None
    if not isinstance(content, dict) or "schema_version" not in content:
        raise fail("is no result of an audit", "a file written with -o result.json")
    version = content["schema_version"]
    if version != SCHEMA_VERSION:
        raise fail(
            f"has schema version {str(version)[:20]!r}", f"version {SCHEMA_VERSION}; a later stackaudit may read it"
        )
    try:
        result = AuditResult.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise fail(f"is damaged at {where}: {first['msg']}", "a result as it was written") from None
    stranger = _stranger(result)
    if stranger:
        raise fail(f"is damaged: {stranger}", "a result as it was written")
    return result


_TOOLS = {
    "findings": ("subjects",),
    "root_causes": ("subjects",),
    "layers": ("tools", "providers"),
    "overlaps": ("tools",),
    "handoffs": ("tools",),
}
"""Lists of the result whose entries name tools, and the fields that do."""


def _stranger(result: AuditResult) -> str:
    """What names a tool that the result does not list, in words; nothing where all do."""
    known = {tool.id for tool in result.tools}
    for part, fields in _TOOLS.items():
        for number, entry in enumerate(getattr(result, part), 1):
            for name in fields:
                unknown = set(getattr(entry, name)) - known
                if unknown:
                    return f"entry {number} of {part} names {min(unknown)[:100]!r}, which is not among the tools"
    return ""
