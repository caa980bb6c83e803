"""`newsletter send ISSUE --latecomers`: who joined after the plan gets it, too. Touches: what the workflow touches."""

from newsletter.catalogue import phrase

from .progress import progress, reading
from .session import Session


def send_to_latecomers(session: Session, issue: str, since: str | None, *, yes: bool, retry_now: bool) -> int:
    """Show who they are, ask, send; the exit code."""
    from newsletter.workflow.latecomers import given_date, prepare_latecomers, require_sent, send_latecomers

    day = None if since is None else given_date(since)
    require_sent(session.workspace, issue)
    if not yes:
        session.need_terminal()
    with reading(session) as advance:
        prepared = prepare_latecomers(session.workspace, issue, day, advance)
    session.say(prepared.summary(session.workspace))
    if prepared.nothing_to_do:
        return 0
    many = prepared.many()
    if yes and many:
        session.warn(many)
    elif many:
        session.ask(phrase("cli.send.did_so_many_join", many=many))
    if not yes:
        session.ask(phrase("cli.send.send_it"))
    with progress(session, phrase("cli.progress.sent")) as advance:
        ending = send_latecomers(session.workspace, prepared, advance=advance, say=session.say, retry_now=retry_now)
    (session.warn if ending.waits_for_a_person else session.say)(ending.summary())
    for warning in ending.warnings:
        session.warn(warning)
    return ending.exit_code()
