"""`newsletter subscribers …`: who gets the newsletter, and who never again. Touches: what the workflow touches."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.catalogue import lines, phrase

from .options import YesOption
from .progress import reading
from .session import Session

if TYPE_CHECKING:
    from newsletter.workflow.subscribers import SubscriberRow

Address = Annotated[str, typer.Argument(metavar="ADDR", help="An e-mail address.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]


def list_(
    context: typer.Context,
    suppressed: Annotated[bool, typer.Option("--suppressed", help="Only those who are never mailed.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the subscriber file and sign-ups: line, address, name, why somebody is not mailed, source. Tab-separated.

    The source is left out where it is the file alone: `sign-up` is in no file, `both` is a sign-up in the file.
    """
    from newsletter.workflow.subscribers import subscriber_rows

    session: Session = context.obj
    rows = subscriber_rows(session.workspace, only_suppressed=suppressed)
    if as_json:
        for line in _json_lines(rows):
            session.tell(line)
        return
    for row in rows:
        session.tell("\t".join(row.cells(session.language)))


def _json_lines(rows: "Iterator[SubscriberRow]") -> Iterator[str]:
    """One object, written while the list is read: a person a line."""
    yield '{"subscribers": ['
    before = ""
    for row in rows:
        if before:
            yield f"{before},"
        before = json.dumps(row.to_json(), ensure_ascii=False)
    yield f"{before}]}}"


def add(
    context: typer.Context,
    address: Address,
    consent_source: Annotated[
        str, typer.Option("--consent-source", help="Where the person agreed: a desk, a form, a call.")
    ],
    consent_at: Annotated[
        str | None, typer.Option("--consent-at", metavar="WHEN", help="The day or moment. Left out: now.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="As the letter greets them.")] = None,
    language: Annotated[str | None, typer.Option("--language", metavar="CODE", help="Of their letters.")] = None,
    tags: Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="May be given again.")] = None,
    as_json: AsJson = False,
) -> None:
    """Put somebody on the list by hand, with the consent they gave. Refused for who left or complained."""
    from newsletter.workflow.add_subscriber import PersonToAdd, add_subscriber

    session: Session = context.obj
    wanted = PersonToAdd(address, consent_source, consent_at, name, language, tags or ())
    added = add_subscriber(session.workspace, wanted)
    if as_json:
        session.tell(added.to_json())
    session.say(added.said())


def show_address(
    context: typer.Context,
    address: Address,
    as_json: AsJson = False,
) -> None:
    """Say all that is known of an address: its line in the list, suppressions, and what each issue did to it."""
    from newsletter.workflow.show_subscriber import show_subscriber, unknown_address

    session: Session = context.obj
    with reading(session) as advance:
        report = show_subscriber(session.workspace, address, advance=advance)
    if as_json:
        session.tell(report.to_json())
    if report.is_unknown:
        raise unknown_address(session.workspace, report)
    if not as_json:
        session.tell(report.to_text(session.language))


def suppress(
    context: typer.Context,
    address: Address,
    reason: Annotated[str, typer.Option("--reason", help="Kept beside the address.")] = "manual",
    yes: YesOption = False,
    as_json: AsJson = False,
) -> None:
    """Never mail an address again, whatever the subscriber file says.

    Told where the address is not in the list, with those near it; on a terminal asked about.
    """
    from newsletter.workflow.steps.neighbours import not_in_the_list
    from newsletter.workflow.subscribers import suppress as do_suppress

    session: Session = context.obj
    with reading(session) as advance:
        told = not_in_the_list(session.workspace, address, advance)
    if told and session.has_terminal and not yes:
        session.ask(lines(told, phrase("cli.subscribers.suppress_it")))
    elif told:
        session.say(told)
    done = do_suppress(session.workspace, address, reason)
    if as_json:
        session.tell(done.to_json())
    session.say(done.said)


def unsuppress(context: typer.Context, address: Address, as_json: AsJson = False) -> None:
    """Take a suppression back: mail the address again."""
    from newsletter.workflow.subscribers import unsuppress as do_unsuppress

    session: Session = context.obj
    done = do_unsuppress(session.workspace, address)
    if as_json:
        session.tell(done.to_json())
    session.say(done.said)
