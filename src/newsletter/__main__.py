"""The command `newsletter`: run the words of the command line, say what went wrong, end with the right exit code.

Touches: standard error, the exit code. The exit codes are those of sysexits.h (docs/design.md 4.4); the command-line
library's own (2 for usage, 1 for an answer broken off) are mapped here and in cli/usage.py, and nowhere else.
"""

import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .catalogue import Said, lines, phrase
from .errors import CannotWriteError, NewsletterError

if TYPE_CHECKING:
    from .cli.session import Session

INTERRUPTED = 130
BROKEN_PIPE = 141


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the console script; never returns."""
    # A stream that the caller has closed (`2>&-`) is None, and what is meant for it would go to the other one.
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - open to the end
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - open to the end
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A Korean name must not end the command where the terminal is set to Latin-1; standard error does so by itself.
        sys.stdout.reconfigure(errors="backslashreplace")
    # pydantic would ask every package that is installed whether it has a plug-in for it: none has a say in settings.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    sys.exit(exit_code_of(sys.argv[1:] if arguments is None else arguments))


def exit_code_of(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    from .cli.session import Session

    session = Session()
    code = _run(arguments, session)
    session.note(phrase("cli.main.ended", number=code))
    return code


def _run(arguments: Sequence[str], session: "Session") -> int:
    from .cli.app import Abort, call

    try:
        return call(arguments, session)
    except NewsletterError as error:
        session.warn(error)
        return error.exit_code
    except (KeyboardInterrupt, Abort):
        session.warn(phrase("cli.main.interrupted"))
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):
        # Whoever read our output has gone (`newsletter status | head`), for which typer has a SystemExit of its own;
        # Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except OSError as error:
        session.warn(_operating_system(error))
        return CannotWriteError.exit_code
    except Exception as error:  # noqa: BLE001 - the last line of defence: a bug is told as a bug, with its own exit code
        if session.verbose:
            traceback.print_exc()
        bug = phrase("cli.main.bug", kind=type(error).__name__, words=str(error))
        session.warn(lines(bug, phrase("cli.main.nothing_lost")))
        return NewsletterError.exit_code


def _operating_system(error: OSError) -> Said:
    from .settings.system_reason import system_reason

    reason = system_reason(error)
    what = phrase("cli.main.file", file=str(error.filename), reason=reason) if error.filename else reason
    return lines(what, phrase("cli.main.check_the_path"))


if __name__ == "__main__":
    main()
