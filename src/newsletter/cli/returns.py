"""`newsletter returns`: what came back is read and understood. Touches: what the workflow touches."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.catalogue import phrase
from newsletter.errors import NewsletterError, RunAgainError, UsageError
from newsletter.progress import Advance

from .progress import progress
from .session import Session

if TYPE_CHECKING:
    from newsletter.returns.summary import ReturnsSummary

_FEW = 1_000
"""Messages that are read before anybody could look."""


def returns(
    context: typer.Context,
    maildir: Annotated[
        Path | None,
        typer.Option("--maildir", metavar="DIR", help="A Maildir to read.", show_default=False, readable=False),
    ] = None,
    mbox: Annotated[
        Path | None,
        typer.Option("--mbox", metavar="FILE", help="An mbox to read and empty.", show_default=False, readable=False),
    ] = None,
    imap: Annotated[
        str,
        typer.Option(
            "--imap",
            metavar="URL",
            help="A mailbox, imaps://user@host/folder. Password: NEWSLETTER_RETURNS__PASSWORD.",
            show_default=False,
        ),
    ] = "",
    stdin: Annotated[
        bool, typer.Option("--stdin", help="One message, as an alias `|newsletter returns --stdin` gives it.")
    ] = False,
    access_log: Annotated[
        Path | None,
        typer.Option(
            "--access-log",
            metavar="FILE",
            help="The log of a web server that takes clicks by itself, with what it was rotated into; or a pattern.",
            show_default=False,
            readable=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The counts as JSON.")] = False,
) -> None:
    """Read bounces, complaints and unsubscribe mails, and suppress whom they prove to be gone.

    Without an option: all sources of [returns]. What was understood moves to `processed`, the rest to `unparsed`;
    nothing is deleted. Only a token or Message-ID of ours suppresses; docs/returns.md tells what does.
    """
    from newsletter.ledger.states import reason_said

    session: Session = context.obj
    if stdin and (maildir or mbox or imap or access_log):
        raise UsageError(phrase("cli.returns.stdin_alone"))
    with progress(session, phrase("cli.progress.returns")) as advance:
        summary = (
            _from_mail_system(session) if stdin else _from_sources(session, maildir, mbox, imap, access_log, advance)
        )
    if held_back := summary.held_back():
        session.warn(held_back)
    for damaged in (words for log in summary.logs for words in log.warnings()):
        session.warn(damaged)
    if as_json:
        session.tell(summary.to_json())
    elif not stdin and summary.was_read:  # a mail system would send it to whoever wrote the message
        session.tell(summary.said(reason_said).in_language(session.language))
    for failure in summary.failures:
        session.warn(failure)
    raise typer.Exit(max((failure.exit_code for failure in summary.failures), default=0))


def _from_sources(
    session: Session, maildir: Path | None, mbox: Path | None, imap: str, access_log: Path | None, advance: Advance
) -> "ReturnsSummary":
    from newsletter.settings.explain import WrongValueError
    from newsletter.settings.returns import imap_url
    from newsletter.workflow.returns import read_returns
    from newsletter.workflow.steps.return_sources import NamedSources

    try:
        named = NamedSources(maildir, mbox, imap_url(imap), access_log)
    except WrongValueError as error:
        raise UsageError(phrase("cli.returns.not_an_imap_url", given=imap, why=error.said)) from error
    return read_returns(
        session.workspace, named, advance=lambda done, total: advance(done, total) if total >= _FEW else None
    )


def _from_mail_system(session: Session) -> "ReturnsSummary":
    """Whatever goes wrong, the message is to be given again: any other exit code than 75 would bounce a bounce."""
    from newsletter.workflow.returns import read_one_return

    try:
        return read_one_return(session.workspace, sys.stdin.buffer)
    except RunAgainError:
        raise
    except NewsletterError as error:
        raise RunAgainError(error.message, hint=error.hint) from error
    except Exception as error:
        bug = phrase("cli.returns.bug", kind=type(error).__name__, words=str(error))
        raise RunAgainError(bug) from error
