"""The command line: parse, call, print, exit; one file a command, heavy imports inside the functions."""

from __future__ import annotations

import sys

USAGE = 2
INTERRUPTED = 130


def main() -> None:
    """Run the command line; every way out has an exit code of the contract."""
    from stackaudit.cli.app import app
    from stackaudit.cli.crash import report_crash
    from stackaudit.errors import StackauditError

    try:
        code = app(standalone_mode=False)
    except KeyboardInterrupt:
        sys.stderr.write("stackaudit: interrupted\n")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except StackauditError as error:
        from stackaudit.cli.output import clean

        sys.stderr.write(f"{clean(str(error), lines=True)}\n")
        sys.exit(USAGE)
    except Exception as error:  # the last line of defence: a message somebody can send us, never a raw traceback
        sys.exit(report_crash(error))
    sys.exit(code if isinstance(code, int) else 0)
