"""What a person may ask of their data, and what the law has people told. Touches: what the workflow touches."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.catalogue import lines, phrase
from newsletter.errors import UsageError

from .options import YesOption
from .progress import progress, reading
from .session import Session
from .subscribers import Address

if TYPE_CHECKING:
    from newsletter.workflow.incident import Incident


def forget(
    context: typer.Context,
    address: Address,
    keep_file: Annotated[bool, typer.Option("--keep-file", help="Leave the subscriber file as it is.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="What was done and found, as JSON.")] = False,
    yes: YesOption = False,
) -> None:
    """Erase a person: from the ledger, its file and log, and the subscriber file; a keyed hash keeps them unmailed.

    Shows what is known and asks. Then says what was erased, and which other files of the workspace hold the address.
    """
    from newsletter.workflow.forget import forget as do_forget
    from newsletter.workflow.forget import look_for

    session: Session = context.obj
    known = look_for(session.workspace, address)
    if not yes:
        session.ask(known.question())
    with progress(session, phrase("cli.personal_data.looking")) as advance:
        report = do_forget(session.workspace, known, keep_file=keep_file, advance=advance)
    session.tell(report.to_json() if as_json else report.to_text(session.language))


def notices(
    context: typer.Context,
    within: Annotated[
        str, typer.Option("--within", metavar="DAYS", help="Consents that are to be asked about so soon count as due.")
    ] = "30d",
    send: Annotated[bool, typer.Option("--send", help="Send them; asks, unless with --yes.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    yes: YesOption = False,
) -> None:
    """Tell whom the 14-day and the two-year rule of advertising are due for; with --send, send the notices.

    Each goes out once; the ledger keeps when, and the relay's words. One whose link was lost is in doubt and stays so.
    """
    from newsletter.workflow.notices import ahead_of, notices_due, send_notices
    from newsletter.workflow.steps.notify import require_all_sent

    session: Session = context.obj
    ahead = ahead_of(within)
    with reading(session) as advance:
        due = notices_due(session.workspace, ahead, advance)
    if not send or not due.total:
        session.tell(due.to_json() if as_json else due.told().in_language(session.language))
        return
    if not yes:
        session.ask(lines(due.told(), phrase("workflow.notices.question", count=due.total)))
    with progress(session, phrase("cli.personal_data.sending")) as advance:
        went = send_notices(session.workspace, ahead, advance, due.total)
    session.tell(due.to_json(went) if as_json else went.told().in_language(session.language))
    require_all_sent(went)


def incident(
    context: typer.Context,
    at: Annotated[str, typer.Option("--at", metavar="TIME", help='When it happened: "2026-11-29 03:00".')],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write the list of people and a notice to fill in.")
    ] = None,
    send: Annotated[
        Path | None, typer.Option("--send", metavar="DIR", help="Send the notices of this folder, and write the proof.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    yes: YesOption = False,
) -> None:
    """Say who was in the list at a moment and what was known of them; write a notice of a leak, send it, prove it.

    The notice has what Korea's Personal Information Protection Act, article 34, asks for, possible leaks included.
    """
    from newsletter.workflow import incident as workflow

    session: Session = context.obj
    if out and send:
        raise UsageError(phrase("cli.personal_data.one_of_two"))
    its = workflow.Incident.of(session.workspace, at)
    if send:
        _tell_people(session, its, send, as_json=as_json, yes=yes)
        return
    if out:
        held, following = workflow.write_out(session.workspace, its, out)
    else:
        held = workflow.held_then(session.workspace, its)
        following = workflow.next_step(its)
    session.tell(held.to_json() if as_json else held.told().in_language(session.language))
    session.say(following)


def _tell_people(session: Session, its: "Incident", folder: Path, *, as_json: bool, yes: bool) -> None:
    from newsletter.workflow import incident as workflow
    from newsletter.workflow.steps.notify import require_all_sent

    texts = workflow.read_notices(folder)
    held = workflow.held_then(session.workspace, its)
    if not yes:
        session.ask(lines(held.told(), phrase("workflow.incident.question", count=held.people)))
    try:
        with progress(session, phrase("cli.personal_data.sending")) as advance:
            went = workflow.send_notices_of(session.workspace, its, texts, advance, held.people)
    finally:
        states = workflow.write_proof(session.workspace, its, folder)
    session.tell(held.to_json(states) if as_json else workflow.proof_said(states, folder).in_language(session.language))
    require_all_sent(went)
