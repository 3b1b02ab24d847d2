"""Who an output is for: the level of privacy, the extract, and the file that tells what the pseudonyms stand for."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from stackaudit.cli.output import write_atomically
from stackaudit.errors import UsageError

if TYPE_CHECKING:
    from stackaudit.model.result import AuditResult
    from stackaudit.report.privacy import Redacted

FULL, CLIENT = "full", "client"
LEVELS = (FULL, CLIENT, "vendor", "public")


class Readers(Struct, frozen=True):
    """Who reads, and what part of it."""

    level: str
    key: Path | None
    owner: str
    findings: tuple[str, ...]

    def shown(self, result: AuditResult) -> Redacted:
        """What these readers may see of a result.

        Raises:
            UsageError: The result shows less already, or holds nothing for the owner or the findings.
        """
        from stackaudit.report.privacy import Level, Redacted, extract, redact

        if self.level == "full" and not self.owner and not self.findings:
            return Redacted(result, {})
        if self.level != "full" and result.privacy != "full":
            raise UsageError(
                f"--privacy {self.level}: the result was already written for {result.privacy}; start from the full one"
            )
        part = extract(result, owner=self.owner, findings=self.findings)
        return redact(part, Level(self.level), whole=result)

    def compared(self, old: AuditResult, new: AuditResult) -> tuple[AuditResult, AuditResult]:
        """What these readers may see of two results, with the same pseudonyms in both.

        Raises:
            UsageError: One of them shows less already, so that its names mean nothing beside the other's.
        """
        from stackaudit.report.privacy import Level, redact

        for result in (old, new):
            if result.privacy != "full":
                raise UsageError(
                    f"a result that was written for {result.privacy} has pseudonyms of its own and cannot be compared; "
                    "start from the full results and name the readers with --privacy"
                )
        level = Level(self.level)
        return redact(old, level, beside=new).result, redact(new, level, beside=old).result


def parse_readers(level: str, key: Path | None = None, owner: str = "", findings: Iterable[str] = ()) -> Readers:
    """The options as given.

    Raises:
        UsageError: The level is not known, or a key is asked for where there are no pseudonyms.
    """
    chosen = level.casefold()
    if chosen not in LEVELS:
        raise UsageError(f"--privacy: {level!r}; expected one of {', '.join(LEVELS)}")
    if key is not None and chosen == "full":
        raise UsageError("--key: the full result has no pseudonyms; name a level with --privacy")
    if key is not None and not key.parent.is_dir():
        raise UsageError(f"--key {key}: the folder {key.parent} does not exist")
    return Readers(chosen, key, owner.strip(), tuple(dict.fromkeys(findings)))


def write_key(path: Path | None, shown: Redacted) -> None:
    """Write what the pseudonyms stand for, readable by its owner alone."""
    if path is not None:
        write_atomically(path, json.dumps(shown.key, indent=2, sort_keys=True, ensure_ascii=False) + "\n", private=True)
