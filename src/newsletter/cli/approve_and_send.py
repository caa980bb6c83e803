"""The operator's commands: send, status, and the kill switch. Touches: what the workflows touch."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.errors import UsageError

from .app import IssueArgument, NewestArgument, app, command
from .progress import progress, reading
from .session import Session

_SEND = "Approve and send"
_WATCH = "Watch and stop"


@command(app, "send", panel=_SEND)
def send(
    session: Session,
    issue: Annotated[
        str | None, typer.Argument(metavar="ISSUE", help="Slug or path. Left out only with --due.", show_default=False)
    ] = None,
    due: Annotated[bool, typer.Option("--due", help="Send what is due and approved; for cron. Never asks.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    first: Annotated[
        int | None, typer.Option("--first", metavar="N", min=1, help="A canary: N messages, then pause.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="ADDR", help="A proof to one address; changes nothing.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Merge all, write the first 20 as .eml; no network, no ledger.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where --dry-run writes.")] = None,
    retry_now: Annotated[bool, typer.Option("--retry-now", help="Do not wait for the time of deferred ones.")] = False,
) -> int:
    """Send an issue to its audience: shows the plan, asks, and continues where an earlier run stopped."""
    _one_way_of_sending(due=due, first=first, to=to, dry_run=dry_run, out=out)
    if due:
        if issue is not None:
            raise UsageError("--due finds the issues by itself.", hint=f"To send one: newsletter send {issue}")
        from newsletter.workflow.send_due import send_due

        with progress("Sent", quiet=session.quiet) as advance:
            return send_due(session.workspace, say=session.say, warn=session.warn, advance=advance, retry_now=retry_now)
    if issue is None:
        raise UsageError("Which issue?", hint="newsletter send ISSUE, or newsletter send --due")
    if to is not None:
        from newsletter.workflow.send_proof import send_proof

        session.say(send_proof(session.workspace, issue, to))
        return 0
    if dry_run:
        from newsletter.workflow.dry_run import dry_run as merge_all

        with reading(quiet=session.quiet) as advance:
            result = merge_all(session.workspace, issue, out, advance)
        for path in result.files:
            session.tell(str(path))
        session.say(result.summary())
        return 0
    return _send_for_real(session, issue, yes=yes, first=first, retry_now=retry_now)


def _one_way_of_sending(*, due: bool, first: int | None, to: str | None, dry_run: bool, out: Path | None) -> None:
    ways = [name for name, said in (("--due", due), ("--to", to), ("--dry-run", dry_run), ("--first", first)) if said]
    if len(ways) > 1:
        raise UsageError(f"{' and '.join(ways)} do not go together.")
    if out is not None and not dry_run:
        raise UsageError("--out goes with --dry-run.")


def _send_for_real(session: Session, issue: str, *, yes: bool, first: int | None, retry_now: bool) -> int:
    from newsletter.workflow.send import find_started, run
    from newsletter.workflow.steps.prepare import prepare

    started = find_started(session.workspace, issue)
    if started is not None and started.nothing_to_do:
        session.say(started.summary(session.workspace.settings))
        return started.exit_code
    if not yes:
        session.need_terminal()
    with reading(quiet=session.quiet) as advance:
        prepared = started or prepare(session.workspace, issue, advance)
    session.say(prepared.summary(session.workspace.settings))
    if first is not None:
        session.say(f"Canary   the first {first}, then it pauses")
    if not yes:
        session.ask("Send it?")
    with progress("Sent", quiet=session.quiet) as advance:
        report = run(session.workspace, prepared, advance=advance, first=first, retry_now=retry_now)
    session.say(report.summary())
    for warning in report.warnings:
        session.warn(warning)
    return report.exit_code()


@command(app, "status", panel=_WATCH)
def status(
    session: Session,
    issue: NewestArgument = None,
    as_json: Annotated[bool, typer.Option("--json", help="Counts of all ten states as JSON.")] = False,
) -> None:
    """Say how many deliveries are in which state, and who needs attention."""
    from newsletter.workflow.status import status as read_status

    report = read_status(session.workspace, issue)
    session.tell(report.to_json() if as_json else report.to_text())


@command(app, "pause", panel=_WATCH)
def pause(session: Session, issue: IssueArgument) -> None:
    """Stop a dispatch before its next message; resume continues it."""
    from newsletter.workflow.control import pause as do_pause

    session.say(do_pause(session.workspace, issue))


@command(app, "resume", panel=_WATCH)
def resume(session: Session, issue: IssueArgument) -> None:
    """Let a paused dispatch go on; the next 'send' continues it."""
    from newsletter.workflow.control import resume as do_resume

    session.say(do_resume(session.workspace, issue))


@command(app, "cancel", panel=_WATCH)
def cancel(
    session: Session, issue: IssueArgument, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False
) -> None:
    """Give up on everybody who has not got the issue yet; for good."""
    from newsletter.workflow.control import cancel as do_cancel

    if not yes:
        session.ask(f"Cancel {issue} for everybody who has not got it yet? This cannot be taken back.")
    session.say(do_cancel(session.workspace, issue))


@command(app, "revise", panel=_WATCH)
def revise(
    session: Session, issue: IssueArgument, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False
) -> None:
    """Give the corrected issue to those who have not got it yet; who has it already is left alone.

    Correct the file and approve it again first. No pause is needed: a run that is on sends the corrected letter from
    its next message on, and what is in flight or in doubt keeps the words it was sent with.
    """
    from newsletter.workflow.revise import prepare_revision
    from newsletter.workflow.revise import revise as do_revise

    if not yes:
        session.need_terminal()
    revision = prepare_revision(session.workspace, issue)
    session.say(revision.summary(session.workspace.settings))
    if not yes:
        session.ask("Give them the corrected letter?")
    session.say(do_revise(session.workspace, revision))


@command(app, "resolve", panel=_WATCH)
def resolve(
    session: Session,
    issue: IssueArgument,
    as_sent: Annotated[bool, typer.Option("--as-sent", help="They probably got it: count them as sent.")] = False,
    resend: Annotated[bool, typer.Option("--resend", help="Send again, even if someone gets it twice.")] = False,
) -> None:
    """Decide about the deliveries in doubt: the link was lost when nobody could know whether they arrived."""
    if as_sent == resend:
        raise UsageError("Say --as-sent or --resend.")
    from newsletter.workflow.control import resolve as do_resolve

    session.say(do_resolve(session.workspace, issue, as_sent=as_sent))
