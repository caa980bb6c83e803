"""`newsletter returns`: what came back is read and understood. Touches: what the workflow touches."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.catalogue import phrase

from .progress import progress
from .session import Session


def returns(
    context: typer.Context,
    maildir: Annotated[
        Path | None, typer.Option("--maildir", metavar="DIR", help="A Maildir to read.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The counts as JSON.")] = False,
) -> None:
    """Read bounces, complaints and unsubscribe mails, and suppress whom they prove to be gone.

    Without an option: all sources of [returns]. What was understood moves to `processed`, the rest to `unparsed`;
    nothing is deleted. Only a token or Message-ID of ours suppresses; docs/returns.md tells what does.
    """
    from newsletter.ledger.states import reason_said
    from newsletter.workflow.returns import read_returns
    from newsletter.workflow.steps.return_sources import NamedSources

    session: Session = context.obj
    with progress(session, phrase("cli.progress.returns")) as advance:
        summary = read_returns(session.workspace, NamedSources(maildir=maildir), advance=advance)
    if held_back := summary.held_back():
        session.warn(held_back)
    if as_json:
        session.tell(summary.to_json())
    else:
        session.tell(summary.said(reason_said).in_language(session.language))
