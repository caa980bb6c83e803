"""`newsletter send welcome`: the letter for who has just confirmed, by hand. Touches: what the workflow touches."""

from newsletter.catalogue import phrase

from .progress import progress
from .session import Session


def send_the_welcome(session: Session, *, yes: bool, retry_now: bool) -> int:
    """Show who waits for it, ask, send; the exit code."""
    from newsletter.workflow.send_welcome import prepare_welcome, send_welcome

    prepared = prepare_welcome(session.workspace)
    session.say(prepared.summary())
    if not prepared.count:
        return 0
    if not yes:
        session.ask(phrase("cli.send.send_it"))
    with progress(session, phrase("cli.progress.sent")) as advance:
        ending = send_welcome(session.workspace, advance=advance, say=session.say, retry_now=retry_now)
    (session.warn if ending.waits_for_a_person else session.say)(ending.summary())
    for warning in ending.warnings:
        session.warn(warning)
    return ending.exit_code()
