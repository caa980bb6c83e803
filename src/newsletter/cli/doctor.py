"""`newsletter doctor`: what would go wrong. Touches: what the workflow touches."""

import os
from pathlib import Path
from typing import Annotated

import typer

from .session import Session


def doctor(
    context: typer.Context,
    as_json_: Annotated[bool, typer.Option("--json", help="All lines as one JSON object, for scripts.")] = False,
) -> None:
    """Look for what would go wrong: ledger, database server, clocks, permissions, git, what starts the letters.

    A line for each check: ok, warning or failure, its id, why, and what to paste. Changes nothing, makes no ledger.
    Ends with 78 where a check failed; warnings are only told.
    """
    from newsletter.workflow.doctor import as_json, examine_installation, refuse_failures

    session: Session = context.obj
    found = []
    for name, result in examine_installation(session.workspace, os.environ, Path.cwd()):
        found.append((name, result))
        if not as_json_:
            first, *more = result.line(name).in_language(session.language).splitlines()
            session.tell("\n".join([first, *(f"    {line}" for line in more)]))
    if as_json_:
        session.tell(as_json(found))
    refuse_failures(found)
