"""`newsletter report`: what became of an issue, and of all. Touches: what the workflow touches."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.catalogue import phrase
from newsletter.errors import UsageError

from .options import ISSUE_HELP
from .session import Session


def report(
    context: typer.Context,
    issue: Annotated[
        str | None,
        typer.Argument(
            metavar="ISSUE",
            help=f"{ISSUE_HELP} Left out: the last that was planned, else the newest.",
            show_default=False,
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All issues: a page over them, and one for each.")] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Where pages go. Left out: build/report/.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The numbers as JSON, and no page.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="A line for each delivery; with --all for each issue.")] = False,
    addresses: Annotated[bool, typer.Option("--addresses", help="Show addresses in full.")] = False,
) -> None:
    """Account for every planned delivery of an issue, as a page to read, send on and print. Prints its path.

    Tells what went when, by which domain and why not, who is in doubt, and how the last twelve issues compare.
    """
    from newsletter.workflow import report as workflow

    session: Session = context.obj
    if [as_json, as_csv, out is not None].count(True) > 1:
        raise UsageError(phrase("cli.look_back.one_of"))
    if every and issue is not None:
        raise UsageError(phrase("cli.look_back.all_or_one"))
    if as_csv and not every:
        for line in workflow.deliveries_csv(session.workspace, issue, full=addresses):
            session.tell(line)
        return
    found = (
        workflow.report_on_all(session.workspace, full=addresses, pages=not (as_json or as_csv))
        if every
        else workflow.report(session.workspace, issue, full=addresses)
    )
    for words in found.warnings:
        session.warn(words)
    if as_json:
        session.tell(workflow.report_json(session.workspace, found))
    elif as_csv:
        for line in workflow.issues_csv(found):
            session.tell(line)
    else:
        for path in workflow.write_report_pages(session.workspace, found, out, session.language):
            session.tell(str(path))
        code = "workflow.report.is_written_in_full" if addresses else "workflow.report.is_written"
        session.say(phrase(code))
