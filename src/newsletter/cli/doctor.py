"""`newsletter doctor`: what would go wrong. Touches: what the workflow touches."""

import os
from pathlib import Path
from typing import Annotated

import typer

from .session import Session

_LEDGER = {"NEWSLETTER_LEDGER__URL", "NEWSLETTER_LEDGER__URL_FILE"}


def doctor(
    context: typer.Context,
    as_json_: Annotated[bool, typer.Option("--json", help="All lines as one JSON object, for scripts.")] = False,
) -> None:
    """Look for what would go wrong: ledger, database server, clocks, permissions, git, what starts the letters.

    A line for each check: ok, warning or failure, its id, why, and what to paste. Changes nothing, makes no ledger.
    On a worker's machine NEWSLETTER_LEDGER__URL (or …_FILE) is enough.
    Ends with 78 where a check failed; warnings are only told.
    """
    from newsletter.workflow.doctor import as_json, examine_installation, refuse_failures

    session: Session = context.obj
    found = []
    # Outside of a workspace it is a worker's machine, if anything.
    place = session.place if _LEDGER & os.environ.keys() else session.workspace
    for name, result in examine_installation(place, os.environ, Path.cwd()):
        found.append((name, result))
        if not as_json_:
            first, *more = result.line(name).in_language(session.language).splitlines()
            session.tell("\n".join([first, *(f"    {line}" for line in more)]))
    if as_json_:
        session.tell(as_json(found))
    refuse_failures(found)
