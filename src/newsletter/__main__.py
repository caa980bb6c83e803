"""The command `newsletter`: run the words of the command line, say what went wrong, end with the right exit code.

Touches: standard error, the exit code. The exit codes are those of sysexits.h (DESIGN 4.4); the command-line library's
own (2 for usage, 1 for an answer broken off) are mapped here and nowhere else.
"""

import io
import os
import sys
import traceback
from collections.abc import Sequence

from .errors import NewsletterError, UsageError

INTERRUPTED = 130
BROKEN_PIPE = 141


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the console script; never returns."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A Korean name must not end the command where the terminal is set to Latin-1; standard error does so by itself.
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    from .cli.main import Abort, CommandLineError, call, explain, wants_details

    try:
        return call(arguments)
    except NewsletterError as error:
        _complain(str(error))
        return error.exit_code
    except CommandLineError as error:
        _complain(*explain(error))
        return UsageError.exit_code
    except (KeyboardInterrupt, Abort):
        _complain("Interrupted.")
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):
        # Whoever read our output has gone (`newsletter status | head`), for which typer has a SystemExit of its own;
        # Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except OSError as error:
        return _operating_system(error)
    except Exception as error:  # noqa: BLE001 - the last line of defence: a bug is told as a bug, with its own exit code
        if wants_details(arguments):
            traceback.print_exc()
        _complain(
            f"This is a bug in newsletter: {type(error).__name__}: {error}",
            "Nothing was lost: the ledger holds what was sent. Run again with --verbose for the details to report.",
        )
        return NewsletterError.exit_code


def _operating_system(error: OSError) -> int:
    from .errors import CannotWriteError

    place = f"{error.filename}: " if error.filename else ""
    _complain(
        f"{place}{error.strerror or error}", "Check that the path exists, is writable and that the disk has room."
    )
    return CannotWriteError.exit_code


def _complain(*lines: str) -> None:
    print("\n".join(line for line in lines if line), file=sys.stderr)  # noqa: T201 - words about data go to stderr


if __name__ == "__main__":
    main()
