"""`newsletter status`, `pause`, `resume`, `cancel`, `revise`, `resolve`: a dispatch that has begun.

Touches: what the workflows touch.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.catalogue import phrase
from newsletter.errors import UsageError

from .options import IssueArgument, NewestArgument, YesOption
from .person import person
from .session import Session

if TYPE_CHECKING:
    from newsletter.workflow.who import Inquiry


def status(
    context: typer.Context,
    issue: NewestArgument = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON: counts of all ten states, and the rest.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on looking until nothing moves any more.")] = False,
    who: Annotated[
        str | None,
        typer.Option(
            "--who",
            metavar="STATE",
            help="Who is in a state: failed, deferred, in-doubt, …; several with commas, or all. A line an address.",
            show_default=False,
        ),
    ] = None,
    domain: Annotated[
        str | None, typer.Option("--domain", help="With --who: only in this domain, and under it.", show_default=False)
    ] = None,
    reply_class: Annotated[
        str | None,
        typer.Option("--class", help="With --who: only this class of reply, or rule's id.", show_default=False),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="With --who: so many at most.", show_default=False)
    ] = None,
) -> None:
    """Say where an issue stands: how far, how fast, until when, which process is at it, and who needs attention."""
    session: Session = context.obj
    narrowed = domain is not None or reply_class is not None or limit is not None
    if narrowed and who is None:
        raise UsageError(phrase("cli.watch.needs_who"))
    if watch and who is not None:
        raise UsageError(phrase("cli.watch.watch_or_who"))
    if who is not None:
        from newsletter.workflow.who import Inquiry

        _tell_who(session, issue, Inquiry.of(who, domain, reply_class, limit), as_json=as_json)
    elif watch:
        _watch(session, issue, as_json=as_json)
    else:
        _tell_status(session, issue, as_json=as_json)


def _tell_status(session: Session, issue: str | None, *, as_json: bool) -> None:
    from newsletter.workflow.status import status as read_status

    report = read_status(session.workspace, issue)
    session.tell(report.to_json() if as_json else report.to_text(session.language))


def _watch(session: Session, issue: str | None, *, as_json: bool) -> None:
    from newsletter.workflow.status import watch

    from .live_status import is_terminal, show_in_place, show_json, show_lines

    if as_json:
        show_json(session, watch(session.workspace, issue, in_short=False))
    elif is_terminal():
        show_in_place(session, watch(session.workspace, issue))
        _tell_status(session, issue, as_json=False)
    else:
        show_lines(session, watch(session.workspace, issue))


def _tell_who(session: Session, issue: str | None, wanted: "Inquiry", *, as_json: bool) -> None:
    from newsletter.report.delivery_lines import json_line, text_line
    from newsletter.workflow.who import who

    zone = session.workspace.settings.newsletter.timezone
    with who(session.workspace, issue, wanted) as found:
        session.say(found.summary())
        for row in found.rows:
            session.tell(json_line(found.slug, row) if as_json else text_line(row, zone, session.language))


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

    Correct the file and approve it again first. No pause is needed: a run goes on with the corrected letter.

    What is in flight or in doubt keeps the words it was sent with.
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
