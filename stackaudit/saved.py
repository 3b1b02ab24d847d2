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
        return AuditResult.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise fail(f"is damaged at {where}: {first['msg']}", "a result as it was written") from None
