"""Run one command line: every command is registered, errors are raised to whoever calls. Touches: nothing itself."""

from collections.abc import Sequence

import typer
from typer import Abort
from typer import TyperException as CommandLineError

from . import approve_and_send as sending
from . import checking
from . import ledger as records
from . import serve_and_schedule as pages
from . import subscribers as people
from . import write_and_look as authoring
from .app import app

__all__ = ["Abort", "CommandLineError", "call", "wants_details"]

FAMILIES = (authoring, checking, sending, pages, people, records)
"""The modules whose import has registered the commands."""


def call(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; errors are raised."""
    result = typer.main.get_command(app).main(args=list(arguments), prog_name="newsletter", standalone_mode=False)
    return result if isinstance(result, int) else 0


def explain(error: CommandLineError) -> list[str]:
    """What is wrong with the words, and where to look; nothing where the help itself was the answer."""
    message = error.format_message()
    context = getattr(error, "ctx", None)
    if not message:
        return []
    return [message, f"Try '{context.command_path if context else 'newsletter'} --help'."]


def wants_details(arguments: Sequence[str]) -> bool:
    return bool({"-v", "--verbose"} & set(arguments))
