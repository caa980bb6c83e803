"""`newsletter status`, `pause`, `resume`, `cancel`, `revise`, `resolve`: a dispatch that has begun.

Touches: what the workflows touch.
"""

from typing import Annotated

import typer

from newsletter.catalogue import phrase
from newsletter.errors import UsageError

from .options import IssueArgument, NewestArgument, YesOption
from .person import person
from .session import Session


def status(
    context: typer.Context,
    issue: NewestArgument = None,
    as_json: Annotated[bool, typer.Option("--json", help="Counts of all ten states as JSON.")] = False,
) -> None:
    """Say how many deliveries are in which state, and who needs attention."""
    from newsletter.workflow.status import status as read_status

    session: Session = context.obj
    report = read_status(session.workspace, issue)
    session.tell(report.to_json() if as_json else report.to_text(session.language))


def pause(context: typer.Context, issue: IssueArgument) -> None:
    """Stop a dispatch before its next message; resume continues it."""
    from newsletter.workflow.control import pause as do_pause

    session: Session = context.obj
    session.say(do_pause(session.workspace, issue, by=person()))


def resume(context: typer.Context, issue: IssueArgument) -> None:
    """Let a paused dispatch go on; the next 'send' continues it."""
    from newsletter.workflow.control import resume as do_resume

    session: Session = context.obj
    session.say(do_resume(session.workspace, issue))


def cancel(context: typer.Context, issue: IssueArgument, yes: YesOption = False) -> None:
    """Give up on everybody who has not got the issue yet; for good."""
    from newsletter.workflow.control import cancel as do_cancel
    from newsletter.workflow.control import planned_slug

    session: Session = context.obj
    if not yes:
        session.ask(phrase("cli.watch.cancel_it", issue=planned_slug(session.workspace, issue)))
    session.say(do_cancel(session.workspace, issue))


def revise(context: typer.Context, issue: IssueArgument, yes: YesOption = False) -> None:
    """Give the corrected issue to those who have not got it yet; who has it already is left alone.

    Correct the file and approve it again first. No pause is needed: a run in progress sends the corrected letter from
    its next message on, and what is in flight or in doubt keeps the words it was sent with.
    """
    from newsletter.workflow.revise import prepare_revision
    from newsletter.workflow.revise import revise as do_revise

    session: Session = context.obj
    revision = prepare_revision(session.workspace, issue)
    if not yes:
        session.need_terminal()
    session.say(revision.summary(session.workspace.settings))
    if not yes:
        session.ask(phrase("cli.watch.revise_it"))
    session.say(do_revise(session.workspace, revision))


def resolve(
    context: typer.Context,
    issue: IssueArgument,
    addresses: Annotated[
        list[str] | None, typer.Argument(metavar="ADDR", help="Only these readers.", show_default=False)
    ] = None,
    as_sent: Annotated[bool, typer.Option("--as-sent", help="They probably got it: count them as sent.")] = False,
    resend: Annotated[bool, typer.Option("--resend", help="Send again, even if someone gets it twice.")] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Hold again what the last resolve decided; not once sending went on.")
    ] = False,
    yes: YesOption = False,
) -> None:
    """Decide about the deliveries in doubt: the connection was lost, and nobody can know whether they arrived."""
    from newsletter.workflow.resolve import prepare_resolve, undo_resolve
    from newsletter.workflow.resolve import resolve as do_resolve

    session: Session = context.obj
    if [as_sent, resend, undo].count(True) != 1:
        raise UsageError(phrase("cli.watch.as_sent_or_resend"), hint=phrase("cli.watch.what_each_does"))
    if undo:
        if addresses:
            raise UsageError(phrase("cli.watch.undo_takes_all"))
        session.say(undo_resolve(session.workspace, issue))
        return
    doubt = prepare_resolve(session.workspace, issue, addresses or ())
    if doubt.rows and not yes:
        session.need_terminal()
        session.warn(doubt.summary())
        session.ask(phrase("cli.watch.count_as_sent") if as_sent else phrase("cli.watch.send_again"))
    session.say(do_resolve(session.workspace, doubt, as_sent=as_sent))
