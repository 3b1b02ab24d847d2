"""What a person sees when something unexpected happens: one line, then a block to paste into a report."""

from __future__ import annotations

import platform
import sys
import traceback
from pathlib import Path

from stackaudit import __version__


def report_crash(error: BaseException) -> int:
    """Explain an exception on standard error.

    Returns:
        The exit code: 2, or that of a usage error or interruption of the argument parser.
    """
    name = type(error).__name__
    if name in {"Abort", "Exit"}:
        return int(getattr(error, "exit_code", 130))
    if hasattr(error, "format_message") and hasattr(error, "exit_code"):
        context = getattr(error, "ctx", None)
        hint = f"\nTry '{context.command_path} --help'." if context is not None else ""
        sys.stderr.write(f"stackaudit: {error.format_message()}{hint}\n")
        return 2
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"  {Path(f.filename).name}:{f.lineno} in {f.name}" for f in frames[-8:]]
    command = " ".join(a for a in sys.argv[1:2] if not a.startswith("-"))
    sys.stderr.write(
        f"stackaudit: something went wrong that should not: {name}. Nothing was written. Please report this block:\n\n"
        f"  stackaudit {__version__}, Python {platform.python_version()}, {platform.system()}\n"
        f"  command: {command or 'none'}\n  error: {name}: {str(error)[:200]!r}\n" + "\n".join(lines) + "\n"
    )
    return 2
