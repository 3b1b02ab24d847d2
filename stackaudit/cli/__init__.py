"""The command line: parse, call, print, exit; one file a command, heavy imports inside the functions."""

from __future__ import annotations

import gc
import sys

USAGE = 2
INTERRUPTED = 130
_COLLECT = (500_000, 50, 100)
"""A command is short and makes much that stays: looking for garbage as often as Python does takes a tenth of it.

An audit of a hundred tools ends before the first look; one of a thousand holds no more for it.
"""


def main() -> None:
    """Run the command line; every way out has an exit code of the contract."""
    from stackaudit.cli import streams

    gc.set_threshold(*_COLLECT)
    streams.prepare()
    try:
        code = _run()
    except BrokenPipeError:
        streams.abandon()
        sys.exit(0)
    problem = streams.finish()
    if problem:
        sys.stderr.write(f"stackaudit: {problem}\n")
        code = USAGE
    gc.freeze()  # what is left goes with the process: to look through all of it once more takes a fifth of an audit
    sys.exit(code)


def _run() -> int:
    from stackaudit.cli.app import app
    from stackaudit.cli.crash import report_crash
    from stackaudit.cli.narrow import narrowed
    from stackaudit.errors import StackauditError

    try:
        code = narrowed(app, sys.argv[1:])(standalone_mode=False)
    except KeyboardInterrupt:
        sys.stderr.write("stackaudit: interrupted\n")
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except (StackauditError, OSError) as error:
        from stackaudit.cli.output import clean

        sys.stderr.write(f"{clean(_words(error), lines=True)}\n")
        return USAGE
    except Exception as error:  # the last line of defence: a message somebody can send us, never a raw traceback
        return report_crash(error)
    return code if isinstance(code, int) else 0


def _words(error: Exception) -> str:
    """What is wrong; of what the system refuses, the file and its reason."""
    if not isinstance(error, OSError):
        return str(error)
    what = str(error.filename)[:200] if error.filename is not None else "stackaudit"
    return f"{what}: {error.strerror or type(error).__name__}"
