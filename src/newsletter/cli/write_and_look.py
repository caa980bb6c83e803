"""The editor's and the reviewer's commands, from init to approve. Touches: what the workflows touch."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from .app import IssueArgument, app, command
from .progress import reading
from .session import Session

Language = Literal["ko", "en"]
_WRITE = "Write and look"
_APPROVE = "Approve and send"


@command(app, "init", panel=_WRITE)
def init(
    session: Session,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where; made if missing.")] = Path(),
    language: Annotated[Language, typer.Option("--language", help="Of the letter and of what is explained.")] = "ko",
) -> None:
    """Make a workspace: settings, a first issue, example subscribers. Never overwrites."""
    from newsletter.issue.scaffold import init_workspace

    for path in init_workspace(directory, language=language):
        session.tell(str(path))
    session.say("Next: edit newsletter.toml, then run 'newsletter preview'.")


@command(app, "new", panel=_WRITE)
def new(
    session: Session,
    slug: Annotated[
        str, typer.Argument(metavar="SLUG", help="Name of the issue: a-z, 0-9 and hyphens, as in 2026-12.")
    ],
) -> None:
    """Start an issue file that shows every kind of section. Never overwrites."""
    from newsletter.issue.scaffold import new_issue

    session.tell(str(new_issue(session.workspace, slug)))
    session.say(f"Next: edit it with 'newsletter preview {slug}' open beside you.")


@command(app, "schema", panel=_WRITE)
def schema(
    session: Session,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write it there. Left out: to standard output.", show_default=False),
    ] = None,
) -> None:
    """JSON Schema of an issue file, by which an editor completes and checks while you write."""
    from newsletter.issue.schema import schema_text, write_schema

    if out is None:
        session.tell(schema_text().rstrip("\n"))
    else:
        session.tell(str(write_schema(out)))


@command(app, "render", panel=_WRITE)
def render(
    session: Session,
    issue: IssueArgument,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the files; made if missing.")],
    as_email: Annotated[
        str | None, typer.Option("--as", metavar="EMAIL", help="As this subscriber gets it. Left out: the defaults.")
    ] = None,
) -> None:
    """Write the letter as <slug>.html, <slug>.txt and <slug>.eml, exactly as sent."""
    from newsletter.workflow.render import render_files

    for path in render_files(session.workspace, issue, out, as_email):
        session.tell(str(path))


@command(app, "approve", panel=_APPROVE)
def approve(
    session: Session,
    issue: IssueArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who says yes. Left out: the user of git.")] = "",
) -> None:
    """Say yes to an issue: its editions are kept as files, and those files are what is sent, byte for byte."""
    from newsletter.workflow.approve import keep, propose

    if not yes:
        session.need_terminal()
    with reading(quiet=session.quiet) as advance:
        proposal = propose(session.workspace, issue, advance)
    session.say(proposal.summary())
    if not yes:
        session.ask("Approve this letter?")
    session.tell(str(keep(session.workspace, proposal, by=by)))
    session.say(f"Next: commit that folder, then {proposal.next_step()}.")
